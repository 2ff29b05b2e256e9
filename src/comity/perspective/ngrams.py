"""How toxic a text's words and letters make it, as Perspective saw it: a linear model of n-grams.

The encoder reads what is meant; this sees every word and spelling, as the service did whose scale
callers know. Only `comity.perspective` asks it. `python -m training ngrams` makes its table.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from math import exp, log
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from comity.text import Text

TABLE = Path(__file__).parent / "ngrams.npz"
BUCKETS = 1 << 18
SHORTEST, LONGEST = 2, 5  # Letters of an n-gram.
WORD = re.compile(r"\w+")


class Weights(NamedTuple):
    """Of each bucket how rare it is (idf) and what it weighs; `bias` is what no text weighs."""

    idf: NDArray[np.float32]
    weight: NDArray[np.float32]
    bias: float


def toxicity(text: Text) -> float:
    """Return the score from 0 to 1 that Perspective would have given, as far as n-grams tell."""
    model = weights()
    buckets, values = vector(text.folded, model.idf)
    return 1 / (1 + exp(-(float(values @ model.weight[buckets]) + model.bias)))


def vector(folded: str, idf: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return a text's buckets and what it has of each: damped counts by rarity, of length one."""
    counts = Counter(crc32(gram.encode("utf-8", "replace")) % BUCKETS for gram in grams(folded))
    buckets = np.fromiter(counts, np.int64, len(counts))
    values = np.array([1 + log(count) for count in counts.values()], np.float32)
    values *= idf[buckets]
    return buckets, values / max(float(np.linalg.norm(values)), 1e-6)


def grams(folded: str) -> Iterator[str]:
    """Give the words, pairs of words and short runs of letters within words."""
    before = ""
    for word in WORD.findall(folded):
        yield f"= {word}"
        yield f"= {before} {word}"
        before = word
        edged = f" {word[:40]} "
        for size in range(SHORTEST, LONGEST + 1):
            for start in range(len(edged) - size + 1):
                yield edged[start : start + size]


@cache
def weights() -> Weights:
    """Return the packaged table, read once.

    Raises:
        Exception: it is missing or broken.
    """
    with np.load(TABLE) as file:
        found: dict[str, Any] = dict(file)
    idf, weight = (
        found[name].astype(np.float32) * float(found[f"{name}_scale"]) for name in ("idf", "weight")
    )
    return Weights(idf, weight, float(found["bias"]))
