"""What is looked at (a Submission) and what one detector saw in it (a Finding); values only."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from comity.text import Span, Text, fold


class Label(StrEnum):
    """One kind of thing that can be wrong with a comment; docs/labels.md defines each."""

    INCIVILITY = "incivility"
    PROFANITY = "profanity"
    VULGARITY = "vulgarity"
    SLUR = "slur"
    PERSONAL_ATTACK = "personal_attack"
    HARASSMENT = "harassment"
    THREAT = "threat"
    HATE = "hate"
    TRAGEDY_JOKE = "tragedy_joke"
    OFF_TOPIC = "off_topic"
    SPAM = "spam"
    PERSONAL_INFORMATION = "personal_information"
    DESPAIR = "despair"  # breaks no rule


class Target(StrEnum):
    """Whom a finding is about; who stands in the story counts as that, however public."""

    READER = "reader"  # another commenter
    AUTHOR = "author"  # of the story
    STORY_PERSON = "story_person"
    PUBLIC_FIGURE = "public_figure"
    GROUP = "group"
    ARGUMENT = "argument"
    ONESELF = "oneself"

    @property
    def words(self) -> str:
        """Say who it is, after "directed at"."""
        return DIRECTED_AT[self]


DIRECTED_AT = {
    Target.READER: "another reader",
    Target.AUTHOR: "the author of the story",
    Target.STORY_PERSON: "a person in the story",
    Target.PUBLIC_FIGURE: "a public figure",
    Target.GROUP: "a group of people",
    Target.ARGUMENT: "an argument",
    Target.ONESELF: "the writer's own self",
}


# What is wrong with the writer's lot, not with the comment: a person looks, and no rule may.
CARED_FOR = frozenset({Label.DESPAIR})

# The labels of which it means something to ask whom they are about.
TARGETED = frozenset(
    {
        Label.PERSONAL_ATTACK,
        Label.HARASSMENT,
        Label.THREAT,
        Label.HATE,
        Label.INCIVILITY,
        Label.VULGARITY,
        Label.TRAGEDY_JOKE,
        Label.SLUR,
    }
)


@dataclass(frozen=True, slots=True)
class StoryExcerpt:
    """What a comment is read against; `sensitive` is the newsroom's own mark on the story."""

    headline: str = ""
    deck: str = ""
    body: tuple[str, ...] = ()
    section: str = ""
    byline: str = ""
    sensitive: bool = False

    @property
    def prose(self) -> str:
        """Headline, deck and body as one text, a line a part."""
        return "\n".join(part for part in (self.headline, self.deck, *self.body) if part)


@dataclass(frozen=True, slots=True)
class Standing:
    """What was known of the writer when the comment came.

    `published` and `rejected` count the writer's comments on the site (rejected: by a person and
    not reversed); `copies` counts comments of the same wording by this writer in the last 24 hours;
    `premoderated` says that a person reads this writer's comments first; `near_copy`, that the
    writer was just told that nearly this text breaks a rule.
    """

    published: int = 0
    rejected: int = 0
    copies: int = 0
    premoderated: bool = False
    near_copy: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """A comment with the context it must be read in.

    `thread` holds the comments above the parent, nearest first; the parent is not among them.
    """

    text: Text
    parent: Text | None = None
    thread: tuple[Text, ...] = ()
    story: StoryExcerpt | None = None
    standing: Standing = Standing()

    @classmethod
    def of(
        cls,
        text: str,
        *,
        parent: str | None = None,
        thread: tuple[str, ...] = (),
        story: StoryExcerpt | None = None,
        standing: Standing | None = None,
    ) -> "Submission":
        """Fold plain strings into a Submission."""
        return cls(
            text=fold(text),
            parent=None if parent is None else fold(parent),
            thread=tuple(fold(above) for above in thread),
            story=story,
            standing=standing or Standing(),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What one detector saw.

    `score` is in 0..1: what a detector returns is its own, and ranks; the judge makes it the
    probability that the finding is right (`Engine.probable`). `spans` are code points of
    the original text, end exclusive; empty means the whole comment. `how` says how it was seen, in
    two or three plain words for the person concerned ("word list", "pattern", "compared with the
    story"). `reported` marks words that are quoted, condemned or reported: whatever the score, the
    machine may at most hold. `target` is whom it is about; None: not known, or nobody by its label.
    `language` is the comment's, whose own lines count; empty where nobody has asked.
    """

    label: Label
    score: float
    spans: tuple[Span, ...]
    detector: str
    how: str
    reported: bool = False
    target: Target | None = None
    language: str = ""


Detector = Callable[[Submission], list[Finding]]
