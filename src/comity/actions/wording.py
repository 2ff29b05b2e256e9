"""Refuses text that nobody could read or no database could keep, before all else."""

import hashlib
import re
import unicodedata

from comity.errors import BadInput
from comity.text import Text

BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # Letters and symbols by name, empty by look.
WORD = re.compile(r"\w+")
MOST_MARKS = 5  # Burmese and pointed Hebrew set this many on one letter; nobody sets more.
# Only in a run like this can there be more: letters beyond Latin, marks, invisible characters.
BEYOND_LATIN = re.compile(rf"[^\x00-\xac\xae-\u02ff]{{{MOST_MARKS + 1},}}")


def check(text: str, *, field: str, longest: int, may_be_empty: bool = False) -> str:
    """Return the text as it came.

    Raises:
        BadInput: too long, blank, or with characters that are not text.
    """
    if len(text) > longest:
        raise BadInput(
            f"This is {len(text):,} characters long.",
            field=field,
            remedy=f"Keep it within {longest:,}.",
        )
    if "\0" in text or not is_unicode(text):
        raise BadInput(
            "This holds characters that are not text.",
            field=field,
            remedy="Remove NUL characters and halves of surrogate pairs.",
        )
    if not may_be_empty and is_blank(text):
        raise BadInput("There is nothing to read here.", field=field, remedy="Write something.")
    return text


def is_unicode(text: str) -> bool:
    """Say whether the text can be encoded; a lone surrogate cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_blank(text: str) -> bool:
    """Say whether nothing would be seen: only spaces, controls and invisible characters."""
    return all(char in BLANKS or unicodedata.category(char)[0] in "ZC" for char in text)


def is_same(one: str, other: str) -> bool:
    """Say whether two texts differ in nothing but blanks and invisible characters."""
    return seen(one) == seen(other)


def seen(text: str) -> list[str]:
    """Return what a reader sees, split at blanks."""
    kept = (
        char
        for char in text
        if char.isspace() or (char not in BLANKS and unicodedata.category(char)[0] != "C")
    )
    return "".join(kept).split()


def without_piles(text: str) -> str:
    """Return the text with as many marks on each letter as some script needs, and no more.

    Piles of them are drawn over all that stands above and below.
    """
    return BEYOND_LATIN.sub(lambda found: thinned(found[0]), text)


def thinned(run: str) -> str:
    """Leave out the marks of a run that are one too many on their letter."""
    kept: list[str] = []
    marks = 0
    for char in run:
        kind = unicodedata.category(char)
        if kind in {"Mn", "Me"}:
            marks += 1
        elif kind != "Cf":  # An invisible character does not part a mark from its letter.
            marks = 0
        if kind == "Cf" or marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def words(text: Text) -> list[str]:
    """Return the words of the folded form, which disguise does not change."""
    return WORD.findall(text.folded.casefold())


def fingerprint(text: Text) -> str:
    """Return a hash that copies of a text share, whatever their case, spacing and punctuation."""
    same = " ".join(words(text)) or text.original.strip()
    return hashlib.blake2b(same.encode(), digest_size=12).hexdigest()
