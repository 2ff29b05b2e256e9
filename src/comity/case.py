"""A Case: what was judged, frozen, as one JSON record, in the very form of `comity judge`."""

from typing import Any

import msgspec

from comity.detectors import Engine
from comity.findings import Finding, Standing, StoryExcerpt, Submission
from comity.guidelines import Guidelines
from comity.judge import Breach, Verdict, judge
from comity.text import Span


class StoryRecord(msgspec.Struct, omit_defaults=True):
    """A story as it stands in a Case; `body` may be read as one string or as paragraphs."""

    headline: str | None = ""
    deck: str | None = ""
    body: list[str] | str | None = []
    section: str | None = ""
    byline: str | None = ""
    sensitive: bool = False

    @classmethod
    def of(cls, story: StoryExcerpt) -> "StoryRecord":
        """Freeze a story."""
        return cls(
            story.headline,
            story.deck,
            list(story.body),
            story.section,
            story.byline,
            story.sensitive,
        )

    def excerpt(self) -> StoryExcerpt:
        """Return the value that detectors read."""
        return StoryExcerpt(
            self.headline or "",
            self.deck or "",
            tuple(paragraphs(self.body)),
            self.section or "",
            self.byline or "",
            self.sensitive,
        )


def paragraphs(body: list[str] | str | None) -> list[str]:
    """Return a body as paragraphs; in one string they are parted by an empty line."""
    if isinstance(body, str):
        return [part for part in body.split("\n\n") if part.strip()]
    return body or []


class StandingRecord(msgspec.Struct, omit_defaults=True):
    """The writer's standing; see `Standing`."""

    published: int = 0
    rejected: int = 0
    copies: int = 0
    premoderated: bool = False
    near_copy: bool = False


class FindingRecord(msgspec.Struct):
    """A finding; spans are code points, end exclusive."""

    label: str
    score: float
    spans: list[Span]
    detector: str
    how: str = ""
    reported: bool | msgspec.UnsetType = msgspec.UNSET  # only said where it is so
    target: str | msgspec.UnsetType = msgspec.UNSET  # only said where it is known


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
    thread: list[str] | None = []
    story: StoryRecord | None = None
    author: StandingRecord | None = None

    @classmethod
    def of(cls, id: Any, submission: Submission) -> "Question":
        """Freeze what is asked."""
        standing = submission.standing
        return cls(
            id=id,
            text=submission.text.original,
            parent=submission.parent.original if submission.parent else None,
            thread=[above.original for above in submission.thread],
            story=StoryRecord.of(submission.story) if submission.story else None,
            author=StandingRecord(
                standing.published,
                standing.rejected,
                standing.copies,
                standing.premoderated,
                standing.near_copy,
            ),
        )

    def submission(self) -> Submission:
        """Return the value that is judged."""
        author = self.author or StandingRecord()
        return Submission.of(
            self.text,
            parent=self.parent,
            thread=tuple(self.thread or ()),
            story=self.story.excerpt() if self.story else None,
            standing=Standing(
                author.published,
                author.rejected,
                author.copies,
                author.premoderated,
                author.near_copy,
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
    guidelines: str
    engine: str
    undetermined: list[str] | msgspec.UnsetType = msgspec.UNSET  # only said where there are any

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
            guidelines=guidelines.version,
            engine=engine_version,
            undetermined=list(verdict.undetermined) or msgspec.UNSET,
        )


class Case(msgspec.Struct):
    """Question and answer together: what the database keeps with a decision."""

    question: Question
    answer: Answer


def answer(question: Question, guidelines: Guidelines, engine: Engine) -> Answer:
    """Judge what is asked; on the question of a stored Case this is its replay."""
    verdict = judge(question.submission(), guidelines, engine)
    return Answer.of(question.id, verdict, guidelines, engine.version)


def breach_record(breach: Breach) -> BreachRecord:
    """Freeze a breach."""
    return BreachRecord(
        breach.rule,
        breach.label.value,
        breach.score,
        list(breach.spans),
        breach.detector,
        breach.action.value,
    )


def finding_record(finding: Finding) -> FindingRecord:
    """Freeze a finding."""
    return FindingRecord(
        finding.label.value,
        finding.score,
        list(finding.spans),
        finding.detector,
        finding.how,
        finding.reported or msgspec.UNSET,
        finding.target.value if finding.target else msgspec.UNSET,
    )
