"""Writes Cases and Decisions, and the comment's status with them: the only place that does."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from comity import db
from comity.actions import nudging, showing
from comity.actions.drafting import Draft
from comity.actions.newsroom import Newsroom
from comity.case import Answer, Case
from comity.guidelines import Gravity, Guidelines
from comity.judge import Outcome, Reason, Verdict
from comity.models import (
    By,
    CaseRow,
    Comment,
    Decision,
    Flag,
    Occasion,
    Status,
    Story,
    User,
    table_of,
)

STATUS = {
    Outcome.PUBLISH: Status.PUBLISHED,
    Outcome.HOLD: Status.HELD,
    Outcome.REJECT: Status.REJECTED,
}
URGENCY = {Gravity.SEVERE: 0, Gravity.SERIOUS: 1, Gravity.MINOR: 2}
CARE = -1  # Somebody in despair is read before all else.
NOTHING_TO_DO = 9


def record(
    session: Session,
    newsroom: Newsroom,
    draft: Draft,
    verdict: Verdict,
    *,
    comment_id: UUID,
    decision_id: UUID,
    now: datetime,
    revision: int = 1,
    previous_id: UUID | None = None,
) -> None:
    """Write the machine's decision on a draft, and the Case that it was made on."""
    newsroom.keep(session, draft.guidelines)
    case_id = uuid7()
    answer = Answer.of(str(comment_id), verdict, draft.guidelines, draft.engine.version)
    case = Case(question=draft.question(comment_id), answer=answer)
    db.insert(
        session,
        CaseRow,
        id=case_id,
        comment_id=comment_id,
        revision=revision,
        record=msgspec.json.encode(case).decode(),
        story_version=draft.story_version,
        guidelines=draft.guidelines.version,
        engine=draft.engine.version,
        created_at=now,
    )
    db.insert(
        session,
        Decision,
        id=decision_id,
        site_id=draft.site_id,
        comment_id=comment_id,
        case_id=case_id,
        previous_id=previous_id,
        status=STATUS[verdict.outcome],
        confirmed=False,
        by=By.MACHINE,
        actor_id=None,
        occasion=Occasion.EDIT if draft.is_edit else Occasion.POST,
        rules=[breach.rule for breach in verdict.breaches],
        guidelines=draft.guidelines.version,
        engine=draft.engine.version,
        note="",
        created_at=now,
    )
    nudging.remember(
        session,
        newsroom,
        author_id=draft.author_id,
        story_id=draft.story_id,
        text=draft.text,
        verdict=verdict,
        now=now,
    )


def urgency(verdict: Verdict, guidelines: Guidelines) -> int:
    """Return a new comment's place in the queue, gravest first."""
    if verdict.outcome is not Outcome.HOLD:
        return NOTHING_TO_DO
    if Reason.CARE in verdict.reasons:
        return CARE
    places = [place_of(breach.rule, guidelines) for breach in verdict.breaches]
    if Reason.UNDETERMINED in verdict.reasons:
        places.append(URGENCY[Gravity.SERIOUS])  # It may be anything.
    return min(places, default=URGENCY[Gravity.MINOR])


def place_of(rule_id: str, guidelines: Guidelines) -> int:
    """Return how urgent a rule's breaches are; a rule that is no more is taken seriously."""
    rule = guidelines.rule(rule_id)
    return URGENCY[rule.gravity if rule else Gravity.SERIOUS]


def flagged_urgency(session: Session, comment_id: UUID, guidelines: Guidelines) -> int:
    """Return how urgent the open flags make a comment."""
    rules = session.scalars(
        select(Flag.rule).where(Flag.comment_id == comment_id, Flag.answered_by.is_(None))
    )
    return min((place_of(rule, guidelines) for rule in rules), default=NOTHING_TO_DO)


def lock(session: Session, comment: Comment) -> None:
    """Read the comment again and hold it, after its story.

    One thread changes by one hand at a time: SQLite's writer is alone anyhow; PostgreSQL locks
    the two rows.
    """
    session.flush()
    db.hold(session, Story, comment.story_id)
    session.refresh(comment, with_for_update=True)


