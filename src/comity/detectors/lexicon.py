"""Word lists, and where their words stand in a text, whatever disguise they wear.

A list never matches inside a word, but for a few stems that mean nothing else. A word that is
allowed, or that is quoted from the story, never counts.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from comity.detectors.disguises import Reading, readings
from comity.detectors.story_quotes import is_from_story
from comity.findings import Label, StoryExcerpt
from comity.text import Span, Text, fold

LANGUAGES = ("en", "es")
LISTS = (Label.PROFANITY, Label.VULGARITY, Label.SLUR)
ENDINGS = {
    "en": ("s", "es", "ed", "d", "er", "ers", "ing", "in", "y", "head", "heads", "face", "ish"),
    "es": ("s", "es", "r", "n", "ndo", "azo", "ito", "ita", "on", "ona"),
}
DOUBLED = re.compile(r"[^aeiou][aeiou][bcdgklmnprt]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list: what it raises, how surely, and whether only this spelling counts."""

    label: Label
    score: float
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A listed word found in a text: its entry, where it stands, and whether it was disguised."""

    entry: Entry
    span: Span
    disguised: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All lists in one, so that a text is read once."""

    words: dict[str, tuple[Entry, ...]]
    phrases: dict[str, tuple[tuple[tuple[str, ...], Entry], ...]]
    stems: dict[str, Entry]
    stem_pattern: re.Pattern[str]
    masked: dict[str, tuple[Entry, ...]]
    allowed: frozenset[str]


def matches(text: Text, story: StoryExcerpt | None, label: Label) -> tuple[Match, ...]:
    """Return where a text has words of a label's lists, in the order of the text."""
    return tuple(
        match
        for match in all_matches(text)
        if match.entry.label is label
        and (
            match.disguised
            or story is None
            or not is_from_story(text, story, match.span, match.entry.score)
        )
    )


@lru_cache(maxsize=16)
def all_matches(text: Text) -> tuple[Match, ...]:
    """Return every listed word in a text."""
    known = lexicon()
    found: dict[tuple[Span, Label], Match] = {}
    tokens = readings(text)
    stems = known.stem_pattern.search(text.folded) is not None
    for place, reading in enumerate(tokens):
        name = text.words(reading.span)[:2].istitle()
        for entry in entries(known, reading, stems=stems and not name):
            if not entry.exact or entry.exact in text.words(reading.span).casefold():
                keep(found, Match(entry, reading.span, reading.disguised))
        for phrase, entry in known.phrases.get(reading.word, ()):
            if not reading.disguised and is_phrase(tokens, place, phrase):
                last = tokens[place + len(phrase) - 1]
                keep(found, Match(entry, (reading.span[0], last.span[1]), disguised=False))
    return tuple(sorted(found.values(), key=lambda match: match.span))


def keep(found: dict[tuple[Span, Label], Match], match: Match) -> None:
    """Keep the surest match of a label at a place."""
    key = (match.span, match.entry.label)
    if key not in found or found[key].entry.score < match.entry.score:
        found[key] = match


def entries(known: Lexicon, reading: Reading, *, stems: bool) -> tuple[Entry, ...]:
    """Return the entries that one reading of a word meets; `stems`: look for stems in it."""
    word = reading.word
    if word in known.allowed:
        return ()
    if reading.masked:
        return known.masked.get(word, ())
    if listed := known.words.get(word):
        return listed
    stem = known.stem_pattern.search(word) if stems or reading.disguised else None
    return (known.stems[stem.group()],) if stem else ()


def is_phrase(tokens: tuple[Reading, ...], place: int, phrase: tuple[str, ...]) -> bool:
    """Say whether plain words from a place on are these."""
    following = tokens[place : place + len(phrase)]
    return len(following) == len(phrase) and all(
        reading.word == word and not reading.disguised
        for reading, word in zip(following, phrase, strict=True)
    )


@cache
def lexicon() -> Lexicon:
    """Read all lists, once."""
    words: dict[str, tuple[Entry, ...]] = {}
    phrases: dict[str, tuple[tuple[tuple[str, ...], Entry], ...]] = {}
    stems: dict[str, Entry] = {}
    masked: dict[str, tuple[Entry, ...]] = {}
    for language in LANGUAGES:
        for label in LISTS:
            for term, score, flags in rows(language, label.value):
                entry = Entry(label, float(score), term if "=" in flags else "")
                first, *more = spelt(term).split()
                if more:
                    phrases[first] = (*phrases.get(first, ()), ((first, *more), entry))
                    continue
                for form in forms(first, language if "+" in flags or "~" in flags else ""):
                    words[form] = (*words.get(form, ()), entry)
                    if entry.score > 0.9:
                        for mask in masks(form):
                            masked[mask] = (*masked.get(mask, ()), entry)
                if "~" in flags:
                    stems[first] = entry
                    words[first[::-1]] = (entry,)
    pattern = re.compile("|".join(sorted(map(re.escape, stems), key=len, reverse=True)))
    return Lexicon(words, phrases, stems, pattern, masked, allowed())


def rows(language: str, name: str) -> list[list[str]]:
    """Return the lines of a list, in their columns."""
    path = Path(__file__).parent / "data" / language / f"{name}.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def allowed() -> frozenset[str]:
    """Return the words that never count."""
    return frozenset(row[0] for language in LANGUAGES for row in rows(language, "allowed"))


def spelt(term: str) -> str:
    """Return a term as it stands in a folded text, words apart."""
    return re.sub(r"[-']", " ", fold(term).folded)


def forms(word: str, language: str) -> set[str]:
    """Return a word with the usual endings of its language; without a language, alone."""
    found = {word}
    for ending in ENDINGS.get(language, ()):
        found.add(word + ending)
        if ending[0] in "aeiouy":
            if word[-1] in ("eoa" if language == "es" else "e"):
                found.add(word[:-1] + ending)
            if DOUBLED.fullmatch(word[-3:]):
                found.add(word + word[-1] + ending)
    return found


def masks(word: str) -> set[str]:
    """Return a word with one inner letter, two, or all but the first hidden: f*ck, f**k, f***."""
    if len(word) < 4:
        return set()
    found = {word[:i] + "*" + word[i + 1 :] for i in range(1, len(word) - 1)}
    found |= {word[:i] + "**" + word[i + 2 :] for i in range(1, len(word) - 2)}
    found.add(word[0] + "*" * (len(word) - 2) + word[-1])
    found.add(word[:2] + "*" * (len(word) - 2))
    return found | {word[0] + "*" * (len(word) - 1)}
