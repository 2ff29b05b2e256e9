"""The scale of the Perspective protocol's scores: made, and measured on texts it was not made on.

python -m benchmarks.perspective DATA           (prints; --write also writes calibration.json)
python -m benchmarks.perspective --speed        (milliseconds a call)

DATA holds dev/perspective_2k_scores_2018.csv.gz: 2,000 comments of Wikipedia's talk pages with what
the real service said of them (Apache-2.0). A table is an equipercentile link: evidence and real
scores are matched rank by rank, so that as many comments pass a caller's threshold as did before.
(Isotonic regression has a smaller square error and passes too few: its values shrink to the mean.)
With the encoder, lists and encoder are weighed by ridge regression first. All figures are
cross-fitted, five folds by a hash of the comment's id.
"""

import argparse
import csv
import gzip
import hashlib
import io
import json
import os
import random
import re
import subprocess
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean, quantiles
from time import perf_counter

import httpx
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.discussion import prose
from comity.detectors import Engine
from comity.findings import Submission
from comity.perspective.attributes import (
    ATTRIBUTES,
    BIAS,
    LISTED,
    TABLE,
    calibrated,
    evidence,
    log_odds,
    see,
    weighed,
)
from comity.perspective.service import Call, Service

FILE = "dev/perspective_2k_scores_2018.csv.gz"
COLUMNS = {
    "TOXICITY": "TOXICITY@6",
    "SEVERE_TOXICITY": "SEVERE_TOXICITY@2",
    "IDENTITY_ATTACK": "IDENTITY_ATTACK",
    "INSULT": "INSULT",
    "PROFANITY": "PROFANITY",
    "THREAT": "THREAT",
    "OBSCENE": "OBSCENE",
}
# Nobody scored these for what they mean here, so evidence is given as it is, from a low base; where
# the encoder looks too, its own chance is, lifted by what the lists see.
AS_IT_IS = ((0.0, 0.05), (1.0, 1.0))
LIFTED = {
    "SPAM": {"spam": 1.0, LISTED: 0.3, BIAS: 2.76},
    "OFF_TOPIC": {"off_topic": 1.0, LISTED: 0.1, BIAS: 0.92},
}
ANALYZE = "/v1alpha1/comments:analyze"
FOLDS, CALLERS, LEAST = 5, 0.8, 8
RIDGE = 20.0  # Among 2,000 comments and fifteen correlated chances.

Points = tuple[tuple[float, float], ...]
Read = Mapping[str, float]  # What lists and encoder say of a comment, by name.


