"""Erases what has been kept long enough; decisions stay, and a tombstone where words were.

It may run at any time and any number of times: what is erased already is not looked at again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import InstrumentedAttribute, Session

from comity import db
from comity.actions.newsroom import Newsroom
from comity.models import Appeal, CaseRow, Comment, Decision, Flag, Nudge, Status, table_of
from comity.settings import Settings

STEP = 500  # Rows erased before others may write again.


def sweep(session: Session, newsroom: Newsroom, *, now: datetime) -> dict[str, int]:
    """Erase all that is due and return how many of each kind; stores as it goes."""
    settings = newsroom.settings
    return {
        "texts": in_steps(
            session, partial(erase_texts, session, now - timedelta(days=text_days(settings)), now)
        ),
        "cases": in_steps(
            session,
            partial(erase_cases, session, now - timedelta(days=settings.retain_case_days), now),
        ),
        "previews": in_steps(
            session,
            partial(erase_nudges, session, now - timedelta(days=settings.retain_preview_days)),
        ),
    }


def text_days(settings: Settings) -> int:
    """Return for how many days the text of a rejected or withdrawn comment is kept."""
    # Whoever may still appeal must find the text that the appeal is about.
    return max(settings.retain_rejected_days, settings.appeal_days)


def in_steps(session: Session, erase: Callable[[], int]) -> int:
    """Erase step by step until nothing is left to erase."""
    erased = 0
    while step := erase():
        erased += step
        db.pause(session)
    return erased


def erase_texts(session: Session, before: datetime, now: datetime) -> int:
    """Erase the words of comments that were rejected or withdrawn before a time."""
    due = session.scalars(
        select(Comment.id)
        .join(Decision, Decision.id == Comment.decision_id)
        .where(
            sql("comments.erased_at IS NULL AND comments.status IN ('rejected', 'withdrawn')"),
            Decision.created_at < before,
            ~appealed(Comment.id),
        )
        .order_by(Comment.id)
        .limit(STEP)
    ).all()
    erase_words(session, list(due), now)
    return len(due)


def erase_words(session: Session, comment_ids: list[UUID], now: datetime) -> None:
    """Erase the words of comments, wherever they are kept; nothing is left to decide on."""
    comments, cases, flags = table_of(Comment), table_of(CaseRow), table_of(Flag)
    session.execute(
        update(comments)
        .where(comments.c.id.in_(comment_ids))
        .values(text="", fingerprint="", urgency=9, erased_at=now)
    )
    latest = select(comments.c.decision_id).where(comments.c.id == flags.c.comment_id)
    session.execute(
        update(flags)
        .where(flags.c.comment_id.in_(comment_ids), flags.c.answered_by.is_(None))
        .values(answered_by=latest.scalar_subquery())
    )
    session.execute(
        update(cases)
        .where(cases.c.comment_id.in_(comment_ids), cases.c.record.is_not(None))
        .values(record=None, erased_at=now)
    )
    session.expire_all()


def erase_cases(session: Session, before: datetime, now: datetime) -> int:
    """Erase the Cases made before a time, except those on which a person has yet to decide."""
    cases = table_of(CaseRow)
    due = session.scalars(
        select(CaseRow.id)
        .join(Comment, Comment.id == CaseRow.comment_id)
        .where(
            sql("cases.record IS NOT NULL"),
            CaseRow.created_at < before,
            Comment.status != Status.HELD,
            ~appealed(CaseRow.comment_id),
        )
        .order_by(CaseRow.created_at)
        .limit(STEP)
    ).all()
    session.execute(update(cases).where(cases.c.id.in_(due)).values(record=None, erased_at=now))
    session.expire_all()
    return len(due)


def erase_nudges(session: Session, before: datetime) -> int:
    """Delete what was kept of previews before a time."""
    nudges = table_of(Nudge)
    due = session.scalars(select(Nudge.id).where(Nudge.created_at < before).limit(STEP)).all()
    session.execute(delete(nudges).where(nudges.c.id.in_(due)))
    return len(due)


def appealed(comment_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Say, in SQL, whether an open appeal is about a comment."""
    return exists(
        select(Appeal.id)
        .join(Decision, Decision.id == Appeal.decision_id)
        .where(Decision.comment_id == comment_id, Appeal.answered_at.is_(None))
    )
