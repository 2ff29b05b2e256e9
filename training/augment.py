"""Authored rows told in other ways: other names, other spelling, other context.

Each way keeps what is known true and forgets what it made unknown.
"""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from training.authored import authored, is_held_out
from training.identity import identities
from training.labels import RULES
from training.rows import Row
from training.spelling import disguised, misspelt
from training.swaps import other_names
from training.templates import quoted, seconded

# How often each way is gone.
SWAP_NAMES, DISGUISE, MISSPELL, DILUTE = 0.3, 0.1, 0.1, 0.06
DROP_STORY, DROP_PARENT, SWAP_STORY = 0.1, 0.15, 0.1
HEADLINE_ONLY, NO_BODY = 0.2, 0.3
RARE = 400  # Breaches of a label below which they are shown more than once an epoch.
MOST = 3  # Times a row is shown in an epoch at most.
SPANISH = 2.0  # Times that a Spanish row is shown on average.
QUOTED = 300  # Rows an epoch that quote a breach, half to condemn it.
IDENTITIES = 500  # Sentences about groups an epoch, half of them fair.
WORD = re.compile(r"[^\W\d_]{4,}")
IN_CONTEXT = {"off_topic", "tragedy_joke", "harassment", "incivility"}


def authored_rows(data: Path, rng: np.random.Generator) -> list[Row]:
    """Return a round of the authored rows, each told in its own way."""
    rows = [row for row in authored(data) if not is_held_out(row)]
    told = [varied(rows[place], rows, rng) for place in drawn(rows, rng)]
    return told + quotations(rows, rng) + identities(IDENTITIES, rng)


def drawn(rows: list[Row], rng: np.random.Generator) -> list[int]:
    """Return places of rows: each once, rare labels and Spanish more often."""
    breaches = {label: sum(row.labels.get(label) == 1 for row in rows) for label in RULES}
    times = np.ones(len(rows))
    for place, row in enumerate(rows):
        here = [breaches[label] for label in RULES if row.labels.get(label) == 1]
        if here:
            times[place] = min(MOST, max(1.0, RARE / min(here)))
        if row.lang == "es":
            times[place] = min(MOST, times[place] * SPANISH)
    whole = np.floor(times).astype(int)
    whole += rng.random(len(rows)) < times - whole
    return [place for place, count in enumerate(whole) for _ in range(count)]


def varied(row: Row, rows: list[Row], rng: np.random.Generator) -> Row:
    """Return a row told in another way, or as it is."""
    row = replace(row, labels=dict(row.labels), sure=dict(row.sure), spans=list(row.spans))
    if rng.random() < SWAP_NAMES:
        other_names(row, rng)
    if rng.random() < DILUTE:
        dilute(row, rows, rng)
    if rng.random() < DISGUISE:
        disguised(row, rng)
    elif rng.random() < MISSPELL:
        misspelt(row, rng)
    change_context(row, rows, rng)
    return row


def change_context(row: Row, rows: list[Row], rng: np.random.Generator) -> None:
    """Drop or swap story and parent, or tell less of the story."""
    clean = not any(row.labels.get(label) for label in RULES)
    if row.parent and rng.random() < DROP_PARENT:
        row.parent = ""
        forget(row, IN_CONTEXT)
    elif row.story and rng.random() < DROP_STORY:
        row.story = ""
        row.labels.pop("off_topic", None)
        if row.labels.get("tragedy_joke"):
            row.labels.pop("tragedy_joke")
    elif row.story and clean and not row.parent and rng.random() < SWAP_STORY:
        other = rows[rng.integers(len(rows))]
        if other.story and other.group != row.group and other.lang == row.lang:
            swap_story(row, other)
    if row.story:
        which = rng.random()
        parts = row.story.split("\n")
        if which < HEADLINE_ONLY:
            row.story = parts[0]
        elif which < HEADLINE_ONLY + NO_BODY:
            row.story = "\n".join(parts[:2])


def swap_story(row: Row, other: Row) -> None:
    """Put a fair comment under another story: off topic if it spoke of its own and not of this."""
    said = stems(row.text)
    own, there = said & stems(row.story), said & stems(other.story)
    row.story = other.story
    row.labels.pop("tragedy_joke", None)
    if len(own) >= 2 and not there:
        row.labels["off_topic"] = 1.0
        row.sure["off_topic"] = 0.7
    else:
        row.labels.pop("off_topic", None)


def stems(text: str) -> set[str]:
    """Return the beginnings of a text's longer words."""
    return {word.lower()[:5] for word in WORD.findall(text)}


def forget(row: Row, labels: set[str]) -> None:
    """Take back what is no longer known."""
    for label in labels:
        row.labels.pop(label, None)
    row.marked -= labels
    row.spans = [span for span in row.spans if span[2] not in labels]


def dilute(row: Row, rows: list[Row], rng: np.random.Generator) -> None:
    """Put a fair comment on the same story before or after: length gives no cover."""
    for _ in range(30):
        other = rows[rng.integers(len(rows))]
        fair = not any(other.labels.get(label) for label in RULES)
        if fair and other.lang == row.lang and other.story == row.story and not other.parent:
            break
    else:
        return
    row.labels.pop("off_topic", None)
    if rng.random() < 0.5:
        row.text = f"{row.text} {other.text}"
        return
    shift = len(other.text) + 1
    row.text = f"{other.text} {row.text}"
    row.spans = [(first + shift, last + shift, *rest) for first, last, *rest in row.spans]


def quotations(rows: list[Row], rng: np.random.Generator) -> list[Row]:
    """Return breaches that are quoted: to condemn or report them, and to agree."""
    kinds = {"hate", "personal_attack", "threat", "harassment"}
    words = {"slur", "profanity", "vulgarity", "personal_information", "spam"}
    fit = [
        row
        for row in rows
        if len(row.text.split()) <= 25
        and any(row.labels.get(label) for label in kinds)
        and not any(row.labels.get(label) for label in words)
    ]
    found = []
    for number, place in enumerate(rng.permutation(len(fit))[:QUOTED]):
        found.append((quoted if number % 2 else seconded)(fit[place], rng))
    return found
