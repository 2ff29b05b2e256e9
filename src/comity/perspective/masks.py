"""Partial responses: `fields=attributeScores/TOXICITY/summaryScore(value,type),languages`.

Source: "Partial response" in the guides of Google's APIs: commas between fields, a slash down into
one, parentheses around several of one, and * for all.
"""

import re
from typing import Any

from comity.perspective import refusals

LONGEST = 2_000
DEEPEST = 10
TOKEN = re.compile(r"[\w@.$-]+|[*,/()]|(?P<other>\S)")

Mask = dict[str, Any]  # Field → the mask within it; an empty one keeps all.


def parse(text: str) -> Mask:
    """Read a mask.

    Raises:
        Refused: it is not one, or it is longer or deeper than any answer.
    """
    tokens = list(TOKEN.finditer(text))
    words = [match.group() for match in tokens]
    if len(text) > LONGEST or not words or any(match["other"] for match in tokens):
        raise refusals.invalid("fields")
    mask, rest = several(words, 0)
    if rest:
        raise refusals.invalid("fields")
    return mask


def several(words: list[str], depth: int) -> tuple[Mask, list[str]]:
    """Read fields with commas between them; return them and what is left."""
    mask: Mask = {}
    while True:
        name, inner, words = one(words, depth)
        mask[name] = {**mask[name], **inner} if mask.get(name) and inner else inner
        if words[:1] != [","]:
            return mask, words
        words = words[1:]


def one(words: list[str], depth: int) -> tuple[str, Mask, list[str]]:
    """Read one field with what is asked within it; return them and what is left."""
    if not words or words[0] in {",", "/", "(", ")"} or depth > DEEPEST:
        raise refusals.invalid("fields")
    name, rest = words[0], words[1:]
    if rest[:1] == ["/"]:
        inner_name, inner, rest = one(rest[1:], depth + 1)
        return name, {inner_name: inner}, rest
    if rest[:1] == ["("]:
        inner, rest = several(rest[1:], depth + 1)
        if rest[:1] != [")"]:
            raise refusals.invalid("fields")
        return name, inner, rest[1:]
    return name, {}, rest


def masked(value: Any, mask: Mask) -> Any:
    """Return what a mask leaves of an answer."""
    if not mask:
        return value
    if isinstance(value, list):
        return [masked(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: masked(item, mask[name] if name in mask else mask["*"])
        for name, item in value.items()
        if name in mask or "*" in mask
    }
