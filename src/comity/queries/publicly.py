"""What anybody may read besides the thread: a story, and the log of decisions without names."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session, defer

from comity import db
from comity.errors import NotFound
from comity.models import By, Decision, Occasion, Site, Status, Story
from comity.queries import cursors


class LogEntry(NamedTuple):
    """A decision as the public may know it: no words, no names, no link to the comment."""

    at: datetime
    status: Status
    by: By
    occasion: Occasion
    rules: list[str]
    guidelines: str


def story_by_key(session: Session, site: str, key: str) -> Story:
    """Return the story of a key on a site; its body and photographs load when asked for.

    Raises:
        NotFound: there is none.
    """
    story = session.scalar(STORY_BY_KEY, {"site": site, "key": key})
    if story is None:
        raise no_such_story()
    return story


class Spot(NamedTuple):
    """As much of a story as a comment needs to be written under it."""

    id: UUID
    site_id: UUID
    text_version: str


def spot(session: Session, site: str, key: str) -> Spot:
    """Return where a comment on the story of a key is to be kept.

    Raises:
        NotFound: there is no such story.
    """
    row = db.run(session, SPOT, {"site": site, "key": key}).one_or_none()
    if row is None:
        raise no_such_story()
    return Spot(*row)


def no_such_story() -> NotFound:
    """Make the error for a key that no story has."""
    return NotFound("There is no such story.", field="story", remedy="Check site and key.")


def public_log(
    session: Session, site_id: UUID, *, after: str | None = None, limit: int = 50
) -> tuple[list[LogEntry], str | None]:
    """Return all rejections and all that people decided, newest first, and the next page mark.

    Raises:
        BadInput: `after` is not a page mark of ours.
    """
    statement = (
        select(
            Decision.created_at,
            Decision.status,
            Decision.by,
            Decision.occasion,
            Decision.rules,
            Decision.guidelines,
            Decision.id,
        )
        .where(Decision.site_id == site_id, sql("(by = 'person' OR status = 'rejected')"))
        .order_by(Decision.id.desc())
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(Decision.id < cursors.read(after))
    rows = session.execute(statement).all()
    next = cursors.write(rows[limit - 1][-1]) if len(rows) > limit else None
    return [LogEntry(*row[:-1]) for row in rows[:limit]], next


STORY_BY_KEY = (
    select(Story)
    .join(Site, Site.id == Story.site_id)
    .where(Site.slug == bindparam("site"), Story.key == bindparam("key"))
    .options(defer(Story.body), defer(Story.photographs))
)
SPOT = (
    select(Story.id, Story.site_id, Story.text_version)
    .join(Site, Site.id == Story.site_id)
    .where(Site.slug == bindparam("site"), Story.key == bindparam("key"))
)
