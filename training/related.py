"""Comments beside what they answer and beside what they do not: relevance learnt from plain text.

A sentence of a text and the rest of it belong together; the same rest beside a sentence of another
text of the same set does not. Both kinds look alike in all else, so only the relation tells.
"""

import re

import numpy as np

from training.rows import Row

SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
LONG_ENOUGH = 5  # Words of a sentence that says what a text is about.


def related(rows: list[Row], count: int, rng: np.random.Generator) -> list[Row]:
    """Return `count` pairs of a text and a sentence, half of them torn apart."""
    parts = [part for row in rows if (part := taken_out(row.text, rng))]
    chosen = [parts[place] for place in rng.permutation(len(parts))[:count]]
    found = []
    for place, (sentence, rest) in enumerate(chosen):
        torn = place % 2 == 1
        beside = chosen[(place + 2) % len(chosen)][0] if torn else sentence
        as_story = rng.random() < 0.6
        found.append(
            Row(
                rest,
                {"off_topic": float(torn)},
                "related",
                story=beside if as_story else "",
                parent="" if as_story else beside,
                weight=0.7,
            )
        )
    return found


def taken_out(text: str, rng: np.random.Generator) -> tuple[str, str] | None:
    """Take one telling sentence out of a text of several."""
    sentences = [part.strip() for part in SENTENCE.split(text) if part.strip()]
    telling = [n for n, part in enumerate(sentences) if LONG_ENOUGH <= len(part.split()) <= 40]
    if len(sentences) < 2 or not telling:
        return None
    out = telling[rng.integers(len(telling))]
    rest = " ".join(part for n, part in enumerate(sentences) if n != out)
    return (sentences[out], rest) if len(rest.split()) >= LONG_ENOUGH else None


def torn(rows: list[Row], share: float, rng: np.random.Generator) -> None:
    """Give a share of the answers the parent of another, which makes them off topic."""
    answers = [row for row in rows if row.parent and "off_topic" in row.labels]
    parents = [answers[place].parent for place in rng.permutation(len(answers))]
    for row, parent in zip(answers, parents, strict=True):
        if parent != row.parent and rng.random() < share:
            row.parent = parent
            row.labels["off_topic"] = 1.0
