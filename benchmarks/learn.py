"""How much the engine gains from 300 labels of a newsroom's own: `comity learn`, measured.

    python -m benchmarks.learn DATA              (dev/insults_train.csv.gz; 20 draws of 300 labels)
    python -m benchmarks.learn DATA --variants   (other adapters, on authored sets not trained on)

The comments are of a news site whose raters said whether a comment insults a participant. Each draw
learns from 300 of them and is scored on all the rest. Draws overlap in what they are scored on, so
the interval of their mean is told beside their range. The interval that `comity learn` itself shows
comes from the 300 alone; here it is seen how often it holds the gain on the rest. The dev set is
only ever measured on: what the adapter is made of was chosen by `--variants`.
"""

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from comity.case import Question, StoryRecord
from comity.detectors import Engine
from comity.detectors.adapter import Numbers, features, remembering
from comity.findings import Label, Submission
from comity.learn import fitting
from comity.learn.measuring import area, gain
from training import dev
from training.authored import authored, is_held_out

LABEL = Label.PERSONAL_ATTACK
LABELS, DRAWS = 300, 20

Given = tuple[Numbers, Numbers, Numbers, Numbers]  # Columns, where to begin, own scores, truth.


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--variants", action="store_true", help="compare other adapters")
    parser.add_argument("--labels", type=int, default=LABELS)
    parser.add_argument("--draws", type=int, default=DRAWS)
    asked = parser.parse_args()
    if asked.variants:
        compare(asked.data, asked.labels, asked.draws)
        return
    rows, truth = dev.insults(asked.data, None)
    given = seen([Submission.of(row.text) for row in rows], truth, LABEL)
    show(given, [row.text for row in rows], asked.labels, asked.draws)


def seen(submissions: list[Submission], truth: Numbers, label: Label) -> Given:
    """Let the engine read every comment."""
    engine = remembering(Engine.default(encoder=True))
    found = [features(one, engine) for one in track(submissions, "reading", transient=True)]
    return (
        np.array([one.columns for one in found]),
        np.array([one.start(label) for one in found]),
        np.array([one.own[label] for one in found]),
        truth.astype(np.float64),
    )


def show(given: Given, groups: list[str], labels: int, draws: int) -> None:
    """Learn from each draw and print what it is worth on the rest."""
    columns, start, own, truth = given
    before, after, promised = [], [], []
    for draw in track(range(draws), "learning", transient=True):
        some, rest = drawn(draw, len(truth), labels)
        turned, _ = fitting.turned(columns[some])
        told = (turned, truth[some], start[some], [groups[n] for n in some], idle)
        promised.append(gain(truth[some], own[some], fitting.held_out(*told)))
        scores = learnt(columns, start, truth, some, told[3])
        before.append(parted(truth[rest], own[rest]))
        after.append(parted(truth[rest], scores[rest]))
    gains = np.subtract(after, before)
    table = Table("", "mean AUC", "95 % of the mean", "lowest", "highest")
    for name, values in (("engine alone", before), ("with adapter", after), ("gain", gains)):
        middle, spread = np.mean(values), 2.093 * np.std(values, ddof=1) / np.sqrt(draws)
        cells = (middle, f"{middle - spread:.3f}–{middle + spread:.3f}", min(values), max(values))
        table.add_row(name, *(c if isinstance(c, str) else f"{c:.3f}" for c in cells))
    console = Console(width=100)
    console.print(f"{len(truth)} comments, {int(truth.sum())} insults; {draws} draws of {labels}.")
    console.print(table)
    held = sum(low <= one <= high for one, (_, low, high) in zip(gains, promised, strict=True))
    sure = sum(low > 0 for _, low, _ in promised)
    console.print(
        f"The interval shown before switching on held the gain in {held} of {draws} draws; "
        f"in {sure} it was above zero."
    )


def drawn(draw: int, of: int, labels: int) -> tuple[Numbers, Numbers]:
    """Return the places of the comments that are learnt from, and of the rest."""
    order = np.random.default_rng(draw).permutation(of)
    return order[:labels], order[labels:]


def learnt(
    columns: Numbers, start: Numbers, truth: Numbers, some: Numbers, groups: list[str]
) -> Numbers:
    """Return every comment's log odds by what some of them teach."""
    turned, turn = fitting.turned(columns[some])
    given = (turned, truth[some], start[some])
    constant, *rest = fitting.fit(*given, fitting.strongest(*given, groups, idle))
    weights = np.array([constant, *(turn @ rest)])
    return fitting.odds_of(columns, start, weights)


def parted(truth: Numbers, scores: Numbers) -> float:
    """Return the area under the ROC curve."""
    return area(scores[truth == 1], scores[truth == 0])


def idle() -> None:
    """Show no progress."""


def compare(data: Path, labels: int, draws: int) -> None:
    """Print what other adapters gain on the stories that were kept from training."""
    rows = [row for row in authored(data) if is_held_out(row)]
    table = Table("adapter", *(one.value for one in (LABEL, Label.TRAGEDY_JOKE)))
    figures: dict[str, list[str]] = {}
    for label in (LABEL, Label.TRAGEDY_JOKE):
        known = [row for row in rows if label in row.labels]
        asked = [Question("", row.text, row.parent or None, story=told(row.story)) for row in known]
        truth = np.array([row.labels[label] > 0.5 for row in known])
        given = seen([one.submission() for one in asked], truth, label)
        for name, change in variants(given[0].shape[1]).items():
            columns, start, own, _ = change(given)
            values = []
            for draw in track(range(draws), name, transient=True):
                some, rest = drawn(draw, len(truth), labels)
                groups = [known[n].text for n in some]
                scores = learnt(columns, start, given[3], some, groups) if start.any() else own
                values.append(parted(given[3][rest], scores[rest]))
            figures.setdefault(name, []).append(f"{np.mean(values):.3f}")
    for name, values in figures.items():
        table.add_row(name, *values)
    Console(width=100).print(table)


def told(story: str) -> StoryRecord | None:
    """Return a story as training tells it, headline first."""
    first, *rest = story.splitlines() or [""]
    return StoryRecord(first, body=rest) if story else None


def variants(width: int) -> dict[str, Callable[[Given], Given]]:
    """Return other adapters by name, each as a change of what the regression is given."""
    meaning = width - 384
    listed = meaning - len(Label)

    def scaled(first: int, last: int, by: float, given: Given) -> Given:
        columns = given[0].copy()
        columns[:, first:last] *= by
        return columns, *given[1:]

    def begun(by: float, given: Given) -> Given:
        return given[0], given[1] * by + 1e-12, *given[2:]

    return {
        "engine alone": lambda given: (given[0], given[1] * 0, *given[2:]),
        "as it is": lambda given: given,
        "without the embedding": partial(scaled, meaning, width, 0),
        "without the encoder's labels": partial(scaled, 0, listed, 0),
        "without the lists": partial(scaled, listed, meaning, 0),
        "embedding counts double": partial(scaled, meaning, width, 2),
        "embedding counts half": partial(scaled, meaning, width, 0.5),
        "begins at the engine's whole score": partial(begun, 2),
        "begins at nothing": partial(begun, 0),
    }


if __name__ == "__main__":
    main()
