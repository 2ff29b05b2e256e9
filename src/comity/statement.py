"""A decision in words for the person concerned: what, why, which words, by whom, how to appeal.

The fields are those that Article 17(3) of the EU's Digital Services Act asks for; the letters in
the comments are its own. One object is rendered as plain text and JSON here, and as HTML by the
page's template, so that no two of them disagree.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from comity.findings import Target
from comity.guidelines import Measure
from comity.text import Span


class Result(StrEnum):
    """What a decision made of a comment."""

    PUBLISHED = "published"
    HELD = "held"
    REJECTED = "rejected"


class Prompt(StrEnum):
    """What made us look."""

    OWN = "own"  # every comment is checked before it appears
    EDIT = "edit"
    FLAG = "flag"
    APPEAL = "appeal"
    REVIEW = "review"  # a moderator looked, without being asked
    UNDO = "undo"  # a moderator took an earlier decision back


@dataclass(frozen=True, slots=True)
class Cited:
    """A rule as it stood when applied; `prose` is its Markdown, `url` the page of that version."""

    id: str
    title: str
    prose: str
    version: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is told to the person concerned; plain values only.

    `result` is what became of a comment, or the measure against a person. `spans` are code points
    of the comment's `text` in its `revision`; none means the whole comment. `by_machine` says who
    decided, `found_by_machine` who saw it first. `how` says in two or three words how the machine
    saw it, and `targets` at whom it is directed, as far as the machine knows. `note` is the
    moderator's own; `reason` is given for a measure that the guidelines demand, and `decision_url`
    is the statement about the comment that it follows from. `appeal_until` is None where there is
    nothing to appeal against. `care` is what the guidelines tell somebody in despair.
    """

    id: str
    result: Result | Measure  # (a)
    site: str
    decided_at: datetime
    until: datetime | None = None
    lifted_at: datetime | None = None
    prompt: Prompt = Prompt.OWN  # (b)
    text: str = ""
    revision: int = 1
    spans: tuple[Span, ...] = ()
    by_machine: bool  # (c)
    found_by_machine: bool
    how: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    undetermined: bool = False
    premoderated: bool = False
    near_copy: bool = False
    care: Cited | None = None
    rules: tuple[Cited, ...] = ()  # (e)
    reason: str = ""
    note: str = ""
    decision_url: str = ""
    appeal_url: str = ""  # (f)
    appeal_until: datetime | None = None

    @property
    def about_person(self) -> bool:
        """Say whether this is about what a person may do, rather than about one comment."""
        return isinstance(self.result, Measure)

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words concerned, in the order of the text, each once."""
        return tuple(dict.fromkeys(self.text[start:end] for start, end in self.spans))

    @property
    def unbroken(self) -> str:
        """Say that no rule was broken, and what else it was about; empty where that is not so."""
        if self.care is None or self.rules or self.undetermined:
            return ""
        return NO_BREACH if self.result is Result.HELD else f"{NO_BREACH} {KEPT_BACK}"

    @property
    def summary(self) -> str:
        """Return the one sentence that a busy reader reads."""
        return summary(self)

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Return heading and text of every part that applies, in the order they are read."""
        parts = [
            (self.care.title, self.care.prose) if self.care else ("", ""),
            (WHAT, f"{scope(self)} {duration(self)}".strip()),
            (FACTS, facts(self)),
            (WHO, who(self)),
            (WHY, why(self)),
            (APPEAL, appeal(self)),
        ]
        return tuple((heading, text) for heading, text in parts if text)

    def to_text(self) -> str:
        """Render as plain text, for a letter or an e-mail."""
        parts = (f"{heading}\n{text}" for heading, text in self.parts)
        return "\n\n".join((self.summary, *parts)) + "\n"

    def to_json(self) -> dict[str, Any]:
        """Render as values that JSON can hold: the fields, and the same words as in the text."""
        return {
            "id": self.id,
            "about": "person" if self.about_person else "comment",
            "result": self.result.value,
            "site": self.site,
            "decided_at": self.decided_at.isoformat(),
            "until": self.until and self.until.isoformat(),
            "lifted_at": self.lifted_at and self.lifted_at.isoformat(),
            "prompt": self.prompt.value,
            "revision": self.revision,
            "spans": [list(span) for span in self.spans],
            "words": list(self.words),
            "decided_by": "machine" if self.by_machine else "person",
            "found_by": "machine" if self.found_by_machine else "person",
            "how": list(self.how),
            "targets": [target.value for target in self.targets],
            "undetermined": self.undetermined,
            "premoderated": self.premoderated,
            "near_copy": self.near_copy,
            "care": asdict(self.care) if self.care else None,
            "rules": [asdict(rule) for rule in self.rules],
            "reason": self.reason,
            "note": self.note,
            "decision_url": self.decision_url,
            "appeal_url": self.appeal_url,
            "appeal_until": self.appeal_until and self.appeal_until.isoformat(),
            "summary": self.summary,
            "parts": [{"heading": heading, "text": text} for heading, text in self.parts],
        }


