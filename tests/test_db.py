"""Connections, transactions and what goes wrong with them."""

import fcntl
import os
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from comity import db
from comity.errors import BadInput, Unavailable
from comity.models import Site
from tests.cast import NOW, Cast


def site(slug: str) -> Site:
    return Site(slug=slug, name=slug, origins=[], created_at=NOW)


def fail_after(session: Session, row: Site) -> None:
    session.add(row)
    session.flush()
    raise ZeroDivisionError


def slugs(engine: Engine) -> list[str]:
    with db.reading(engine) as session:
        return list(session.scalars(select(Site.slug).order_by(Site.slug)))


def test_a_transaction_is_stored_as_a_whole_or_not_at_all(database: Engine):
    with db.transaction(database) as session:
        session.add(site("a"))

    with pytest.raises(ZeroDivisionError), db.transaction(database) as session:
        fail_after(session, site("b"))

    assert slugs(database) == ["a"]


def test_reading_stores_nothing(database: Engine):
    with db.reading(database) as session:
        session.add(site("a"))
        session.flush()

    assert slugs(database) == []


def test_readers_do_not_wait_for_a_writer(database: Engine):
    with db.transaction(database) as session:
        session.add(site("a"))
        session.flush()

        assert slugs(database) == []


def test_before_write_is_called_others_may_write(database: Engine):
    with db.transaction(database, lock=False) as session:
        assert session.scalar(select(func.count()).select_from(Site)) == 0
        with db.transaction(database) as other:
            other.add(site("a"))

        db.write(session)

        assert session.scalar(select(func.count()).select_from(Site)) == 1
        session.add(site("b"))
    assert slugs(database) == ["a", "b"]


def test_a_pause_stores_and_lets_others_write(database: Engine):
    with db.transaction(database) as session:
        session.add(site("a"))
        db.pause(session)
        assert slugs(database) == ["a"]
        session.add(site("b"))
    assert slugs(database) == ["a", "b"]


def test_writers_wait_for_each_other(database: Engine):
    def write(name: str) -> None:
        with db.transaction(database) as session:
            session.add(site(name))

    threads = [threading.Thread(target=write, args=(f"site{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(slugs(database)) == 6


def test_a_row_that_is_there_already_is_not_inserted_again(database: Engine):
    row = {"slug": "a", "name": "A", "origins": [], "created_at": NOW}
    with db.transaction(database) as session:
        assert db.insert_unless_there(session, Site, **row) is not None
        assert db.insert_unless_there(session, Site, **row) is None


def test_a_locked_database_is_unavailable(sqlite: Engine):
    holder = sqlite3.connect(str(sqlite.url.database), isolation_level=None)
    with sqlite.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 1")  # It stays in the pool.
    holder.execute("BEGIN IMMEDIATE")

    with (
        pytest.raises(Unavailable, match="nothing was stored"),
        db.transaction(sqlite) as session,
    ):
        session.add(site("a"))

    holder.execute("ROLLBACK")
    holder.close()
    with db.transaction(sqlite) as session:
        session.add(site("a"))
    assert slugs(sqlite) == ["a"]


def test_writers_of_other_processes_wait_their_turn(sqlite: Engine, monkeypatch):
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.01)
    with db.transaction(sqlite) as session:
        session.add(site("a"))
    lock = Path(f"{sqlite.url.database}.lock")
    assert lock.stat().st_mode & 0o777 == 0o600
    with lock.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)  # As a server beside this one does while it writes.
        with pytest.raises(Unavailable), db.transaction(sqlite) as session:
            session.add(site("b"))
        assert slugs(sqlite) == ["a"]

    with db.transaction(sqlite) as session:
        session.add(site("b"))
    assert slugs(sqlite) == ["a", "b"]


def test_where_no_lock_can_be_made_sqlite_makes_writers_wait(sqlite: Engine):
    Path(f"{sqlite.url.database}.lock").mkdir()
    try:
        with db.transaction(sqlite) as session:
            session.add(site("a"))
    finally:
        Path(f"{sqlite.url.database}.lock").rmdir()

    assert slugs(sqlite) == ["a"]


def test_a_full_disk_is_unavailable_and_nothing_is_lost(sqlite: Engine):
    with db.transaction(sqlite) as session:
        session.add(site("a"))
        pages = session.execute(sql("PRAGMA page_count")).scalar_one()
    with sqlite.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(Unavailable), db.transaction(sqlite) as session:
        session.add(Site(slug="b", name="x" * 100_000, origins=[], created_at=NOW))

    assert slugs(sqlite) == ["a"]


def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path: Path):
    engine = db.connect(f"sqlite:///{tmp_path}/no/such/folder/comity.db")

    with pytest.raises(Unavailable), db.reading(engine) as session:
        session.execute(sql("SELECT 1"))


def test_a_lost_connection_is_unavailable(postgresql: Engine):
    def lose_it(session: Session) -> None:
        session.add(site("a"))
        session.flush()
        pid = session.execute(sql("SELECT pg_backend_pid()")).scalar_one()
        with postgresql.connect() as other:
            other.execute(sql("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        session.execute(sql("SELECT 1"))

    with pytest.raises(Unavailable), db.transaction(postgresql) as session:
        lose_it(session)

    assert slugs(postgresql) == []


def test_a_server_that_is_away_is_unavailable():
    engine = db.connect("postgresql://nobody@127.0.0.1:1/none")

    with pytest.raises(Unavailable), db.reading(engine) as session:
        session.execute(sql("SELECT 1"))


def test_a_fault_of_ours_is_not_hidden(sqlite: Engine):
    with pytest.raises(OperationalError, match="no such table"), db.reading(sqlite) as session:
        session.execute(sql("SELECT * FROM nowhere"))


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "oracle+x://y"])
def test_a_url_that_names_no_database_of_ours_is_refused(url: str):
    with pytest.raises(BadInput) as refused:
        db.connect(url)

    assert refused.value.field == "COMITY_DATABASE_URL"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Only where processes fork.")
def test_what_was_acknowledged_survives_a_killed_process(sqlite: Engine):
    sqlite.dispose()
    child = os.fork()
    if child == 0:  # pragma: no cover  The child is killed, and with it what it would report.
        engine = db.connect(str(sqlite.url))
        with db.transaction(engine) as session:
            session.add(site("kept"))
        with db.transaction(engine) as session:
            session.add(site("lost"))
            session.flush()
            os.kill(os.getpid(), 9)
    os.waitpid(child, 0)

    assert slugs(db.connect(str(sqlite.url))) == ["kept"]


def test_the_file_is_set_up_to_be_safe(tmp_path: Path):
    with db.connect(f"sqlite:///{tmp_path}/new.db").connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]

    assert found == ["wal", 2, 1, 5000]


def test_the_cast_is_on_the_stage(people: Cast):
    assert slugs(people.database) == ["main", "other"]
