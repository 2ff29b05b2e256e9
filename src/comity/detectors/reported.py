"""Use or mention? Words that are quoted, reported or asked about are not the writer's own."""

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache

from comity.text import Span, Text

# Opening and closing marks; straight quotation marks close what they opened.
PAIRS = {"“": "”", "«": "»", "‘": "’", "„": "“", '"': '"'}
NEAR = 40  # Code points between what introduces a word and the word, at most.
ENDED = re.compile(r"[.!?\n]")
INTRODUCED = re.compile(
    r"\b(?:call(?:s|ed|ing)?|nam(?:e|ed|ing)|shout(?:s|ed|ing)?|yell(?:s|ed|ing)?|said|says|saying|"
    r"scream(?:s|ed|ing)?|wrote|spray(?:s|ed)?|tagged|heard|hearing|using|used|uses|word|words|term|"
    r"slur|insult|nickname|llam(?:ó|aron|an|ar|ado|aba|aban)|grit(?:ó|aron|an|ar|ando)|dijo|dijeron|"
    r"decir|palabra|término|insulto)\b",
    re.IGNORECASE,
)


def is_reported(text: Text, span: Span) -> bool:
    """Say whether the words of a span are inside quotation marks or introduced as another's."""
    return is_quoted(text.original, span) or is_introduced(text.original, span)


def is_introduced(original: str, span: Span) -> bool:
    """Say whether a verb or noun of reporting stands shortly before, in the same sentence."""
    ends = introductions(original)
    place = bisect_right(ends, span[0]) - 1
    if place < 0 or span[0] - ends[place] > NEAR or ENDED.search(original, ends[place], span[0]):
        return False
    return not original[max(0, span[0] - 4) : span[0]].strip().casefold().startswith("you")


@lru_cache(maxsize=64)
def introductions(original: str) -> tuple[int, ...]:
    """Return where the verbs and nouns of reporting end."""
    return tuple(match.end() for match in INTRODUCED.finditer(original))


def is_quoted(original: str, span: Span) -> bool:
    """Say whether a span lies within quotation marks."""
    return quotation(original, span) is not None


def quotation(original: str, span: Span) -> Span | None:
    """Return the quotation, with its marks, in which a span lies; None outside of any."""
    opened = quotations(original)
    place = bisect_left(opened, (span[0] + 1, 0)) - 1
    if place < 0 or span[1] > opened[place][1] + 1:
        return None
    return opened[place]


@lru_cache(maxsize=64)
def quotations(original: str) -> tuple[Span, ...]:
    """Return where quotations stand, each with its marks."""
    if not any(mark in original for mark in PAIRS):
        return ()
    found: list[Span] = []
    start, closing = -1, ""
    for place, char in enumerate(original):
        if closing:
            if char == closing and not (char == "’" and original[place + 1 : place + 2].isalpha()):
                found.append((start, place + 1))
                closing = ""
        elif char in PAIRS:
            start, closing = place, PAIRS[char]
    return tuple(found)
