"""Which language a text is in: a small fastText model, believed only where it is sure.

Source: A. Joulin, E. Grave, P. Bojanowski, M. Douze, H. Jégou, T. Mikolov, "FastText.zip:
Compressing text classification models" (2016); its model for 176 languages, reduced, is lid.176.ftz
(CC BY-SA 3.0).
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from comity.perspective.attributes import LANGUAGES

MODEL = Path(__file__).parent / "lid.176.ftz"
READ = 2_000  # Characters; more tell nothing new.
SURE = 0.7  # Below this, short and misspelt texts come out as anything.
GUESSES = 8


def detect(text: str) -> tuple[str, ...]:
    """Return the languages of a text (ISO 639-1 where there is one), most likely first.

    Empty where it has no letters. Where the model is not sure, the likeliest language that
    attributes are served in comes first, for a misspelt line is more often that than Breton.
    """
    plain = " ".join(text[:READ].lower().split())
    if not any(char.isalpha() for char in plain):
        return ()
    labels, shares = model().predict(plain.replace("\0", " "), GUESSES)
    guesses = dict(zip((label.removeprefix("__label__") for label in labels), shares, strict=True))
    first = next(iter(guesses), "und")
    if guesses.get(first, 0) >= SURE or not any("a" <= char <= "z" for char in plain):
        return (first,)
    return (max(LANGUAGES, key=lambda language: guesses.get(language, 0)),)


def primary(tag: str) -> str:
    """Return the language of a tag: `en` of `en-US`. A script changes it: `hi-Latn` is another."""
    language, _, more = tag.strip().partition("-")
    script = more.partition("-")[0]
    return f"{language.lower()}-{script}" if len(script) == 4 else language.lower()


def served(requested: Sequence[str], detected: Sequence[str]) -> bool:
    """Say whether a comment can be judged: one of the languages asked for, else the detected."""
    asked = [primary(tag) for tag in requested] or detected
    return any(language in LANGUAGES for language in asked)


def is_drawn(text: str) -> bool:
    """Say whether a text has pictures, which say something in no language."""
    return any(unicodedata.category(char) == "So" for char in text)


@cache
def model() -> Any:
    """Read the model, once."""
    import fasttext  # type: ignore[import-untyped]  # noqa: PLC0415  Who never detects a language need not load it.

    return fasttext.load_model(str(MODEL))
