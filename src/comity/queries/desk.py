"""What moderators read: the queue, a comment's file, a person's record, open appeals."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from comity.errors import NotFound
from comity.models import (
    Appeal,
    By,
    CaseRow,
    Comment,
    Decision,
    Flag,
    Occasion,
    Sanction,
    Site,
    Status,
    Story,
    User,
)
from comity.queries import cursors

LATEST = 50  # Flags in a file: a comment that more people flag is not judged by their number.


class Queued(NamedTuple):
    """A comment that waits for a moderator."""

    id: UUID
    site: str
    story_key: str
    headline: str
    author_id: UUID
    author_name: str
    text: str
    status: Status
    urgency: int
    created_at: datetime
    decision_id: UUID
    rules: list[str]
    flags: int


class Made(NamedTuple):
    """A decision in a comment's history, with the name of the person who made it."""

    id: UUID
    previous_id: UUID | None
    status: Status
    confirmed: bool
    by: By
    actor_name: str | None
    occasion: Occasion
    rules: list[str]
    note: str
    guidelines: str
    created_at: datetime


class Flagged(NamedTuple):
    """A reader's report, with the reader's name."""

    rule: str
    note: str
    created_at: datetime
    reader_id: UUID
    reader_name: str
    is_open: bool


class Record(NamedTuple):
    """A person on a site: counts, confirmed breaches by rule, and sanctions there, newest first.

    Sanctions on all sites count there too; those on another site are that site's affair.
    """

    user: User
    published: int
    held: int
    rejected: int
    withdrawn: int
    breaches: dict[str, int]
    sanctions: list[Sanction]
    flags_made: int
    flags_right: int


class CommentFile(NamedTuple):
    """Everything a moderator needs to decide on one comment; decisions are oldest first."""

    comment: Comment
    story: Story
    parent: Comment | None
    parent_name: str | None
    case: CaseRow
    decisions: list[Made]
    flags: list[Flagged]
    record: Record


class AppealFile(NamedTuple):
    """An open appeal with what it is about."""

    appeal: Appeal
    person_name: str
    decision: Decision | None
    comment: Comment | None
    sanction: Sanction | None


def queue(
    session: Session, site_ids: Collection[UUID], *, after: str | None = None, limit: int = 50
) -> tuple[list[Queued], str | None]:
    """Return what waits on these sites, gravest first, then oldest, and where the next page begins.

    Raises:
        BadInput: `after` is not a page mark of ours.
    """
    flags = (
        select(func.count())
        .where(Flag.comment_id == Comment.id, Flag.answered_by.is_(None))
        .scalar_subquery()
    )
    statement = (
        select(
            Comment.id,
            Site.slug,
            Story.key,
            Story.headline,
            Comment.author_id,
            User.name,
            Comment.text,
            Comment.status,
            Comment.urgency,
            Comment.created_at,
            Comment.decision_id,
            Decision.rules,
            flags,
        )
        .join(Site, Site.id == Comment.site_id)
        .join(Story, Story.id == Comment.story_id)
        .join(User, User.id == Comment.author_id)
        .join(Decision, Decision.id == Comment.decision_id)
        .where(sql("comments.urgency < 9"), Comment.site_id.in_(site_ids))
        .order_by(Comment.urgency, Comment.id)
        .limit(limit + 1)
    )
    if after:
        mark = tuple_(*cursors.read_ranked(after), types=(Comment.urgency.type, Comment.id.type))
        statement = statement.where(tuple_(Comment.urgency, Comment.id) > mark)
    rows = [Queued._make(row) for row in session.execute(statement)]
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], last and cursors.write(last.id, last.urgency)


def comment_file(session: Session, comment_id: UUID) -> CommentFile:
    """Return the file of a comment.

    Raises:
        NotFound: there is no such comment.
    """
    comment = session.get(Comment, comment_id)
    if comment is None:
        raise NotFound("There is no such comment.", remedy="Check the address.")
    latest = session.get_one(Decision, comment.decision_id)
    parent = session.get(Comment, comment.parent_id) if comment.parent_id else None
    return CommentFile(
        comment=comment,
        story=session.get_one(Story, comment.story_id),
        parent=parent,
        parent_name=session.get_one(User, parent.author_id).name if parent else None,
        case=session.get_one(CaseRow, latest.case_id),
        decisions=history(session, comment),
        flags=flags_of(session, comment_id),
        record=person_record(session, comment.author_id, comment.site_id),
    )


