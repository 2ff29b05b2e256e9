"""How a disguised word may be meant to be read: in leet, stretched, spaced out, dotted or masked.

Every reading comes from a bounded number of passes over the text, so the time grows with it and no
faster.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from comity.text import Span, Text, mixed

CHUNK = re.compile(r"\S+")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# Letters each apart from the next by the same few signs: "s p a c e d", "d.o.t.t.e.d".
SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_@$!|][ \n.\-_*~,/|·•]{1,3}){2,}[^\W\d_](?![^\W_])")
# A word that a hyphen cuts where the line ends.
CUT = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?:[-‐][^\S\n]*+\n\s*+[^\W\d_]++)+")
INNER = re.compile(r"[.\-_~·•'’`\",/\\|*]+")
LEET = str.maketrans("013457890@$!|+€£", "oieastbgoasiitel")
LEET_L = str.maketrans("013457890@$!|+€£", "oleastbgoasllTel".lower())
CODED = re.compile(r"[0-9@$!|+€£]")
STRETCHED = re.compile(r"(.)\1{2,}")
DOUBLES = re.compile(r"(.)\1+")
PAIRS = re.compile(r"(\w)\1(\w)\2")
MASKED = re.compile(r"[*#%&]+|[-_.?@$!]{2,}")
EDGES = "\"'“”‘’«»()[]{}<>.,;:?¿¡…—–"
# Letters that make flags by twos; four or more may make a word.
FLAG_A = 0x1F1E6
FLAGS = re.compile("[\U0001f1e6-\U0001f1ff](?: ?[\U0001f1e6-\U0001f1ff]){3,}")
POO, FINGER = "💩", "🖕"
LONGEST = 60  # No listed word is longer, joined with what may stand around it.


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word: in folded letters, where it stands, and whether that was hidden."""

    word: str
    span: Span
    disguised: bool = False
    masked: bool = False


@lru_cache(maxsize=16)
def readings(text: Text) -> tuple[Reading, ...]:
    """Return every disguised reading of a text's words."""
    hidden: list[Reading] = []
    stretched = STRETCHED.search(text.folded) or PAIRS.search(text.folded)
    for match in CHUNK.finditer(text.folded):
        chunk = match.group()
        if not chunk.isalpha() and not chunk.strip(EDGES).isalpha():
            hidden += unmask(text, chunk, match.start())
        if stretched and len(chunk) <= LONGEST:
            hidden += unstretch(text, chunk, match.start())
    for match in SPACED.finditer(text.folded):
        hidden += join_letters(text, match.start(), match.group())
    for match in CUT.finditer(text.folded) if "\n" in text.folded else ():
        word = "".join(filter(str.isalpha, match.group()))
        hidden.append(Reading(word, text.span(*match.span()), disguised=True))
    for match in FLAGS.finditer(text.folded):
        letters = "".join(
            chr(ord(char) - FLAG_A + ord("a")) for char in match.group() if char != " "
        )
        hidden.append(Reading(letters, text.span(*match.span()), disguised=True))
    return tuple(hidden)


def unmask(text: Text, chunk: str, start: int) -> list[Reading]:
    """Read a chunk that has signs or digits in it."""
    if FINGER in chunk:
        place = start + chunk.index(FINGER)
        return [Reading(FINGER, text.span(place, place + 1), disguised=True)]
    core = bare(chunk)
    if not 2 <= len(core) <= LONGEST or core.isalpha():
        return []
    begin = start + chunk.index(core)
    span = text.span(begin, begin + len(core))
    found = []
    if POO in core and any(char.isalpha() for char in core):
        found.append(core.replace(POO, "shit"))
    joined = INNER.sub("", core)
    if len(joined) >= 4 and joined.isalpha() and joined != core:
        found.append(joined)
    letters = sum(char.isalpha() for char in joined)
    coded = len(CODED.findall(joined))
    # A55 is a road: in a short word, figures stand for letters only where they are few.
    if letters and coded and (len(joined) >= 4 or letters >= coded):
        found += [joined.translate(LEET), joined.translate(LEET_L)]
    stretched = [short for word in found for short in shortened(word)]
    read = [Reading(word, span, disguised=True) for word in dict.fromkeys([*found, *stretched])]
    if masked := mask_of(core):
        read.append(Reading(masked, span, disguised=True, masked=True))
    return read


def bare(chunk: str) -> str:
    """Return a chunk without punctuation around it; asterisks on both sides are emphasis."""
    core = chunk.strip(EDGES)
    return core.strip("*_").strip(EDGES) if core[:1] in {"*", "_"} else core.rstrip("!")


def told(text: Text, spans: Iterable[Span], how: str) -> str:
    """Add to how words were found that letters of another script hide them, which no eye sees."""
    hidden = mixed(text)
    if any(a < end and start < b for a, b in spans for start, end in hidden):
        return f"{how}, in disguise"
    return how


def mask_of(core: str) -> str:
    """Return a word with each hidden letter as an asterisk; empty if nothing is hidden."""
    if not (core[0].isalpha() and MASKED.search(core, 1)):
        return ""
    return "".join(char if char.isalnum() else "*" for char in core)


def unstretch(text: Text, chunk: str, start: int) -> list[Reading]:
    """Read the stretched words of a chunk as they are usually written."""
    return [
        Reading(short, text.span(start + match.start(), start + match.end()), disguised=True)
        for match in WORD.finditer(chunk)
        if STRETCHED.search(match.group()) or PAIRS.search(match.group())
        for short in shortened(match.group())
    ]


def shortened(word: str) -> list[str]:
    """Return a word with stretched letters once, and with them twice; nothing if none is."""
    if not DOUBLES.search(word):
        return []
    once = DOUBLES.sub(r"\1", word)
    twice = STRETCHED.sub(r"\1\1", word)
    mixed = STRETCHED.sub(r"\1", word)
    return [short for short in dict.fromkeys((once, twice, mixed)) if short != word]


def join_letters(text: Text, start: int, run: str) -> list[Reading]:
    """Read letters that stand apart as words; the first or last may belong to the sentence."""
    letters = [(start + place, char) for place, char in enumerate(run) if char.isalpha()]
    found = []
    for first, last in ((0, 0), (1, 0), (0, 1), (1, 1)):
        kept = letters[first : len(letters) - last]
        if 4 <= len(kept) <= LONGEST:
            span = text.span(kept[0][0], kept[-1][0] + 1)
            word = "".join(char for _, char in kept)
            found.append(Reading(word, span, disguised=True))
            # The same word again and again is that word.
            period = (word + word).index(word, 1)
            if 3 <= period < len(word):
                found.append(Reading(word[:period], span, disguised=True))
    return found
