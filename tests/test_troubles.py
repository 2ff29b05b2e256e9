"""When the database cannot take what readers wrote: refused as a whole, and never lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select

from comity.models import CaseRow, Comment, Decision
from tests import cast
from tests.web.conftest import Web, problem, serve

LONG = "The bridge is fine, and so are its trams. " * 100  # Needs pages that are not there yet.


@pytest.fixture
def web(sqlite: Engine) -> Iterator[Web]:
    yield from serve(sqlite, cast.everybody(sqlite, cast.newsroom()))


@contextmanager
def every_connection(engine: Engine, pragma: str) -> Iterator[None]:
    """Open all connections anew with this pragma, and without it afterwards."""

    def say(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA {pragma}").close()

    event.listen(engine, "connect", say)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", say)
        engine.dispose()


@contextmanager
def full(engine: Engine) -> Iterator[None]:
    """A disk without room for another page: SQLite says of it what it says of a full disk."""
    with every_connection(engine, "max_page_count = 1"):  # It never shrinks below what is there.
        yield


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Another process writes for longer than we wait, which is not at all here."""
    path = Path(str(engine.url.database))
    with every_connection(engine, "busy_timeout = 0"), closing(sqlite3.connect(path)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def stored(web: Web) -> list[int | None]:
    """How many comments, Cases and decisions there are."""
    kinds = (Comment, CaseRow, Decision)
    return [
        web.people.read(lambda session, kind=kind: session.scalar(select(func.count(kind.id))))
        for kind in kinds
    ]


@pytest.mark.parametrize("trouble", [full, locked])
def test_a_comment_that_cannot_be_kept_is_refused_as_a_whole_and_may_be_sent_again(web, trouble):
    body = {"text": LONG, "client_id": "one click"}
    before = stored(web)

    with trouble(web.people.database):
        refused = web.ask("POST", "comments", body, by=web.people.ana)
        during = stored(web)
    taken = web.ask("POST", "comments", body, by=web.people.ana)

    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert problem(refused) == {
        "code": "unavailable",
        "message": "The database cannot take this just now; nothing was stored.",
        "remedy": "Try again in a moment.",
    }
    assert during == before
    assert taken.status_code == 201
    assert stored(web) == [count + 1 for count in before]


@pytest.mark.parametrize("trouble", [full, locked])
def test_an_edit_that_cannot_be_kept_leaves_the_comment_as_it_was(web, trouble):
    mine = web.post("The trams are late.")
    before = stored(web)

    with trouble(web.people.database):
        refused = web.ask(
            "PATCH", f"/api/v1/comments/{mine['id']}", {"text": LONG}, by=web.people.ana
        )
        during = web.read()
    changed = web.ask("PATCH", f"/api/v1/comments/{mine['id']}", {"text": LONG}, by=web.people.ana)

    assert problem(refused)["code"] == "unavailable"
    assert "late" in during["items"][0]["html"]
    assert changed.status_code == 200
    assert stored(web) == [before[0], before[1] + 1, before[2] + 1]


@pytest.mark.parametrize("trouble", [full, locked])
def test_readers_go_on_reading_while_nothing_can_be_written(web, trouble):
    web.post("The trams are late.")

    with trouble(web.people.database):
        thread = web.read(sort="oldest")

    assert len(thread["items"]) == 1
