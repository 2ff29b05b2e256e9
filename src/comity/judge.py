"""The heart: every detector looks, then the guidelines rule. No database, clock or network."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from comity.detectors import PLACES, Engine
from comity.detectors.story_words import language_of
from comity.detectors.target import targeted
from comity.findings import Finding, Label, Submission
from comity.guidelines import Action, Example, Guidelines, Rule
from comity.text import Span, fold


class Outcome(StrEnum):
    """What the guidelines say is to become of a comment."""

    PUBLISH = "publish"
    HOLD = "hold"
    REJECT = "reject"


class Reason(StrEnum):
    """Why a comment is not simply published."""

    CARE = "care"  # no breach: its writer needs a person
    BREACH = "breach"
    UNDETERMINED = "undetermined"
    PREMODERATED = "premoderated"
    NEAR_COPY = "near_copy"


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule that was met: what the machine does about it alone, and on which findings.

    `findings` are all that reach the rule's lowest line that stops a comment, highest score first.
    """

    rule: str
    action: Action
    findings: tuple[Finding, ...]

    @property
    def label(self) -> Label:
        """The label of the strongest finding."""
        return self.findings[0].label

    @property
    def score(self) -> float:
        """The score of the strongest finding."""
        return self.findings[0].score

    @property
    def detector(self) -> str:
        """The detector of the strongest finding."""
        return self.findings[0].detector

    @property
    def spans(self) -> tuple[Span, ...]:
        """The words of all findings, in the order of the text, without repeats."""
        return tuple(sorted({span for finding in self.findings for span in finding.spans}))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guidelines say about the findings; `nudge` names rules the writer is reminded of."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    breaches: tuple[Breach, ...]
    nudge: tuple[str, ...]
    findings: tuple[Finding, ...]
    undetermined: tuple[str, ...]


def never() -> bool:
    """Say that there is always time: the default of a caller who sets no limit."""
    return False


def judge(
    submission: Submission,
    guidelines: Guidelines,
    engine: Engine,
    *,
    expired: Callable[[], bool] = never,
) -> Verdict:
    """Judge one submission.

    Every detector runs and nothing short-circuits, so that all that was seen is kept. A detector
    that raises, or is not reached before `expired()` says so, leaves the comment to a person.
    So does a writer in despair, whatever else the comment is: no machine rejects it.
    """
    findings, undetermined = look(submission, engine, expired)
    met = [
        breach
        for rule in guidelines.rules
        if (breach := ruling(rule, findings, engine, submission))
    ]
    breaches = tuple(breach for breach in met if breach.action is not Action.NUDGE)

    reasons = []
    if needs_care(guidelines, findings, engine):
        reasons.append(Reason.CARE)
        breaches = tuple(replace(breach, action=Action.HOLD) for breach in breaches)
    if breaches:
        reasons.append(Reason.BREACH)
    if undetermined:
        reasons.append(Reason.UNDETERMINED)
    if submission.standing.premoderated:
        reasons.append(Reason.PREMODERATED)
    if submission.standing.near_copy:
        reasons.append(Reason.NEAR_COPY)

    if any(breach.action is Action.REJECT for breach in breaches):
        outcome = Outcome.REJECT
    elif reasons:
        outcome = Outcome.HOLD
    else:
        outcome = Outcome.PUBLISH
    return Verdict(
        outcome=outcome,
        reasons=tuple(reasons),
        breaches=breaches,
        nudge=tuple(breach.rule for breach in met if breach.action is Action.NUDGE),
        findings=findings,
        undetermined=undetermined,
    )


def needs_care(guidelines: Guidelines, findings: Iterable[Finding], engine: Engine) -> bool:
    """Say whether the writer is somebody whom a person must look after first."""
    care = guidelines.care
    return care is not None and any(care.meets(finding, engine) for finding in findings)


