"""Readers report comments: one flag a reader and comment, naming a rule."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from comity import db
from comity.actions import recording, sanctioning, wording
from comity.actions.newsroom import Newsroom
from comity.errors import Conflict, Forbidden, NotFound, TooMany
from comity.models import Comment, Flag, Status, User

LONGEST_NOTE = 1_000


def flag(
    session: Session,
    newsroom: Newsroom,
    *,
    comment: Comment,
    reader: User,
    rule: str,
    note: str,
    now: datetime,
) -> Flag:
    """Report a published comment; it stays public and waits for a moderator.

    Raises:
        BadInput: no such rule, or the note is too long or not text.
        NotFound: the comment is not public.
        Forbidden: the reader wrote it.
        Sanctioned: the reader is suspended or blocked.
        Conflict: the reader has flagged it before.
        TooMany: the reader has flagged too many within the hour.
    """
    wording.check(note, field="note", longest=LONGEST_NOTE, may_be_empty=True)
    guidelines = newsroom.guidelines(session, comment.site_id)
    sanctioning.require_rules(guidelines, [rule], field="rule")
    sanctioning.require_may_write(session, newsroom, user=reader, site_id=comment.site_id, now=now)
    if comment.author_id == reader.id:
        raise Forbidden("This comment is your own.", remedy="You may withdraw it.")
    require_few(session, newsroom, reader, now)

    db.write(session)
    recording.lock(session, comment)
    if comment.status is not Status.PUBLISHED:
        raise NotFound("This comment is not public.", remedy="There is nothing to flag.")
    made = db.insert_unless_there(
        session,
        Flag,
        site_id=comment.site_id,
        comment_id=comment.id,
        user_id=reader.id,
        rule=rule,
        note=note,
        created_at=now,
        answered_by=None,
    )
    if made is None:
        raise Conflict("You have flagged this comment.", remedy="A moderator will read it.")
    comment.urgency = min(comment.urgency, recording.place_of(rule, guidelines))
    session.flush()
    return session.get_one(Flag, made)


def require_few(session: Session, newsroom: Newsroom, reader: User, now: datetime) -> None:
    """Raise TooMany if the reader has used up the flags of this hour."""
    recent = session.scalar(
        select(func.count()).where(
            Flag.user_id == reader.id, Flag.created_at > now - timedelta(hours=1)
        )
    )
    if (recent or 0) >= newsroom.settings.flags_per_hour:
        raise TooMany(
            f"You have flagged {recent} comments within the hour.",
            retry_after=3_600,
            remedy="The moderators will look at those first; come back in an hour.",
        )
