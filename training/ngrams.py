"""The table of n-grams that Perspective's scores in the Wikipedia talk sets are learnt by."""

from pathlib import Path

import numpy as np
from rich.progress import track
from scipy.sparse import csr_matrix
from sklearn.linear_model import Ridge

from comity.perspective.ngrams import BUCKETS, vector
from comity.text import fold
from training.public import table

STRENGTH = 3.0  # Of the ridge.
LEAST = 0.005  # Scores are learnt as log odds.


def ngrams(data: Path, out: Path) -> int:
    """Write the table to `out`; return how many comments it is made of."""
    rows = [
        (line["text"], float(line["api"]))
        for part in ("gc", "gn")
        for line in table(data / "train" / f"wiki_context_{part}.csv.gz")
        if line["api"]
    ]
    even = np.ones(BUCKETS, np.float32)
    folded = [fold(text).folded for text, _ in rows]
    met = np.zeros(BUCKETS)
    for text in track(folded, "counting"):
        met[vector(text, even)[0]] += 1
    rarity = np.where(met > 1, np.log((1 + len(rows)) / (1 + met)) + 1, 0).astype(np.float32)
    idf, idf_scale = small(rarity)
    seen = [vector(text, idf * idf_scale) for text in track(folded, "reading")]
    places = np.concatenate([[0], np.cumsum([len(buckets) for buckets, _ in seen])])
    matrix = csr_matrix(
        (
            np.concatenate([values for _, values in seen]),
            np.concatenate([buckets for buckets, _ in seen]),
            places,
        ),
        shape=(len(seen), BUCKETS),
    )
    scores = np.clip([score for _, score in rows], LEAST, 1 - LEAST)
    fitted = Ridge(alpha=STRENGTH, solver="lsqr").fit(matrix, np.log(scores / (1 - scores)))
    weight, weight_scale = small(fitted.coef_)
    np.savez_compressed(
        out,
        idf=idf,
        idf_scale=idf_scale,
        weight=weight,
        weight_scale=weight_scale,
        bias=float(fitted.intercept_),
    )
    return len(rows)


def small(values: np.ndarray) -> tuple[np.ndarray, float]:
    """Return values in eight bits, and their scale."""
    scale = float(np.abs(values).max()) / 127
    return np.rint(values / scale).astype(np.int8), scale
