"""Runs of digits, in figures and in words, that have no other plain meaning than a number to call.

A date, a list of scores, the number of a book, of a case or of a place on the map is none.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from comity.detectors.story_words import Phrase, phrases_of, words
from comity.text import Span

NUMERALS = ("digit", "times", "joint")
FEWEST = 6  # Digits of a number to call.
# Prices, thousands, dates, decimals and seasons are not telephone numbers.
NOT_PHONE = re.compile(
    r"[£$€%]|^\d{1,3}(?:[,.]\d{3}){1,4}$|^[1-9]\d?(?:[ \u00a0\u2009\u202f]\d{3}){2,4}$"
    r"|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$|^\d{4}\s?[-–/]\s?\d{2,4}$|^\d+[.,]\d+$"
)
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
MONTH = r"(?:0?[1-9]|1[0-2])"
YEAR = r"(?:1[5-9]|20)\d\d"
# A date with its hour, in the three orders in use.
DATE = re.compile(
    rf"(?<![\d./-])(?:{YEAR}(?P<a>[./-]){MONTH}(?P=a){DAY}|{DAY}(?P<b>[./-]){MONTH}(?P=b)(?:{YEAR}|\d\d)"
    rf"|{MONTH}(?P<c>[./-]){DAY}(?P=c)(?:{YEAR}|\d\d))(?![./-]?\d)"
    r"(?:,?[T ](?:[01]?\d|2[0-3])[:.h][0-5]\d(?![\d:.]\d{3}))?",
)
# 21-19, 18-21 or 6-4 7-6 (7-5): two pairs or more.
SCORES = re.compile(
    r"(?<![\d–-])\d{1,3}[–-]\d{1,3}(?:(?:[,;]| and| y)?[ \u00a0]\(?\d{1,3}[–-]\d{1,3}\)?){1,20}"
    r"(?![\d–-])"
)
SEASONS = re.compile(r"(?<![\d/–-])(?:1[89]|20)\d\d[/–-](?:(?:1[89]|20)\d\d|\d\d)(?![\d/–-])")
# A latitude and a longitude.
PLACE = re.compile(
    r"(?<![\d.])-?(?:90|[1-8]?\d)\.\d{2,9} ?°? ?[NS]?[,;]? ?"
    r"-?(?:180|1[0-7]\d|\d{1,2})\.\d{2,9}(?![\d.])"
)
ISBN = re.compile(
    r"\bISBN(?:-1[03])?:? ?(?P<named>[\dXx -]{10,17})"
    r"|(?<![\d-])(?P<bare>97[89][ -]?(?:\d[ -]?){9}\d)(?!\d)"
)
# The number of a case, a law or an order, by its form or by the word before it.
FILE = re.compile(
    r"(?<![\d/])(?:(?:19|20)?\d\d|\d{3,6})/(?:\d{3,6}(?:/\w{1,4})?|\d{1,6}/\d{1,4})(?![\d/])"
    r"|\b(?:case|claim|order|bill|article|application|docket|reference|ref|invoice|directive|"
    r"regulation|decree|patent|version|flight|doi|issn|petition|expediente|caso|ley|decreto|"
    r"art[íi]culo|pedido|factura|causa)(?: (?:number|numbers|n[úu]mero|no|nr))?[.:]{0,2} ?"
    r"(?:#|n[º°] ?)?\d[\d./-]{3,20}",
    re.IGNORECASE,
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


def may_call(text: str, figures: int) -> bool:
    """Say whether a text with so many figures can hold a number to call, in words or figures."""
    numerals = listed(*NUMERALS)
    said = [numerals[word.plain] for word in words(text) if word.plain in numerals]
    times = max((int(one.weight) for one in said if one.kind == "times"), default=1)
    in_words = sum(len(str(int(one.weight))) for one in said if one.kind == "digit")
    return (figures + in_words) * times >= FEWEST


def runs(text: str) -> Iterator[list[Part]]:
    """Give the runs of digits that belong together and have no other plain meaning."""
    numerals = listed(*NUMERALS)
    current: list[Part] = []
    times = 1
    meanings = deque(other_meanings(text))
    for word in words(text):
        while meanings and meanings[0][1] <= word.start:
            meanings.popleft()
        if meanings and meanings[0][0] <= word.start:
            yield from meant(current, text)
            current, times = [], 1
            continue
        numeral = numerals.get(word.plain)
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
    if sum(len(part.digits) for part in parts) < FEWEST:
        return
    quote = text[parts[0].start : parts[-1].end]
    before = text[max(0, parts[0].start - 2) : parts[0].start].strip()[-1:]
    years = all(part.digits[:2] in {"18", "19", "20"} and len(part.digits) == 4 for part in parts)
    if before not in {"£", "$", "€", "/", "=", "#"} and not years and not NOT_PHONE.search(quote):
        yield parts


def other_meanings(text: str) -> list[Span]:
    """Return where digits are a date, scores, seasons, a place, a book or a file, in order."""
    found = [
        match.span()
        for pattern in (DATE, SCORES, SEASONS, PLACE, FILE)
        for match in pattern.finditer(text)
    ]
    for match in ISBN.finditer(text):
        digits = re.sub(r"[ -]", "", match["named"] or match["bare"])
        if isbn(digits):
            found.append(match.span())
    return sorted(found)


def isbn(digits: str) -> bool:
    """Say whether the check digit of a book's number is right (ISO 2108), old or new."""
    if len(digits) == 10 and digits[:9].isdecimal():
        last = 10 if digits[9] in "Xx" else int(digits[9])
        return (sum((10 - place) * int(digits[place]) for place in range(9)) + last) % 11 == 0
    if len(digits) == 13 and digits.isdecimal():
        return (
            sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
            == 0
        )
    return False
