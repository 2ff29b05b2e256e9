"""A comment cut into sentences of plain words, so that length gives no cover."""

import re
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

from comity.detectors.disguises import readings
from comity.detectors.lexicon import masks
from comity.detectors.story_words import LANGUAGES, lines
from comity.text import Span, Text

_LISTS = ("insult", "insult_phrases", "threat", "harassment", "hate")

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
    first letter, `stopped` words with a comma, colon, dash or quotation mark before them. `known`
    holds each word once.
    """

    words: tuple[str, ...]
    known: frozenset[str]
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
    folded = text.folded
    hidden = _hidden(text)
    found: list[Sentence] = []
    words: list[_Word] = []
    done, stopped, skipped = 0, False, 0
    for match in _WORD.finditer(folded):
        start, end = match.span()
        first, last = text.span(start, end)
        parts = _parts(match.group())
        if last <= skipped:
            done = end
            continue
        while hidden and hidden[0][0][1] <= first:
            hidden.popleft()
        if hidden and hidden[0][0][0] <= first:
            (first, last), word = hidden.popleft()
            parts, skipped = (word,), last
        if start - done > 1 or (start > done and folded[done] != " "):
            between = folded[done:start]
            stopped = not _STOPS.isdisjoint(between)
            if words and _ends(between, words[-1]):
                found.append(_sentence(words, question="?" in between))
                words = []
        else:
            stopped = False
        if words and words[-1][0] == "your" and parts[0] in _AFTER_YOU_ARE:
            words[-1:] = [("you", *words[-1][1:]), ("are", *words[-1][1:4], False)]
        capital = text.original[first].isupper()
        for part in parts:
            words.append((part, first, last, capital, stopped))
            stopped = False
        done = end
    if words:
        found.append(_sentence(words, question="?" in folded[done:]))
    return tuple(found)


def _hidden(text: Text) -> deque[tuple[Span, str]]:
    """Return the disguised words that our lists know, in order, none inside another."""
    known, masked = _known(), _masked()
    chosen: deque[tuple[Span, str]] = deque()
    read = (reading for reading in readings(text) if reading.disguised)
    for reading in sorted(read, key=lambda reading: (reading.span[0], -reading.span[1])):
        word = masked.get(reading.word, "") if reading.masked else reading.word
        written = text.original[slice(*reading.span)]
        if word not in known or "'" in written or "’" in written or reading.span[0] < _end(chosen):
            continue
        chosen.append((reading.span, word))
    return chosen


def _end(chosen: deque[tuple[Span, str]]) -> int:
    """Return where the last chosen word ends."""
    return chosen[-1][0][1] if chosen else 0


@cache
def _known() -> frozenset[str]:
    """Return the words worth seeing through a disguise: those of our lists that carry meaning."""
    written = " ".join(
        line for language in LANGUAGES for name in _LISTS for line in lines(language, name)
    )
    return frozenset(re.findall(r"[a-z]{3,}", written)) - {"noun", "adjective", "epithet"}


@cache
def _masked() -> dict[str, str]:
    """Return masked forms of the plainest insults, each with the word behind it."""
    rows = [line.split("\t") for language in LANGUAGES for line in lines(language, "insult")]
    plainest = [word for word, _, severity in rows if severity == "3" and len(word) > 4]
    return {mask: word for word in plainest for mask in masks(word)}


_Word = tuple[str, int, int, bool, bool]


def _ends(between: str, word: _Word) -> bool:
    """Whether a sentence ends between a word and the next."""
    ending = [char for char in between if char in _ENDS]
    return bool(ending) and not (ending[0] == "." and word[0] in _TITLES)


@lru_cache(maxsize=8192)
def _parts(raw: str) -> tuple[str, ...]:
    """Make one word of the text into the plain words it stands for."""
    head, *tails = raw.replace("’", "'").split("'")
    parts = _SHORT.get(head, head).split()
    for tail in tails:
        if tail == "t" and head.endswith("n"):
            parts = [_NEGATED.get(head, head[:-1]), "not"]
        else:
            parts.append(_TAILS.get(tail, tail))
    return tuple(part for part in parts if part) or (raw,)


def _sentence(words: list[_Word], *, question: bool) -> Sentence:
    plain_words, first, last, capital, stopped = zip(*words, strict=True)
    starts = accumulate((len(word) + 1 for word in plain_words[:-1]), initial=0)
    return Sentence(
        words=plain_words,
        known=frozenset(plain_words),
        spans=tuple(zip(first, last, strict=True)),
        capital=capital,
        stopped=stopped,
        question=question,
        line=" ".join(plain_words),
        starts=tuple(starts),
    )
