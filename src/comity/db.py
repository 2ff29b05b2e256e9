"""The database: SQLite, or PostgreSQL by URL; connections, transactions, revisions."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    Insert,
    Select,
    bindparam,
    event,
    inspect,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from uuid_utils.compat import uuid7

from comity.errors import BadInput, Unavailable
from comity.migrations import HEAD
from comity.models import Base, table_of
from comity.turns import turn

Row = TypeVar("Row", bound=Base)
AnyRows = CursorResult[*tuple[Any, ...]]

BUSY_SECONDS = 5
TURN = "comity_turn"  # What ends a session's turn to write.
WRITING = "comity_writing"  # Said of a session that writes, and of a connection about to begin it.
PASSING = (  # SQLite's troubles that may pass; any other is a fault of ours and is not hidden.
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
    "SQLITE_READONLY",
)

# What the drivers say of a database that cannot be opened, and what an operator can do about it.
MENDING = {
    "unable to open": "Make the folder that COMITY_DATABASE_URL names; this user must write there.",
    "readonly": "Let this user write to the file and its folder.",
    "file is not a database": "Name another file in COMITY_DATABASE_URL, or bring a backup back.",
    "is full": "Make room on the disk.",
    "refused": "Start PostgreSQL there, or mend host and port in COMITY_DATABASE_URL.",
    "No such file": "Start PostgreSQL, or mend the folder of its socket in COMITY_DATABASE_URL.",
    "resolve host": "Mend the host in COMITY_DATABASE_URL.",
    "does not exist": "Make it with `createdb` or `createuser`, or mend COMITY_DATABASE_URL.",
    "authentication": "Mend user and password in COMITY_DATABASE_URL.",
}


def connect(url: str) -> Engine:
    """Return the engine of a database URL: sqlite:///path or postgresql://user@host/name.

    Raises:
        BadInput: the URL is malformed or names another kind of database.
    """
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.partition("://")[2]
    try:
        engine = sqlalchemy.create_engine(
            url,
            json_serializer=lambda value: msgspec.json.encode(value).decode(),
            json_deserializer=msgspec.json.decode,
            pool_pre_ping=url.startswith("postgresql"),
            **({} if url in MEMORY else {"pool_size": 20, "max_overflow": 40}),
        )
    except (SQLAlchemyError, ImportError) as error:
        raise unusable(str(error)) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite)
        # Not by an event: engines that have any ask at each statement who listens.
        engine.dialect.do_begin = begin_sqlite  # type: ignore[assignment]
    elif engine.dialect.name != "postgresql":
        raise unusable(f"it names {engine.dialect.name}")
    return engine


MEMORY = {"sqlite://", "sqlite:///:memory:"}


def unusable(why: str) -> BadInput:
    """Return the error for a URL that cannot be used."""
    return BadInput(
        f"The database URL cannot be used: {why}.",
        field="COMITY_DATABASE_URL",
        remedy="Give sqlite:///path or postgresql://user:password@host/name "
        "(the latter needs `pip install comity[postgres]`).",
    )


def prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Set a new SQLite connection up: durable, safe for many readers and one writer."""
    connection.isolation_level = None  # We say BEGIN ourselves.
    cursor = connection.cursor()
    write_ahead(cursor)
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -8000",
        "wal_autocheckpoint = 4000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def write_ahead(cursor: DBAPICursor) -> None:
    """Have a file write ahead; for whoever else opens a new one just now, SQLite does not wait."""
    until = monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            locked = getattr(error, "sqlite_errorname", "").startswith(
                ("SQLITE_BUSY", "SQLITE_LOCKED")
            )
            if not locked or monotonic() > until:
                raise
            sleep(0.01)
        else:
            return


