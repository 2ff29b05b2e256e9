"""Reads what `comity.exporters.archive` wrote, into an empty database."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import groupby, islice
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from comity.errors import BadInput, Conflict
from comity.exporters.archive import FORMAT
from comity.models import Base, UtcDateTime

BATCH = 500


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """One row of one table."""

    table: str
    row: dict[str, Any]


def load(session: Session, lines: Iterable[bytes], *, revision: str) -> int:
    """Store an archive, all or nothing with the caller's transaction, and return the rows' number.

    Raises:
        Conflict: the database already holds something.
        BadInput: not an archive, of another revision, or a broken line, named by its number.
    """
    refuse_unless_empty(session)
    numbered = enumerate(lines, start=1)
    check_header(next(numbered, (1, b""))[1], revision)
    stored = 0
    for name, group in groupby(rows(numbered), key=lambda entry: entry[1].table):
        table = Base.metadata.tables[name]
        convert = converters(table)
        while batch := list(islice(group, BATCH)):
            values = [converted(number, line, convert) for number, line in batch]
            session.execute(insert(table), values)
            stored += len(values)
    return stored


def refuse_unless_empty(session: Session) -> None:
    """Raise Conflict if any table holds a row."""
    for table in Base.metadata.sorted_tables:
        if session.execute(select(table.c.id).limit(1)).first():
            raise Conflict(
                f"The database is not empty: there is something in {table.name}.",
                remedy="Import into a new database (COMITY_DATABASE_URL names it).",
            )


def check_header(first: bytes, revision: str) -> None:
    """Raise BadInput unless the first line is this format's header for this revision."""
    try:
        header = msgspec.json.decode(first, type=dict[str, Any])
    except msgspec.DecodeError:
        header = {}
    if header.get("format") != FORMAT:
        raise BadInput(
            "Line 1 is not the header of a Comity archive.",
            field="line 1",
            remedy="Give a file that `comity export` wrote.",
        )
    if header.get("revision") != revision:
        raise BadInput(
            f"The archive is of database revision {header.get('revision')}; this is {revision}.",
            field="line 1",
            remedy=f"Import it with Comity {header.get('comity')}, then upgrade that database.",
        )


def rows(numbered: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, Line]]:
    """Decode the lines that are not blank."""
    decoder = msgspec.json.Decoder(Line)
    for number, raw in numbered:
        if not raw.strip():
            continue
        try:
            line = decoder.decode(raw)
        except msgspec.DecodeError as error:
            raise broken(number, str(error)) from error
        if line.table not in Base.metadata.tables:
            raise broken(number, f"there is no table {line.table!r}")
        yield number, line


def converters(table: Table) -> dict[str, Callable[[Any], Any]]:
    """Return, by column, what makes the column's Python value from JSON's."""
    return {
        str(column.name): datetime.fromisoformat
        if isinstance(column.type, UtcDateTime)
        else converter(column.type.python_type)
        for column in table.columns
    }


def converter(kind: type) -> Callable[[Any], Any]:
    """Return what makes a value of this type from JSON's."""
    if issubclass(kind, UUID):
        return UUID
    if issubclass(kind, StrEnum):
        return kind
    return lambda value: value


def converted(number: int, line: Line, convert: dict[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """Return the row with each value in its column's type."""
    if line.row.keys() != convert.keys():
        names = ", ".join(sorted(line.row.keys() ^ convert.keys()))
        raise broken(number, f"these columns are missing or too many: {names}")
    try:
        return {
            name: None if value is None else convert[name](value)
            for name, value in line.row.items()
        }
    except (TypeError, ValueError, AttributeError) as error:
        raise broken(number, str(error)) from error


def broken(number: int, why: str) -> BadInput:
    """Return the error for a line that cannot be stored."""
    return BadInput(
        f"Line {number} cannot be read: {why}.",
        field=f"line {number}",
        remedy="Nothing was imported; export again.",
    )
