"""The public sets as they are learnt from: with weak labels and pairs that teach relevance."""

from pathlib import Path

import numpy as np

from training.public import public
from training.related import related, torn
from training.rows import Row, share
from training.weak import add_listed

RELATED = 4500
AGAIN = 6000
# What the last stage takes of the public sets, beside three rounds of the authored ones.
TAKE_AGAIN = {
    "jigsaw_offensive": 3000,
    "jigsaw_clean": 2000,
    "davidson": 300,
    "toxic_spans": 5000,
    "hatexplain": 2000,
    "implicit_hate": 2000,
    "convabuse": 700,
    "paradetox": 1000,
    "sms_spam": 400,
    "youtube_spam": 400,
    "crisislex": 500,
    "one_liners": 300,
    "wiki_context": 10000,
}
LONG = {"jigsaw", "toxic_spans", "wiki_context", "related"}
HELD_OUT = 0.02  # Kept for calibration on fair comments.


def public_rows(data: Path, rng: np.random.Generator, *, again: bool = False) -> list[Row]:
    """Return the public sets with weak labels and pairs for relevance."""
    found = public(data, TAKE_AGAIN, "again ") if again else public(data)
    rows = [row for row in found if not is_held_out(row)]
    for row in rows:
        add_listed(row)
    torn([row for row in rows if row.source == "wiki_context"], 0.5, rng)
    long = [row for row in rows if row.source in {"jigsaw", "toxic_spans"}]
    return rows + related(long, AGAIN if again else RELATED, rng)


def is_held_out(row: Row) -> bool:
    """Say whether a public row is kept for calibration."""
    return share("held out", row.text) < HELD_OUT
