"""What the tables are made of: their words, their types, and how Python's values are stored."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Enum,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7

from comity.guidelines import Measure


class Role(StrEnum):
    """What a member of staff may do; each may do what the ones before may."""

    MODERATOR = "moderator"  # decides, sanctions, answers appeals
    EDITOR = "editor"  # also writes guidelines, opens and closes stories
    OWNER = "owner"  # also gives roles and makes sites


class Status(StrEnum):
    """Where a comment stands."""

    PUBLISHED = "published"
    HELD = "held"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class By(StrEnum):
    """Who made a decision."""

    MACHINE = "machine"
    PERSON = "person"
    WRITER = "writer"


class Occasion(StrEnum):
    """What a decision answers."""

    POST = "post"
    EDIT = "edit"
    WITHDRAWAL = "withdrawal"
    QUEUE = "queue"
    FLAG = "flag"
    APPEAL = "appeal"
    UNDO = "undo"


class Ruling(StrEnum):
    """How an appeal was answered."""

    UPHELD = "upheld"
    REVERSED = "reversed"


class UtcDateTime(TypeDecorator[datetime]):
    """A time zone aware UTC time on databases that keep none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time that does not say its zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("A time must carry its zone.")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say UTC on what comes back."""
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value and value.astimezone(UTC)


def word(kind: type[StrEnum]) -> Enum:
    """Store an enumeration by its values, as text with a check."""
    return Enum(
        kind,
        native_enum=False,
        length=16,
        create_constraint=True,
        values_callable=lambda kind: [item.value for item in kind],
    )


def where(condition: str) -> dict[str, Any]:
    """Return the arguments that make an index cover only the rows of a condition."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Base(DeclarativeBase):
    """Common to all tables: a key, and how Python's types are stored."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        str: Text(),
        list[str]: JSON(),
        list[dict[str, str]]: JSON(),
        Role: word(Role),
        Status: word(Status),
        By: word(By),
        Occasion: word(Occasion),
        Ruling: word(Ruling),
        Measure: word(Measure),
    }

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


def table_of(kind: type[Base]) -> Table:
    """Return the table of a class, for hot statements that make no objects."""
    assert isinstance(kind.__table__, Table)
    return kind.__table__
