"""Scores the engine and a set of guidelines on a suite of labelled comments; no database.

docs/labels.md says what each label means, docs/accuracy.md how it is scored.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.case import Question, StoryRecord
from comity.detectors import Engine
from comity.errors import BadInput
from comity.evaluate.report import Report, Share, mean, show
from comity.evaluate.suite import LabelledCase, read_cases, read_stories, stories_beside
from comity.findings import CARED_FOR, Label
from comity.guidelines import Guidelines
from comity.judge import Outcome, Reason, Verdict, judge

__all__ = [
    "LabelledCase",
    "Report",
    "read_cases",
    "read_stories",
    "score",
    "show",
    "stories_beside",
]


@dataclass(frozen=True, slots=True)
class Scored:
    """A case with what came of it; `right` is None for an either-way case, which is left out."""

    case: LabelledCase
    story: str
    verdict: Verdict
    raised: frozenset[Label]
    right: bool | None


def score(
    cases: Iterable[LabelledCase],
    stories: Mapping[str, StoryRecord],
    guidelines: Guidelines,
    engine: Engine,
) -> Report:
    """Judge every case and count what came out right.

    Raises:
        BadInput: a case names a story that is not there.
    """
    return count([scored(case, stories, guidelines, engine) for case in cases], guidelines, engine)


def scored(
    case: LabelledCase,
    stories: Mapping[str, StoryRecord],
    guidelines: Guidelines,
    engine: Engine,
) -> Scored:
    """Judge one case."""
    story = case.story
    if isinstance(story, str) and story not in stories:
        raise BadInput(f"Case {case.id}: there is no story “{story}”.", remedy="Give --stories.")
    record = stories[story] if isinstance(story, str) else story
    question = Question(case.id, case.text, case.parent, story=record)
    verdict = judge(question.submission(), guidelines, engine)
    raised = {finding.label for breach in verdict.breaches for finding in breach.findings}
    if Label.INCIVILITY in case.expect:
        nudging = (guidelines.rule(rule) for rule in verdict.nudge)
        raised |= {label for rule in nudging if rule for label in rule.labels}
    if Reason.CARE in verdict.reasons:
        raised |= CARED_FOR
    right: bool | None = None
    if case.expect:
        right = bool(raised & {*case.allowed})
    elif not case.tolerated:
        right = verdict.outcome is Outcome.PUBLISH
    name = story if isinstance(story, str) else (record.headline or "" if record else "")
    return Scored(case, name, verdict, frozenset(raised), right)


def count(all_cases: list[Scored], guidelines: Guidelines, engine: Engine) -> Report:
    """Add the scored cases up."""
    decided = [one for one in all_cases if one.right is not None]
    uncivil = [one for one in decided if Label.INCIVILITY in one.case.expect]
    main = [one for one in decided if Label.INCIVILITY not in one.case.expect]
    clean = [one for one in main if not one.case.expect]
    violating = [one for one in main if one.case.expect]
    marked = [one for one in violating if one.case.span]
    overlaps = [overlap(one) for one in marked]

    def share(of: list[Scored], outcome: Outcome) -> Share:
        return Share(sum(one.verdict.outcome is outcome for one in of), len(of))

    return Report(
        cases=len(all_cases),
        either_way=len(all_cases) - len(decided),
        clean=right_of(clean),
        violating=right_of(violating),
        clean_held=share(clean, Outcome.HOLD),
        clean_rejected=share(clean, Outcome.REJECT),
        clean_nudged=Share(sum(bool(one.verdict.nudge) for one in clean), len(clean)),
        incivility=right_of(uncivil),
        pairs=pairs(decided),
        span_f1=mean(overlaps),
        spans=len(marked),
        recall={label.value: recall(decided, label) for label in Label},
        false={label.value: falsely(decided, label) for label in Label},
        groups=groups(decided),
        baselines={
            "publish all": mean([1.0 if clean else None, 0.0 if violating else None]),
            "hold all": mean([0.0 if clean else None, 1.0 if violating else None]),
        },
        wrong=[one.case.id for one in decided if not one.right],
        guidelines=guidelines.version,
        engine=engine.version,
    )


def right_of(cases: Iterable[Scored]) -> Share:
    """Return how many came out right."""
    results = [one.right for one in cases]
    return Share(sum(map(bool, results)), len(results))


def recall(cases: list[Scored], label: Label) -> Share:
    """Return how many of the cases that expect a label raise exactly it."""
    expecting = [one for one in cases if label in one.case.expect]
    return Share(sum(label in one.raised for one in expecting), len(expecting))


def falsely(cases: list[Scored], label: Label) -> Share:
    """Return how many of the cases that raise a label neither expect nor tolerate it."""
    raising = [one for one in cases if label in one.raised]
    return Share(sum(label not in one.case.allowed for one in raising), len(raising))


def pairs(cases: list[Scored]) -> Share:
    """Return in how many pairs, of which one side violates, both sides came out right."""
    by_id = {one.case.id: one for one in cases}
    found = {
        frozenset({one.case.id, one.case.pair})
        for one in cases
        if one.case.pair in by_id and one.case.pair is not None
    }
    return Share(sum(all(by_id[id].right for id in pair) for pair in found), len(found))


def overlap(one: Scored) -> float:
    """Return the F1 of the characters marked by breaches against those of the expected span."""
    text, span = one.case.text, one.case.span or ""
    start = text.find(span)
    expected = set(range(start, start + len(span))) if start >= 0 else set()
    marked: set[int] = set()
    for breach in one.verdict.breaches:
        for first, last in breach.spans or ((0, len(text)),):
            marked.update(range(first, last))
    both = len(expected & marked)
    return 2 * both / (len(expected) + len(marked)) if both else 0.0


def groups(cases: list[Scored]) -> dict[str, dict[str, Share]]:
    """Return the shares by functionality, language and story, worst first."""
    found: dict[str, dict[str, Share]] = {}
    for name in ("functionality", "language", "story"):
        members: dict[str, list[Scored]] = defaultdict(list)
        for one in cases:
            key = {"functionality": one.case.functionality, "language": one.case.lang}
            members[key.get(name, one.story) or "(none)"].append(one)
        shares = {member: right_of(of) for member, of in members.items()}
        found[name] = dict(sorted(shares.items(), key=lambda item: (item[1].share, -item[1].of)))
    return found
