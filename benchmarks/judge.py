"""How fast comments are judged, and in how much memory, beside what others use for it.

python -m benchmarks.judge [--comments N]

Each in a process of its own, one thread, on the same made-up comments of about sixty word pieces:
Comity with and without its language model; alt-profanity-check and better-profanity; and encoders
of the shapes that Detoxify uses, BERT-base and RoBERTa-base, with random weights, so that only
their speed means anything. Needs training/requirements.txt (`make bench` sees to it).
"""

# ruff: noqa: PLC0415  Each judge's imports belong to its start.

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from random import Random
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

from benchmarks.discussion import prose

BATCH, WARM = 32, 3
WORDS = 45  # About sixty word pieces.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

Judge = Callable[[Sequence[str]], object]


def comity(*, encoder: bool) -> Judge:
    """Return Comity's whole judgement."""
    from comity import score

    return lambda texts: list(score(texts, encoder=encoder))


def alt_profanity_check() -> Judge:
    """Return a linear model of words."""
    from profanity_check import predict_prob

    return lambda texts: predict_prob(list(texts))


def better_profanity() -> Judge:
    """Return a word list."""
    from better_profanity import profanity

    return lambda texts: [profanity.contains_profanity(text) for text in texts]


def transformer(*, words: int) -> Judge:
    """Return an encoder of twelve layers of 768 with random weights."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    layer = nn.TransformerEncoderLayer(768, 12, 3072, 0.0, "gelu", batch_first=True)
    encoder = nn.TransformerEncoder(layer, 12).eval()
    embedding = nn.Embedding(words, 768)

    def judge(texts: Sequence[str]) -> object:
        with torch.inference_mode():
            return encoder(embedding(torch.randint(words, (len(texts), 60)))).mean(1)

    return judge


JUDGES: dict[str, Callable[[], Judge]] = {
    "Comity": lambda: comity(encoder=True),
    "Comity, word lists alone": lambda: comity(encoder=False),
    "alt-profanity-check": alt_profanity_check,
    "better-profanity": better_profanity,
    "BERT-base, random weights": lambda: transformer(words=30_522),
    "RoBERTa-base, random weights": lambda: transformer(words=50_265),
}


def main() -> None:
    """Measure each judge in a process of its own, and print them beside Comity."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=320)
    parser.add_argument("--one", choices=JUDGES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(JUDGES[asked.one], asked.comments)))
        return
    found = {name: apart(name, asked.comments) for name in JUDGES}
    own = found["Comity"]
    table = Table("judge", "ms, one by one", "ms, by 32", "start, s", "memory, MB")
    for name, figures in found.items():
        cells = [f"{one:.3g} ({one / own[key]:.2g}×)" for key, one in figures.items()]
        table.add_row(name, *cells)
    Console(width=110).print(table)


def apart(name: str, comments: int) -> dict[str, float]:
    """Return one judge's figures from a fresh process."""
    command = [sys.executable, "-m", "benchmarks.judge", "--one", name, "--comments", str(comments)]
    done = subprocess.run(
        command, capture_output=True, check=True, text=True, env={**os.environ, **ONE_THREAD}
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def measured(make: Callable[[], Judge], comments: int) -> dict[str, float]:
    """Return milliseconds a comment, one by one (median) and by the batch; start; peak memory."""
    rng = Random(7)
    texts = [prose(rng, WORDS) for _ in range(comments)]
    started = perf_counter()
    judge = make()
    judge(texts[:1])
    start = perf_counter() - started
    for text in texts[:WARM]:
        judge([text])
    single, batches = [], []
    for text in texts[WARM:]:
        before = perf_counter()
        judge([text])
        single.append(perf_counter() - before)
    for first in range(0, len(texts) - BATCH + 1, BATCH):
        batch = [f"{text} Well." for text in texts[first : first + BATCH]]
        before = perf_counter()
        judge(batch)
        batches.append((perf_counter() - before) / BATCH)
    return {
        "single": 1000 * median(single),
        "batch": 1000 * median(batches),
        "start": start,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