def history(session: Session, comment: Comment) -> list[Made]:
    """Return a comment's decisions in the order in which each replaced the one before."""
    rows = session.execute(
        select(
            Decision.id,
            Decision.previous_id,
            Decision.status,
            Decision.confirmed,
            Decision.by,
            User.name,
            Decision.occasion,
            Decision.rules,
            Decision.note,
            Decision.guidelines,
            Decision.created_at,
        )
        .outerjoin(User, User.id == Decision.actor_id)
        .where(Decision.comment_id == comment.id)
    )
    made = {row.id: Made(*row) for row in rows}
    chain: list[Made] = []
    id: UUID | None = comment.decision_id
    while id is not None:
        chain.append(made[id])
        id = made[id].previous_id
    return chain[::-1]


def flags_of(session: Session, comment_id: UUID) -> list[Flagged]:
    """Return the latest flags of a comment, newest first."""
    rows = session.execute(
        select(
            Flag.rule,
            Flag.note,
            Flag.created_at,
            Flag.user_id,
            User.name,
            Flag.answered_by.is_(None),
        )
        .join(User, User.id == Flag.user_id)
        .where(Flag.comment_id == comment_id)
        .order_by(Flag.id.desc())
        .limit(LATEST)
    )
    return [Flagged(*row) for row in rows]


def person_record(session: Session, user_id: UUID, site_id: UUID) -> Record:
    """Return what a person's comments on a site have become.

    Raises:
        NotFound: there is no such person.
    """
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("There is no such person.", remedy="Check the address.")
    counted = session.execute(
        select(Comment.status, func.count())
        .where(Comment.author_id == user_id, Comment.site_id == site_id)
        .group_by(Comment.status)
    )
    counts = dict(iter(counted))
    sanctions = session.scalars(
        select(Sanction)
        .where(
            Sanction.user_id == user_id,
            Sanction.site_id.is_(None) | (Sanction.site_id == site_id),
        )
        .order_by(Sanction.id.desc())
    )
    made, right = session.execute(
        select(func.count(), func.count(Decision.id).filter(Decision.confirmed))
        .select_from(Flag)
        .outerjoin(Decision, Decision.id == Flag.answered_by)
        .where(Flag.user_id == user_id)
    ).one()
    return Record(
        user=user,
        published=counts.get(Status.PUBLISHED, 0),
        held=counts.get(Status.HELD, 0),
        rejected=counts.get(Status.REJECTED, 0),
        withdrawn=counts.get(Status.WITHDRAWN, 0),
        breaches=breaches(session, user_id, site_id),
        sanctions=list(sanctions),
        flags_made=made,
        flags_right=right,
    )


def breaches(session: Session, user_id: UUID, site_id: UUID) -> dict[str, int]:
    """Return how often a person broke each rule, counting what a moderator confirmed."""
    found: dict[str, int] = {}
    for rules in session.scalars(
        select(Decision.rules)
        .join(Comment, Comment.decision_id == Decision.id)
        .where(
            Comment.author_id == user_id,
            Comment.site_id == site_id,
            Comment.status == Status.REJECTED,
            Decision.confirmed,
        )
    ):
        for rule in rules:
            found[rule] = found.get(rule, 0) + 1
    return found


def appeals_open(
    session: Session, site_ids: Collection[UUID], *, everywhere: bool = False
) -> list[AppealFile]:
    """Return the open appeals on these sites, oldest first.

    `everywhere` adds those against sanctions on all sites.
    """
    here = Appeal.site_id.in_(site_ids)
    rows = session.execute(
        select(Appeal, User.name, Decision, Comment, Sanction)
        .join(User, User.id == Appeal.user_id)
        .outerjoin(Decision, Decision.id == Appeal.decision_id)
        .outerjoin(Comment, Comment.id == Decision.comment_id)
        .outerjoin(Sanction, Sanction.id == Appeal.sanction_id)
        .where(
            Appeal.answered_at.is_(None),
            here | Appeal.site_id.is_(None) if everywhere else here,
        )
        .order_by(Appeal.id)
    )
    return [AppealFile(*row) for row in rows]
