"""The public sets as they are learnt from: with weak labels and pairs that teach relevance."""

from pathlib import Path

import numpy as np

from training.public import TAKE, public
from training.related import related, torn
from training.rows import Row, share
from training.weak import add_listed

# What the later stages take of the public sets, beside three rounds and one of the authored ones.
TOGETHER = {
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
    "related": 6000,
}
AGAIN = {
    "jigsaw_offensive": 800,
    "jigsaw_clean": 500,
    "davidson": 100,
    "toxic_spans": 2500,
    "hatexplain": 500,
    "implicit_hate": 800,
    "hatemoji": 2500,
    "convabuse": 300,
    "paradetox": 300,
    "sms_spam": 100,
    "youtube_spam": 100,
    "crisislex": 200,
    "jokes": 100,
    "one_liners": 100,
    "wiki_context": 1500,
    "related": 1000,
}
LONG = {"jigsaw", "toxic_spans", "wiki_context", "related"}
HELD_OUT = 0.02  # Kept for calibration on fair comments.


def public_rows(
    data: Path, rng: np.random.Generator, take: dict[str, int] = TAKE, salt: str = ""
) -> list[Row]:
    """Return the public sets with weak labels and pairs for relevance."""
    rows = [row for row in public(data, take, salt) if not is_held_out(row)]
    for row in rows:
        add_listed(row)
    torn([row for row in rows if row.source == "wiki_context"], 0.5, rng)
    long = [row for row in rows if row.source in {"jigsaw", "toxic_spans"}]
    return rows + related(long, take["related"], rng)


def is_held_out(row: Row) -> bool:
    """Say whether a public row is kept for calibration."""
    return share("held out", row.text) < HELD_OUT
