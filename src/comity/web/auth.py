"""Who is asking: bearer tokens for the API, session cookies for pages, the publisher's own sign-in.

All tokens are JWTs signed with HS256 and nothing else, each for one audience, so that none passes
for another. `epoch` ends them all at once: a token of an earlier epoch than the person's is void.
"""

import hashlib
import os
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

import jwt
import structlog
from jwt.types import Options
from sqlalchemy.engine import make_url

from comity.errors import BadInput, NotSignedIn, SettingsError
from comity.settings import Settings

log = structlog.get_logger()

READER, SESSION, CODE = "reader", "session", "code"
LIFETIMES = {READER: timedelta(hours=12), SESSION: timedelta(days=14), CODE: timedelta(seconds=60)}
SSO_SECONDS = 300  # A publisher's token may live no longer.
SKEW = timedelta(seconds=30)  # The publisher's clock may be ahead of ours by this much.
SECRET_CHARACTERS = 32  # RFC 7518, 3.2: a key as long as the hash, 256 bits.
# The times are compared with the caller's `now`, so that one clock counts.
OPTIONS: Options = {
    "require": ["exp", "iat", "sub", "aud"],
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


@dataclass(frozen=True, slots=True)
class Person:
    """The one who asks, as their token and the database agree."""

    id: UUID
    name: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token of ours says."""

    person: UUID
    epoch: int
    id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes and reads our tokens; `issuer` is our own address."""

    key: str
    issuer: str

    def issue(self, audience: str, person: UUID, epoch: int, *, now: datetime) -> str:
        """Sign a token for one audience."""
        claims = {
            "iss": self.issuer,
            "aud": audience,
            "sub": str(person),
            "epoch": epoch,
            "jti": secrets.token_hex(16),
            "iat": now,
            "exp": now + LIFETIMES[audience],
        }
        return jwt.encode(claims, self.key, algorithm="HS256")

    def read(self, audience: str, token: str, *, now: datetime) -> Claims:
        """Return what a token of this audience says.

        Raises:
            NotSignedIn: malformed, expired, signed otherwise, or meant for something else.
        """
        claims = decode(token, self.key, audience, self.issuer)
        try:
            found = Claims(
                UUID(claims["sub"]), int(claims["epoch"]), claims["jti"], moment(claims["exp"])
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise not_signed_in() from error
        if found.expires_at <= now:
            raise not_signed_in()
        return found

    def derived(self, purpose: str) -> str:
        """Return a key for one other purpose, from which this one cannot be told."""
        key = hashlib.sha256(self.key.encode()).digest()
        return hashlib.blake2b(purpose.encode(), key=key, digest_size=32).hexdigest()


@dataclass(frozen=True, slots=True)
class Spent:
    """What may be used once and was, until it would have expired; kept by this process.

    The workers of one server tell each other by empty files in their `folder`.
    """

    folder: Path | None = None
    until: dict[str, datetime] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def spend(self, id: str, expires_at: datetime, *, now: datetime) -> None:
        """Use a thing up.

        Raises:
            NotSignedIn: it was used before.
        """
        with self.lock:
            for old in [known for known, end in self.until.items() if end <= now]:
                del self.until[old]
                if self.folder is not None:
                    (self.folder / f"spent-{old}").unlink(missing_ok=True)
            if id in self.until or not self.is_new_to_others(id):
                raise not_signed_in()
            self.until[id] = expires_at

    def is_new_to_others(self, id: str) -> bool:
        """Say whether no other worker has seen a thing; from now on they have."""
        if self.folder is None:
            return True
        try:
            (self.folder / f"spent-{id}").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Arrival:
    """A reader whom the publisher vouches for."""

    external: str
    name: str


def from_publisher(settings: Settings, token: str, spent: Spent, *, now: datetime) -> Arrival:
    """Read the publisher's sign-in token; it may be used once, within five minutes.

    The log says what is wrong with a token, for whoever sets the sign-in up; never the token.

    Raises:
        NotSignedIn: no such sign-in here, or the token is malformed, late, not for us, or used.
    """
    if not settings.sso_secret:
        raise refused("COMITY_SSO_SECRET is not set")
    try:
        claims = decode(token, settings.sso_secret, settings.url, None)
        made, ends = moment(claims["iat"]), moment(claims["exp"])
        external, name = claims["sub"], claims["name"]
    except NotSignedIn as error:
        raise refused(type(error.__cause__).__name__) from error
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise refused("there is no name, or a time is none") from error
    fits = isinstance(external, str) and isinstance(name, str) and external and name.strip()
    if not fits or "\0" in external + name:
        raise refused("sub or name is empty or no text")
    if fault := untimely(made, ends, now):
        raise refused(fault)
    try:
        spent.spend(hashlib.sha256(token.encode()).hexdigest(), ends, now=now)
    except NotSignedIn as error:
        raise refused("it was used before") from error
    return Arrival(external, name)


def untimely(made: datetime, ends: datetime, now: datetime) -> str:
    """Say what is wrong with the times of a publisher's token; empty if nothing is."""
    if made > now + SKEW:
        return "iat lies ahead: the clocks differ"
    if ends <= now:
        return "it has expired"
    if ends > made + timedelta(seconds=SSO_SECONDS):
        return f"exp is more than {SSO_SECONDS} seconds after iat"
    return ""


def refused(reason: str) -> NotSignedIn:
    """Log why a publisher's token is refused, and make the error, which tells a forger nothing."""
    log.warning("publisher's sign-in refused", reason=reason)
    return NotSignedIn(
        "The publisher's sign-in could not be confirmed.", remedy="Go back and sign in again."
    )


@lru_cache(maxsize=4096)  # A reader's next request comes with the same token.
def decode(token: str, key: str, audience: str, issuer: str | None) -> Mapping[str, Any]:
    """Check signature, algorithm, audience and issuer; times are left to the caller."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=audience,
            issuer=issuer,
            options=OPTIONS,
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise not_signed_in() from error
    return claims


def moment(seconds: float) -> datetime:
    """Return the time that a claim names."""
    return datetime.fromtimestamp(seconds, tz=UTC)


def not_signed_in() -> NotSignedIn:
    """Make the one error for every fault of a token, which tells a forger nothing."""
    return NotSignedIn("You are not signed in.", remedy="Sign in and try again.")


def bearer(header: str) -> str:
    """Return the token of an Authorization header."""
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer" or not token:
        raise not_signed_in()
    return token


def return_address(target: str, *, own: str, origins: Collection[str]) -> SplitResult:
    """Return where a person may be sent after signing in: here, or to an origin of a site.

    Raises:
        BadInput: any other address, or one that a browser could read differently than we do.
    """
    parts = plain_parts(own + target if target.startswith("/") else target)
    if (
        parts is None
        or target.startswith("//")
        or origin_of(parts) not in {own_origin(own), *origins}
    ):
        raise BadInput(
            "After signing in, nobody can be sent to that address.",
            field="return_to",
            remedy="Give a page of this server or of an origin that the site lists.",
        )
    return parts._replace(fragment="")


def plain_parts(url: str) -> SplitResult | None:
    """Take an address apart, if everybody would take it apart alike."""
    if not (url.isascii() and url.isprintable()) or set(url) & set(' "<>\\^`{|}'):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return None if "@" in parts.netloc else parts


def origin_of(parts: SplitResult) -> str:
    """Return an address's origin, as browsers send it; empty if it has none."""
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc.lower()}"


def own_origin(url: str) -> str:
    """Return the origin of our own address."""
    return origin_of(urlsplit(url))


def feedback_key(secret: str) -> bytes:
    """Return the key that hashes whom suggested scores are from; none without a secret."""
    return Signer(secret, "").derived("perspective").encode() if secret else b""


def secret(settings: Settings) -> str:
    """Return the key that signs: the setting, or one made once and kept beside the SQLite file.

    Raises:
        SettingsError: the setting is too short, or missing where there is no file to keep one by.
    """
    if settings.secret:
        return long_enough(settings.secret, "COMITY_SECRET")
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        raise SettingsError(
            "COMITY_SECRET is empty.",
            field="COMITY_SECRET",
            remedy="Give every process the same secret of 32 characters or more.",
        )
    if url.database in {None, "", ":memory:"}:
        return secrets.token_hex(32)
    return kept(Path(f"{url.database}.secret"))


def long_enough(value: str, name: str) -> str:
    """Refuse a key that could be guessed."""
    if len(value.encode()) < SECRET_CHARACTERS:
        raise SettingsError(
            f"{name} is shorter than {SECRET_CHARACTERS} characters.",
            field=name,
            remedy="Make one with: python -c 'import secrets; print(secrets.token_hex(32))'",
        )
    return value


def kept(path: Path) -> str:
    """Read the key's file, or make it, readable by its owner only; two makers agree on one."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return long_enough(path.read_text(encoding="ascii").strip(), str(path))
