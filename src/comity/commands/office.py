"""The publisher's installation, opened from the environment for a command."""

import os
from contextlib import suppress
from dataclasses import dataclass

import click
from sqlalchemy import Engine as Database
from sqlalchemy.engine import make_url

from comity import db
from comity.actions.newsroom import Newsroom
from comity.detectors import Engine
from comity.errors import Conflict
from comity.migrations import HEAD
from comity.settings import Settings, from_environment


@dataclass(frozen=True)
class Installation:
    """The publisher's installation: its settings, its database, and what every action is handed."""

    settings: Settings
    database: Database
    newsroom: Newsroom


def opened(settings: Settings | None = None, *, migrated: bool = True) -> Installation:
    """Open the installation that the environment names, until the command ends.

    Raises:
        Conflict: the database is not of this version's shape (unless `migrated` is False).
    """
    settings = settings or from_environment()
    database = db.connect(settings.database_url)
    make_private(settings.database_url)
    click.get_current_context().call_on_close(database.dispose)
    if migrated and db.revision(database) != HEAD:
        raise Conflict(
            "The database is new or of another version.",
            remedy="Run `comity init`, which makes or upgrades it and loses nothing.",
        )
    return Installation(
        settings, database, Newsroom(settings, Engine.default(encoder=settings.encoder))
    )


def make_private(database_url: str) -> None:
    """Make a new SQLite file readable by its owner only; SQLite gives its logs the same mode."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
        with suppress(OSError):  # It is there, or cannot be: then connecting says so.
            os.close(os.open(str(url.database), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