def main() -> None:
    """Fit, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name}")
    parser.add_argument("--speed", action="store_true", help="measure calls instead")
    asked = parser.parse_args()
    if asked.speed:
        speed()
        return
    with gzip.open(asked.data / FILE) as file:
        rows = list(csv.DictReader(io.TextIOWrapper(file, encoding="utf-8")))
    engine = Engine.default(encoder=True)
    seen = [
        see(Submission.of(row["comment_text"]), engine) for row in track(rows, "reading", len(rows))
    ]
    folds = [fold_of(row["id"]) for row in rows]
    table = Table("attribute", "ρ", "F1", "κ", "agree", "always below", "mean error", "n > 0.8")
    table.columns[0].no_wrap = True
    made = {}
    for name, column in COLUMNS.items():
        x = [evidence(ATTRIBUTES[name], one.findings) for one in seen]
        y = [float(row[column]) for row in rows]
        table.add_row(f"{name}, lists alone", *measured(x, y, folds))
        read = [{**one.read(None), LISTED: at} for one, at in zip(seen, x, strict=True) if one.read]
        table.add_row(name, *measured(cross_fitted(read, y, folds), y, folds))
        weights = fitted(read, y)
        whole = [weighed(one[LISTED], one, weights) for one in read]
        made[name] = {"like": column, "points": linked(x, y)}
        made[name] |= {"weights": weights, "read": linked(whole, y)}
    for name, weights in LIFTED.items():
        made[name] = {"like": "", "points": AS_IT_IS, "weights": weights, "read": AS_IT_IS}
    Console(width=130).print(table)
    if asked.write:
        written = {"made_by": "python -m benchmarks.perspective DATA --write", "of": FILE}
        TABLE.write_text(as_json({**written, "rows": len(rows)}, made), encoding="utf-8")


def fitted(read: Sequence[Read], y: Sequence[float]) -> dict[str, float]:
    """Return the weights by which log odds come nearest to those of the real scores (ridge)."""
    names = sorted(read[0])
    x = np.array([[log_odds(one[name]) for name in names] for one in read])
    target = np.array([log_odds(min(max(one, 0.005), 0.995)) for one in y])
    mean, spread = x.mean(0), x.std(0) + 1e-9
    scaled = (x - mean) / spread
    found = np.linalg.solve(
        scaled.T @ scaled + RIDGE * np.eye(len(names)), scaled.T @ (target - target.mean())
    )
    weights = {name: float(one) for name, one in zip(names, found / spread, strict=True)}
    bias = float(target.mean() - (found / spread) @ mean)
    return {name: round(one, 5) for name, one in {**weights, BIAS: bias}.items()}


def cross_fitted(read: Sequence[Read], y: Sequence[float], folds: Sequence[int]) -> list[float]:
    """Return the evidence of each comment by weights that were fitted without its fold."""
    weights = {}
    for fold in range(FOLDS):
        rest = [place for place, other in enumerate(folds) if other != fold]
        weights[fold] = fitted([read[place] for place in rest], [y[place] for place in rest])
    return [weighed(one[LISTED], one, weights[fold]) for one, fold in zip(read, folds, strict=True)]


def fold_of(id: str) -> int:
    """Return the fold of a comment, the same in every run."""
    return int(hashlib.sha256(id.encode()).hexdigest(), 16) % FOLDS


def linked(x: Sequence[float], y: Sequence[float]) -> Points:
    """Match evidence and real scores rank by rank; ties get the mean of their ranks' scores.

    A point holds at least LEAST comments, but for that of no evidence.
    """
    real = sorted(y)
    ascending = sorted(x)
    points: list[tuple[float, float]] = []
    start = 0
    while start < len(ascending):
        end = bisect_right(ascending, ascending[min(start + LEAST, len(ascending)) - 1])
        if start == 0:
            end = bisect_right(ascending, ascending[0])
        if len(ascending) - end < LEAST:
            end = max(end, len(ascending)) if start else end
        point = (round(fmean(ascending[start:end]), 4), round(fmean(real[start:end]), 4))
        if points and points[-1][0] == point[0]:  # They differ in what is not kept.
            points.pop()
        points.append(point)
        start = end
    return tuple(points)


def measured(x: Sequence[float], y: Sequence[float], folds: Sequence[int]) -> list[str]:
    """Return the figures of an attribute, each comment scored by a table made without its fold."""
    tables = {
        fold: linked(
            [one for one, other in zip(x, folds, strict=True) if other != fold],
            [one for one, other in zip(y, folds, strict=True) if other != fold],
        )
        for fold in range(FOLDS)
    }
    said = [calibrated(one, tables[fold]) for one, fold in zip(x, folds, strict=True)]
    ours, real = [one > CALLERS for one in said], [one > CALLERS for one in y]
    both = sum(a and b for a, b in zip(ours, real, strict=True))
    agree = fmean(a == b for a, b in zip(ours, real, strict=True))
    p, q = fmean(ours), fmean(real)
    chance = p * q + (1 - p) * (1 - q)
    return [
        f"{spearman(x, y):.2f}",
        f"{2 * both / (sum(ours) + sum(real)):.2f}",
        f"{(agree - chance) / (1 - chance):.2f}",
        f"{agree:.3f}",
        f"{1 - q:.3f}",
        f"{fmean(abs(a - b) for a, b in zip(said, y, strict=True)):.3f}",
        f"{sum(ours)} / {sum(real)}",
    ]


def spearman(x: Sequence[float], y: Sequence[float]) -> float:
    """Return the rank correlation; ties share their middle rank."""
    a, b = ranks(x), ranks(y)
    mean_a, mean_b = fmean(a), fmean(b)
    both = sum((one - mean_a) * (other - mean_b) for one, other in zip(a, b, strict=True))
    spread_a = sum((one - mean_a) ** 2 for one in a)
    spread_b = sum((one - mean_b) ** 2 for one in b)
    return float(both / (spread_a * spread_b) ** 0.5)


def ranks(x: Sequence[float]) -> list[float]:
    """Return the rank of each value."""
    ascending = sorted(x)
    return [(bisect_left(ascending, one) + bisect_right(ascending, one)) / 2 for one in x]


def as_json(head: dict[str, object], made: dict[str, dict[str, object]]) -> str:
    """Return the table's text, an attribute a line."""
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in made.items())
    start = json.dumps(head)[:-1]
    return f'{start}, "attributes": {{\n{lines}\n}}}}\n'


def speed(calls: int = 500) -> None:
    """Print how long calls take: in this process, and over HTTP from four callers at once."""
    service = Service(Engine.default())
    for words in (60, 600):
        bodies = requests(words, calls // (words // 60))
        taken = [timed(service.answer, Call("POST", ANALYZE, body=body)) for body in bodies]
        show(f"{words} words, in this process", taken[5:])
    with running() as url, ThreadPoolExecutor(4) as callers:
        shares = [requests(60, calls) for _ in range(4)]
        taken = [
            one for share in callers.map(lambda share: called(url, share), shares) for one in share
        ]
    show("60 words, over HTTP from four callers at once", taken)


def requests(words: int, count: int) -> list[bytes]:
    """Return requests for all attributes of seeded texts."""
    rng = random.Random(7)
    attributes: dict[str, object] = {
        name: {} for name, one in ATTRIBUTES.items() if not one.compares
    }
    asked = ({"text": prose(rng, words)} for _ in range(count))
    return [
        json.dumps({"comment": one, "requestedAttributes": attributes}).encode() for one in asked
    ]


def timed(work: Callable[[Call], object], call: Call) -> float:
    """Return how many milliseconds a call takes."""
    started = perf_counter()
    work(call)
    return (perf_counter() - started) * 1000


def called(url: str, bodies: Sequence[bytes]) -> list[float]:
    """Send requests one after the other; return the milliseconds that each took."""
    taken = []
    with httpx.Client(timeout=30) as client:
        for body in bodies:
            started = perf_counter()
            client.post(url, content=body).raise_for_status()
            taken.append((perf_counter() - started) * 1000)
    return taken[5:]


@contextmanager
def running() -> Iterator[str]:
    """Run the server by itself on a free port."""
    server = subprocess.Popen(
        [sys.executable, "-m", "comity", "perspective", "--quota", "0"],
        env={**os.environ, "COMITY_PORT": "0"},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    try:
        found = (re.search(r"running on http://[^:]*:(\d+)", line) for line in server.stderr)
        port = next(match[1] for match in found if match)
        yield f"http://127.0.0.1:{port}{ANALYZE}"
    finally:
        server.terminate()
        server.communicate()


def show(what: str, taken: Sequence[float]) -> None:
    """Print the middle and the slowest of some times."""
    parts = quantiles(taken, n=100)
    print(f"{what}: p50 {parts[49]:.1f} ms, p99 {parts[98]:.1f} ms")


if __name__ == "__main__":
    main()
