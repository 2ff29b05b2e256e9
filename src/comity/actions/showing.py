"""Keeps what readers see in step: counts, place-holders, and the story's version."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from comity import db
from comity.models import Comment, Status, Story, table_of


class Place(NamedTuple):
    """Where a comment stands."""

    comment_id: UUID
    story_id: UUID
    parent_id: UUID | None
    root_id: UUID | None


def add(session: Session, place: Place) -> None:
    """Count a new published comment; what it answers is published, so no more comes to light."""
    db.run(session, STORY, {"story": place.story_id, "step": 1})
    if place.root_id is not None:
        db.run(session, REPLIES, {"root": place.root_id, "step": 1})
        db.run(session, ANSWERS, {"comment": place.parent_id, "step": 1})
    forget(session)


def change(session: Session, place: Place, before: Status, after: Status) -> None:
    """Bring the thread in step with a comment's new status.

    A comment that is not published is still shown, as a place-holder without words or name, while
    shown answers stand below it. So a change may show or hide comments above, one after another.
    """
    was, is_now = before is Status.PUBLISHED, after is Status.PUBLISHED
    if not was and not is_now:
        return
    step = is_now - was
    session.execute(STORY, {"story": place.story_id, "step": step})
    if step and place.root_id is not None:
        session.execute(REPLIES, {"root": place.root_id, "step": step})
    if step:
        show(session, place.comment_id)
    forget(session)


def forget(session: Session) -> None:
    """Have the session's rows read anew what was changed here without them."""
    for row in session.identity_map.values():
        if isinstance(row, Story):
            session.expire(row, ["version", "comments"])
        elif isinstance(row, Comment):
            session.expire(row, ["shown", "answers", "replies"])


def show(session: Session, comment_id: UUID | None) -> None:
    """Show or hide a comment as its status and answers demand, then look at the one above."""
    while comment_id is not None:
        row = session.execute(SHOWN, {"id": comment_id}).one()
        is_shown = row.status is Status.PUBLISHED or row.answers > 0
        if is_shown == row.shown:
            return
        session.execute(SHOW, {"comment": comment_id, "is_shown": is_shown})
        if row.parent_id is not None:
            step = 1 if is_shown else -1
            session.execute(ANSWERS, {"comment": row.parent_id, "step": step})
        comment_id = row.parent_id


stories, comments = table_of(Story), table_of(Comment)
STORY = (
    update(stories)
    .where(stories.c.id == bindparam("story"))
    .values(version=stories.c.version + 1, comments=stories.c.comments + bindparam("step"))
)
REPLIES = (
    update(comments)
    .where(comments.c.id == bindparam("root"))
    .values(replies=comments.c.replies + bindparam("step"))
)
ANSWERS = (
    update(comments)
    .where(comments.c.id == bindparam("comment"))
    .values(answers=comments.c.answers + bindparam("step"))
)
SHOW = (
    update(comments)
    .where(comments.c.id == bindparam("comment"))
    .values(shown=bindparam("is_shown"))
)
SHOWN = select(comments.c.status, comments.c.answers, comments.c.shown, comments.c.parent_id).where(
    comments.c.id == bindparam("id")
)
