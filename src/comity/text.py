"""A comment's text and its folded form, which obfuscation does not survive; every position traceable."""

from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Text:
    """The original and its folded form."""

    original: str
    folded: str


def fold(text: str) -> Text:
    """Fold a text."""
    return Text(text, text.casefold())
