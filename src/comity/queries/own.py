"""What concerns one person: own comments, flags, decisions, sanctions; shown to no other."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from comity.models import (
    Appeal,
    By,
    Comment,
    Decision,
    Flag,
    Occasion,
    Ruling,
    Sanction,
    Site,
    Status,
    Story,
)
from comity.queries import cursors

MOST = 200  # Of one's own comments on a story, and of flags; who has more finds the newest.


class OwnComment(NamedTuple):
    """One's own comment as it is, whatever became of it."""

    id: UUID
    parent_id: UUID | None
    root_id: UUID | None
    depth: int
    text: str
    status: Status
    decision_id: UUID
    revision: int
    replies: int
    created_at: datetime
    edited_at: datetime | None


class OwnDecision(NamedTuple):
    """A decision about a comment of one's own, and one's appeal against it."""

    id: UUID
    comment_id: UUID
    status: Status
    by: By
    occasion: Occasion
    rules: list[str]
    created_at: datetime
    is_latest: bool
    story_key: str
    headline: str
    site: str
    appealed_at: datetime | None
    ruling: Ruling | None


OWN = select(
    Comment.id,
    Comment.parent_id,
    Comment.root_id,
    Comment.depth,
    Comment.text,
    Comment.status,
    Comment.decision_id,
    Comment.revision,
    Comment.answers,
    Comment.created_at,
    Comment.edited_at,
)


def mine(session: Session, story_id: UUID, user_id: UUID) -> list[OwnComment]:
    """Return one's own comments on a story, newest first."""
    rows = session.execute(
        OWN.where(Comment.author_id == user_id, Comment.story_id == story_id)
        .order_by(Comment.id.desc())
        .limit(MOST)
    )
    return [OwnComment(*row) for row in rows]


def flagged_by(session: Session, story_id: UUID, user_id: UUID) -> list[UUID]:
    """Return the comments of a story that one has flagged, the latest first."""
    return list(
        session.scalars(
            select(Flag.comment_id)
            .join(Comment, Comment.id == Flag.comment_id)
            .where(Flag.user_id == user_id, Comment.story_id == story_id)
            .order_by(Flag.created_at.desc())
            .limit(MOST)
        )
    )


def my_decisions(
    session: Session, user_id: UUID, *, after: str | None = None, limit: int = 50
) -> tuple[list[OwnDecision], str | None]:
    """Return the decisions about one's comments that stopped or restored them, newest first.

    Raises:
        BadInput: `after` is not a page mark of ours.
    """
    statement = (
        select(
            Decision.id,
            Decision.comment_id,
            Decision.status,
            Decision.by,
            Decision.occasion,
            Decision.rules,
            Decision.created_at,
            (Comment.decision_id == Decision.id).label("is_latest"),
            Story.key,
            Story.headline,
            Site.slug,
            Appeal.created_at,
            Appeal.ruling,
        )
        .join(Comment, Comment.id == Decision.comment_id)
        .join(Story, Story.id == Comment.story_id)
        .join(Site, Site.id == Comment.site_id)
        .outerjoin(Appeal, Appeal.decision_id == Decision.id)
        .where(
            Comment.author_id == user_id,
            (Decision.by == By.PERSON) | Decision.status.in_((Status.HELD, Status.REJECTED)),
            Decision.status != Status.WITHDRAWN,
        )
        .order_by(Decision.id.desc())
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(Decision.id < cursors.read(after))
    rows = [OwnDecision._make(row) for row in session.execute(statement)]
    return rows[:limit], cursors.write(rows[limit - 1].id) if len(rows) > limit else None


def sanctions_of(session: Session, user_id: UUID) -> list[Sanction]:
    """Return all sanctions a person ever had, newest first."""
    return list(
        session.scalars(
            select(Sanction).where(Sanction.user_id == user_id).order_by(Sanction.id.desc())
        )
    )
