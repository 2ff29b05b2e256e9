"""What the encoder reads: folded text with emoji in words, every place traceable.

The vocabulary has no emoji, and meaning hangs on them (a knife, a clown, laughter). Each becomes
its Unicode name between spaces; the encoder then knows what it shows.
"""

import re
import unicodedata
from functools import cache

from comity.text import fold

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


def read(text: str) -> tuple[str, list[int]]:
    """Return what the encoder reads of a text, and where each of its characters stood in it."""
    folded = fold(text)
    plain = folded.folded.translate(QUOTES)
    if not NOT_ASCII.search(plain):
        return plain, list(folded.offsets)
    written: list[str] = []
    places: list[int] = []
    for char, place in zip(plain, folded.offsets, strict=True):
        shown = char if char.isascii() else picture(char)
        written.append(shown)
        places.extend([place] * len(shown))
    return "".join(written), places


@cache
def picture(char: str) -> str:
    """Return an emoji in words between spaces, and any other character as it is."""
    code = ord(char)
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
