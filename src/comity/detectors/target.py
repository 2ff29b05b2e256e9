"""Whom a finding is about: read off the submission, whichever detector raised it.

The words concerned, and the sentence around them, are searched for who is spoken to or of: a
pronoun, a name, a role, a word for many people, a mention with @. A threat is about the one it
falls on, anything else about whoever was named last before it. "You" is the reader who is answered,
but for a name beside it ("Mayor Quist, you …") and for the writer of "your article". Where nothing
tells, it is not known, and whoever reads the finding must not guess.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from comity.detectors.address import REACH, Reader, languages, people
from comity.detectors.phrases import MANY
from comity.detectors.sentences import Sentence, sentences
from comity.detectors.story_words import lines, stem, story_stems
from comity.detectors.tragedy_joke import find_tragedy
from comity.findings import TARGETED, Finding, Label, Submission, Target

# Somebody in particular, whom "he" or "she" may take up again.
SINGLE = frozenset({Target.AUTHOR, Target.STORY_PERSON, Target.PUBLIC_FIGURE})
# What falls on somebody: of these the object counts, not the subject.
FALLING = frozenset({Label.THREAT, Label.HARASSMENT})
# Where several are meant, the first of these is told: those who are nearest to the page.
NEAREST = (
    Target.READER,
    Target.AUTHOR,
    Target.STORY_PERSON,
    Target.PUBLIC_FIGURE,
    Target.GROUP,
    Target.ARGUMENT,
    Target.ONESELF,
)
SHOUTED = 0.6  # Where more of the words have a capital, it tells no name.
CLOSE = 3  # Words between a slur and the "you" it is said to.


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody or something that a sentence speaks to or of, at the place of a word.

    Without `target` it is one person of whom nobody can tell who it is.
    """

    place: int
    target: Target | None
    second: bool = False


def targeted(finding: Finding, submission: Submission) -> Finding:
    """Return the finding with its target, where its label can have one and none is told yet."""
    if finding.label not in TARGETED or finding.target is not None:
        return finding
    return replace(finding, target=target(finding, submission))


def target(finding: Finding, submission: Submission) -> Target | None:
    """Return whom a finding is about; None: it is not known."""
    told = scene(submission)
    spans = finding.spans[:MANY] or ((0, len(submission.text.original)),)
    found = {
        one.target
        for span in spans
        for sentence, mentions in told
        if (where := words_in(sentence, span))
        and (one := chosen(finding.label, mentions, *where)) is not None
    }
    if finding.label is Label.HATE and Target.GROUP in found:
        return Target.GROUP
    if finding.label is Label.TRAGEDY_JOKE and (butt := usual(finding.label, submission)):
        return butt  # "They" are the dead, and "you" the one who mourns.
    otherwise = None if found else usual(finding.label, submission)
    return next((one for one in NEAREST if one in found), otherwise)


def words_in(sentence: Sentence, span: tuple[int, int]) -> tuple[int, int] | None:
    """Return the places of a sentence's words that a span covers: first, and after the last."""
    if sentence.spans[0][0] >= span[1] or sentence.spans[-1][1] <= span[0]:
        return None
    inside = [
        place
        for place, (start, end) in enumerate(sentence.spans)
        if start < span[1] and end > span[0]
    ]
    return (inside[0], inside[-1] + 1) if inside else None


def chosen(label: Label, mentions: tuple[Mention, ...], first: int, last: int) -> Mention | None:
    """Return who is meant by the words from `first` to before `last` of a sentence."""
    start, end = (bisect_left(mentions, at, key=lambda one: one.place) for at in (first, last))
    inside = mentions[start:end][:REACH]
    before = mentions[max(0, start - REACH) : start][::-1]
    after = mentions[end : end + REACH]
    others = [*inside, *after, *before] if label in FALLING else [*inside, *before, *after]
    if label is Label.SLUR:
        near = [one for one in others if abs(one.place - first) <= CLOSE]
        return next((one for one in near if one.target is not Target.ARGUMENT), None)
    if label is Label.HATE:
        others.sort(key=lambda one: one.target is not Target.GROUP)
    elif label in FALLING or label is Label.VULGARITY:
        others.sort(key=lambda one: one.target in {Target.ONESELF, Target.ARGUMENT})
    return others[0] if others else None


