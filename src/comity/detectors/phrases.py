"""Phrases with places to fill, kept in word lists and looked for sentence by sentence.

A list has four kinds of line. `# …` is a remark. `<name> = a b c` names a set of words. `0.9 …` is
a phrase and its score. `unless …` is a phrase that speaks for the writer: a sentence that has it
raises nothing from the list. A phrase is words in order, where `a/b` is either word, `a_b` is two
words where one is asked for, `[a]` may be missing, `<name>` is any word of the set, `..` is up to
three words, `...` up to seven, `^` and `$` are the ends of the sentence, and `!a/b` says that the
word before is none of these, `~a/b` that the word after is none of these, `=a/b` that the sentence
ends here or one of these follows.

A phrase becomes one pattern whose gaps are all bounded, so the time grows with the text and no
faster. It is only tried on sentences that hold one of its telling words.

The lists that `story_words` looks up are another thing and have another form: thousands of plain
signs with a kind for a detector to weigh, found in one pass over a whole text, the story's too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from comity.detectors.disguises import told
from comity.detectors.reported import is_introduced, is_quoted, is_reported
from comity.detectors.sentences import Sentence, sentences
from comity.detectors.story_quotes import borrowed
from comity.detectors.story_words import LANGUAGES, lines, small_words
from comity.findings import Finding, Label, Submission
from comity.text import Span, Text

LISTS = (
    "despair",
    "despair_hopeless",
    "despair_jest",
    "despair_over",
    "harassment",
    "harassment_action",
    "harassment_comfort",
    "harassment_crowd",
    "harassment_despair",
    "harassment_nudge",
    "hate",
    "incivility",
    "insult_phrases",
    "threat",
    "vulgarity_phrases",
)

# Left of a score when somebody else is quoted as having said it.
QUOTED = 0.5
SUREST = 0.98
# More places than this tell nobody more.
MANY = 50

_GRAMMAR = frozenset(
    ("the", "a", "i", "you", "to", "of", "is", "s", "are", "not", "it", "we", "in")
)
_GAPS = {"..": r"(?:\S+ ){0,3}", "...": r"(?:\S+ ){0,7}"}


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: its score and the words, from `first` to before `last`."""

    score: float
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in a text, before it becomes a finding."""

    score: float
    span: Span
    how: str


@dataclass(frozen=True, slots=True, eq=False)
class _Phrase:
    name: str  # Of its list.
    score: float
    pattern: re.Pattern[str]
    needed: tuple[frozenset[str], ...]  # Of each of these, one word stands in the sentence.

    def may_stand(self, words: frozenset[str]) -> bool:
        """Say quickly whether a sentence has the words at all, in whatever order."""
        return not any(map(words.isdisjoint, self.needed))


class Lists:
    """The phrases of all word lists in all languages, by the words that tell of them."""

    def __init__(self) -> None:
        self.telling: dict[str, list[_Phrase]] = {}
        self.sets: dict[str, tuple[str, ...]] = {}
        for name in LISTS:
            self.sets.clear()
            for language in LANGUAGES:
                for line in lines(language, name):
                    self._read(name, line)

    def find(self, sentence: Sentence) -> Iterator[tuple[str, Hit]]:
        """Give what stands in a sentence, each with its list."""
        telling = filter(self.telling.__contains__, sentence.words)
        tried = dict.fromkeys(phrase for word in telling for phrase in self.telling[word])
        for phrase in tried:
            if phrase.may_stand(sentence.known):
                for hit in _hits(phrase, sentence):
                    yield phrase.name, hit

    def _read(self, name: str, line: str) -> None:
        head, _, rest = line.partition(" ")
        if rest.startswith("= "):
            words = rest[2:].split()
            self.sets[head] = (*self.sets.get(head, ()), *self._words(words))
            return
        score = -1.0 if head == "unless" else float(head)
        parts = rest.split()
        needed = self._needed(parts)
        phrase = _Phrase(name, score, re.compile(self._pattern(parts)), needed)
        # The place whose words are the rarest tells best whether to try.
        for word in min(needed, key=lambda words: sum(map(_commonness, words))):
            self.telling.setdefault(word, []).append(phrase)

    def _words(self, parts: list[str]) -> Iterator[str]:
        for part in parts:
            if part[0] == "<" and part not in self.sets:
                raise ValueError(f"No set of words is named {part}")
            yield from self.sets.get(part, (part,))

    def _choices(self, part: str) -> tuple[str, ...]:
        return tuple(self._words(part.split("/")))

    def _pattern(self, parts: list[str]) -> str:
        made = []
        for part in parts:
            if part == "^":
                made.append("^")
            elif part == "$":
                made.append("$")
            elif part in _GAPS:
                made.append(_GAPS[part])
            elif part.startswith("!"):
                made += [f"(?<!(?<!\\S){re.escape(word)} )" for word in self._choices(part[1:])]
            elif part.startswith("~"):
                made.append(f"(?!{_either(self._choices(part[1:]))}(?: |$))")
            elif part.startswith("="):
                made.append(f"(?:$|{_either(self._choices(part[1:]))}(?: |$))")
            elif part.startswith("["):
                made.append(f"(?:{_either(self._choices(part[1:-1]))} )?")
            else:
                made.append(f"{_either(self._choices(part))}(?: |$)")
        return r"(?<!\S)" + "".join(made)

    def _needed(self, parts: list[str]) -> tuple[frozenset[str], ...]:
        """Return, for each place that must be filled, words of which one must be there."""
        return tuple(
            frozenset(min(choice.split("_"), key=_commonness) for choice in self._choices(part))
            for part in parts
            if part not in {"^", "$", "..", "..."} and part[0] not in "!~=["
        )


def _commonness(word: str) -> int:
    """Weigh a word by how much it slows the search: grammar most, then any topicless word."""
    return 1 + 200 * (word in small_words()) + 2000 * (word in _GRAMMAR)


def _either(words: tuple[str, ...]) -> str:
    longest = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(re.escape(word).replace('_', ' ') for word in longest)})"


def _hits(phrase: _Phrase, sentence: Sentence) -> Iterator[Hit]:
    for match in phrase.pattern.finditer(sentence.line):
        end = match.end() - sentence.line[match.start() : match.end()].endswith(" ")
        yield Hit(phrase.score, *sentence.place(match.start(), end))


@cache
def lists() -> Lists:
    """Return the word lists, read once."""
    return Lists()


@lru_cache(maxsize=16)
def standing(text: Text) -> dict[str, list[tuple[Sentence, Hit]]]:
    """Return the phrases that stand in a text, by list; none of a sentence where an `unless` is."""
    found: dict[str, list[tuple[Sentence, Hit]]] = {}
    for sentence in sentences(text):
        here = list(lists().find(sentence))
        spoken_for = {name for name, hit in here if hit.score < 0}
        for name, hit in here:
            if name not in spoken_for:
                found.setdefault(name, []).append((sentence, hit))
    return found


def holds(text: Text, name: str) -> bool:
    """Whether any phrase of a word list stands in a text."""
    return name in standing(text)


def look(submission: Submission, label: Label) -> list[Finding]:
    """Return a finding for every phrase of the label's own word list in the comment."""
    return findings(submission, label, seen(submission.text, label.value))


