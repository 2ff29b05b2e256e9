"""Who is meant by a word: the reader answered, the author, a person of the story, or nobody.

What is said of ideas, acts, plans and products is never about a person; nor is what writers say of
themselves. Loose big groups are told apart from single people.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from comity.detectors.sentences import Sentence
from comity.detectors.story_words import lines, story_names
from comity.findings import StoryExcerpt, Submission

# How far back from a word its subject is looked for.
REACH = 9
# Endings of words for people by what they do: driver, editor, columnist, ferryman.
AGENTS = ("er", "or", "ist", "man", "woman", "ian", "ant", "dor", "dora", "ista", "ero", "era")
# Verbs that "you" is not the subject of: in "the argument you use is childish" it is the argument.
_THIRD = frozenset({"is", "was", "s"})


class Whom(StrEnum):
    """Who is addressed or spoken of."""

    COMMENTER = "commenter"
    AUTHOR = "author"
    NAMED = "named"
    PUBLIC_FIGURE = "public figure"
    PERSON = "person"
    GROUP = "group"
    ARGUMENT = "argument"
    SELF = "self"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class People:
    """Who a comment may speak of: the names in its story, and whether it answers somebody."""

    names: frozenset[str]
    answers: bool


def people(submission: Submission) -> People:
    """Return whom a comment may speak of."""
    story = submission.story
    names = story_names(story) | _byline(story) if story else frozenset()
    return People(names, submission.parent is not None)


def _byline(story: StoryExcerpt) -> frozenset[str]:
    return frozenset(word.casefold() for word in story.byline.split() if word[:1].isupper())


@lru_cache(maxsize=4)
def kinds(language: str) -> dict[str, frozenset[str]]:
    """Return what each small word of a language tells about people."""
    found: dict[str, set[str]] = {}
    for line in lines(language, "insult_people"):
        kind, _, words = line.partition(": ")
        for word in words.split():
            found.setdefault(word.replace("_", " "), set()).add(kind)
    return {word: frozenset(all_kinds) for word, all_kinds in found.items()}


def languages(sentence: Sentence) -> tuple[str, ...]:
    """Guess a sentence's language by its small words; both when they do not tell."""
    english, spanish = kinds("en"), kinds("es")
    count = sum((word in english) - (word in spanish) for word in sentence.words)
    if count > 0:
        return ("en",)
    return ("es",) if count < 0 else ("en", "es")


class Reader:
    """Reads one sentence backwards from a word to the person it is said of."""

    def __init__(self, sentence: Sentence, language: str, known: People) -> None:
        self.words = sentence.words
        self.capital = sentence.capital
        self.stopped = sentence.stopped
        self.kinds = kinds(language)
        self.known = known

    def has(self, place: int, *wanted: str) -> bool:
        """Whether the word at a place is of one of the kinds."""
        if not 0 <= place < len(self.words):
            return False
        return any(kind in self.kinds.get(self.words[place], ()) for kind in wanted)

    def named(self, place: int) -> bool:
        """Whether the word is a name of the story, or written like a name inside a sentence."""
        word = self.words[place]
        if not self.capital[place] or word in self.kinds or len(word) < 3:
            return False
        return place > 0 or word in self.known.names or self.has(1, "copula")

    def known_name(self, place: int) -> Whom:
        """Tell a person of the story from somebody else whose name is only seen by its capital."""
        if self.words[place] in self.known.names or self.has(place - 1, "title"):
            return Whom.NAMED
        return Whom.PUBLIC_FIGURE

    def subject(self, place: int) -> Whom:
        """Return who the words before a verb are about, reading back from `place`."""
        for back in range(place, max(-1, place - REACH), -1):
            if self.has(back, "you") and self.words[place + 1] not in _THIRD:
                return Whom.NOBODY if self.has(back - 1, "if", "call") else Whom.COMMENTER
            if self.has(back, "self"):
                return Whom.SELF
            if self.has(back, "thing"):
                return Whom.ARGUMENT
            if self.has(back, "they"):
                return Whom.GROUP
            if self.has(back, "role", "person"):
                return Whom.AUTHOR if self.has(back, "author") else Whom.PERSON
            if self.has(back, "he"):
                return Whom.PERSON
            if self.named(back):
                return self.known_name(back)
            if back == place and self.has(back - 1, "article", "demonstrative"):
                return Whom.PERSON if self.words[back].endswith(AGENTS) else Whom.ARGUMENT
            if self.stopped[back]:
                break
        return Whom.NOBODY

    def of(self, first: int, modifiers: frozenset[str]) -> tuple[Whom, int]:
        """Return who the word at `first` is said of, and how many unsure steps were taken.

        `modifiers` are words that may stand between ("a smug, half-baked little ...").
        """
        unsure, place = 0, first - 1
        while place >= max(0, first - REACH):
            if self.has(place, "negation", "if"):
                return Whom.NOBODY, unsure
            if self.has(place, "call") and not self.has(place - 1, "self"):
                return Whom.NOBODY, unsure
            if self.has(place, "you"):
                if any(self.has(place - back, "call") for back in (1, 2)):
                    return Whom.NOBODY, unsure
                return (Whom.COMMENTER if unsure == 0 else Whom.NOBODY), unsure
            if self.has(place, "copula", "seems"):
                return self.clause(place), unsure
            if self.has(place, "exclaim"):
                said = unsure == 0 and not any(self.has(place - back, "self") for back in (1, 2, 3))
                return (Whom.PERSON if said else Whom.NOBODY), unsure
            if self.has(place, "filler", "article") or self.words[place] in modifiers:
                place -= 1
                continue
            if unsure == 0 and self.words[place] in {"this", "that", "ese", "esa", "este", "esta"}:
                return Whom.PERSON, 1
            if unsure == 0 and self.named(place):
                return self.known_name(place), int(not self.stopped[place + 1])
            if unsure == 0 and self.has(place, "him", "he") and first - place > 1:
                return Whom.PERSON, 1
            if self.has(place, "thing", "self", "they") or unsure == 3:
                return Whom.NOBODY, unsure
            unsure += 1
            place -= 1
        return Whom.NOBODY, unsure

    def clause(self, verb: int) -> Whom:
        """Return whom a verb of being is about: before it, or after it in a question."""
        if self.has(verb - 1, "negation"):
            return Whom.NOBODY
        if self.has(verb, "you_are"):
            return Whom.COMMENTER
        whom = self.subject(verb - 1) if verb else Whom.NOBODY
        if whom is Whom.NOBODY and self.has(verb, "he_is") and (not verb or self.stopped[verb]):
            return Whom.PERSON
        return whom
