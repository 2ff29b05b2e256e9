"""A Case: what was judged, frozen, as one JSON record; the very form `comity judge` reads and writes."""

from typing import Any

import msgspec

from comity.findings import Finding, Standing, StoryExcerpt, Submission
from comity.guidelines import Guidelines
from comity.judge import Breach, Verdict
from comity.text import Span


class StoryRecord(msgspec.Struct, omit_defaults=True):
    """A story as it stands in a Case; `body` may be read as one string or as paragraphs."""

    headline: str = ""
    deck: str = ""
    body: list[str] | str = []
    section: str = ""
    byline: str = ""
    sensitive: bool = False

    def excerpt(self) -> StoryExcerpt:
        """Return the value that detectors read."""
        body = self.body.split("\n\n") if isinstance(self.body, str) else self.body
        paragraphs = tuple(paragraph for paragraph in body if paragraph.strip())
        return StoryExcerpt(
            self.headline, self.deck, paragraphs, self.section, self.byline, self.sensitive
        )


class StandingRecord(msgspec.Struct, omit_defaults=True):
    """The writer's standing; see `Standing`."""

    published: int = 0
    rejected: int = 0
    copies: int = 0
    premoderated: bool = False


class FindingRecord(msgspec.Struct):
    """A finding; spans are code points, end exclusive."""

    label: str
    score: float
    spans: list[Span]
    detector: str
    how: str = ""
    reported: bool = False


class BreachRecord(msgspec.Struct):
    """A breach, with the words and the strongest finding's label, score and detector."""

    rule: str
    label: str
    score: float
    spans: list[Span]
    detector: str
    action: str


class Question(msgspec.Struct, omit_defaults=True):
    """What is asked: the half of a Case that `comity judge` reads. Unknown keys are ignored."""

    id: Any
    text: str
    parent: str | None = None
    thread: list[str] = []
    story: StoryRecord | None = None
    author: StandingRecord | None = None

    def submission(self) -> Submission:
        """Return the value that is judged."""
        author = self.author or StandingRecord()
        return Submission.of(
            self.text,
            parent=self.parent,
            thread=tuple(self.thread),
            story=self.story.excerpt() if self.story else None,
            standing=Standing(
                author.published, author.rejected, author.copies, author.premoderated
            ),
        )


class Answer(msgspec.Struct):
    """What was found and ruled: the half of a Case that `comity judge` writes."""

    id: Any
    outcome: str
    reasons: list[str]
    nudge: list[str]
    breaches: list[BreachRecord]
    findings: list[FindingRecord]
    undetermined: list[str]
    guidelines: str
    engine: str

    @classmethod
    def of(cls, id: Any, verdict: Verdict, guidelines: Guidelines, engine_version: str) -> "Answer":
        """Freeze a verdict."""
        return cls(
            id=id,
            outcome=verdict.outcome.value,
            reasons=[reason.value for reason in verdict.reasons],
            nudge=list(verdict.nudge),
            breaches=[breach_record(breach) for breach in verdict.breaches],
            findings=[finding_record(finding) for finding in verdict.findings],
            undetermined=list(verdict.undetermined),
            guidelines=guidelines.version,
            engine=engine_version,
        )


class Case(msgspec.Struct):
    """Question and answer together: what the database keeps with a decision."""

    question: Question
    answer: Answer


def breach_record(breach: Breach) -> BreachRecord:
    """Freeze a breach."""
    return BreachRecord(
        breach.rule,
        breach.label.value,
        round(breach.score, 4),
        list(breach.spans),
        breach.detector,
        breach.action.value,
    )


def finding_record(finding: Finding) -> FindingRecord:
    """Freeze a finding; scores are kept to four places, the precision that a version promises."""
    return FindingRecord(
        finding.label.value,
        round(finding.score, 4),
        list(finding.spans),
        finding.detector,
        finding.how,
        finding.reported,
    )