# The words, kept together for whoever translates them.

WHAT = "What was decided"
FACTS = "What it is about"
WHO = "Who found it and who decided"
WHY = "Which rule, and why"
APPEAL = "If you disagree"

SUMMARIES: dict[Result | Measure, str] = {
    Result.PUBLISHED: "Your comment is published.",
    Result.HELD: "Your comment is waiting for a moderator.",
    Result.REJECTED: "Your comment is not published.",
    Measure.WARN: "You are warned.",
    Measure.PREMODERATE: "For now, a moderator reads your comments before they appear.",
    Measure.SUSPEND: "You cannot write here for a while.",
    Measure.BLOCK: "You are blocked.",
}
SCOPES: dict[Result | Measure, str] = {
    Result.PUBLISHED: "Everybody can read the comment on {site}.",
    Result.HELD: "Until then only you and the moderators can see it, wherever {site} is read.",
    Result.REJECTED: "Only you and the moderators can see it, wherever {site} is read.",
    Measure.WARN: "Nothing changes for you on {site}. Another breach may have consequences.",
    Measure.PREMODERATE: "This counts for all that you write on {site}.",
    Measure.SUSPEND: "You can read {site}, but not write, edit, flag or react there.",
    Measure.BLOCK: "You can read {site}, but not write, edit, flag or react there.",
}
PROMPTS: dict[Prompt, str] = {
    Prompt.OWN: "We looked of our own accord: every comment is checked before it appears.",
    Prompt.EDIT: "We looked of our own accord: an edited comment is checked like a new one.",
    Prompt.FLAG: "A reader flagged the comment.",
    Prompt.APPEAL: "You appealed, and somebody else looked at it again.",
    Prompt.REVIEW: "We looked of our own accord: nobody asked the moderator to.",
    Prompt.UNDO: "A moderator took back what was decided on it before.",
}
CONDUCT = "It is about what you did here, not about one comment alone."
DECISION = "The decision about this comment"
UNDETERMINED = (
    "The comment could not be checked in full. That says nothing against it: a person will read it."
)
PREMODERATED = "At present a moderator reads all your comments before they appear."
CARED_FOR = "Your comment goes to a person at once."
CARE = "Your words made us wonder how you are. That counts nothing against you."
NO_BREACH = "Your comment breaks no rule."
KEPT_BACK = (
    "A moderator thought it better that not everybody reads it. It counts nothing against you."
)
NEAR_COPY = "It is much like a text of which you were told that it breaks a rule."


def date(moment: datetime) -> str:
    """Write a time as people do."""
    return f"{moment.day} {moment:%B %Y, %H:%M} {moment.tzname() or ''}".strip()


