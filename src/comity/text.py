"""A comment's text and its folded form, which obfuscation does not survive; every place traceable.

Folding drops what nobody sees (default-ignorable characters, bidirectional controls, combining
marks), takes compatibility forms apart (NFKD), turns look-alikes of other scripts into the Latin
letters they look like (Unicode Technical Standard 39), capitals into small letters and HTML's
entities into what they stand for. What is written in Greek or Cyrillic stays so, but for words that
pretend to be Latin.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import unescape
from html.entities import html5
from pathlib import Path

CONFUSABLES = Path(__file__).parent / "detectors" / "data" / "confusables.txt"

Span = tuple[int, int]  # Code points of the original, end exclusive.

# Unicode's Default_Ignorable_Code_Point beyond the category Cf, and tags and selectors.
IGNORED = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xE0000, 0xE0FFF),
    )
    for code in range(first, last + 1)
)
CHARACTERS = 8192  # So many are remembered: those of any few languages, not of all that there are.
JOINER = "\u200d"  # Holds emoji of several parts together; dropped like all of category Cf.


@dataclass(frozen=True, slots=True)
class Text:
    """The original and its folded form; `offsets` say where each folded character stood."""

    original: str
    folded: str = field(compare=False)
    offsets: Sequence[int] = field(compare=False, repr=False)

    def span(self, start: int, end: int) -> Span:
        """Turn places in the folded form into a span of the original, with the marks on its end."""
        if start >= end:
            return (0, 0)
        if isinstance(self.offsets, range):  # Nothing was taken out or put in.
            return start, end
        last = self.offsets[end - 1]
        while end < len(self.offsets) and self.offsets[end] == last:
            end += 1
        after = self.offsets[end] if end < len(self.offsets) else len(self.original)
        return self.offsets[start], after

    def words(self, span: Span) -> str:
        """Return the original's words in a span."""
        return self.original[span[0] : span[1]]


def fold(text: str) -> Text:
    """Fold any string; never raises."""
    plain, offsets = plainly(text)
    if "&" in plain and ";" in plain:
        plain, offsets = unescaped(plain, offsets)
    if not plain.isascii() and FOREIGN.search(plain):
        plain, offsets = latinised(plain, offsets)
    return Text(text, plain, offsets)


def plainly(text: str) -> tuple[str, Sequence[int]]:
    """Fold each character by itself."""
    if text.isascii():
        return text.lower(), range(len(text))
    folded: list[str] = []
    offsets: list[int] = []
    for place, char in enumerate(text):
        plain = char.lower() if char.isascii() else plain_of(char)
        if plain:
            folded.append(plain)
            offsets.extend([place] * len(plain))
    return "".join(folded), offsets


def unescaped(plain: str, offsets: Sequence[int]) -> tuple[str, list[int]]:
    """Turn HTML's entities into what they stand for, those too that are made of entities."""
    folded: list[str] = []
    places: list[int] = []
    done = 0
    for match in END.finditer(plain):
        folded.extend(plain[done : match.end()])
        places.extend(offsets[done : match.end()])
        done = match.end()
        while folded and folded[-1] == ";":
            _, sign, name = "".join(folded[-ENTITY:]).rpartition("&")
            meant = entity(name) if sign else None
            if meant is None:
                break
            begin = len(folded) - len(name) - 1
            folded[begin:] = meant
            places[begin:] = [places[begin]] * len(meant)
    return "".join((*folded, plain[done:])), [*places, *offsets[done:]]


@lru_cache(maxsize=256)
def entity(name: str) -> str | None:
    """Return what an entity stands for, folded: `amp;` or `#38;`; None if there is none such."""
    latin = "".join(LOOK_ALIKES.get(char, char) for char in name)
    meant = unescape(f"&{latin}") if NUMBERED.fullmatch(latin) else entities().get(latin)
    return None if meant is None else plainly(meant)[0]


@cache
def entities() -> dict[str, str]:
    """Return HTML's entities by their names in small letters; where two differ, the small one."""
    return {name.lower(): html5[name] for name in sorted(html5) if name.endswith(";")}


def latinised(plain: str, offsets: Sequence[int]) -> tuple[str, list[int]]:
    """Turn look-alikes into Latin letters in words that also have Latin letters.

    A word of nothing but look-alikes is turned too where more words are Latin than are not.
    Neither count changes when the result is folded again.
    """
    kinds = [kind_of(match.group()) for match in WORD.finditer(plain)]
    latin = sum(kind in {"latin", "mixed"} for kind in kinds) > kinds.count("foreign")
    folded: list[str] = []
    places: list[int] = []
    done = 0
    for match, kind in zip(WORD.finditer(plain), kinds, strict=True):
        if kind == "mixed" or (kind == "alike" and latin):
            folded.append(plain[done : match.start()])
            places.extend(offsets[done : match.start()])
            for place, char in enumerate(match.group(), match.start()):
                letters = LOOK_ALIKES.get(char, char)
                folded.append(letters)
                places.extend([offsets[place]] * len(letters))
            done = match.end()
    return "".join((*folded, plain[done:])), [*places, *offsets[done:]]


