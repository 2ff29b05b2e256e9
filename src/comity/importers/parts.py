"""What a news page is made of, and the few questions that every importer asks of a line."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

import msgspec


class Photograph(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of the story; `url` is null where the page gives only words."""

    caption: str = ""
    credit: str = ""
    url: str | None = None


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """A story as it was read; its JSON is what `comity story add --json` prints.

    `published_at` is ISO 8601, a date or a moment with its zone, whatever the page tells.
    """

    headline: str
    deck: str = ""
    byline: str = ""
    dateline: str = ""
    published_at: str | None = None
    body: list[str]
    photographs: list[Photograph] = []
    section: str = ""
    url: str | None = None


MONTHS = (
    "jan(?:uary)?|ene(?:ro)?",
    "feb(?:ruary|rero)?",
    "mar(?:ch|zo)?",
    "apr(?:il)?|abr(?:il)?",
    "mayo?",
    "june?|junio",
    "july?|julio",
    "aug(?:ust)?|ago(?:sto)?",
    "sept?(?:ember|iembre)?|setiembre",
    "oct(?:ober|ubre)?",
    "nov(?:ember|iembre)?",
    "dec(?:ember)?|dic(?:iembre)?",
)
MONTH = "|".join(MONTHS)
YEAR = r"(?P<year>(?:19|20)\d\d)"
DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|º)?"
DATES = (
    re.compile(
        rf"\b{YEAR}-(?P<number>[01]\d)-(?P<day>[0-3]\d)"
        r"(?P<clock>T[0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+-][01]\d:?[0-5]\d))?(?!\d)"
    ),
    re.compile(rf"\b(?P<month>{MONTH})\.?\s{DAY},?\s{YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{DAY}\s(?:de\s)?(?P<month>{MONTH})\.?,?\s(?:del?\s)?{YEAR}\b", re.IGNORECASE),
)


def tidy(text: str) -> str:
    """Put a text on one line: spaces of every kind become one, controls and format marks vanish."""
    kept = (
        letter
        for letter in text
        if letter in "\t\n\r\u200c\u200d" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}
    )
    return " ".join("".join(kept).split())


def is_sentence(line: str) -> bool:
    """Say whether a line ends as sentences do; headings, menus and buttons do not."""
    return line.rstrip("”\"’'»)] ").endswith((".", "!", "?", "…"))


def find_date(text: str) -> re.Match[str] | None:
    """Return where the first full date stands: ISO, English or Spanish, always with its year."""
    found = [match for pattern in DATES if (match := pattern.search(text)) and iso(match)]
    return min(found, key=lambda match: match.start(), default=None)


def iso(match: re.Match[str]) -> str | None:
    """Write a found date as ISO 8601, or None where the calendar has no such day."""
    parts = match.groupdict()
    month = int(parts["number"]) if "number" in parts else month_number(parts["month"])
    try:
        day = date(int(parts["year"]), month, int(parts["day"])).isoformat()
    except ValueError:
        return None
    return day + re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", parts.get("clock") or "")


def month_number(name: str) -> int:
    """Return 1 to 12 for a month's English or Spanish name, full or short."""
    return next(
        number
        for number, pattern in enumerate(MONTHS, start=1)
        if re.fullmatch(pattern, name, re.IGNORECASE)
    )


def date_in(text: str) -> str | None:
    """Return the first full date of a text as ISO 8601, or None."""
    match = find_date(text)
    return iso(match) if match else None


def without_repeats(paragraphs: Iterable[str]) -> list[str]:
    """Drop a paragraph that stood before, as pull quotes do; short lines may repeat."""
    kept: list[str] = []
    seen: set[str] = set()
    for paragraph in paragraphs:
        if paragraph not in seen or len(paragraph) < 60:
            kept.append(paragraph)
        seen.add(paragraph)
    return kept
