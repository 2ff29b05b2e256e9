"""A comment cut into sentences of plain words, so that length gives no cover."""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from comity.detectors.story_words import plain
from comity.text import Span, Text

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDS = frozenset(".!?;…\n¡¿")
_STOPS = frozenset(',:-–—()"“”«»‘…')
_NEGATED = {"wo": "will", "won": "will", "ca": "can", "can": "can", "shan": "shall"}
_TITLES = frozenset({"mr", "mrs", "ms", "dr", "st", "sr", "sra", "cllr", "prof", "rev", "hon"})
_TAILS = {
    "re": "are",
    "m": "am",
    "ll": "will",
    "ve": "have",
    "d": "would",
    "s": "s",
    "t": "not",
}
# "Your an idiot" is a common slip for "you are".
_AFTER_YOU_ARE = frozenset({"a", "an", "so", "such", "too"})
_SHORT = {
    "u": "you",
    "ur": "your",
    "youre": "you are",
    "yer": "your",
    "ya": "you",
    "ye": "you",
    "r": "are",
    "im": "i am",
    "hes": "he is",
    "shes": "she is",
    "theyre": "they are",
    "thats": "that is",
    "whats": "what is",
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "isnt": "is not",
    "arent": "are not",
    "wasnt": "was not",
    "cant": "can not",
    "cannot": "can not",
    "couldnt": "could not",
    "wouldnt": "would not",
    "wont": "will not",
    "urself": "yourself",
    "ppl": "people",
    "gonna": "going to",
    "wanna": "want to",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words without capitals, accents, disguises or shortenings, each with its place.

    `spans` are code points of the original text. `capital` marks words written with a capital
    first letter, `stopped` words with a comma, colon, dash or quotation mark before them.
    """

    words: tuple[str, ...]
    spans: tuple[Span, ...]
    capital: tuple[bool, ...]
    stopped: tuple[bool, ...]
    question: bool
    line: str
    starts: tuple[int, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Turn positions in `line` into the first word and the one after the last."""
        return bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1)

    def span(self, first: int, last: int) -> Span:
        """Return where the words from `first` to before `last` stand in the original."""
        return self.spans[first][0], self.spans[last - 1][1]


@lru_cache(maxsize=16)
def sentences(text: Text) -> tuple[Sentence, ...]:
    """Cut a text into sentences."""
    found: list[Sentence] = []
    words: list[_Word] = []
    tokens = [(match.start(), match.end()) for match in _WORD.finditer(text.original)]
    for (start, end), (following, _) in pairwise([*tokens, (len(text.original),) * 2]):
        raw = text.original[start:end]
        before = text.original[words[-1].end if words else 0 : start]
        expanded = _expand(raw, start, end, stopped=any(char in _STOPS for char in before))
        if words and words[-1].plain == "your" and expanded[0].plain in _AFTER_YOU_ARE:
            words[-1:] = [replace(words[-1], plain="you"), replace(words[-1], plain="are")]
        words += expanded
        between = text.original[end:following]
        stop = next((char for char in between if char in _ENDS), "")
        if stop and not (stop == "." and words[-1].plain in _TITLES):
            found.append(_sentence(words, question="?" in between))
            words = []
    if words:
        found.append(_sentence(words, question=False))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Word:
    plain: str
    start: int
    end: int
    capital: bool
    stopped: bool


def _expand(raw: str, start: int, end: int, *, stopped: bool) -> list[_Word]:
    """Make one word of the text into the plain words it stands for."""
    head, *tails = plain(raw).split("'")
    parts = _SHORT.get("".join((head, *tails)) if tails == ["re"] else head, head).split()
    for tail in tails:
        if tail == "t" and head.endswith("n"):
            parts = [_NEGATED.get(head, head[:-1]), "not"]
        else:
            parts.append(_TAILS.get(tail, tail))
    capital = raw[0].isupper()
    return [
        _Word(part, start, end, capital, stopped and not place)
        for place, part in enumerate(filter(None, parts))
    ]


def _sentence(words: list[_Word], *, question: bool) -> Sentence:
    starts, place = [], 0
    for word in words:
        starts.append(place)
        place += len(word.plain) + 1
    return Sentence(
        words=tuple(word.plain for word in words),
        spans=tuple((word.start, word.end) for word in words),
        capital=tuple(word.capital for word in words),
        stopped=tuple(word.stopped for word in words),
        question=question,
        line=" ".join(word.plain for word in words),
        starts=tuple(starts),
    )
