"""The public sets as they are learnt from: with weak labels and pairs that teach relevance."""

from pathlib import Path

import numpy as np

from training.public import LOADERS, TAKE, public
from training.related import related, torn
from training.rows import Row, share
from training.weak import add_listed

# What a round of the second stage takes of the public sets, beside the authored ones.
ROUND = {
    "jigsaw_offensive": 1500,
    "jigsaw_clean": 600,
    "davidson": 80,
    "toxic_spans": 2400,
    "hatexplain": 500,
    "implicit_hate": 600,
    "hatemoji": 4500,
    "convabuse": 250,
    "paradetox": 250,
    "sms_spam": 100,
    "youtube_spam": 100,
    "crisislex": 150,
    "jokes": 60,
    "one_liners": 80,
    "wiki_context": 4000,
    "related": 1500,
}
LONG = {"jigsaw", "toxic_spans", "wiki_context", "related"}
HELD_OUT = 0.02  # Kept for calibration on fair comments.


def taken(data: Path, name: str, rounds: int) -> frozenset[str]:
    """Return the texts of a public set that any stage takes: what it no longer learns from."""
    found = list(LOADERS[name](data / "train"))
    texts: set[str] = set()
    for salt, take in [("", TAKE), *((salted(epoch), ROUND) for epoch in range(rounds))]:
        order = sorted(found, key=lambda row: share(salt + row.source, row.text))
        texts.update(row.text for row in order[: take[name]])
    return frozenset(texts)


def salted(epoch: int) -> str:
    """Return what makes a round of the second stage choose other rows than the rounds before."""
    return f"round {epoch} "


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
