"""The words of a text and of its story, and the phrases that a word list finds among them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from comity.findings import StoryExcerpt, Submission
from comity.text import Span

LANGUAGES = ("en", "es")

# A word (with its apostrophes), or one of the signs that stand beside a number.
WORD = re.compile(r"[^\W_]{1,40}(?:['’][^\W_]{1,10}){0,2}|[%£$€]")

# Endings taken off so that two forms of a word meet; longest first, Spanish among English.
ENDINGS = (
    "aciones", "amiento", "imiento", "amente", "ations", "idades", "ments", "ation", "ingly",
    "mente", "ances", "ings", "ador", "ando", "iendo", "aron", "ieron", "ment", "ance", "ness",
    "idad", "ados", "adas", "idos", "idas", "ing", "ers", "ies", "ied", "ado", "ada", "ido",
    "ida", "ar", "er", "ir", "ed", "es", "os", "as", "ly", "s", "e", "y", "o", "a",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """One word in plain small letters, and where it stands in the original."""

    plain: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of a word list: words in order, what kind of sign they are, and how strong.

    A word ending in `*` matches by its beginning, `_` is any word, and `#` is any number.
    """

    kind: str
    weight: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that was found, and where."""

    phrase: Phrase
    span: Span


def plain(word: str) -> str:
    """Return the word in small letters, without accents, with a straight apostrophe."""
    small = word.casefold().replace("’", "'")
    if small.isascii():
        return small
    return "".join(
        char for char in unicodedata.normalize("NFKD", small) if not unicodedata.combining(char)
    )


@lru_cache(maxsize=512)
def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text."""
    return tuple(
        Word(plain(match.group()), match.start(), match.end()) for match in WORD.finditer(text)
    )


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return the word without its ending, never shorter than three letters."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=1)
def small_words() -> frozenset[str]:
    """Return the words that carry no topic: articles, pronouns, common verbs."""
    return frozenset(line for language in LANGUAGES for line in lines(language, "small_words"))


@lru_cache(maxsize=512)
def stems(text: str) -> frozenset[str]:
    """Return the stems of a text's content words."""
    return frozenset(
        stem(word.plain.split("'")[0])
        for word in words(text)
        if len(word.plain) > 2 and word.plain not in small_words() and not word.plain.isdigit()
    )


@lru_cache(maxsize=512)
def story_stems(story: StoryExcerpt) -> frozenset[str]:
    """Return the stems of a story's headline, deck, body and section."""
    return stems(f"{story.prose}\n{story.section}\n{story.byline}")


@lru_cache(maxsize=512)
def story_names(story: StoryExcerpt) -> frozenset[str]:
    """Return the words that the story writes with a capital inside a sentence."""
    found = set()
    for match in re.finditer(r"(?<=[\w,;] )[^\W\d_]{3,40}", story.prose):
        if match.group()[0].isupper():
            found.add(plain(match.group()))
    return frozenset(found - small_words())


def context(submission: Submission) -> Iterator[str]:
    """Give the texts around the comment: the story, its parent, and the thread above."""
    if submission.story is not None:
        yield submission.story.prose
    if submission.parent is not None:
        yield submission.parent.original
    for above in submission.thread:
        yield above.original


def lines(language: str, name: str) -> Iterator[str]:
    """Give the entries of a word list, without comments and empty lines."""
    place = resources.files("comity.detectors") / "data" / language / f"{name}.txt"
    for line in place.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            yield line


class Phrasebook:
    """The phrases of one word list in all languages, found in one pass over the words."""

    def __init__(self, name: str) -> None:
        self.starts: dict[str, list[Phrase]] = {}
        for language in LANGUAGES:
            for line in lines(language, name):
                kind, weight, entry = line.split("\t")
                phrase = Phrase(kind, float(weight), tuple(entry.split()))
                first = phrase.words[0]
                key = first[:3] + "*" if first.endswith("*") else first
                self.starts.setdefault(key, []).append(phrase)

    def find(self, text: str) -> list[Hit]:
        """Return every phrase found in the text, in the order of the text."""
        found = []
        all_words = words(text)
        for index, word in enumerate(all_words):
            keys = (word.plain, word.plain[:3] + "*", "#" if word.plain[0].isdigit() else "")
            for key in keys:
                for phrase in self.starts.get(key, ()):
                    last = index + len(phrase.words)
                    if last <= len(all_words) and all(
                        map(fits, phrase.words, all_words[index:last])
                    ):
                        found.append(Hit(phrase, (word.start, all_words[last - 1].end)))
        return found


def fits(wanted: str, word: Word) -> bool:
    """Say whether a word is what the phrase has in this place."""
    if wanted in {word.plain, "_"}:
        return True
    if wanted.endswith("*"):
        return word.plain.startswith(wanted[:-1])
    return wanted == "#" and word.plain[0].isdigit()


@lru_cache(maxsize=16)
def phrasebook(name: str) -> Phrasebook:
    """Return a word list, read once."""
    return Phrasebook(name)
