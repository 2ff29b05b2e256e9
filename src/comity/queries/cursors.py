"""Where the next page begins: the sort keys of the last row, opaque to the one who turns pages."""

from uuid import UUID

from comity.errors import BadInput


def write(id: UUID, rank: int | None = None) -> str:
    """Return the cursor after a row with this key, and rank where rows are ranked."""
    return id.hex if rank is None else f"{rank}-{id.hex}"


def read(cursor: str) -> UUID:
    """Return the key of a cursor over rows without rank.

    Raises:
        BadInput: it is not one of ours.
    """
    try:
        return UUID(hex=cursor)
    except ValueError as error:
        raise malformed() from error


def read_ranked(cursor: str) -> tuple[int, UUID]:
    """Return rank and key of a cursor over ranked rows.

    Raises:
        BadInput: it is not one of ours.
    """
    rank, _, key = cursor.rpartition("-")
    digits = rank.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise malformed()
    return int(rank), read(key)


def malformed() -> BadInput:
    """Return the error for a cursor that is not ours."""
    return BadInput(
        "This page mark is not one of ours.",
        field="after",
        remedy="Give `next` of the page before as it came, or leave `after` out.",
    )
