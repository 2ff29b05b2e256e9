"""Tiny reads that every request needs: on the event loop where that takes microseconds.

SQLite answers them from its own memory in less time than another thread takes to wake up, so they
run where they are asked, on a connection of their own. PostgreSQL is asked in a thread.
"""

import asyncio
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Executable, bindparam, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError

from comity.errors import Unavailable
from comity.models import Site, Story, User

STORY = (
    select(Story.version)
    .join(Site, Site.id == Story.site_id)
    .where(Site.slug == bindparam("site"), Story.key == bindparam("key"))
)
PERSON = select(User.name, User.epoch).where(
    User.id == bindparam("id", type_=User.id.type), User.erased_at.is_(None)
)
SITES = select(Site.slug, Site.origins)
ORIGINS_SECONDS = 10  # A site's new origin may wait this long.


@dataclass
class Glance:
    """Reads one small thing at a time; never waits for a writer."""

    database: Engine
    local: sqlite3.Connection | None = None
    known_origins: Mapping[str, frozenset[str]] | None = None
    origins_until: float = 0.0

    def open(self) -> None:
        """Open the connection of the event loop, if the database is a SQLite file."""
        path = self.database.url.database
        if self.database.dialect.name == "sqlite" and path not in {None, "", ":memory:"}:
            self.local = sqlite3.connect(str(path), timeout=1, isolation_level=None)
            self.local.execute("PRAGMA query_only = ON")

    def close(self) -> None:
        """Close it."""
        if self.local is not None:
            self.local.close()
            self.local = None

    def version_now(self, site: str, key: str) -> int | None:
        """Return a story's version at once; only where `local` is open. None: no such story."""
        if self.local is None:
            return None
        try:
            row = self.local.execute(STORY_SQL, {"site": site, "key": key}).fetchone()
        except sqlite3.Error:
            return None  # The slow way says what is wrong.
        return None if row is None else row[0]

    async def version(self, site: str, key: str) -> int | None:
        """Return a story's version; None: no such story."""
        row = await self.one(STORY, STORY_SQL, {"site": site, "key": key})
        return None if row is None else row[0]

    async def person(self, id: UUID) -> tuple[str, int] | None:
        """Return a person's name and epoch; None: never seen, or erased."""
        key = id.hex if self.local is not None else id
        row = await self.one(PERSON, PERSON_SQL, {"id": key})
        return None if row is None else (row[0], row[1])

    async def origins(self) -> Mapping[str, frozenset[str]]:
        """Return the origins that each site may be embedded on, by slug."""
        if self.known_origins is None or monotonic() >= self.origins_until:
            rows = await asyncio.to_thread(self.all_sites)
            self.known_origins = {slug: frozenset(origins) for slug, origins in rows}
            self.origins_until = monotonic() + ORIGINS_SECONDS
        return self.known_origins

    def all_sites(self) -> list[Any]:
        """Read slugs and origins."""
        with self.database.connect() as connection:
            return list(connection.execute(SITES).all())

    async def one(self, statement: Executable, text: str, values: dict[str, Any]) -> Any:
        """Run a statement here or in a thread, and return its row."""
        try:
            if self.local is not None:
                return self.local.execute(text, values).fetchone()
            return await asyncio.to_thread(self.elsewhere, statement, values)
        except (sqlite3.Error, SQLAlchemyError) as error:
            raise Unavailable(
                "The database cannot be read just now.", remedy="Try again in a moment."
            ) from error

    def elsewhere(self, statement: Executable, values: dict[str, Any]) -> Any:
        """Run a statement through the pool."""
        with self.database.connect() as connection:
            return connection.execute(statement, values).first()


def plain(statement: Any) -> str:
    """Return the SQL of a statement, as sqlite3 takes it."""
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="named")))


STORY_SQL = plain(STORY)
PERSON_SQL = plain(PERSON)
