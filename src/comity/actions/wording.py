"""Refuses text that nobody could read or no database could keep, before all else."""

import hashlib
import re
import unicodedata

from comity.errors import BadInput
from comity.text import Text

BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # Letters and symbols by name, empty by look.
WORD = re.compile(r"\w+")


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


def words(text: Text) -> list[str]:
    """Return the words of the folded form, which disguise does not change."""
    return WORD.findall(text.folded.casefold())


def fingerprint(text: Text) -> str:
    """Return a hash that copies of a text share, whatever their case, spacing and punctuation."""
    same = " ".join(words(text)) or text.original.strip()
    return hashlib.blake2b(same.encode(), digest_size=12).hexdigest()
