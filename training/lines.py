"""Where the lines are drawn: scores that only so many fair comments reach.

Measured on rows that were never trained on: authored stories kept apart, and Wikipedia talk that
no stage has taken. Dev sets have no part in it.
"""

from pathlib import Path

import numpy as np

from training.authored import authored, is_held_out
from training.labels import PLACE, RULES
from training.public import jigsaw
from training.remembered import taken
from training.rows import Row, share
from training.scoring import Run, score
from training.stages import ROUNDS

ONE_IN = (20, 50, 100, 200, 500, 1000)
TALK = 2000  # Fair comments of Wikipedia talk.
STOPPED = 0.08  # Of the authored fair comments, how many all labels together may stop by mistake.


def held_out(data: Path) -> list[Row]:
    """Return the authored rows that are kept for calibration."""
    return [row for row in authored(data) if is_held_out(row)]


def talk(data: Path) -> list[Row]:
    """Return fair Wikipedia talk that training never reaches."""
    learnt = taken(data, "jigsaw_clean", ROUNDS)
    rows = sorted(
        jigsaw(data / "train", offensive=False), key=lambda row: share(row.source, row.text)
    )
    return [row for row in rows[-TALK:] if len(row.text) < 1500 and row.text not in learnt]


def known(rows: list[Row], label: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows whose truth is known for a label, and that truth."""
    places = np.array([n for n, row in enumerate(rows) if label in row.labels], int)
    return places, np.array([rows[n].labels[label] > 0.5 for n in places], bool)


def tolerances(run: Run, data: Path) -> dict[str, dict[str, float]]:
    """Return, label by label, the score that at most one in so many fair comments reaches."""
    authored_rows, other = held_out(data), talk(data)
    scores = np.concatenate([score(run, authored_rows).comment, score(run, other).comment])
    rows = authored_rows + [Row(row.text, dict.fromkeys(RULES, 0.0), row.source) for row in other]
    found: dict[str, dict[str, float]] = {}
    for label in RULES:
        fair = [
            n
            for n, row in enumerate(rows)
            if row.labels.get(label) == 0 and not any(row.labels.get(rule) for rule in RULES)
        ]
        if label == "off_topic":  # Wikipedia talk stands under no story.
            fair = [n for n in fair if n < len(authored_rows)]
        column = np.sort(scores[fair, PLACE[label]])[::-1]
        found[label] = {"fair": len(column)}
        for one_in in ONE_IN:
            if len(column) >= one_in:
                found[label][f"1 in {one_in}"] = round(float(column[len(column) // one_in]), 4)
    return found


def verdict_lines(scores: np.ndarray, rows: list[Row]) -> dict[str, float]:
    """Return a line a label, all equally strict, that together stop `STOPPED` of fair comments."""
    fair = np.array([not any(row.labels.get(rule) for rule in RULES) for row in rows])
    used = [label for label in RULES if label != "incivility"]
    columns = {label: np.sort(scores[fair, PLACE[label]]) for label in used}
    for strict in np.linspace(0.999, 0.9, 200)[::-1]:
        drawn = {label: float(np.quantile(column, strict)) for label, column in columns.items()}
        raised = np.stack([scores[fair, PLACE[label]] > line for label, line in drawn.items()])
        if raised.any(0).mean() <= STOPPED:
            return drawn
    return drawn


def lines_of(run: Run, data: Path) -> dict[str, float]:
    """Return the verdict's lines."""
    rows = held_out(data)
    return verdict_lines(score(run, rows).comment, rows)
