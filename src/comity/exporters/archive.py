"""The whole installation as JSON lines, lossless: a header, then one line a row, table by table."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from comity import __version__
from comity.models import Base

FORMAT = "comity-archive-1"


def lines(session: Session, *, revision: str, now: datetime) -> Iterator[bytes]:
    """Yield the archive's lines, each with its line feed, in constant memory.

    The first line names the format and the database's revision. Local accounts keep their
    password hashes, so treat an archive like the database itself.
    """
    encoder = msgspec.json.Encoder()
    yield (
        encoder.encode(
            {"format": FORMAT, "comity": __version__, "revision": revision, "written_at": now}
        )
        + b"\n"
    )
    for table in Base.metadata.sorted_tables:
        rows = session.execute(
            select(table).order_by(*order(table)).execution_options(yield_per=1_000)
        )
        for row in rows.mappings():
            values = {str(name): value for name, value in row.items()}
            yield encoder.encode({"table": str(table.name), "row": values}) + b"\n"


def order(table: Table) -> list[Column[Any]]:
    """Return the columns to sort by: a comment comes after the one that it answers."""
    return [table.c.depth, table.c.id] if "depth" in table.c else [table.c.id]
