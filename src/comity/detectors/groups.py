"""Names of groups of people become one and the same word: no score may hang on who is spoken of.

What is said of a group is what counts. A model that cannot read the group's name cannot hold it
against anybody: the same sentence about another group is, to it, the same sentence.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from comity.text import fold

LIST = Path(__file__).parent / "data" / "groups.txt"
# What is read instead. Both words are in the encoder's vocabulary and mean what they stand for.
ONE, MANY = "minority", "minorities"
WORD = re.compile(r"[^\W\d_]+(?:-aged)?")
# "Deaf people" and "personas sordas" are read as "los sordos" are.
PEOPLE = frozenset({"people", "folk", "folks", "persons", "personas", "gente"})

Name = tuple[int, int, str]  # Where it begins and ends in the folded text, and what is read for it.


@cache
def kinds() -> dict[str, str]:
    """Return the listed words, each with its kind."""
    found: dict[str, str] = {}
    for line in LIST.read_text(encoding="utf-8").splitlines():
        kind, *words = line.split() or ["#"]
        if kind != "#":
            found |= dict.fromkeys(words, kind)
    return found


@cache
def names() -> frozenset[str]:
    """Return the words that name a group, or may."""
    return frozenset(word for word, kind in kinds().items() if kind in "=+?~^")


def unnamed(plain: str, places: Sequence[int], original: str) -> tuple[str, list[int]]:
    """Return a folded text without the names of groups, and where each character stood."""
    parts: list[str] = []
    left: list[int] = []
    done = 0
    for start, end, shown in named(plain, places, original):
        parts += [plain[done:start], shown]
        left += places[done:start]
        stood = places[start:end]
        left += [stood[place * (len(stood) - 1) // (len(shown) - 1)] for place in range(len(shown))]
        done = end
    return "".join((*parts, plain[done:])), [*left, *places[done:]]


def named(plain: str, places: Sequence[int], original: str) -> Iterator[Name]:
    """Give the names of groups in the order of the text."""
    words = list(WORD.finditer(plain))
    texts = [word.group() for word in words]
    if names().isdisjoint(texts):
        return
    done = 0
    for number, (word, text) in enumerate(zip(words, texts, strict=True)):
        if text not in names() or word.start() < done:
            continue
        kind = kinds()[text]
        before = texts[number - 1] if number else ""
        after = texts[number + 1] if number + 1 < len(texts) else ""
        capital = number > 0 and original[places[word.start()]].isupper()
        title = capital and bool(after) and original[places[words[number + 1].start()]].isupper()
        if not is_name(kind, before, after, capital=capital, title=title):
            continue
        start, end, many = word.start(), word.end(), kind == "+"
        if not many and after in PEOPLE:
            end, many = words[number + 1].end(), True
        elif before in {"personas", "gente"} and words[number - 1].start() >= done:
            start, many = words[number - 1].start(), True
        yield start, end, MANY if many else ONE
        done = end


def is_group(words: str) -> bool:
    """Say whether some words are the name of a group, and no more."""
    plain = [word.group() for word in WORD.finditer(fold(words).folded)]
    return any(word in names() for word in plain) and all(word in kinds() for word in plain)


def is_name(kind: str, before: str, after: str, *, capital: bool, title: bool) -> bool:
    """Say whether a listed word names a group here (data/groups.txt tells the kinds).

    `capital` says that it has one in mid-sentence; `title`, that the next word has one too.
    """
    beside = "@" in (kinds().get(after), kinds().get(before))
    if kind == "?":
        return beside or capital
    if kind == "^":
        return beside or (bool(after) and kinds().get(after, "") not in {"!", "-", "."})
    if kind == "~":
        return beside or (bool(before) and kinds().get(before) != "-" and not title)
    return True