def look(
    submission: Submission, engine: Engine, expired: Callable[[], bool]
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Run every detector; return what they saw and the names of those that could not look.

    Whom each finding is about, and in which language, is told here, whichever detector raised it.
    """
    findings: list[Finding] = []
    undetermined: list[str] = []
    for name, detector in engine.detectors.items():
        if expired():
            undetermined.append(name)
            continue
        try:
            seen = [rounded(engine.probable(inside(one))) for one in detector(submission)]
            findings += [spoken(targeted(finding, submission), submission) for finding in seen]
        except Exception:  # noqa: BLE001  Whatever broke, a person decides: never open, never silent.
            undetermined.append(name)
    return tuple(findings), tuple(undetermined)


def spoken(finding: Finding, submission: Submission) -> Finding:
    """Return a finding with the language of the comment, whose lines count."""
    return replace(finding, language=language_of(submission.text.original))


def inside(finding: Finding) -> Finding:
    """Return a finding whose score is what a score may be.

    Raises:
        ValueError: the score is out of bounds, which is the detector's mistake.
    """
    if not 0 <= finding.score <= 1:
        raise ValueError(f"{finding.detector} gave a score of {finding.score}.")
    return finding


def rounded(finding: Finding) -> Finding:
    """Keep few places, so that the Case that is kept is exactly the one that was judged."""
    return replace(finding, score=round(finding.score, PLACES))


def allowed(
    rule: Rule, finding: Finding, engine: Engine, submission: Submission | None
) -> Action | None:
    """Return the gravest action that a finding allows; without a second opinion, none is rejected.

    Many a listed word has a second meaning, and what only lists see may be a dish or a bird.
    """
    action = rule.action(finding, engine)
    if action is Action.REJECT and submission is not None:
        return action if is_seconded(finding.label, submission, engine) else Action.HOLD
    return action


def is_seconded(label: Label, submission: Submission, engine: Engine) -> bool:
    """Say whether the language model, if it looks at all, sees what a word list saw."""
    if engine.second is None:
        return True
    try:
        return engine.second(submission, label)
    except Exception:  # noqa: BLE001  It could not look, and that is told already: a person decides.
        return False


def ruling(
    rule: Rule,
    findings: Iterable[Finding],
    engine: Engine,
    submission: Submission | None = None,
) -> Breach | None:
    """Return the gravest thing the rule lets the machine do about these findings, or None.

    The submission is for the second opinion; without it, none is asked for.
    """
    met = [
        (action, finding)
        for finding in findings
        if finding.label in rule.labels and (action := allowed(rule, finding, engine, submission))
    ]
    if not met:
        return None
    gravest = max((action for action, _ in met), key=lambda action: action.rank)
    stopping = [
        finding for action, finding in met if action is not Action.NUDGE or gravest is Action.NUDGE
    ]
    return Breach(rule.id, gravest, tuple(sorted(stopping, key=lambda finding: -finding.score)))


@dataclass(frozen=True, slots=True)
class Failure:
    """An example on which the page and the program disagree."""

    rule: str
    title: str
    line: int
    example: Example
    problem: str


def check(guidelines: Guidelines, engine: Engine) -> list[Failure]:
    """Judge every example of the guidelines; return those that come out otherwise than printed.

    An `ok` example must be published, and not be nudged by its own rule. A `not_ok` example must be
    met by its own rule.
    """
    found = []
    for rule in guidelines.rules:
        for example, fair in [(one, True) for one in rule.ok] + [
            (one, False) for one in rule.not_ok
        ]:
            if said := problem(rule, example, guidelines, engine, fair=fair):
                found.append(Failure(rule.id, rule.title, example.line, example, said))
    return found


def problem(
    rule: Rule, example: Example, guidelines: Guidelines, engine: Engine, *, fair: bool
) -> str:
    """Say what is wrong with an example, in words; nothing if it comes out as printed."""
    parent = None if example.parent is None else fold(example.parent)
    verdict = judge(Submission(fold(example.text), parent, (), example.story), guidelines, engine)
    met = [breach.rule for breach in verdict.breaches]
    if verdict.undetermined:
        return f"It could not be checked by {', '.join(verdict.undetermined)}."
    if fair and met:
        return f"It is printed as allowed, but {', '.join(met)} would stop it ({verdict.outcome})."
    if fair and Reason.CARE in verdict.reasons:
        return "It is printed as allowed, but its writer would be taken for somebody in despair."
    if fair and rule.id in verdict.nudge:
        return "It is printed as allowed, but its writer would be nudged."
    if not fair and rule.id not in (*met, *verdict.nudge):
        return f"It is printed as not allowed, but {rule.id} does not see it."
    return ""
