"""Word lists, and where their words stand in a text, whatever disguise they wear.

A list never matches inside a word, but for a few stems that mean nothing else. A word that is
allowed, or that is quoted from the story, never counts.
"""

import re
from codecs import encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape

from comity.detectors.disguises import WORD, Reading, readings
from comity.detectors.story_quotes import borrowed, is_from_story
from comity.detectors.story_words import LANGUAGES, lines
from comity.findings import Label, StoryExcerpt
from comity.text import Span, Text, fold

STRONG = 0.9
LISTS = (Label.PROFANITY, Label.VULGARITY, Label.SLUR)
ENDINGS = {
    "en": ("s", "es", "ed", "d", "er", "ers", "ing", "in", "y", "head", "heads", "face", "ish"),
    "es": ("s", "es", "r", "n", "ndo", "azo", "ito", "ita", "on", "ona"),
}
DOUBLED = re.compile(r"[^aeiou][aeiou][bcdgklmnprt]")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list: what it raises, how surely, the only spelling that counts if there is one.

    `name`: the word is also a name, and written like one it does not count.
    """

    label: Label
    score: float
    exact: str = ""
    name: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A listed word found in a text: its entry, where it stands, and whether it was disguised."""

    entry: Entry
    span: Span
    disguised: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All lists in one, so that a text is read once; `firsts` are all words worth a look."""

    words: dict[str, tuple[Entry, ...]]
    phrases: dict[str, tuple[tuple[tuple[str, ...], Entry], ...]]
    stems: re.Pattern[str]
    masked: dict[str, tuple[Entry, ...]]
    cut: dict[tuple[str, str], Entry]
    allowed: frozenset[str]
    allowed_phrases: dict[str, tuple[tuple[str, ...], ...]]
    firsts: frozenset[str]


def matches(text: Text, story: StoryExcerpt | None, label: Label) -> tuple[Match, ...]:
    """Return where a text has words of a label's lists, in the order of the text."""
    met = tuple(match for match in all_matches(text) if match.entry.label is label)
    if story is None or not met:
        return met
    repeated = borrowed(text, story, {match.span for match in met})
    return tuple(
        match
        for match in met
        if match.span not in repeated
        and (match.disguised or not is_from_story(text, story, match.span, match.entry.score))
    )


@lru_cache(maxsize=16)
def all_matches(text: Text) -> tuple[Match, ...]:
    """Return every listed word in a text."""
    known = lexicon()
    found: dict[tuple[Span, Label], Match] = {}
    if not known.firsts.isdisjoint(WORD.findall(text.folded)) or known.stems.search(text.folded):
        for match in plain_matches(known, text):
            keep(found, match)
    for reading in readings(text):
        for entry in disguised_entries(known, reading):
            name = entry.name and is_title(text, reading.span)
            if is_spelt(entry, text, reading.span) and not name:
                keep(found, Match(entry, reading.span, disguised=True))
    return tuple(sorted(found.values(), key=lambda match: match.span))


def keep(found: dict[tuple[Span, Label], Match], match: Match) -> None:
    """Keep the surest match of a label at a place."""
    key = (match.span, match.entry.label)
    if key not in found or found[key].entry.score < match.entry.score:
        found[key] = match


def plain_matches(known: Lexicon, text: Text) -> Iterator[Match]:
    """Give the listed words and phrases that are written plainly, or cut in two."""
    tokens = [match.span() for match in WORD.finditer(text.folded)]
    words = [text.folded[slice(*token)].replace("’", "'") for token in tokens]
    harmless = allowed_places(words)
    stemmed = known.stems.search(text.folded)
    for place, word in enumerate(words):
        if place in harmless:
            continue
        if word not in known.firsts and not (stemmed and known.stems.search(word)):
            continue
        span = text.span(*tokens[place])
        for entry in entries(known, word, named=is_title(text, span)):
            if is_spelt(entry, text, span) and not (entry.name and is_name(text, tokens, place)):
                yield Match(entry, span, disguised=False)
        for phrase, entry in known.phrases.get(word, ()):
            if words[place : place + len(phrase)] == list(phrase):
                last = text.span(*tokens[place + len(phrase) - 1])
                yield Match(entry, (span[0], last[1]), disguised=False)
        following = words[place + 1] if place + 1 < len(words) else ""
        if part := known.cut.get((word, following)):
            last = text.span(*tokens[place + 1])
            gap = text.folded[tokens[place][1] : tokens[place + 1][0]]
            if (len(gap) == 1 or gap == "\r\n") and not is_title(text, last):
                yield Match(part, (span[0], last[1]), disguised=True)


