"""Which rows each stage learns from."""

from pathlib import Path

import numpy as np

from training.augment import authored_rows
from training.encode import COMMENT, Example, encode
from training.remembered import PUBLIC, public_rows

STAGES = ("public", "authored")
PUBLIC_COMMENT = 96  # Word pieces of a public comment: half as many again cost a third more time.


def examples(stage: str, data: Path, rng: np.random.Generator) -> list[Example]:
    """Return a stage's rows as numbers, anew for each epoch."""
    if stage == "public":
        return [encode(row, comment=PUBLIC_COMMENT) for row in public_rows(data, rng)]
    return [
        encode(row, comment=PUBLIC_COMMENT if row.source in PUBLIC else COMMENT)
        for row in authored_rows(data, rng)
    ]
