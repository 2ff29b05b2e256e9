"""The tables that migrating makes are those that the models describe."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy import text as sql

from comity import db, migrations
from comity.models import Base


def test_models_and_migrations_agree(database: Engine):
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_checks_and_names_agree_too(sqlite: Engine, tmp_path: Path):
    other = create_engine(f"sqlite:///{tmp_path}/models.db")
    Base.metadata.create_all(other)

    def described(engine: Engine) -> dict:
        inspector = inspect(engine)
        return {
            name: (
                sorted(check["name"] + check["sqltext"] for check in checks(inspector, name)),
                sorted(key["name"] for key in inspector.get_foreign_keys(name)),
                sorted(unique["name"] for unique in inspector.get_unique_constraints(name)),
            )
            for name in Base.metadata.tables
        }

    assert described(sqlite) == described(other)
    other.dispose()


def checks(inspector, name: str) -> list:
    return inspector.get_check_constraints(name)


def test_the_head_is_known_without_looking():
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert scripts.get_current_head() == db.HEAD


def test_migrating_again_changes_nothing(database: Engine):
    assert db.revision(database) == db.HEAD

    db.migrate(database)

    assert db.revision(database) == db.HEAD


def test_an_empty_database_has_no_revision(tmp_path: Path):
    engine = db.connect(f"sqlite:///{tmp_path}/new.db")

    assert db.revision(engine) is None
    engine.dispose()


def test_processes_that_start_together_migrate_once(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/new.db"
    engines = [db.connect(url) for _ in range(3)]
    threads = [threading.Thread(target=db.migrate, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [db.revision(engine) for engine in engines] == [db.HEAD] * 3
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("guard", ["UPDATE", "DELETE"])
def test_the_guards_of_the_decisions_are_there(sqlite: Engine, guard: str):
    with sqlite.connect() as connection:
        triggers = connection.execute(sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'"))
        assert any(f"BEFORE {guard} ON decisions" in row[0] for row in triggers)
