"""Which words of a comment are the story's own: quoted from it, or a name in it."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from comity.detectors.reported import quotation
from comity.detectors.story_words import small_words, story_names, words
from comity.findings import StoryExcerpt
from comity.text import Span, Text

UNMISTAKABLE = 0.9  # A listed word of a lower score means something harmless as well.
RUN = 3  # So many words in the story's order are the story's.
# Small words that tell whose words these are.
TELLING = frozenset(
    ("said", "says", "told", "tells", "asked", "asks", "dijo", "dice", "dijeron", "dicho")
)
# Before a quotation, they turn its words on the reader: you are a “liar”.
READER = frozenset(("you", "you're", "youre", "your", "ur", "tu", "eres", "usted", "vos", "sos"))


@dataclass(frozen=True, slots=True)
class Wording:
    """The single words of a story, and those that follow each other, by two and three."""

    singles: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    triples: frozenset[tuple[str, str, str]]

    def has(self, some: tuple[str, ...]) -> bool:
        """Say whether the story has these words, each two that follow each other too."""
        return (
            bool(some) and self.singles.issuperset(some) and self.pairs.issuperset(pairwise(some))
        )


def borrowed(text: Text, story: StoryExcerpt | None, spans: Collection[Span]) -> frozenset[Span]:
    """Return which of the spans in which something was seen repeat the story.

    They do if the story has their words and they stand in quotation marks or in a run of three
    words or more of the story's. Such a run holds more than what was seen and small words: who
    shares "is a liar" with the story may mean somebody else.
    """
    if story is None or not spans:
        return frozenset()
    wording = wording_of(story)
    places, plain = words_of(text.original)
    reach = {span: indices(places, span) for span in spans}
    seen = {place for first, last in reach.values() for place in range(first, last)}
    telling = [
        (begin, end)
        for begin, end in runs(plain, wording)
        if any(is_telling(plain[place]) for place in range(begin, end) if place not in seen)
    ]
    return frozenset(
        span
        for span, words_met in reach.items()
        if wording.has(plain[slice(*words_met)])
        and (is_within(telling, words_met) or is_marked(text, span))
    )


def indices(places: tuple[int, ...], span: Span) -> tuple[int, int]:
    """Return the first word of a span and the one after its last."""
    return bisect_left(places, span[0]), bisect_right(places, span[1] - 1)


def runs(plain: tuple[str, ...], wording: Wording) -> list[tuple[int, int]]:
    """Return where words follow each other as they do in the story, in order."""
    found: list[tuple[int, int]] = []
    for place, triple in enumerate(threes(plain)):
        if triple not in wording.triples:
            continue
        if found and found[-1][1] == place + RUN - 1:
            found[-1] = (found[-1][0], place + RUN)
        else:
            found.append((place, place + RUN))
    return found


def is_telling(word: str) -> bool:
    """Say whether a word carries meaning, or says that somebody else is quoted."""
    return word in TELLING or word not in small_words()


def is_within(places: list[tuple[int, int]], inner: tuple[int, int]) -> bool:
    """Say whether one of these stretches of words, which are in order, has another within it."""
    last = bisect_right(places, inner[0], key=lambda place: place[0]) - 1
    return last >= 0 and inner[1] <= places[last][1]


def is_marked(text: Text, span: Span) -> bool:
    """Say whether words stand in quotation marks and are not turned on the reader."""
    quoted = quotation(text.original, span)
    if quoted is None:
        return False
    places, plain = words_of(text.original)
    first = bisect_left(places, quoted[0])
    return READER.isdisjoint(plain[max(0, first - RUN) : first])


def is_from_story(text: Text, story: StoryExcerpt, span: Span, score: float) -> bool:
    """Say whether words are the story's own, so that a comment may use them.

    One word is, if it is quoted with a neighbour that carries meaning or with two that do not; if
    it is a name and written like one; or if it is ambiguous. Several are, if the story has them.
    """
    wording = wording_of(story)
    around, first, last = surroundings(text, span)
    met = around[first:last]
    if not wording.has(met):
        return False
    if len(met) > 1:
        return True
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
    first, last = indices(places, span)
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
