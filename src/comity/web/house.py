"""What one process has at hand to answer requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from litestar import Request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from comity import db
from comity.actions.newsroom import Newsroom
from comity.models import User
from comity.settings import Settings
from comity.web.auth import Signer, Spent
from comity.web.cache import Threads
from comity.web.glance import Glance
from comity.web.limits import Limits
from comity.web.metrics import Metrics

Ask = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class House:
    """Everything that handlers share; one a process."""

    settings: Settings
    database: Engine
    newsroom: Newsroom
    signer: Signer
    spent: Spent
    limits: Limits
    glance: Glance
    threads: Threads
    metrics: Metrics

    @property
    def https(self) -> bool:
        """Whether readers reach us over HTTPS, so that cookies may be held to it."""
        return self.settings.url.startswith("https://")

    @property
    def cookie_name(self) -> str:
        """The session cookie's name; over HTTPS one that no neighbouring host can set."""
        return "__Host-comity" if self.https else "comity"


def house(request: Ask) -> House:
    """Return the house that a request came to."""
    found: House = request.app.state.house
    return found


def moment() -> datetime:
    """Return the time, which actions are handed."""
    return datetime.now(tz=UTC)


@contextmanager
def acting(request: Ask, *, lock: bool = True) -> Iterator[tuple[Session, User, datetime]]:
    """Yield a transaction, the one who acts, and the time; all is stored as a whole or not at all.

    `lock` as in `db.transaction`.
    """
    with db.transaction(house(request).database, lock=lock) as session:
        yield session, db.get_one(session, User, request.user.id), moment()