def kind_of(word: str) -> str:
    """Tell Latin words from foreign ones, mixed ones, and those all of look-alikes."""
    foreign = FOREIGN.findall(word)
    if not foreign:
        return "latin" if any(char.isalpha() for char in word) else "number"
    if any(char.isalpha() and not FOREIGN.match(char) for char in word):
        return "mixed"
    return "alike" if all(char in LOOK_ALIKES for char in foreign) else "foreign"


@lru_cache(maxsize=CHARACTERS)
def plain_of(char: str) -> str:
    """Return what one character folds to: nothing, itself, or plainer letters."""
    plain = char
    if char in BOXED:
        return BOXED[char]
    for _ in range(4):  # Long enough for every character to come to rest; a test looks.
        before = plain
        parts = unicodedata.normalize("NFKD", plain).casefold()
        plain = "".join(SIGNS.get(part, part) for part in parts if is_seen(part))
        if plain == before:
            break
    return plain


def is_seen(char: str) -> bool:
    """Say whether a character is more than a mark on another or an invisible instruction."""
    return char not in IGNORED and unicodedata.category(char) not in {"Mn", "Me", "Cf"}


@cache
def look_alikes() -> dict[str, str]:
    """Read the table of characters that look like Latin letters."""
    rows = (line.split("\t") for line in CONFUSABLES.read_text(encoding="utf-8").splitlines())
    return {chr(int(row[0], 16)): row[1] for row in rows if not row[0].startswith("#")}


# Greek and Cyrillic letters: words of them are read as words, not as disguises.
FOREIGN = re.compile(
    "[\u0370-\u03ff\u0400-\u052f\u1c80-\u1c8f\u1f00-\u1fff\u2de0-\u2dff\ua640-\ua69f]"
)
WORD = re.compile(r"[^\W_]+")
NUMBERED = re.compile(r"#(?:[0-9]+|x[0-9a-f]+);")
END = re.compile(";")
ENTITY = 40  # No entity is longer, but for needless noughts.
LOOK_ALIKES = look_alikes()
SIGNS = {char: plain for char, plain in LOOK_ALIKES.items() if not FOREIGN.match(char)}
# Letters in brackets, circles and squares that Unicode does not take apart, or not into letters.
BOXED = {
    chr(first + place): letter
    for first in (0x249C, 0x1F110, 0x1F150, 0x1F170)
    for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz")
}


@lru_cache(maxsize=16)
def mixed(text: Text) -> tuple[Span, ...]:
    """Return the words that mix Latin letters with look-alikes of another script.

    Not among them: words with a letter that looks like no Latin one, what a hyphen ties to a word
    of another script, and units and symbols, which have one letter or two.
    """
    if text.original.isascii() or passing().isdisjoint(text.original):
        return ()
    found: list[Span] = []
    start, letters = 0, ""
    for place, char in enumerate(text.original + " "):
        if char.isalpha():
            letters += char
        elif not is_joining(char):
            if is_mixed(letters):
                found.append((start, place))
            start, letters = place + 1, ""
    return tuple(found)


def is_mixed(letters: str) -> bool:
    """Say whether a word of these letters passes for a Latin one and is not."""
    foreign = {char for char in letters if not is_latin(char)}
    latin = any(is_latin(char) for char in letters)
    return len(letters) >= 3 and latin and bool(foreign) and foreign <= passing()


@cache
def passing() -> frozenset[str]:
    """Return the letters of other scripts that pass for Latin ones."""
    return frozenset(char for char in LOOK_ALIKES if char.isalpha() and not is_latin(char))


@lru_cache(maxsize=CHARACTERS)
def is_latin(char: str) -> bool:
    """Say whether a letter is a Latin one, in whatever style it is written."""
    return char.isascii() or "LATIN" in unicodedata.name(unicodedata.normalize("NFKC", char)[0], "")


def is_joining(char: str) -> bool:
    """Say whether a character can stand inside a word without ending it."""
    return char.isdigit() or unicodedata.category(char) in {"Mn", "Me", "Cf"}


def utf16(original: str, span: Span) -> Span:
    """Turn a span of code points into one of UTF-16 code units, as some protocols count."""
    before = units(original[: span[0]])
    return before, before + units(original[span[0] : span[1]])


def units(text: str) -> int:
    """Return how many UTF-16 code units a string takes."""
    return len(text) + sum(char > "\uffff" for char in text)