def allowed_places(words: Sequence[str]) -> frozenset[int]:
    """Return the places of the words that are allowed, alone or in a phrase."""
    known = lexicon()
    found = {place for place, word in enumerate(words) if word in known.allowed}
    for place, word in enumerate(words):
        for phrase in known.allowed_phrases.get(word, ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                found.update(range(place, place + len(phrase)))
    return frozenset(found)


def entries(known: Lexicon, word: str, *, named: bool) -> tuple[Entry, ...]:
    """Return the entries that a plain word meets; no stem is looked for in a name."""
    if word in known.allowed:
        return ()
    if listed := known.words.get(word):
        return listed
    stem = None if named else known.stems.search(word)
    return known.words[stem.group()] if stem else ()


def disguised_entries(known: Lexicon, reading: Reading) -> tuple[Entry, ...]:
    """Return the entries that one disguised reading meets."""
    if reading.masked:
        return known.masked.get(reading.word, ())
    return entries(known, reading.word, named=False)


def is_spelt(entry: Entry, text: Text, span: Span) -> bool:
    """Say whether the accents are there that an entry insists on."""
    return not entry.exact or entry.exact in unescape(text.words(span)).casefold()


def is_title(text: Text, span: Span) -> bool:
    """Say whether a word is written with a capital and then small letters."""
    return text.words(span)[:2].istitle()


def is_name(text: Text, tokens: list[Span], place: int) -> bool:
    """Say whether a word is written like a name: a capital inside a sentence or in a row."""
    if not is_title(text, text.span(*tokens[place])):
        return False
    before = text.folded[: tokens[place][0]].rstrip()[-1:]
    if before and before not in '.!?…¡¿"“':
        return True
    return place + 1 < len(tokens) and is_title(text, text.span(*tokens[place + 1]))


@cache
def lexicon() -> Lexicon:
    """Read all lists, once."""
    words: dict[str, tuple[Entry, ...]] = {}
    phrases: dict[str, tuple[tuple[tuple[str, ...], Entry], ...]] = {}
    masked: dict[str, tuple[Entry, ...]] = {}
    cut: dict[tuple[str, str], Entry] = {}
    stems: set[str] = set()
    for language, label, (term, score, flags) in all_rows():
        entry = Entry(label, float(score), term if "=" in flags else "", name="^" in flags)
        first, *more = spelt(term).split()
        if more:
            phrases[first] = (*phrases.get(first, ()), ((first, *more), entry))
            continue
        if "*" in first:
            masked[first] = (entry,)
            continue
        for form in forms(first, language if "+" in flags or "~" in flags else ""):
            words[form] = (*words.get(form, ()), entry)
            if entry.score > STRONG:
                cut |= dict.fromkeys(cuts(form, stem="~" in flags), entry)
                for mask in masks(form):
                    # Behind a letter and nothing but stars stands a swear word.
                    if label is not Label.VULGARITY or mask.count("*") <= 2:
                        masked[mask] = (*masked.get(mask, ()), entry)
        if "~" in flags:
            stems.add(first)
            words[first[::-1]] = words[encode(first, "rot13")] = (entry,)
    pattern = re.compile("|".join(sorted(map(re.escape, stems), key=len, reverse=True)))
    single, several = allowed()
    firsts = frozenset((*words, *phrases, *(first for first, _ in cut)))
    return Lexicon(words, phrases, pattern, masked, cut, single, several, firsts)


def all_rows() -> Iterator[tuple[str, Label, list[str]]]:
    """Give every line of every list, with its language and label."""
    for language in LANGUAGES:
        for label in LISTS:
            for row in rows(language, label.value):
                yield language, label, row


def rows(language: str, name: str) -> list[list[str]]:
    """Return the lines of a list, in their columns."""
    return [line.split("\t") for line in lines(language, name)]


def allowed() -> tuple[frozenset[str], dict[str, tuple[tuple[str, ...], ...]]]:
    """Return the words that never count, and by their first word the phrases."""
    single: set[str] = set()
    several: dict[str, tuple[tuple[str, ...], ...]] = {}
    for language in LANGUAGES:
        for row in rows(language, "allowed"):
            first, *more = spelt(row[0]).split()
            if more:
                several[first] = (*several.get(first, ()), (first, *more))
            else:
                single.add(first)
    return frozenset(single), several


def spelt(term: str) -> str:
    """Return a term as it stands in a folded text, words apart."""
    return fold(term).folded.replace("-", " ")


def cuts(word: str, *, stem: bool) -> Iterator[tuple[str, str]]:
    """Give the ways to cut a word in two that no ordinary words explain.

    Of a stem that means nothing else, one part may be an ordinary word.
    """
    for place in range(1, len(word)) if len(word) >= 4 else ():
        parts = word[:place], word[place:]
        ordinary = sum(len(part) == 1 or part in ordinary_parts() for part in parts)
        if ordinary <= stem:
            yield parts


@cache
def ordinary_parts() -> frozenset[str]:
    """Return the ordinary words that listed words begin or end with."""
    return frozenset(row[0] for language in LANGUAGES for row in rows(language, "parts"))


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
