"""How much the engine gains from 300 labels of a newsroom's own: `comity learn`, measured.

    python -m benchmarks.learn DATA              (dev/insults_train.csv.gz; 20 draws of 300 labels)
    python -m benchmarks.learn DATA --variants   (other adapters, on authored sets not trained on)

The comments are of a news site whose raters said whether a comment insults a participant. Each draw
learns from 300 of them, as `comity learn` does, and is scored on the rest. Draws overlap in what
they are scored on, so the interval of their mean is told beside their range. The interval that is
shown before switching on comes from the 300 alone; here it is seen how often it holds the gain on
the rest. The dev set is only ever measured on: what the adapter is made of was chosen by
`--variants`.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from comity.case import Question, StoryRecord
from comity.detectors import Engine
from comity.detectors.adapter import Features, Numbers, score
from comity.findings import Label, Submission
from comity.guidelines import Guidelines
from comity.learn import fitting, measuring
from comity.learn.examples import Example, of_page
from comity.learn.lesson import Read, one_label, reading, rows_of, stops
from training import dev
from training.authored import authored, is_held_out

LABEL = Label.PERSONAL_ATTACK
LABELS, DRAWS = 300, 20
T = {8: 2.365, 20: 2.093}  # Student's, two-sided 95 %, by draws.
WIDTH = 384  # Of the embedding.


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
    texts = (Submission.of(row.text) for row in rows)
    examples = [
        Example(text, {LABEL: bool(is_one)}) for text, is_one in zip(texts, truth, strict=True)
    ]
    show(examples, asked.labels, asked.draws)


def read(examples: Sequence[Example]) -> list[Read]:
    """Let the engine read every comment."""
    engine = Engine.default(encoder=True)
    steps = iter(track(range(len(examples)), "reading", transient=True))

    def progress(_what: str, _of: int) -> Callable[[], None]:
        return lambda: next(steps, None)

    return reading(examples, engine, progress)


def show(examples: list[Example], labels: int, draws: int) -> None:
    """Learn from each draw and print what it is worth on the rest."""
    engine, guidelines = Engine.default(encoder=True), Guidelines.default()
    known, page = read(examples), printed(guidelines, LABEL)
    truth = truths(known, LABEL)
    own = np.array([row.features.own[LABEL] for row in known])
    before, after, promised, stopped = [], [], [], []
    for draw in track(range(draws), "learning", transient=True):
        some, rest = drawn(draw, len(known), labels)
        told, made = one_label(LABEL, page + [known[n] for n in some], engine, guidelines, idle)
        weights = np.array(made.weights)
        left = [known[n] for n in rest]
        chance = np.round([score(row.features, LABEL, weights) for row in left], 4)
        before.append(parted(truth[rest], own[rest]))
        after.append(parted(truth[rest], chance))
        promised.append((told.low, told.high))
        engines = measuring.sharing(engine, LABEL, made)
        halts = stops(LABEL, left, chance, engines, guidelines)
        stopped.append([*halts[truth[rest] == 1].mean(0), *halts[truth[rest] == 0].mean(0)])
    gains = np.subtract(after, before)
    table = Table("", "mean AUC", "95 % of the mean", "lowest", "highest")
    for name, values in (("engine alone", before), ("with adapter", after), ("gain", gains)):
        middle = float(np.mean(values))
        spread = T.get(draws, 2.0) * float(np.std(values, ddof=1)) / draws**0.5
        interval = f"{middle - spread:.3f}–{middle + spread:.3f}"
        ends = f"{min(values):.3f}", f"{max(values):.3f}"
        table.add_row(name, f"{middle:.3f}", interval, *ends)
    console = Console(width=100)
    console.print(f"{len(truth)} comments, {int(truth.sum())} insults; {draws} draws of {labels}.")
    console.print(table)
    held = sum(low <= one <= high for one, (low, high) in zip(gains, promised, strict=True))
    sure = sum(low > 0 for low, _ in promised)
    console.print(
        f"The interval shown before switching on held the gain in {held} of {draws} draws; "
        f"in {sure} it was above zero."
    )
    caught, caught_too, wrong, wrong_too = np.mean(stopped, axis=0)
    console.print(
        f"Under the packaged guidelines, insults held for it {caught:.1%} → {caught_too:.1%}; "
        f"other comments held for it {wrong:.1%} → {wrong_too:.1%}."
    )


def printed(guidelines: Guidelines, label: Label) -> list[Read]:
    """Return the examples of the guidelines, as `comity learn` learns them too."""
    return read([one for one in of_page(guidelines) if label in one.truth])


def truths(known: Sequence[Read], label: Label) -> Numbers:
    """Return 1 where a label is right, else 0."""
    return np.array([float(row.example.truth[label]) for row in known])


def drawn(draw: int, of: int, labels: int) -> tuple[Numbers, Numbers]:
    """Return the places of the comments that are learnt from, and of the rest."""
    order = np.random.default_rng(draw).permutation(of)
    return order[:labels], order[labels:]


def parted(truth: Numbers, scores: Numbers) -> float:
    """Return the area under the ROC curve."""
    return measuring.area(scores[truth == 1], scores[truth == 0])


def idle() -> None:
    """Show no progress."""


def compare(data: Path, labels: int, draws: int) -> None:
    """Print what other adapters gain on the stories that were kept from training."""
    rows = [row for row in authored(data) if is_held_out(row)]
    asked = (Label.PERSONAL_ATTACK, Label.TRAGEDY_JOKE)
    figures: dict[str, list[str]] = {}
    for label in asked:
        kept = [row for row in rows if label in row.labels]
        questions = [Question("", x.text, x.parent or None, story=told(x.story)) for x in kept]
        known = read(
            [
                Example(question.submission(), {label: row.labels[label] > 0.5})
                for question, row in zip(questions, kept, strict=True)
            ]
        )
        page = printed(Guidelines.default(), label)
        own = np.array([row.features.own[label] for row in known])
        truth = truths(known, label)
        places = [drawn(draw, len(known), labels) for draw in range(draws)]
        alone = [parted(truth[rest], own[rest]) for _, rest in places]
        figures.setdefault("engine alone", []).append(f"{np.mean(alone):.3f}")
        for name, change in variants().items():
            changed = [replace(row, features=change(row.features)) for row in known]
            always = [replace(row, features=change(row.features)) for row in page]
            values = [
                parted(truth[rest], learnt(label, always, changed, some)[rest])
                for some, rest in track(places, name, transient=True)
            ]
            figures.setdefault(name, []).append(f"{np.mean(values):.3f}")
    table = Table("adapter", *asked)
    for name, cells in figures.items():
        table.add_row(name, *cells)
    Console(width=100).print(table)


def learnt(label: Label, page: list[Read], known: list[Read], some: Numbers) -> Numbers:
    """Return every comment's score by what some of them teach."""
    rows, turn = rows_of(label, page + [known[n] for n in some])
    place = fitting.folds(rows)
    _, strength = fitting.suited(rows, place, fitting.held_out(rows, place, idle))
    constant, *rest = fitting.fit(rows.columns, rows.truth, rows.start, strength)
    weights = np.array([constant, *(turn @ rest)])
    return np.array([score(row.features, label, weights) for row in known])


def told(story: str) -> StoryRecord | None:
    """Return a story as training tells it, headline first."""
    first, *rest = story.splitlines() or [""]
    return StoryRecord(first, body=rest) if story else None


def variants() -> dict[str, Callable[[Features], Features]]:
    """Return other adapters by name, each as a change of what the regression is given."""
    listed, meaning = slice(-WIDTH - len(Label), -WIDTH), slice(-WIDTH, None)

    def scaled(part: slice, by: float) -> Callable[[Features], Features]:
        def change(found: Features) -> Features:
            columns = found.columns.copy()
            columns[part] *= by
            return replace(found, columns=columns)

        return change

    def nothing_known(found: Features) -> Features:
        return replace(found, own=dict.fromkeys(found.own, 0.5))

    return {
        "as it is": lambda found: found,
        "without the embedding": scaled(meaning, 0),
        "without the encoder's labels": scaled(slice(0, -WIDTH - len(Label)), 0),
        "without the lists": scaled(listed, 0),
        "embedding counts double": scaled(meaning, 2),
        "embedding counts half": scaled(meaning, 0.5),
        "begins at nothing": nothing_known,
    }


if __name__ == "__main__":
    main()
