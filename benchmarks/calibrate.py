"""Measure how often fair comments reach each score, label by label: the engine's calibration.

    python -m benchmarks.calibrate DATA [--at-most N] [--jobs N]

Reads the published training sets under DATA/train and DATA/authored and writes
src/comity/detectors/calibration.json. Only counts are kept; no text leaves the data.
"""

import argparse
import csv
import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from comity.case import Question, StoryRecord
from comity.detectors import DETECTORS, HERE
from comity.findings import Label, Submission

# These need a story, and comments without one say nothing about their mistakes.
WITH_STORY = {Label.OFF_TOPIC, Label.TRAGEDY_JOKE}

GRID = 100  # scores are told apart to a hundredth


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Give the rows of a gzipped CSV file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def news(data: Path) -> Iterator[Question]:
    """Give news comments that every rater called not toxic."""
    votes = defaultdict(list)
    for row in rows(data / "train/toxic_spans_annotations.csv.gz"):
        votes[row["comment_id"]].append(row["not_toxic"] == "True")
    for row in rows(data / "train/toxic_spans_comments.csv.gz"):
        if votes[row["comment_id"]] and all(votes[row["comment_id"]]):
            yield Question("news", row["comment_text"])


def talk(data: Path) -> Iterator[Question]:
    """Give Wikipedia's talk that raters gave none of six labels of toxicity."""
    for row in rows(data / "train/jigsaw_davidson.csv.gz"):
        if row["source"] == "jigsaw" and row["offensive"] == "0":
            yield Question("talk", row["text"])


def authored(data: Path) -> Iterator[Question]:
    """Give the clean comments that were written with a story, many to look like breaches."""
    for name in ("civility", "tragedy"):
        stories = json.loads((data / f"authored/train_{name}_stories.json").read_text("utf-8"))
        by_id = {story.pop("id"): StoryRecord(**story) for story in stories}
        for line in (data / f"authored/train_{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            if not row["expect"] and not row.get("tolerated"):
                yield Question("authored", row["text"], row["parent"], story=by_id[row["story"]])


def steps(question: Question) -> tuple[str, dict[Label, int]]:
    """Return where a comment is from and the highest score of each label, in hundredths."""
    submission: Submission = question.submission()
    highest: dict[Label, int] = {}
    for detector in DETECTORS.values():
        for finding in detector(submission):
            step = int(finding.score * GRID + 1e-6)
            highest[finding.label] = max(step, highest.get(finding.label, 0))
    return question.id, highest


def table(measured: list[tuple[str, dict[Label, int]]]) -> dict[str, dict[str, Any]]:
    """Return, label by label, how many fair comments there are and how many reach each score."""
    found = {}
    for label in Label:
        kept = [at for source, at in measured if source == "authored" or label not in WITH_STORY]
        counts = Counter(at.get(label, 0) for at in kept)
        met: list[list[float]] = []
        reaching = sum(n for step, n in counts.items() if step >= 1)
        for step in range(1, GRID + 1):
            if not met or met[-1][1] != reaching:
                met.append([step / GRID, reaching])
            reaching -= counts[step]
        found[label.value] = {"fair": len(kept), "met": met}
    return found


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--at-most", type=int, default=60_000, help="comments of Wikipedia's talk")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()

    wiki = list(talk(asked.data))
    questions = [*news(asked.data), *authored(asked.data)]
    questions += random.Random(0).sample(wiki, min(asked.at_most, len(wiki)))
    with ProcessPoolExecutor(asked.jobs) as pool:
        measured = list(pool.map(steps, questions, chunksize=200))

    sources = Counter(source for source, _ in measured)
    source_counts = json.dumps(dict(sorted(sources.items())))
    found = table(measured).items()
    labels = ",\n".join(f" {json.dumps(name)}: {json.dumps(row)}" for name, row in found)
    text = f'{{"measured_on": {source_counts},\n"labels": {{\n{labels}\n}}}}\n'
    (HERE / "calibration.json").write_text(text, encoding="utf-8")
    print(*(f"{name}: {n} fair comments" for name, n in sources.items()), sep="\n")


if __name__ == "__main__":
    main()