def seen(text: Text, name: str, how: str = "turn of phrase") -> list[Seen]:
    """Return where the phrases of a word list stand in a text."""
    return [
        Seen(hit.score, sentence.span(hit.first, hit.last), how)
        for sentence, hit in standing(text).get(name, ())
    ]


def findings(
    submission: Submission, label: Label, all_seen: list[Seen], *, each_more: float = 0.0
) -> list[Finding]:
    """Make findings of the strongest that was seen, one a place, in the order of the text.

    What the comment repeats of its story is left out, and words that are quoted as another's count
    for less. Each further place adds `each_more` to all, up to a bound.
    """
    text = submission.text
    strongest: dict[Span, Seen] = {}
    for one in sorted(all_seen, key=lambda one: one.score):
        strongest[one.span] = one
    for span in borrowed(text, submission.story, strongest):
        del strongest[span]
    more = each_more * max(0, len(strongest) - 1)
    kept = sorted(strongest.values(), key=lambda one: -one.score)[:MANY]
    return [_finding(text, label, one, more) for one in sorted(kept, key=lambda one: one.span)]


def _finding(text: Text, label: Label, one: Seen, more: float) -> Finding:
    reported = is_reported(text, one.span)
    quoted = (
        reported and is_quoted(text.original, one.span) and is_introduced(text.original, one.span)
    )
    return Finding(
        label=label,
        score=round(min(SUREST, one.score + more) * (QUOTED if quoted else 1), 3),
        spans=(one.span,),
        detector=label.value,
        how=told(text, [one.span], one.how),
        reported=reported,
    )
