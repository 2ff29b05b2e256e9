"""Settings from the environment: COMITY_NAME, or COMITY_NAME_FILE for a file with the value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from comity.errors import SettingsError


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an operator can set; docs/operating.md has the table. Durations say their unit."""

    database_url: str = "sqlite:///comity.db"
    secret: str = ""  # signs sessions and tokens; made and kept beside the SQLite file when empty
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1  # processes that answer; 0: one for each core
    base_url: str = ""  # how readers reach this server; http://host:port when empty
    publisher: str = "Comity"
    trusted_proxies: int = 0  # how many proxies in front may be believed about the address
    sso_secret: str = (
        ""  # HS256 secret shared with the publisher's sign-in; empty: local accounts only
    )
    registration: bool = True  # may readers make local accounts themselves?
    comment_characters: int = 5_000
    edit_minutes: int = 15
    reply_depth_shown: int = 5
    appeal_days: int = (
        180  # six months, the least that the EU's Digital Services Act (Art. 20) allows
    )
    judge_milliseconds: int = 1_000  # after which a person decides
    encoder: bool = True  # the language model looks too; docs/accuracy.md says how well it does
    posts_per_minute: int = 10
    previews_per_minute: int = 20
    flags_per_hour: int = 20
    appeals_per_day: int = 5
    sign_ins_per_minute: int = 10
    requests_per_minute: int = 6_000  # by cut address
    perspective_keys: str = ""  # who may use the Perspective protocol; empty: it is not served
    perspective_requests_per_minute: int = 6_000  # by key
    perspective_feedback: str = ""  # file for suggested scores; empty: none is kept
    coral_secret: str = ""  # signs what Coral's moderation phase sends; empty: not served
    public_log: bool = False
    retain_rejected_days: int = 180
    retain_case_days: int = 365
    retain_preview_days: int = 1
    retain_feedback_days: int = 180
    retain_log_days: int = 30
    metrics_token: str = ""  # bearer token that may read /metrics; empty: this machine only
    log_file: str = ""  # a new one each day, kept for retain_log_days; empty: standard error
    log_format: str = "text"  # or "json"
    log_level: str = "info"

    @property
    def url(self) -> str:
        """The address readers use, without a closing slash."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a name that is not a setting, a value of the wrong kind, an unreadable file.
    """
    known = {f"COMITY_{field.name.upper()}": field for field in fields(Settings)}
    values: dict[str, str | int | bool] = {}
    for name, raw in environ.items():
        if not name.startswith("COMITY_"):
            continue
        field = known.get(name) or known.get(name.removesuffix("_FILE"))
        if field is None:
            raise SettingsError(
                f"There is no setting {name}.",
                field=name,
                remedy="docs/operating.md lists them; unset this one or correct its name.",
            )
        text = raw if name in known else read(name, raw)
        values[field.name] = convert(name, text, type(field.default))
    return Settings(**values)  # type: ignore[arg-type]  # each value has the type of its field's default


def read(name: str, path: str) -> str:
    """Return the content of the file that a _FILE setting names."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"{name} names a file that cannot be read: {error.strerror}.",
            field=name,
            remedy="Correct the path or the file's permissions.",
        ) from error


def convert(name: str, text: str, kind: type) -> str | int | bool:
    """Turn a setting's text into the type of its default."""
    if kind is bool:
        if text.lower() in {"1", "true", "yes", "on"}:
            return True
        if text.lower() in {"0", "false", "no", "off", ""}:
            return False
        raise SettingsError(f"{name} is {text!r}.", field=name, remedy="Say true or false.")
    if kind is int:
        if text.isascii() and text.isdigit():
            return int(text)
        raise SettingsError(
            f"{name} is {text!r}.", field=name, remedy="Give a whole number, 0 or more."
        )
    return text
