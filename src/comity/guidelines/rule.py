"""A rule, a rung of the ladder and the care of the guidelines, and what they let the machine do.

Values only.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from comity.detectors import AT_MOST_HOLD, Engine
from comity.findings import DIRECTED_AT, Finding, Label, StoryExcerpt, Target


class Action(StrEnum):
    """What the machine may do alone, mildest first."""

    NUDGE = "nudge"
    HOLD = "hold"
    REJECT = "reject"

    @property
    def rank(self) -> int:
        """Order of gravity, 0 the mildest."""
        return list(Action).index(self)


class Gravity(StrEnum):
    """The queue's order, gravest first."""

    SEVERE = "severe"
    SERIOUS = "serious"
    MINOR = "minor"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How many fair comments may be met by mistake: 1 in `one_in`; or a raw score, for experts."""

    one_in: int | None = None
    score: float | None = None

    def line(self, finding: Finding, engine: Engine, *, rejecting: bool) -> float | None:
        """Return the score that this comes to for what saw it; None: no score is that safe."""
        if self.score is not None or self.one_in is None:
            return self.score
        return engine.line(
            finding.label,
            finding.detector,
            self.one_in,
            language=finding.language,
            rejecting=rejecting,
        )


@dataclass(frozen=True, slots=True)
class Example:
    """A text printed on the page and judged by `comity guidelines check`; `line` is where it is."""

    text: str
    story: StoryExcerpt | None = None
    parent: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """One heading of the guidelines with its prose and what the machine may do about its labels.

    `targets` are whom its findings must be about, if there are any.
    """

    id: str
    title: str
    prose: str
    labels: frozenset[Label]
    nudge: Tolerance | None
    hold: Tolerance | None
    reject: Tolerance | None
    gravity: Gravity
    ok: tuple[Example, ...]
    not_ok: tuple[Example, ...]
    line: int
    targets: frozenset[Target] = frozenset()

    def is_about(self, label: str, target: str | None) -> bool:
        """Say whether the rule is about a finding; one of which the target is not known counts."""
        if label not in self.labels:
            return False
        return not self.targets or target is None or target in self.targets

    def action(self, finding: Finding, engine: Engine) -> Action | None:
        """Return the gravest action whose line this finding reaches.

        Reported words at most hold, and so does what only the language model sees, or what a rule
        for some targets meets without knowing whom it is about.
        Where no score is safe enough for a tolerance, the machine may not reject, and the strictest
        score there is holds or nudges: a person decides, and nothing goes unseen.
        """
        if not self.is_about(finding.label, finding.target):
            return None
        unsure = bool(self.targets) and finding.target is None
        for action in reversed(Action):
            tolerance: Tolerance | None = getattr(self, action)
            if tolerance is None:
                continue
            safe = tolerance.line(finding, engine, rejecting=action is Action.REJECT)
            line = engine.strictest(finding.label, finding.detector) if safe is None else safe
            if finding.score >= line:
                holds = unsure or finding.reported or finding.detector in AT_MOST_HOLD
                can_reject = safe is not None and not holds
                return Action.HOLD if action is Action.REJECT and not can_reject else action
        return None

    def consequence(self) -> str:
        """Say what happens, in words that give no number away."""
        first = "Before you send, we show you the words in question." if self.nudge else ""
        if self.reject:
            then = (
                "A comment that plainly breaks this rule is not published, and its writer is told "
                "why. Where it is less plain, a moderator reads the comment before it appears."
            )
        elif self.hold:
            then = "A moderator reads such a comment before it appears."
        elif self.nudge:
            then = "Whether you change them is up to you: nothing is held back."
        else:
            then = "Moderators look after this rule; the program does nothing about it by itself."
        return " ".join(filter(None, (self.scope(), first, then)))

    def scope(self) -> str:
        """Say whom the rule is about; empty if about anybody."""
        said = [words for target, words in DIRECTED_AT.items() if target in self.targets]
        named = " or ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))
        return f"It is about what is directed at {named}." if said else ""


@dataclass(frozen=True, slots=True)
class Care:
    """What breaks no rule and yet goes to a person at once; `prose` is what its writer is shown."""

    title: str
    prose: str
    labels: frozenset[Label]
    hold: Tolerance | None
    line: int

    def meets(self, finding: Finding, engine: Engine) -> bool:
        """Say whether a person must look. Where no score is safe enough, the strictest counts."""
        if self.hold is None or finding.label not in self.labels:
            return False
        safe = self.hold.line(finding, engine, rejecting=False)
        line = engine.strictest(finding.label, finding.detector) if safe is None else safe
        return finding.score >= line

    def consequence(self) -> str:
        """Say what happens, in words that give no number away."""
        return (
            "This is no rule, and nobody breaks it. A comment whose writer seems to be in despair "
            "goes to a moderator before all others, and the writer is shown these words at once."
        )


class Measure(StrEnum):
    """What the ladder may do to a person, mildest first."""

    WARN = "warn"
    PREMODERATE = "premoderate"
    SUSPEND = "suspend"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: `count` confirmed breaches of `rules` within `days` → `measure`.

    `for_days` is how long the measure lasts; None is until it is lifted.
    """

    rules: frozenset[str]
    count: int
    days: int
    measure: Measure
    for_days: int | None
