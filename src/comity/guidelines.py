"""The publisher's file: Markdown for people, one TOML block a rule for the program."""

from dataclasses import dataclass
from enum import StrEnum

from comity.detectors import Engine
from comity.findings import Finding, Label, StoryExcerpt


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
    """How many fair comments may be met by mistake: "1 in `one_in`"; or a raw score, for experts."""

    one_in: int | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A text printed on the page and judged by `comity guidelines check`."""

    text: str
    story: StoryExcerpt | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One heading of the guidelines with its prose and what the machine may do about its labels."""

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

    def action(self, finding: Finding, engine: Engine) -> Action | None:
        """Return the gravest action whose line this finding reaches; reported words at most hold."""
        raise NotImplementedError


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


@dataclass(frozen=True, slots=True)
class Guidelines:
    """The file in one version; `version` is the SHA-256 of the text (and of what it extends), in hex."""

    title: str
    preamble: str
    rules: tuple[Rule, ...]
    ladder: tuple[Rung, ...]
    text: str
    version: str

    def rule(self, id: str) -> Rule | None:
        """Return the rule of this id, or None."""
        return next((rule for rule in self.rules if rule.id == id), None)
