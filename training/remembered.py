"""The public sets as they are learnt from: with weak labels and pairs that teach relevance."""

from pathlib import Path

import numpy as np

from training.public import public
from training.related import related, torn
from training.rows import Row, share
from training.weak import add_listed

RELATED = 4500
PUBLIC = {"jigsaw", "toxic_spans", "wiki_context", "related"}  # Sets with long comments.
HELD_OUT = 0.02  # Kept for calibration on fair comments.


def public_rows(data: Path, rng: np.random.Generator) -> list[Row]:
    """Return the public sets with weak labels and pairs for relevance."""
    rows = [row for row in public(data) if not is_held_out(row)]
    for row in rows:
        add_listed(row)
    torn([row for row in rows if row.source == "wiki_context"], 0.5, rng)
    long = [row for row in rows if row.source in {"jigsaw", "toxic_spans"}]
    return rows + related(long, RELATED, rng)


def is_held_out(row: Row) -> bool:
    """Say whether a public row is kept for calibration."""
    return share("held out", row.text) < HELD_OUT
