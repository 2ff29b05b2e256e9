"""Which rows each stage learns from."""

from pathlib import Path

import numpy as np

from training.augment import authored_rows
from training.encode import COMMENT, Example, encode
from training.public import TAKE
from training.remembered import LONG, ROUND, public_rows, salted
from training.rows import Row

STAGES = ("public", "together")
ROUNDS = 4  # Of the second stage.
PUBLIC_COMMENT = 96  # Word pieces of a public comment: half as many again cost a third more time.


def examples(stage: str, data: Path, epoch: int, rng: np.random.Generator) -> list[Example]:
    """Return a stage's rows as numbers, anew for each epoch."""
    return [
        encode(row, comment=PUBLIC_COMMENT if row.source in LONG else COMMENT)
        for row in rows(stage, data, epoch, rng)
    ]


def rows(stage: str, data: Path, epoch: int, rng: np.random.Generator) -> list[Row]:
    """Return a stage's rows.

    First what the public sets know, then what the guidelines mean beside some of it, another
    choice each time, so that neither is forgotten.
    """
    if stage == "public":
        return public_rows(data, rng, TAKE)
    return authored_rows(data, rng) + public_rows(data, rng, ROUND, salted(epoch))