def summary(statement: Statement) -> str:
    """Say what was decided, and under which rule."""
    if statement.lifted_at:
        return f"This was lifted on {date(statement.lifted_at)} and no longer counts."
    said = SUMMARIES[statement.result]
    if statement.care and statement.result is Result.HELD:
        broken = f"It may go against a rule: {titles(statement)}." if statement.rules else ""
        return f"{CARED_FOR} {broken or statement.unbroken}".strip()
    if statement.unbroken:
        return f"{said} {NO_BREACH}"
    if statement.result is Result.PUBLISHED and statement.prompt is Prompt.APPEAL:
        return "Your appeal was right, and your comment is published."
    if statement.result is Result.HELD and statement.undetermined and not statement.rules:
        return "Your comment could not be checked. A person will read it."
    if statement.rules and statement.result is not Result.PUBLISHED:
        return f"{said[:-1]}: {titles(statement)}."
    return said


def titles(statement: Statement) -> str:
    """Name the rules concerned."""
    return ", ".join(rule.title for rule in statement.rules)


def scope(statement: Statement) -> str:
    """Say where the decision counts."""
    return SCOPES[statement.result].format(site=statement.site)


def duration(statement: Statement) -> str:
    """Say from when and until when it counts."""
    since = f"Decided on {date(statement.decided_at)}."
    if statement.lifted_at:
        return f"{since} Lifted on {date(statement.lifted_at)}."
    if statement.until:
        return f"{since} It ends on {date(statement.until)}."
    if statement.result is Result.HELD:
        return f"{since} It lasts until a moderator has decided."
    if statement.result in {Result.REJECTED, Measure.BLOCK, Measure.PREMODERATE}:
        return f"{since} It has no end, unless it is reversed."
    return since


def facts(statement: Statement) -> str:
    """Name the words concerned and what made us look."""
    said = []
    if statement.about_person and not statement.decision_url:
        said.append(CONDUCT)
    elif statement.result is not Result.PUBLISHED and (statement.rules or statement.spans):
        which = f"version {statement.revision} of your comment"
        quoted = ", ".join(f"“{word}”" for word in statement.words)
        said.append(
            f"It is about these words in {which}: {quoted}."
            if quoted
            else f"It is about {which} as a whole."
        )
        if statement.targets:
            whom = " and ".join(target.words for target in statement.targets)
            said.append(f"As far as a program can tell, it is directed at {whom}.")
    if statement.undetermined:
        said.append(UNDETERMINED)
    if statement.premoderated:
        said.append(PREMODERATED)
    if statement.near_copy:
        said.append(NEAR_COPY)
    if statement.care:
        said.append(CARE)
    said.append(PROMPTS[statement.prompt])
    where = f"\n{DECISION}: {statement.decision_url}" if statement.decision_url else ""
    return " ".join(said) + where


def who(statement: Statement) -> str:
    """Say what a machine and what a person did."""
    how = f" ({', '.join(statement.how)})" if statement.how else ""
    found = f"a program{how}" if statement.found_by_machine else "a person"
    decided = "A program decided; no person was involved yet." if statement.by_machine else ""
    return f"Found by {found}. {decided or 'A moderator decided.'}"


def why(statement: Statement) -> str:
    """Quote the rules as they stood, and give the reason."""
    cited = [
        f"“{rule.title}”\n{rule.prose}\n{rule.url} (version {rule.version[:12]})".replace(
            "\n\n", "\n"
        )
        for rule in statement.rules
    ]
    if statement.rules and statement.result is not Result.PUBLISHED:
        them = "these rules" if len(cited) > 1 else "this rule"
        doubt = "seems to go" if statement.result is Result.HELD else "goes"
        cited.append(f"What was written {doubt} against {them} of our guidelines.")
    if statement.unbroken:
        cited.append(statement.unbroken)
    if statement.reason:
        cited.append(statement.reason)
    if statement.note:
        cited.append(f"The moderator adds: {statement.note}")
    return "\n".join(cited)


def appeal(statement: Statement) -> str:
    """Say how to object, and until when."""
    if statement.appeal_until is None:
        return ""
    return (
        f"You can appeal until {date(statement.appeal_until)}, free of charge: "
        f"{statement.appeal_url}\n"
        "Somebody answers who had no part in the decision. Where the law of your country provides "
        "for it, you may also turn to an out-of-court dispute body or to a court."
    )
