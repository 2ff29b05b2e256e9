"""Disguises and mistakes of spelling, with the marked words kept in place."""

import re

import numpy as np

from training.rows import Row

WORD = re.compile(r"[^\W\d_]{4,}")
LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7"}


def replaced(row: Row, changes: list[tuple[int, int, str]]) -> None:
    """Replace parts of a row's text, given in order, and move its spans along."""
    written, at = [], 0
    for first, last, new in changes:
        written += [row.text[at:first], new]
        at = last
    written.append(row.text[at:])
    row.text = "".join(written)
    row.spans = [
        (moved(first, changes, end=False), moved(last, changes, end=True), *rest)
        for first, last, *rest in row.spans
    ]


def moved(place: int, changes: list[tuple[int, int, str]], *, end: bool) -> int:
    """Return where a place of the old text is in the new one; inside a change, at its edge."""
    shift = 0
    for first, last, new in changes:
        if place >= last:
            shift += len(new) - (last - first)
        elif place > first:
            return first + shift + (len(new) if end else 0)
    return place + shift


def disguised(row: Row, rng: np.random.Generator) -> None:
    """Disguise some longer words, those that are marked first; fair words are disguised as well."""
    words = [match.span() for match in WORD.finditer(row.text)]
    if not words:
        return
    marked = [
        word
        for word in words
        if any(first < word[1] and last > word[0] for first, last, *_ in row.spans)
    ]
    pool = marked or words
    count = min(len(pool), int(rng.integers(1, 3)))
    chosen = sorted(pool[place] for place in rng.choice(len(pool), count, replace=False))
    replaced(row, [(*word, disguise(row.text[slice(*word)], rng)) for word in chosen])


def disguise(word: str, rng: np.random.Generator) -> str:
    """Write a word so that a list misses it and a reader does not."""
    kind = rng.integers(5)
    if kind == 0:
        return "".join(
            LEET[c.lower()][rng.integers(len(LEET[c.lower()]))]
            if c.lower() in LEET and rng.random() < 0.6
            else c
            for c in word
        )
    if kind == 1:
        return " .-_"[rng.integers(4)].join(word)
    inner = int(rng.integers(1, len(word) - 1))
    if kind == 2:
        return word[:inner] + word[inner] * int(rng.integers(2, 5)) + word[inner + 1 :]
    if kind == 3:
        return word[:inner] + "*" + word[inner + 1 :]
    return word[:inner] + " .-"[rng.integers(3)] + word[inner:]


def misspelt(row: Row, rng: np.random.Generator) -> None:
    """Make a mistake or two in typing, or leave the punctuation out."""
    if rng.random() < 0.3:
        marks = [match.span() for match in re.finditer(r"[.,;:!?¡¿](?=\s|$)", row.text)]
        replaced(row, [(*mark, "") for mark in marks])
        return
    words = [match.span() for match in WORD.finditer(row.text)]
    if not words:
        return
    count = min(len(words), int(rng.integers(1, 3)))
    chosen = sorted(words[place] for place in rng.choice(len(words), count, replace=False))
    replaced(row, [(*word, mistyped(row.text[slice(*word)], rng)) for word in chosen])


def mistyped(word: str, rng: np.random.Generator) -> str:
    """Swap two letters, lose one, or type one twice."""
    place = int(rng.integers(1, len(word) - 1))
    kind = rng.integers(3)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place] + word[place:]
