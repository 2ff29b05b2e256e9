"""Which rows each stage learns from."""

from pathlib import Path

import numpy as np

from training.augment import authored_rows
from training.encode import COMMENT, Example, encode
from training.public import TAKE
from training.remembered import AGAIN, LONG, TOGETHER, public_rows
from training.rows import Row

STAGES = ("public", "authored", "together", "again")
PUBLIC_COMMENT = 96  # Word pieces of a public comment: half as many again cost a third more time.


def examples(stage: str, data: Path, rng: np.random.Generator) -> list[Example]:
    """Return a stage's rows as numbers, anew for each epoch."""
    return [
        encode(row, comment=PUBLIC_COMMENT if row.source in LONG else COMMENT)
        for row in rows(stage, data, rng)
    ]


def rows(stage: str, data: Path, rng: np.random.Generator) -> list[Row]:
    """Return a stage's rows.

    First what the public sets know, then what the guidelines mean, then both in one, so that
    neither is forgotten; and again, more of the guidelines than of the rest.
    """
    if stage == "public":
        return public_rows(data, rng, TAKE)
    if stage == "authored":
        return authored_rows(data, rng)
    rounds, take = (3, TOGETHER) if stage == "together" else (1, AGAIN)
    told = [row for _ in range(rounds) for row in authored_rows(data, rng, replay=0)]
    return told + public_rows(data, rng, take, "again ")