def begin_sqlite(connection: PoolProxiedConnection) -> None:
    """Begin: a writer takes the lock at once, since a reader that turns writer may be refused."""
    writing = connection.info.pop(WRITING, False)
    connection.cursor().execute("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def transaction(engine: Engine, *, lock: bool = True) -> Iterator[Session]:
    """Yield a session whose work is stored as a whole, or not at all if the block raises.

    With `lock=False` others may write until `write(session)` is called: so that a comment is
    judged while nobody waits.

    Raises:
        Unavailable: the database is locked, full or away; nothing was stored.
    """
    with (
        ExitStack() as turn,
        passing_troubles(),
        engine.connect() as connection,  # One for all of it: a pool has its price.
        Session(connection, expire_on_commit=False) as session,
    ):
        session.info[WRITING], session.info[TURN] = False, turn
        if lock:
            write(session)
        else:
            session.connection()  # So that the session began it, and its commit ends it.
        yield session
        session.commit()


def write(session: Session) -> None:
    """From here on the session writes; what it read before may have changed, so look again."""
    if session.info[WRITING]:
        return
    session.commit()
    take_turn(session)
    session.info[WRITING] = bound(session).info[WRITING] = True
    session.connection()


def take_turn(session: Session) -> None:
    """Wait until nobody else writes to a SQLite file: in a queue, where SQLite itself would poll.

    Raises:
        Unavailable: the turn did not come; nothing was stored.
    """
    engine = session.get_bind().engine
    if engine.dialect.name != "sqlite":
        return
    name = engine.url.database
    path = str(Path(name).absolute()) if name and name != ":memory:" else ""
    try:
        session.info[TURN].enter_context(turn(path, BUSY_SECONDS))
    except TimeoutError as error:
        raise unavailable() from error


def pause(session: Session) -> None:
    """Store what was done so far and let others write before going on: for long work in steps."""
    session.commit()
    session.info[TURN].close()
    session.info[WRITING] = False
    write(session)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Yield a session that sees one moment of the database, blocks nobody and stores nothing."""
    with (
        passing_troubles(),
        engine.connect() as connection,
        Session(connection, autoflush=False) as session,
    ):
        yield session


@contextmanager
def passing_troubles() -> Iterator[None]:
    """Turn the database's passing troubles into Unavailable."""
    try:
        yield
    except (OperationalError, PoolTimeoutError) as error:
        if isinstance(error, DBAPIError) and not passes(error):
            raise
        raise unavailable(error) from error


def unavailable(error: SQLAlchemyError | None = None) -> Unavailable:
    """Return the error for a trouble that may pass; `error` is what the driver said of it."""
    said = str(error.orig).strip() if isinstance(error, DBAPIError) else ""
    mend = next(
        (mend for words, mend in MENDING.items() if words in said), "Try again in a moment."
    )
    return Unavailable(
        "The database cannot take this just now; nothing was stored.",
        remedy="Try again in a moment.",
        cause=said.partition("\n")[0],
        mend=mend,
    )


def passes(error: DBAPIError) -> bool:
    """Say whether this trouble may pass by itself or by an operator's hand."""
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorname", "").startswith(PASSING)
    return True  # psycopg's OperationalError is about the server, not about our statement.


def run(session: Session, statement: Executable, values: Mapping[str, Any]) -> AnyRows:
    """Run a statement that makes no objects, past what a session does for those that do."""
    return bound(session).execute(statement, values)


def bound(session: Session) -> Connection:
    """Return the connection on which a session works from its beginning to its end."""
    connection = session.get_bind()
    assert isinstance(connection, Connection)
    return connection


def get_one(session: Session, kind: type[Row], id: UUID) -> Row:
    """Return the object of a key that is there, by a statement made once."""
    found: Row = session.scalars(selection(kind), {"id": id}).one()
    return found


def insert(session: Session, kind: type[Base], **values: Any) -> None:
    """Insert a row without making an object of it."""
    run(session, insertion(kind), values)


def insert_unless_there(session: Session, kind: type[Base], **values: Any) -> UUID | None:
    """Insert a row and return its key; None if a unique constraint says it is there already."""
    values.setdefault("id", uuid7())
    statement = insertion_unless_there(kind, session.get_bind().dialect.name)
    made: UUID | None = run(session, statement, values).scalar()
    return made


@cache  # Making a statement takes longer than running it.
def selection(kind: type[Row]) -> Select[Row]:
    """Return the statement that selects the object of a key."""
    return sqlalchemy.select(kind).where(kind.id == bindparam("id"))


@cache
def insertion(kind: type[Base]) -> Insert:
    """Return the statement that inserts a row."""
    return table_of(kind).insert()


@cache
def insertion_unless_there(kind: type[Base], dialect: str) -> Insert:
    """Return the statement that inserts a row, passes over one that is there, and says which."""
    table = table_of(kind)
    if dialect == "sqlite":
        return sqlite_insert(table).on_conflict_do_nothing().returning(table.c.id)
    from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415  A slow start for SQLite.

    return insert(table).on_conflict_do_nothing().returning(table.c.id)


def hold(session: Session, kind: type[Base], id: UUID) -> None:
    """Lock a row until the transaction ends; SQLite's writer is alone anyhow."""
    if session.get_bind().dialect.name != "sqlite":
        table = table_of(kind)
        session.execute(sqlalchemy.select(table.c.id).where(table.c.id == id).with_for_update())


def migrate(engine: Engine) -> None:
    """Bring the tables to the latest revision; any number of processes may try at once."""
    if revision(engine) == HEAD:
        return
    from alembic import command  # noqa: PLC0415  A server that is up to date starts without it.
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "comity:migrations")
    with engine.connect() as connection:
        connection.info[WRITING] = True
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sql("SELECT pg_advisory_xact_lock(hashtext('comity.migrate'))"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def revision(engine: Engine) -> str | None:
    """Return the revision of the tables, or None where there are none yet.

    Raises:
        Unavailable: the database cannot be opened, or is none.
    """
    try:
        with passing_troubles(), engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.execute(sql("SELECT version_num FROM alembic_version")).scalar()
            return None if found is None else str(found)
    except DatabaseError as error:
        if not getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_NOTADB"):
            raise
        raise unavailable(error) from error
