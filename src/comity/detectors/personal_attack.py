"""Insults to a person's character, wits, looks, health or family.

Raised for a word that insults when it is said of the reader answered, the author, a person of the
story or any single person; and for turns of phrase that insult without such a word. Not raised for
ideas, plans, acts and performances, for what writers say of themselves, for loose big groups, nor
for a word that is denied.
"""

from dataclasses import dataclass
from functools import lru_cache

from comity.detectors.address import REACH, People, Reader, Whom, languages, people
from comity.detectors.lexicon import allowed_places
from comity.detectors.phrases import Seen, findings, seen
from comity.detectors.sentences import Sentence, sentences
from comity.detectors.story_words import lines
from comity.findings import Finding, Label, Submission

# What a word of severity 1, 2 or 3 scores when it is plainly said of the reader answered.
NOUN = (0.0, 0.68, 0.82, 0.93)
ADJECTIVE = (0.0, 0.62, 0.72, 0.88)
# What is taken off when it is said of somebody else, or is not plain.
FARTHER = {
    Whom.COMMENTER: 0.0,
    Whom.AUTHOR: 0.02,
    Whom.NAMED: 0.03,
    Whom.PUBLIC_FIGURE: 0.1,
    Whom.PERSON: 0.06,
}
UNSURE = 0.12
WEAK = 0.3
# Each further insult in a comment adds a little.
EACH_MORE = 0.03
ALONE = {True: 0.15, False: 0.25}
# So many words may stand beside insults that are a whole sentence.
ALONE_WITH = 7


@dataclass(frozen=True, slots=True)
class Insults:
    """One language's insulting words with their severity."""

    nouns: dict[str, int]
    adjectives: dict[str, int]
    epithets: dict[str, int]
    words: frozenset[str]


@lru_cache(maxsize=4)
def insults(language: str) -> Insults:
    """Return the insulting words of a language, read once."""
    kinds: dict[str, dict[str, int]] = {"noun": {}, "adjective": {}, "epithet": {}}
    for line in lines(language, "insult"):
        word, kind, severity = line.split("\t")
        kinds[kind][word] = int(severity)
    return Insults(
        kinds["noun"], kinds["adjective"], kinds["epithet"], frozenset[str]().union(*kinds.values())
    )


def personal_attack(submission: Submission) -> list[Finding]:
    """Look for insults to a person."""
    known = people(submission)
    found = seen(submission.text, "insult_phrases")
    for sentence in sentences(submission.text):
        for language in languages(sentence):
            found += _words(sentence, language, known)
    return findings(submission, Label.PERSONAL_ATTACK, found, each_more=EACH_MORE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Words that would insult whoever they are said of."""

    first: int
    last: int
    score: float
    plain: bool
    noun: bool


def _words(sentence: Sentence, language: str, known: People) -> list[Seen]:
    """Find the insulting words of a sentence that are said of a person."""
    lexicon = insults(language)
    if lexicon.words.isdisjoint(sentence.words):
        return []
    reader = Reader(sentence, language, known)
    found = []
    alone = _alone(sentence, lexicon, reader)
    for candidate in _candidates(sentence, lexicon, reader):
        whom, unsure = reader.of(candidate.first, lexicon.words)
        score = candidate.score - FARTHER.get(whom, 1.0) - UNSURE * unsure
        if unsure and not candidate.plain:
            continue
        if whom is Whom.NOBODY and not unsure and candidate.plain and candidate.noun and alone:
            score = candidate.score - ALONE[known.answers]
        if score > WEAK:
            span = sentence.span(candidate.first, candidate.last)
            found.append(Seen(score, span, "word list"))
    return found


def _candidates(sentence: Sentence, lexicon: Insults, reader: Reader) -> list[_Candidate]:
    """Find words that would insult whoever they are said of."""
    found = []
    harmless = allowed_places(sentence.words)
    for place, word in enumerate(sentence.words):
        if word not in lexicon.words or place in harmless or _title(sentence, place):
            continue
        last = place + 1
        if severity := lexicon.nouns.get(word):
            if (severity == 3 or _ends(sentence, last, lexicon, reader)) and not (
                place and sentence.words[place - 1] == "s"
            ):
                found.append(_Candidate(place, last, NOUN[severity], severity > 1, True))
            continue
        while last < min(len(sentence.words), place + REACH) and (
            sentence.words[last] in lexicon.words or reader.has(last, "filler")
        ):
            last += 1
        severity = lexicon.adjectives.get(word) or lexicon.epithets[word]
        if reader.has(last, "person") and not sentence.stopped[last]:
            found.append(
                _Candidate(place, last + 1, ADJECTIVE[severity] + 0.06, severity > 1, True)
            )
        elif word in lexicon.adjectives and _ends(sentence, place + 1, lexicon, reader):
            found.append(_Candidate(place, place + 1, ADJECTIVE[severity], severity == 3, False))
    return found


def _title(sentence: Sentence, place: int) -> bool:
    """Whether the word is part of a name or title ("Fat Joe", "The Daily Beast")."""
    near = range(max(0, place - 1), min(len(sentence.words), place + 2))
    return (
        place > 0
        and sentence.capital[place]
        and any(sentence.capital[other] for other in near if other != place)
        and not all(sentence.capital[:REACH])
        and sentence.words[place - 1] != "you"
    )


def _ends(sentence: Sentence, place: int, lexicon: Insults, reader: Reader) -> bool:
    """Whether a phrase may end before this place, so that its word is not said of the next one."""
    beyond = min(len(sentence.words), place + REACH)
    while place < beyond and sentence.words[place] in lexicon.words:
        place += 1
    if place >= len(sentence.words) or sentence.stopped[place]:
        return True
    return reader.named(place) or reader.has(place, "after", "you", "he", "self", "negation", "if")


def _alone(sentence: Sentence, lexicon: Insults, reader: Reader) -> bool:
    """Whether the sentence is nothing but the insult, a name and small words ("Total fool.")."""
    others = sum(word not in lexicon.words for word in sentence.words)
    return others <= ALONE_WITH and all(
        word in lexicon.words
        or word in {"and", "y", "e", "just", "another"}
        or reader.has(place, "filler", "article", "title", "exclaim", "demonstrative")
        or reader.named(place)
        for place, word in enumerate(sentence.words)
    )