def settle(
    session: Session,
    newsroom: Newsroom,
    comment: Comment,
    status: Status,
    *,
    by: By,
    actor: User,
    occasion: Occasion,
    now: datetime,
    rules: list[str] | None = None,
    confirmed: bool = False,
    note: str = "",
) -> Decision:
    """Write what a person decides on the Case at hand, and answer the open flags with it."""
    latest = session.get_one(Decision, comment.decision_id)
    guidelines = newsroom.guidelines(session, comment.site_id)
    newsroom.keep(session, guidelines)
    decision = Decision(
        id=uuid7(),
        site_id=comment.site_id,
        comment_id=comment.id,
        case_id=latest.case_id,
        previous_id=latest.id,
        status=status,
        confirmed=confirmed,
        by=by,
        actor_id=actor.id,
        occasion=occasion,
        rules=rules or [],
        guidelines=guidelines.version,
        engine=latest.engine,
        note=note,
        created_at=now,
    )
    session.add(decision)
    before = comment.status
    comment.status, comment.decision_id = status, decision.id
    session.flush()
    if occasion is not Occasion.WITHDRAWAL:  # Withdrawing answers nothing: what waits still waits.
        answer_flags(session, decision)
        comment.urgency = min(
            urgency_again(session, decision, guidelines)
            if is_to_decide(session, decision)
            else NOTHING_TO_DO,
            flagged_urgency(session, comment.id, guidelines),
        )
    session.flush()
    place = showing.Place(comment.id, comment.story_id, comment.parent_id, comment.root_id)
    showing.change(session, place, before, status)
    session.refresh(comment)
    return decision


def urgency_again(session: Session, decision: Decision, guidelines: Guidelines) -> int:
    """Return the place in the queue of a comment that waits once more."""
    if needed_care(session, decision):
        return CARE
    own = [place_of(rule, guidelines) for rule in decision.rules]
    return min(own, default=URGENCY[Gravity.SERIOUS])


class Reasoned(msgspec.Struct):
    """The part of a Case's answer that says why."""

    reasons: list[str] = []


class ReasonedCase(msgspec.Struct):
    """The part of a Case that says why."""

    answer: Reasoned


def needed_care(session: Session, decision: Decision) -> bool:
    """Say whether the Case that a decision rests on is of somebody in despair."""
    record = session.get_one(CaseRow, decision.case_id).record
    return record is not None and (
        Reason.CARE in msgspec.json.decode(record, type=ReasonedCase).answer.reasons
    )


def is_to_decide(session: Session, decision: Decision) -> bool:
    """Say whether a comment waits by this decision: held, held until withdrawn, or so again."""
    before = decision
    while before.occasion in {Occasion.UNDO, Occasion.WITHDRAWAL}:
        if before.occasion is Occasion.UNDO:  # It stands as before what was undone.
            before = session.get_one(Decision, before.previous_id)
        before = session.get_one(Decision, before.previous_id)
    return before.status is Status.HELD


def fair(session: Session, comment: Comment) -> Status:
    """Return where a comment belongs that breaks no rule: before readers, unless withdrawn."""
    withdrawal = select(Decision.id).where(
        Decision.comment_id == comment.id, Decision.occasion == Occasion.WITHDRAWAL
    )
    return Status.WITHDRAWN if session.scalar(withdrawal.limit(1)) else Status.PUBLISHED


def answer_flags(session: Session, decision: Decision) -> None:
    """Answer the open flags of a comment; or, by undoing, open those that were answered."""
    flags = table_of(Flag)
    if decision.occasion is Occasion.UNDO:
        answered = update(flags).where(flags.c.answered_by == decision.previous_id)
        session.execute(answered.values(answered_by=None))
    else:
        is_open = (flags.c.comment_id == decision.comment_id) & flags.c.answered_by.is_(None)
        session.execute(update(flags).where(is_open).values(answered_by=decision.id))
