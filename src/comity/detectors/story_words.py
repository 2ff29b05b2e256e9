"""The words of a text and of its story, and the phrases that a word list finds among them.

A line of such a list is a kind, a weight and words in order, tabs between the three. It is not the
form that `phrases` reads: one of its patterns a line would be too slow for lists of this length.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from comity.findings import StoryExcerpt, Submission
from comity.text import Span

LANGUAGES = ("en", "es")
LISTS = ("condolence", "mockery", "off_topic", "personal", "spam", "topics", "tragedy")

# Several detectors ask the same of a comment, one after another, and then never again. What is
# asked of a story is kept by story, where no comment pushes it out.
RECENT = 64

# Stand for the second word of a phrase where it is not looked up: no words are written so.
ALONE, OPEN = ".", "?"

# A word (with its apostrophes), or one of the signs that stand beside a number.
WORD = re.compile(r"[^\W_]{1,40}(?:['’][^\W_]{1,10}){0,2}|[%£$€]")

# Endings taken off so that two forms of a word meet; longest first, Spanish among English.
ENDINGS = (
    "aciones", "amiento", "imiento", "amente", "ations", "idades", "ments", "ation", "ingly",
    "mente", "ances", "ings", "ador", "ando", "iendo", "aron", "ieron", "ment", "ance", "ness",
    "idad", "ados", "adas", "idos", "idas", "ing", "ers", "ies", "ied", "ado", "ada", "ido",
    "ida", "ar", "er", "ir", "ed", "es", "os", "as", "ly", "s", "e", "y", "o", "a",
)  # fmt: skip


class Word(NamedTuple):
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


@lru_cache(maxsize=32_768)
def plain(word: str) -> str:
    """Return the word in small letters, without accents, with a straight apostrophe."""
    small = word.casefold().replace("’", "'")
    if small.isascii():
        return small
    return "".join(
        char for char in unicodedata.normalize("NFKD", small) if not unicodedata.combining(char)
    )


@lru_cache(maxsize=RECENT)
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


@cache
def small_words() -> frozenset[str]:
    """Return the words that carry no topic: articles, pronouns, common verbs."""
    return frozenset().union(*map(small_words_of, LANGUAGES))


@cache
def small_words_of(language: str) -> frozenset[str]:
    """Return those of one language."""
    return frozenset(lines(language, "small_words"))


@lru_cache(maxsize=2048)
def language_of(text: str) -> str:
    """Return the language of most small words of a text; the first where there are none."""
    said = [word.plain for word in words(text)]
    return max(LANGUAGES, key=lambda one: sum(map(small_words_of(one).__contains__, said)))


@lru_cache(maxsize=RECENT)
def stems(text: str) -> frozenset[str]:
    """Return the stems of a text's content words."""
    return frozenset(
        stem(word.plain.split("'")[0])
        for word in words(text)
        if len(word.plain) > 2 and word.plain not in small_words() and not word.plain.isdigit()
    )


@lru_cache(maxsize=2048)
def story_stems(story: StoryExcerpt) -> frozenset[str]:
    """Return the stems of a story's headline, deck, body and section."""
    return stems(f"{story.prose}\n{story.section}\n{story.byline}")


@lru_cache(maxsize=2048)
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


def find(name: str, text: str) -> tuple[Hit, ...]:
    """Return the phrases of one word list that the text has, in the order of the text."""
    return found(text).get(name, ())


@lru_cache(maxsize=RECENT)
def found(text: str) -> dict[str, tuple[Hit, ...]]:
    """Return the phrases of all word lists, found in one pass over the words."""
    all_words = words(text)
    hits: dict[str, list[Hit]] = {}
    for index, word in enumerate(all_words):
        for seconds in openings(word.plain):
            after = all_words[index + 1].plain if index + 1 < len(all_words) else ""
            for second in (ALONE, after, OPEN):
                for name, phrase in seconds.get(second, ()):
                    if stands(phrase.words, all_words, index):
                        end = all_words[index + len(phrase.words) - 1].end
                        hits.setdefault(name, []).append(Hit(phrase, (word.start, end)))
    return {name: tuple(some) for name, some in hits.items()}


@lru_cache(maxsize=32_768)
def openings(word: str) -> tuple[dict[str, list[tuple[str, Phrase]]], ...]:
    """Return the phrases that may begin with a word, by their second: for most words none."""
    firsts = (word, f"{word[:3]}*", "#") if word[0].isdigit() else (word, f"{word[:3]}*")
    return tuple(filter(None, map(book().get, firsts)))


@cache
def book() -> dict[str, dict[str, list[tuple[str, Phrase]]]]:
    """Return the phrases of all word lists by what they are looked up by: first word, second."""
    starts: dict[str, dict[str, list[tuple[str, Phrase]]]] = {}
    for name in LISTS:
        for phrase in phrases_of(name):
            first, second = start(phrase.words)
            starts.setdefault(first, {}).setdefault(second, []).append((name, phrase))
    return starts


@cache
def phrases_of(name: str) -> tuple[Phrase, ...]:
    """Return the phrases of one word list in all languages."""
    return tuple(
        Phrase(kind, float(weight), tuple(entry.split()))
        for language in LANGUAGES
        for kind, weight, entry in (line.split("\t") for line in lines(language, name))
    )


def start(wanted: tuple[str, ...]) -> tuple[str, str]:
    """Return what a phrase is looked up by: its first word, and the second where it is fixed."""
    first = wanted[0]
    if first.endswith("*"):
        return f"{first[:3]}*", ALONE
    if first == "#" or len(wanted) == 1:
        return first, ALONE
    second = wanted[1]
    return first, OPEN if second.endswith("*") or second in {"_", "#"} else second


def stands(wanted: tuple[str, ...], all_words: tuple[Word, ...], index: int) -> bool:
    """Say whether the words of a phrase stand at this place."""
    if index + len(wanted) > len(all_words):
        return False
    return all(fits(one, all_words[place].plain) for place, one in enumerate(wanted, index))


def fits(wanted: str, plain: str) -> bool:
    """Say whether a word is what the phrase has in this place."""
    if wanted in (plain, "_"):
        return True
    if wanted[-1] == "*":
        return plain.startswith(wanted[:-1])
    return wanted == "#" and plain[0].isdigit()
