"""A comment's file as moderators see it: the words marked, and the rules that they may break."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from comity import queries
from comity.actions.newsroom import Newsroom
from comity.actions.recording import URGENCY
from comity.case import Case, FindingRecord
from comity.errors import NotFound
from comity.findings import DIRECTED_AT, Target
from comity.guidelines import Action, Guidelines, Rule
from comity.judge import Reason
from comity.models import Appeal, CaseRow, Occasion, Site, User
from comity.queries import CommentFile
from comity.text import Span
from comity.web.present import CONTROLS

NO_RULE = 0  # The number of marks that no rule's number stands beside.


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: the rules it may break, by number, and those whose words end here."""

    text: str
    rules: tuple[int, ...]
    ending: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A rule that the machine saw broken; `how` says how, in the detectors' words.

    `chance` is the probability, 0..1, that the surest finding is right. `directed_at` says at whom,
    in words, as far as it is known.
    """

    number: int
    rule: Rule
    action: str
    chance: float
    how: tuple[str, ...]
    reported: bool
    directed_at: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Concern:
    """Why the writer seems to be in despair; `title` is that of the words the writer was shown."""

    title: str
    how: tuple[str, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Everything the page of a comment shows.

    `closed` says why nothing can be decided now; empty if it can. `guidelines` are in force;
    `titles` knows all rules cited. `suggested` is the gravest rule that the machine would stop the
    comment for, if it is in force; confirming others has consequences of its own. With `care`,
    nothing is suggested: the writer needs somebody first, and no rule need be broken.
    """

    file: CommentFile
    site: Site
    pieces: list[Piece]
    seen: list[Seen]
    care: Concern | None
    suggested: str
    reasons: list[str]
    undetermined: list[str]
    guidelines: Guidelines
    titles: dict[str, str]
    closed: str
    appeal_id: UUID | None
    can_undo: bool

    @property
    def numbers(self) -> dict[str, int]:
        """Return the number that each rule has which the machine saw broken."""
        return {item.rule.id: item.number for item in self.seen}


def view(session: Session, newsroom: Newsroom, comment_id: UUID, moderator_id: UUID) -> View:
    """Gather what a moderator needs to decide on a comment."""
    file = queries.comment_file(session, comment_id)
    current = newsroom.guidelines(session, file.comment.site_id)
    then = version_or(newsroom, session, file.case.guidelines, current)
    case = frozen(file.case)
    seen = seen_in(case, then) if case else []
    care = concern(case, then) if case else None
    marks = [(item.number, item.spans) for item in seen]
    appeal = session.scalar(
        select(Appeal.id).where(
            Appeal.decision_id == file.comment.decision_id, Appeal.answered_at.is_(None)
        )
    )
    latest = file.decisions[-1]
    closed = why_closed(file, moderator_id, is_appealed=appeal is not None)
    return View(
        file=file,
        site=session.get_one(Site, file.comment.site_id),
        pieces=pieces(file.comment.text, [*marks, (NO_RULE, care.spans)] if care else marks),
        seen=seen,
        care=care,
        suggested="" if care else gravest(seen, current),
        reasons=case.answer.reasons if case else [],
        undetermined=(case.answer.undetermined or []) if case else [],
        guidelines=current,
        titles={rule.id: rule.title for rule in (*then.rules, *current.rules)},
        closed=closed,
        appeal_id=appeal,
        can_undo=not closed and latest.occasion in {Occasion.QUEUE, Occasion.FLAG},
    )


def frozen(row: CaseRow) -> Case | None:
    """Return the Case, unless its time was up and it was erased."""
    return None if row.record is None else msgspec.json.decode(row.record, type=Case)


def version_or(
    newsroom: Newsroom, session: Session, version: str, current: Guidelines
) -> Guidelines:
    """Return the guidelines of a version, or the current ones where it is not kept."""
    try:
        return newsroom.version(session, version)
    except NotFound:
        return current


def why_closed(file: CommentFile, moderator_id: UUID, *, is_appealed: bool) -> str:
    """Say why this moderator cannot decide now; empty if it is possible."""
    if file.comment.author_id == moderator_id:
        return "This is your own comment. Ask a colleague to decide."
    if file.comment.erased_at is not None:
        return "The words of this comment were erased. There is nothing left to decide on."
    if is_appealed:
        return "The writer has appealed. The answer to the appeal decides."
    return ""


def seen_in(case: Case, guidelines: Guidelines) -> list[Seen]:
    """Return the rules that the machine saw broken, those it would stop a comment for first."""
    stopping = {breach.rule: breach.action for breach in case.answer.breaches}
    actions = {**stopping, **{id: "nudge" for id in case.answer.nudge if id not in stopping}}
    spans = {breach.rule: breach.spans for breach in case.answer.breaches}
    found: list[Seen] = []
    for id, action in actions.items():
        rule = guidelines.rule(id)
        if rule is None:
            continue
        findings = [
            item for item in case.answer.findings if rule.is_about(item.label, item.target or None)
        ]
        found.append(
            Seen(
                number=len(found) + 1,
                rule=rule,
                action=action,
                chance=max((item.score for item in findings), default=0.0),
                how=tuple(dict.fromkeys(item.how or item.detector for item in findings)),
                reported=bool(findings) and all(item.reported for item in findings),
                directed_at=directed_at(findings),
                spans=tuple(
                    spans[id] if id in spans else [s for item in findings for s in item.spans]
                ),
            )
        )
    return found


def concern(case: Case, guidelines: Guidelines) -> Concern | None:
    """Return what made the machine think that the writer is in despair; None: nothing did."""
    care = guidelines.care
    if Reason.CARE not in case.answer.reasons or care is None:
        return None
    findings = [item for item in case.answer.findings if item.label in care.labels]
    return Concern(
        title=care.title,
        how=tuple(dict.fromkeys(item.how or item.detector for item in findings)),
        spans=tuple(span for item in findings for span in item.spans),
    )


def directed_at(findings: Iterable[FindingRecord]) -> tuple[str, ...]:
    """Return at whom findings are directed, in words, each once."""
    return tuple(
        dict.fromkeys(DIRECTED_AT[Target(item.target)] for item in findings if item.target)
    )


def gravest(seen: list[Seen], guidelines: Guidelines) -> str:
    """Return the id of the gravest rule that would stop the comment; empty if there is none."""
    stopping = [
        (URGENCY[item.rule.gravity], -Action(item.action).rank, item.number, item.rule.id)
        for item in seen
        if item.action != Action.NUDGE and guidelines.rule(item.rule.id)
    ]
    return min(stopping)[-1] if stopping else ""


def pieces(text: str, marks: Iterable[tuple[int, Iterable[Span]]]) -> list[Piece]:
    """Cut a text wherever marked words begin or end; spans are code points, end exclusive."""
    known = [
        (number, start, min(end, len(text)))
        for number, spans in marks
        for start, end in spans
        if 0 <= start < min(end, len(text))
    ]
    cuts = sorted({0, len(text), *(at for _, start, end in known for at in (start, end))})
    return [
        Piece(
            CONTROLS.sub("\ufffd", text[a:b]),
            tuple(dict.fromkeys(n for n, start, end in known if start <= a and b <= end)),
            tuple(dict.fromkeys(n for n, _, end in known if end == b and n != NO_RULE)),
        )
        for a, b in pairwise(cuts)
    ]


def people(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of people by id."""
    known = {id for id in ids if id is not None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(known)))
    return {row.id: row.name for row in rows}
