"""What a reader is told of their own: comments with their fate, sanctions, and a draft's check."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from comity import queries
from comity.actions import posting, sanctioning, statements
from comity.errors import ComityError, NotFound, Sanctioned
from comity.guidelines import Guidelines
from comity.judge import Reason, Verdict
from comity.models import CaseRow, Comment, Decision, Status, Story, User
from comity.web.auth import Person
from comity.web.filters import prose
from comity.web.house import House
from comity.web.present import comment_html
from comity.web.shapes import (
    Author,
    Help,
    Me,
    Mine,
    MyComment,
    NudgeNote,
    Posted,
    Preview,
    SanctionInForce,
    Statement,
)

GROUNDS = (
    select(Decision.rules, CaseRow.record)
    .join(CaseRow, CaseRow.id == Decision.case_id)
    .where(Decision.id == bindparam("decision"))
)
AnyComment = Comment | queries.OwnComment
RESTRICTED = {Status.HELD, Status.REJECTED}


class JudgedBy(msgspec.Struct):
    """The part of a Case's answer that is counted."""

    reasons: list[str] = []
    undetermined: list[str] = []


class JudgedCase(msgspec.Struct):
    """The part of a Case that is counted."""

    answer: JudgedBy


class Outcome(NamedTuple):
    """What became of a comment, for the counters."""

    status: str
    rules: list[str]
    undetermined: list[str]
    care: bool


def outcome(session: Session, comment: AnyComment) -> Outcome:
    """Return what became of a comment just now."""
    if comment.status is Status.PUBLISHED:
        return Outcome(comment.status.value, [], [], care=False)
    rules, record = session.execute(GROUNDS, {"decision": comment.decision_id}).one()
    answer = msgspec.json.decode(record or '{"answer":{}}', type=JudgedCase).answer
    care = Reason.CARE in answer.reasons
    return Outcome(comment.status.value, rules, answer.undetermined, care=care)


def reachable(session: Session, id: UUID, reader: User) -> Comment:
    """Return a comment that this reader may know of: a published one, or their own.

    Raises:
        NotFound: any other.
    """
    comment = session.get(Comment, id)
    if comment is None or (
        comment.status is not Status.PUBLISHED and comment.author_id != reader.id
    ):
        raise NotFound("There is no such comment.", remedy="It may have been withdrawn.")
    return comment


def posted(
    session: Session, rooms: House, comment: AnyComment, author: User | Person, now: datetime
) -> Posted:
    """Say what became of a comment that was just sent."""
    mine = my_comment(session, rooms, comment, author, now)
    return Posted(mine.id, mine.status, mine.html or "", mine.statement, mine)


def my_comment(
    session: Session, rooms: House, comment: AnyComment, author: User | Person, now: datetime
) -> MyComment:
    """Say all that its writer may know of a comment."""
    return MyComment(
        id=comment.id,
        parent=comment.parent_id,
        depth=comment.depth,
        author=Author(author.id, author.name),
        html=comment_html(comment.text),
        status=comment.status.value,
        created_at=comment.created_at,
        edited_at=comment.edited_at,
        replies=comment.replies,
        text=comment.text,
        may_edit=may_edit(session, rooms, comment, now),
        edit_until=edit_until(rooms, comment),
        statement=reasons(session, rooms, comment),
    )


def may_edit(session: Session, rooms: House, comment: AnyComment, now: datetime) -> bool:
    """Say whether a comment may still be edited."""
    if now > edit_until(rooms, comment):
        return False
    if comment.status is not Status.REJECTED:
        return comment.status is not Status.WITHDRAWN
    try:
        posting.require_editable(session, rooms.newsroom, comment, now)  # type: ignore[arg-type]
    except ComityError:
        return False
    return True


def edit_until(rooms: House, comment: AnyComment) -> datetime:
    """Return when the writer's time to edit a comment ends."""
    return comment.created_at + timedelta(minutes=rooms.settings.edit_minutes)


def reasons(session: Session, rooms: House, comment: AnyComment) -> Statement | None:
    """Return the statement of reasons of a comment that is held or rejected."""
    if comment.status not in RESTRICTED:
        return None
    return statement(session, rooms, session.get_one(Decision, comment.decision_id))


def statement(session: Session, rooms: House, decision: Decision) -> Statement:
    """Return what the writer is told about a decision, with the rules' prose as HTML too."""
    told = statements.of_decision(session, rooms.newsroom, decision)
    values = told.to_json()
    for rule in filter(None, (values["care"], *values["rules"])):
        rule["prose_html"] = prose(rule["prose"]).strip()
    return msgspec.convert(values, Statement)


def mine(session: Session, rooms: House, story: Story, reader: User, now: datetime) -> Mine:
    """Say what is a reader's own under a story, and whether they may write there."""
    sanction = silence(session, rooms, story, reader, now)
    comments = queries.mine(session, story.id, reader.id)
    return Mine(
        me=Me(reader.id, reader.name),
        may_write=story.open and sanction is None,
        sanction=sanction,
        items=[my_comment(session, rooms, comment, reader, now) for comment in comments],
        flagged=queries.flagged_by(session, story.id, reader.id),
    )


def silence(
    session: Session, rooms: House, story: Story, reader: User, now: datetime
) -> SanctionInForce | None:
    """Return what keeps a reader from writing, or None."""
    try:
        sanctioning.require_may_write(
            session, rooms.newsroom, user=reader, site_id=story.site_id, now=now
        )
    except Sanctioned as error:
        silencing = [
            sanction
            for sanction in sanctioning.in_force(session, reader.id, story.site_id, now)
            if sanction.measure in sanctioning.SILENCING and sanction.until == error.until
        ]
        url = f"{rooms.settings.url}/statements/sanctions/{silencing[0].id}" if silencing else None
        return SanctionInForce(error.message, error.until, url)
    return None


def previewed(verdict: Verdict, guidelines: Guidelines, text: str) -> Preview:
    """Say what would become of a draft: rules and words, no scores."""
    stops = {breach.rule: breach.spans for breach in verdict.breaches}
    nudges = {rule: nudged_spans(verdict, guidelines, rule) for rule in verdict.nudge}
    notes = [
        NudgeNote(
            rule=rule.id,
            title=rule.title,
            prose_html=prose(rule.prose).strip(),
            words=[text[start:end] for start, end in spans],
            spans=list(spans),
            nudge=rule.id not in stops,
        )
        for id, spans in {**nudges, **stops}.items()
        if (rule := guidelines.rule(id))
    ]
    return Preview(verdict.outcome.value, notes, help_in(verdict, guidelines))


def help_in(verdict: Verdict, guidelines: Guidelines) -> Help | None:
    """Return what is told to a writer who seems to be in despair."""
    if Reason.CARE not in verdict.reasons or guidelines.care is None:
        return None
    return Help(guidelines.care.title, prose(guidelines.care.prose).strip())


def nudged_spans(verdict: Verdict, guidelines: Guidelines, id: str) -> tuple[tuple[int, int], ...]:
    """Return the words that a rule is only reminded of for."""
    rule = guidelines.rule(id)
    found = {
        span
        for finding in verdict.findings
        if rule and rule.is_about(finding.label, finding.target)
        for span in finding.spans
    }
    return tuple(sorted(found))