def usual(label: Label, submission: Submission) -> Target | None:
    """Return who is meant where the sentence names nobody."""
    if label in {Label.HATE, Label.SLUR}:
        return Target.GROUP
    if label is Label.TRAGEDY_JOKE:
        tragedy = find_tragedy(submission)
        told = {"the story": Target.STORY_PERSON, "the comment answered": Target.READER}
        return told.get(tragedy.where) if tragedy else None
    if submission.parent is not None:
        return Target.READER
    if label is Label.PERSONAL_ATTACK and submission.story is not None:
        return Target.STORY_PERSON
    return None


@lru_cache(maxsize=16)
def scene(submission: Submission) -> tuple[tuple[Sentence, tuple[Mention, ...]], ...]:
    """Return each sentence of a comment with those whom it mentions, in order."""
    found: list[tuple[Sentence, tuple[Mention, ...]]] = []
    last: Target | None = None
    for sentence in sentences(submission.text):
        mentions = []
        for one in Speaker(sentence, submission).mentions():
            # "He", "she", "that man": whoever was named last.
            whom = one.target or last or (Target.STORY_PERSON if submission.story else None)
            if one.target in SINGLE and not one.second:
                last = one.target
            mentions.append(replace(one, target=whom))
        found.append((sentence, tuple(mentions)))
    return tuple(found)


