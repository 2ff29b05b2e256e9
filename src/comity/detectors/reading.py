"""What the encoder reads: folded text with emoji in words, cut into pieces, every place traceable.

The vocabulary has no emoji, and meaning hangs on them (a knife, a clown, laughter). Each becomes
its Unicode name between spaces. Names of groups of people become one word, the same for all.
Training and serving read through this one module.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from tokenizers import Tokenizer

from comity.detectors.groups import unnamed
from comity.findings import Submission
from comity.text import Span, Text, fold

WEIGHTS = Path(__file__).parent / "weights"
COMMENT = 128  # Word pieces of a comment that are read at once; a longer one is read in windows.
OVERLAP = 32  # Of these, what two windows share.
CONTEXT = 48  # Word pieces of story and parent together.
PARENT = 24  # Of these, what the parent may take where there is a story too.
STORY_CHARACTERS = 1200  # Further down nothing is read: CONTEXT is full long before.
IN_A_ROW = 16  # Equal word pieces that are read one after another.
CLS, SEP = 101, 102

NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# Names that say less than the picture does.
SHOWS = {
    "\U0001f52a": "knife",
    "\U0001f595": "middle finger",
    "\U0001f4a9": "shit",
    "\U0001f921": "clown",
    "\U0001f602": "laughing",
    "\U0001f923": "laughing",
    "\U0001f44f": "clapping",
    "\U0001f6ae": "rubbish bin",
    "\U0001f64f": "praying",
    "\U0001f92e": "vomiting",
    "\U0001f922": "disgusted",
    "\u2764": "love",
}
SKIN = {0x1F3FB: "white", 0x1F3FC: "white", 0x1F3FD: "brown", 0x1F3FE: "brown", 0x1F3FF: "black"}
QUOTES = str.maketrans("‘’‛“”„«»–—…", "''''\"\"\"\"--.")
NOISE = re.compile(r"\b(sign|symbol|with|face)\b")


@dataclass(frozen=True, slots=True)
class Pieces:
    """Word pieces of a text: their numbers, and where each stands in the original."""

    ids: tuple[int, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """What the encoder reads at once; `part` is 1 for the comment, 2 for its context, else 0.

    `first` is the place of the window's first piece among the comment's.
    """

    ids: tuple[int, ...]
    part: tuple[int, ...]
    first: int
    count: int


@cache
def tokenizer() -> Tokenizer:
    """Return the encoder's own tokenizer.

    Raises:
        Exception: the file is missing or broken.
    """
    found: Tokenizer = Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


@lru_cache(maxsize=16)
def pieces(text: Text) -> Pieces:
    """Cut a text into word pieces."""
    plain, places = read(text)
    cut = tokenizer().encode(plain, add_special_tokens=False)
    ids, offsets = cut.ids, cut.offsets  # Made anew at each access.
    kept = list(few_in_a_row(ids))
    return Pieces(
        tuple(ids[number] for number in kept),
        tuple((places[offsets[n][0]], after(text, places[offsets[n][1] - 1])) for n in kept),
    )


def after(text: Text, place: int) -> int:
    """Return where in the original ends what is folded to a character that stands at a place."""
    following = bisect_right(text.offsets, place)
    return text.offsets[following] if following < len(text.offsets) else len(text.original)


def few_in_a_row(ids: Sequence[int]) -> Iterator[int]:
    """Give the places of pieces, of equal ones in a row only the first: a wall says no more."""
    run = 0
    for number, id in enumerate(ids):
        run = run + 1 if number and ids[number - 1] == id else 0
        if run < IN_A_ROW:
            yield number


def windows(submission: Submission) -> Iterator[Window]:
    """Give what is to be read of a comment, each time with its story and parent."""
    comment = pieces(submission.text).ids
    context = context_of(submission)
    for first in range(0, max(1, len(comment) - OVERLAP), COMMENT - OVERLAP):
        said = comment[first : first + COMMENT]
        ids, part = [CLS, *said, SEP], [0, *[1] * len(said), 0]
        for told in context:
            ids += [*told, SEP]
            part += [*[2] * len(told), 2]
        yield Window(tuple(ids), tuple(part), first, len(said))


def context_of(submission: Submission) -> list[tuple[int, ...]]:
    """Return the word pieces of story and parent, cut to what there is room for."""
    story = submission.story.prose if submission.story else ""
    parent = submission.parent.original if submission.parent else ""
    if not story and not parent:
        return []
    said = first_pieces(parent)[: PARENT if story else CONTEXT]
    told = first_pieces(story)[: CONTEXT - len(said)]
    return [told, said] if said else [told]


@lru_cache(maxsize=2048)
def first_pieces(text: str) -> tuple[int, ...]:
    """Return the first word pieces of a context; stories come again and again."""
    if not text:
        return ()
    plain, _ = read(fold(text[:STORY_CHARACTERS]))
    return tuple(tokenizer().encode(plain, add_special_tokens=False).ids[:CONTEXT])


def read(text: Text) -> tuple[str, list[int]]:
    """Return what the encoder reads of a text, and where each of its characters stood in it."""
    plain, stood = unnamed(text.folded.translate(QUOTES), text.offsets, text.original)
    if not NOT_ASCII.search(plain):
        return plain, stood
    written: list[str] = []
    places: list[int] = []
    for char, place in zip(plain, stood, strict=True):
        shown = char if char.isascii() else picture(char)
        written.append(shown)
        places.extend([place] * len(shown))
    return "".join(written), places


@lru_cache(maxsize=4096)
def picture(char: str) -> str:
    """Return an emoji in words between spaces, and any other character as it is."""
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:  # Half of a character, which the tokenizer does not take.
        return " "
    if 0x1F1E6 <= code <= 0x1F1FF:  # Two of them are a flag.
        return chr(code - 0x1F1E6 + ord("a"))
    if code in SKIN:
        return f" {SKIN[code]} "
    if char in SHOWS:
        return f" {SHOWS[char]} "
    if code < 0x2190 or unicodedata.category(char) not in {"So", "Sk"}:
        return char
    name = unicodedata.name(char, "").lower().replace("-", " ")
    return f" {' '.join(NOISE.sub(' ', name).split()) or name} "
