"""Which listed words of a comment are the story's own: quoted from it, or a name in it."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from comity.detectors.story_words import small_words, story_names, words
from comity.findings import StoryExcerpt
from comity.text import Span, Text

UNMISTAKABLE = 0.9  # A listed word of a lower score means something harmless as well.


@dataclass(frozen=True, slots=True)
class Wording:
    """The single words of a story, and those that follow each other, by two and three."""

    singles: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    triples: frozenset[tuple[str, str, str]]


def is_from_story(text: Text, story: StoryExcerpt, span: Span, score: float) -> bool:
    """Say whether words are the story's own, so that a comment may use them.

    One word is, if it is quoted with a neighbour that carries meaning or with two that do not; if
    it is a name and written like one; or if it is ambiguous. Several are, if the story has them.
    """
    wording = wording_of(story)
    around, first, last = surroundings(text, span)
    met = around[first:last]
    if not met or any(word not in wording.singles for word in met):
        return False
    if len(met) > 1:
        return all(pair in wording.pairs for pair in pairwise(met))
    if score < UNMISTAKABLE:
        return True
    if met[0] in story_names(story) and text.words(span)[:1].isupper():
        return True
    return any(
        pair in wording.pairs and not small_words().issuperset(set(pair) - set(met))
        for pair in pairwise(around)
        if met[0] in pair
    ) or any(triple in wording.triples for triple in threes(around) if met[0] in triple)


def surroundings(text: Text, span: Span) -> tuple[tuple[str, ...], int, int]:
    """Return the words of a span with up to two on each side, and where in them the span is."""
    places, plain = words_of(text.original)
    first, last = bisect_left(places, span[0]), bisect_right(places, span[1] - 1)
    begin = max(0, first - 2)
    return plain[begin : last + 2], first - begin, last - begin


@lru_cache(maxsize=16)
def words_of(original: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return where the words of a text begin, and the words."""
    found = words(original)
    return tuple(word.start for word in found), tuple(word.plain for word in found)


@lru_cache(maxsize=2048)
def wording_of(story: StoryExcerpt) -> Wording:
    """Return the words of a story."""
    plain = words_of(story.prose)[1]
    return Wording(frozenset(plain), frozenset(pairwise(plain)), frozenset(threes(plain)))


def threes(plain: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return every three words that follow each other."""
    return list(zip(plain, plain[1:], plain[2:], strict=False))
