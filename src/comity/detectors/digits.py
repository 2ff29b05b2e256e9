"""Runs of digits, in figures and in words, that have no other plain meaning than a number to call.

A date, a list of scores, the number of a book, of a case or of a place on the map is none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from comity.detectors.story_words import Phrase, phrases_of, words

NUMERALS = ("digit", "times", "joint")
# Dates, prices, scores and years are not telephone numbers.
NOT_PHONE = re.compile(
    r"[£$€%]|^\d{1,3}(?:[,.]\d{3}){1,4}$|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$"
    r"|^\d{4}\s?[-–/]\s?\d{2,4}$|^\d+[.,]\d+$"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a number: its digits, its place, and whether it is written in letters."""

    digits: str
    start: int
    end: int
    spelt: bool


@lru_cache(maxsize=8)
def listed(*kinds: str) -> dict[str, Phrase]:
    """Return the words of the list that are of these kinds."""
    return {phrase.words[0]: phrase for phrase in phrases_of("personal") if phrase.kind in kinds}


def spelt(text: str) -> bool:
    """Say whether the text may hold a number in words."""
    return sum(word.plain in listed(*NUMERALS) for word in words(text)) >= 3


def runs(text: str) -> Iterator[list[Part]]:
    """Give the runs of digits that belong together and have no other plain meaning."""
    current: list[Part] = []
    times = 1
    for word in words(text):
        numeral = listed(*NUMERALS).get(word.plain)
        kind = numeral.kind if numeral else ""
        weight = int(numeral.weight) if numeral else 1
        gap = text[current[-1].end : word.start] if current else ""
        digits = word.plain if word.plain.isdecimal() and word.plain.isascii() else ""
        if kind == "times":
            times = weight
        elif kind == "joint" and current and len(gap) <= 3 and (weight > 1 or current[-1].spelt):
            current[-1] = replace(current[-1], end=word.end)
        elif digits or kind == "digit":
            part = Part((digits or str(weight)) * times, word.start, word.end, not digits)
            if current and (len(gap) > (3 if times == 1 else 14) or set("£$€:;!?") & set(gap)):
                yield from meant([*current], text)
                current = []
            current.append(part)
            times = 1
        else:
            yield from meant(current, text)
            current, times = [], 1
    yield from meant(current, text)


def meant(parts: list[Part], text: str) -> Iterator[list[Part]]:
    """Give a run of digits unless it is short, a sum, a date, a row of years or part of a link."""
    if sum(len(part.digits) for part in parts) < 6:
        return
    quote = text[parts[0].start : parts[-1].end]
    before = text[max(0, parts[0].start - 2) : parts[0].start].strip()[-1:]
    years = all(part.digits[:2] in {"18", "19", "20"} and len(part.digits) == 4 for part in parts)
    if before not in {"£", "$", "€", "/", "=", "#"} and not years and not NOT_PHONE.search(quote):
        yield parts
