"""`comity serve`, `comity demo` and `comity doctor`: the server, a first look, a check-up."""

import errno
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from comity import db
from comity.commands import as_json, print_json
from comity.commands.office import Installation, opened
from comity.commands.workers import alone, how_many, together
from comity.errors import SettingsError
from comity.settings import Settings, from_environment

DEMO = Path("demo")
workers_option = click.option(
    "--workers",
    type=click.IntRange(0),
    help="How many processes answer; 0: one for each core (COMITY_WORKERS).",
)


@click.command()
@click.option("--host", help="Where to listen (COMITY_HOST).")
@click.option("--port", type=int, help="Where to listen (COMITY_PORT).")
@workers_option
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve pages, API and console.

    A new SQLite database is made at the first start, with a site `main`; with PostgreSQL run
    `comity init` first. Stop with Ctrl-C: answers under way are finished.
    """
    settings = from_environment()
    settings = replace(
        settings,
        host=host or settings.host,
        port=port or settings.port,
        workers=how_many(settings, workers),
    )
    try_to_listen(settings.host, settings.port)
    if settings.database_url.startswith("sqlite"):
        from comity.commands.staffing import prepare

        prepare(opened(settings, migrated=False))
    run(opened(settings))


def try_to_listen(host: str, port: int) -> None:
    """See whether the server will be able to listen, before anything is promised.

    Raises:
        SettingsError: another program listens there, or this user or machine cannot.
    """
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.socket(family, kind, protocol) as door:
                door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                door.bind((address[0], port, *address[2:]))
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise SettingsError(
                f"Port {port} is taken.", field="COMITY_PORT", remedy="Give another by --port."
            ) from error
        why = getattr(error, "strerror", None) or error
        raise SettingsError(
            f"The server cannot listen at {host}, port {port}: {why}.",
            field="COMITY_HOST",
            remedy="Give another place by --host and --port.",
        ) from error


def run(office: Installation) -> None:
    """Serve until told to stop."""
    settings = office.settings
    if settings.workers > 1:
        office.database.dispose()
        listen(partial(comments, settings), settings)
    else:
        listen(partial(comments, settings, office), settings)


def comments(settings: Settings, office: Installation | None = None) -> Any:
    """Put a process together that serves comments; of what is open already, where it is alone."""
    from comity.web.app import create_app

    if office is None:
        return create_app(settings)
    return create_app(settings, database=office.database, engine=office.newsroom.engine)


def listen(make: Callable[[], Any], settings: Settings) -> None:
    """Let the application that `make` makes answer at its settings' address until told to stop."""
    options = {
        "host": settings.host,
        "port": settings.port,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,  # We count the proxies ourselves: COMITY_TRUSTED_PROXIES.
        "timeout_graceful_shutdown": 20,
    }
    if settings.workers > 1:
        together(make, settings, options)
    else:
        alone(make, settings, options)


@click.command()
@click.option("--port", type=int, default=8080, show_default=True)
@click.option("--no-serve", is_flag=True, help="Only prepare it and print the addresses.")
def demo(port: int, *, no_serve: bool) -> None:
    """Show a sample article with a discussion that was really judged.

    Kept in ./demo; delete that folder to start over.
    """
    from comity.commands.demonstration import addresses, seed

    settings = Settings(
        database_url=f"sqlite:///{DEMO}/comity.db", port=port, publisher="The Harbour Post"
    )
    if not no_serve:
        try_to_listen(settings.host, settings.port)
    DEMO.mkdir(exist_ok=True)
    office = opened(settings, migrated=False)
    db.migrate(office.database)
    seed(office)
    click.echo(addresses(office))
    if not no_serve:
        run(office)


@click.command()
@as_json
def doctor(*, json: bool) -> None:
    """Check settings, database, guidelines and engine; say what is wrong and how to mend it.

    Exits with status 1 if something is wrong.
    """
    from comity.commands.checkup import checkup

    found = checkup()
    if json:
        print_json(found)
    for entry in [] if json else found:
        mark = click.style("ok  ", fg="green") if entry.ok else click.style("BAD ", fg="red")
        click.echo(f"{mark} {entry.what}: {entry.says}")
    sys.exit(0 if all(entry.ok for entry in found) else 1)
