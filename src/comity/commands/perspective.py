"""`comity perspective`: other systems' protocols served alone, without a database."""

from dataclasses import replace
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import click

from comity.commands.policy import chosen
from comity.commands.serving import listen, try_to_listen, workers_option
from comity.commands.workers import cores
from comity.errors import SettingsError
from comity.settings import Settings, from_environment, read


@click.command()
@click.option("--host", help="Where to listen (COMITY_HOST).")
@click.option("--port", type=int, help="Where to listen (COMITY_PORT).")
@workers_option
@click.option("--keys", type=click.Path(path_type=Path), help="A file of API keys, one a line.")
@click.option(
    "--quota", type=click.IntRange(0), help="Calls a minute by one key; 0 for as many as they like."
)
@click.option(
    "--guidelines",
    "path",
    type=click.Path(path_type=Path),
    help="What Coral's comments are judged by; the packaged ones when absent.",
)
def perspective(
    host: str | None,
    port: int | None,
    keys: Path | None,
    quota: int | None,
    path: Path | None,
    *,
    workers: int | None,
) -> None:
    """Serve the Perspective protocol alone, without a database.

    Coral's external moderation phase is served too where COMITY_CORAL_SECRET is set. Without keys
    (COMITY_PERSPECTIVE_KEYS, or --keys) only this machine is listened to.
    """
    settings = from_environment()
    settings = replace(
        settings,
        host=host or settings.host,
        port=port or settings.port,
        workers=(settings.workers if workers is None else workers) or cores(),
        perspective_keys=read("--keys", str(keys)) if keys else settings.perspective_keys,
        perspective_requests_per_minute=(
            settings.perspective_requests_per_minute if quota is None else quota
        ),
    )
    refuse_open(settings)
    try_to_listen(settings.host, settings.port)
    chosen(path)
    listen(partial(protocols, settings, path), settings)


def protocols(settings: Settings, path: Path | None) -> Any:
    """Put a process together that serves other systems' protocols."""
    from comity.web.alone import create_app

    return create_app(settings, guidelines=chosen(path))


def refuse_open(settings: Settings) -> None:
    """Refuse to serve the world without keys.

    Raises:
        SettingsError: there are no keys, and the address is not of this machine only.
    """
    try:
        local = ip_address(settings.host).is_loopback
    except ValueError:
        local = settings.host == "localhost"
    if not settings.perspective_keys.strip() and not local:
        raise SettingsError(
            f"Without API keys, anybody who reaches {settings.host} could use this server.",
            field="COMITY_PERSPECTIVE_KEYS",
            remedy="Set COMITY_PERSPECTIVE_KEYS, give --keys FILE, or listen on 127.0.0.1.",
        )