@lru_cache(maxsize=4)
def kinds(languages: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Return of each word of some languages what it tells about who is meant."""
    found: dict[str, set[str]] = {}
    for language in languages:
        for line in lines(language, "target"):
            kind, _, words = line.partition(": ")
            for word in words.split():
                found.setdefault(word, set()).add(kind)
    return {word: frozenset(all_kinds) for word, all_kinds in found.items()}


class Speaker:
    """Reads in one sentence whom it speaks to and of."""

    def __init__(self, sentence: Sentence, submission: Submission) -> None:
        self.words = sentence.words
        self.sentence = sentence
        self.submission = submission
        known = languages(sentence)
        self.spanish = "es" in known
        self.kinds = kinds(known)
        self.reader = Reader(sentence, known[0], people(submission))
        story = submission.story
        self.byline = frozenset(story.byline.casefold().split()) if story else frozenset[str]()
        self.stems = story_stems(story) if story else frozenset[str]()
        self.shouts = sum(sentence.capital) > SHOUTED * len(sentence.words) > 2 * SHOUTED

    def has(self, place: int, *wanted: str) -> bool:
        """Say whether the word at a place is of one of the kinds."""
        if not 0 <= place < len(self.words):
            return False
        return not self.kinds.get(self.words[place], frozenset()).isdisjoint(wanted)

    def mentions(self) -> Iterator[Mention]:
        """Give all who are mentioned, in order."""
        called = self.called()
        writer = self.speaks_to_writer()
        for place in range(len(self.words)):
            if self.has(place, "you"):
                yield Mention(place, self.you(place, called, writer=writer), second=True)
            elif self.has(place, "self"):
                if self.is_own(place):
                    yield Mention(place, Target.ONESELF)
            elif self.has(place, "being") and self.spanish:
                yield Mention(place, Target.ONESELF)
            elif (found := self.other(place)) is not None:
                yield found

    def other(self, place: int) -> Mention | None:
        """Return who is spoken of at a place."""
        if self.is_handle(place):
            return Mention(place, Target.READER, second=True)
        if self.has(place, "author", "wrote"):
            written = self.has(place, "author") or self.is_writer(place)
            return Mention(place, Target.AUTHOR) if written else None
        if self.is_many(place):
            return Mention(place, Target.GROUP)
        if self.has(place, "public"):
            inside = stem(self.words[place]) in self.stems
            return Mention(place, Target.STORY_PERSON if inside else Target.PUBLIC_FIGURE)
        if self.is_single(place):
            return Mention(place, None)
        if self.has(place, "thing", "article") or self.is_thing(place):
            written = any(self.has(step, "wrote") for step in range(place - 3, place))
            return None if written else Mention(place, Target.ARGUMENT)
        return self.named(place)

    def named(self, place: int) -> Mention | None:
        """Return who is called by name at a place."""
        word = self.words[place]
        if word in self.byline and self.sentence.capital[place]:
            return Mention(place, Target.AUTHOR)
        if word in self.reader.known.names and self.sentence.capital[place]:
            return Mention(place, Target.STORY_PERSON)
        if self.shouts or word in self.kinds or not self.reader.named(place):
            return None
        if word.endswith("s") and (self.has(place + 1, "many") or self.has(place - 1, "they")):
            return Mention(place, Target.GROUP)
        return Mention(place, Target.PUBLIC_FIGURE)

    def you(self, place: int, called: Target | None, *, writer: bool) -> Target:
        """Return who is spoken to."""
        if self.has(place + 1, "group") or (
            self.words[place + 1 : place + 2] in {("people",), ("folk",)}
        ):
            return Target.GROUP
        return called or (Target.AUTHOR if writer else Target.READER)

    def called(self) -> Target | None:
        """Return who is called upon by name or role beside a "you"; None: nobody."""
        ends = len(self.words)
        for place in range(ends):
            stopped = place == 0 or self.sentence.stopped[place]
            after = place + 1
            while (
                after < ends and self.sentence.capital[after] and not self.sentence.stopped[after]
            ):
                after += 1
            if not stopped or not (after == ends or self.sentence.stopped[after]):
                continue
            heads = (place, after - 1)
            for head in heads:
                if self.has(head, "author", "public", "title") or self.sentence.capital[head]:
                    found = self.other(head)
                    if found is None or found.target not in {*SINGLE, Target.READER}:
                        continue
                    if found.target is Target.PUBLIC_FIGURE and self.answers_by_name(place, after):
                        return Target.READER
                    return found.target
        return None

    def answers_by_name(self, first: int, last: int) -> bool:
        """Say whether an answer calls somebody by a name without an office: whom it answers."""
        called = range(first, last)
        return self.submission.parent is not None and not any(
            self.has(place, "public", "title") for place in called
        )

    def speaks_to_writer(self) -> bool:
        """Say whether "you" is the writer of the story: of "your article", or who wrote this."""
        telling = ("article",) if self.submission.parent else ("article", "wrote")
        return any(
            self.has(step, *telling)
            for place in range(len(self.words))
            if self.has(place, "you")
            for step in range(place + 1, place + 4)
        )

    def is_writer(self, place: int) -> bool:
        """Say whether a verb of writing tells of who wrote the story ("whoever wrote this")."""
        who = self.words[max(0, place - 2) : place]
        what = range(place + 1, place + 4)
        return bool({"who", "whoever", "quien", "que"} & set(who)) and (
            any(self.has(step, "article") for step in what)
            or bool({"this", "esto"} & set(self.words[place + 1 : place + 3]))
        )

    def is_many(self, place: int) -> bool:
        """Say whether several people are spoken of."""
        if self.has(place, "group", "people"):
            return not (self.has(place, "people") and self.has(place - 1, "you"))
        if not self.has(place, "they"):
            return False
        return not self.has(place + 1, "thing", "article", "group", "people")

    def is_single(self, place: int) -> bool:
        """Say whether one person is spoken of who is not named."""
        if self.has(place, "third", "person"):
            return True
        if not self.spanish:
            return False
        if self.words[place] == "el":  # He, not "the", if it has its accent.
            return self.submission.text.words(self.sentence.spans[place]).casefold() == "él"
        return self.has(place, "being_third") and place == 0

    def is_thing(self, place: int) -> bool:
        """Say whether "this", "that" or "it" is what something is said of."""
        word = self.words[place]
        following = self.words[place + 1 : place + 2]
        return word in {"this", "that", "it", "esto", "eso"} and following in {
            ("is",),
            ("s",),
            ("was",),
            ("es",),
            ("fue",),
        }

    def is_own(self, place: int) -> bool:
        """Say whether writers speak of themselves as what is said, not as who says it."""
        return self.has(place + 1, "being") or (
            self.words[place] in {"myself", "me"} and not self.spanish
        )

    def is_handle(self, place: int) -> bool:
        """Say whether a word is a mention with @."""
        start = self.sentence.spans[place][0]
        return self.submission.text.original[max(0, start - 1) : start] == "@"
