"""Turns rows into the value that is judged, and refuses what may not be posted here at all."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, func, literal, select
from sqlalchemy.orm import Session

from comity.actions import nudging, sanctioning, wording
from comity.actions.newsroom import Newsroom
from comity.actions.showing import Place
from comity.case import Question
from comity.errors import Conflict, NotFound
from comity.findings import Standing, Submission
from comity.guidelines import Guidelines, Measure
from comity.judge import Verdict
from comity.models import Comment, Decision, Status, Story, User, table_of
from comity.text import fold

ABOVE = 5  # How many comments above the parent are read: further up, talk has moved on.
COUNTED = 1_000  # From here on a standing is "many".


class Parent(NamedTuple):
    """The comment that is answered."""

    id: UUID
    story_id: UUID
    parent_id: UUID | None
    root_id: UUID | None
    depth: int
    status: Status
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text that may be posted here, with all that it is read against."""

    site_id: UUID
    story_id: UUID
    story_version: str
    author_id: UUID
    parent: Parent | None
    text: str
    fingerprint: str
    submission: Submission
    guidelines: Guidelines
    revises_id: UUID | None

    @property
    def is_edit(self) -> bool:
        """Whether this is another text for a comment that is there."""
        return self.revises_id is not None

    def place(self, comment_id: UUID) -> Place:
        """Return where the comment stands in its thread."""
        if self.parent is None:
            return Place(comment_id, self.story_id, None, None)
        root_id = self.parent.root_id or self.parent.id
        return Place(comment_id, self.story_id, self.parent.id, root_id)

    def question(self, comment_id: UUID) -> Question:
        """Return the half of the Case that is known before judging, without the story's text."""
        return Question.of(str(comment_id), replace(self.submission, story=None))


def draft(
    session: Session,
    newsroom: Newsroom,
    *,
    story: Story,
    author: User,
    text: str,
    reply_to: UUID | None,
    now: datetime,
    revises: Comment | None = None,
) -> Draft:
    """Return the draft of a comment, or of another text for the one that it `revises`.

    Raises:
        BadInput: the text is too long, blank or not text.
        NotFound: `reply_to` is not a comment of this story.
        Conflict: the story is closed, or the comment answered is not public.
        Sanctioned: the writer is suspended or blocked.
    """
    wording.check(text, field="text", longest=newsroom.settings.comment_characters)
    require_open(is_open=story.open)
    measures = sanctioning.require_may_write(
        session, newsroom, user=author, site_id=story.site_id, now=now
    )
    parent = parent_of(session, story.id, reply_to)
    if parent is not None and revises is None:
        require_public(parent.status)

    folded = fold(text)
    fingerprint = wording.fingerprint(folded)
    submission = Submission(
        text=folded,
        parent=fold(parent.text) if parent else None,
        thread=tuple(fold(above) for above in texts_above(session, parent)),
        story=newsroom.story(session, story.text_version).excerpt(),
        standing=standing(
            session,
            author_id=author.id,
            site_id=story.site_id,
            fingerprint=fingerprint,
            besides=revises.id if revises else None,
            now=now,
            is_read_first=Measure.PREMODERATE in measures,
            is_near_copy=nudging.is_near_copy(
                session, newsroom, author_id=author.id, story_id=story.id, text=folded, now=now
            ),
        ),
    )
    return Draft(
        site_id=story.site_id,
        story_id=story.id,
        story_version=story.text_version,
        author_id=author.id,
        parent=parent,
        text=text,
        fingerprint=fingerprint,
        submission=submission,
        guidelines=newsroom.guidelines(session, story.site_id),
        revises_id=revises.id if revises else None,
    )


def check_again(
    session: Session, newsroom: Newsroom, draft: Draft, verdict: Verdict, *, now: datetime
) -> tuple[Draft, Verdict]:
    """Refuse what has become impossible while the draft was judged; holds the story's thread.

    Where the writer has since been put under pre-moderation, or sent the same text another time,
    the draft is judged again. On PostgreSQL the story's row is locked: one thread changes by one
    hand at a time.
    """
    parent_id = draft.parent.id if draft.parent and not draft.is_edit else None
    is_open, status = session.execute(AGAIN, {"story": draft.story_id, "parent": parent_id}).one()
    require_open(is_open=is_open)
    if parent_id is not None:
        require_public(status)
    author = session.get_one(User, draft.author_id, populate_existing=True)
    measures = sanctioning.require_may_write(
        session, newsroom, user=author, site_id=draft.site_id, now=now
    )
    before = draft.submission.standing
    latest = standing(
        session,
        author_id=draft.author_id,
        site_id=draft.site_id,
        fingerprint=draft.fingerprint,
        besides=draft.revises_id,
        now=now,
        is_read_first=Measure.PREMODERATE in measures,
        is_near_copy=before.near_copy,
    )
    if latest.copies <= before.copies and latest.premoderated == before.premoderated:
        return draft, verdict
    draft = replace(draft, submission=replace(draft.submission, standing=latest))
    return draft, newsroom.judge(draft.submission, draft.guidelines)


def require_open(*, is_open: bool) -> None:
    """Raise Conflict unless the story takes comments."""
    if not is_open:
        raise Conflict(
            "This story takes no more comments.", field="story", remedy="Reading stays possible."
        )


def parent_of(session: Session, story_id: UUID, reply_to: UUID | None) -> Parent | None:
    """Return the comment that is answered.

    Raises:
        NotFound: it is not in this story.
    """
    if reply_to is None:
        return None
    row = session.execute(PARENT, {"id": reply_to}).one_or_none()
    if row is None or row.story_id != story_id:
        raise NotFound(
            "The comment that this answers is not in this story.",
            field="reply_to",
            remedy="Answer a comment of this story, or leave `reply_to` out.",
        )
    return Parent(*row)


def require_public(status: Status) -> None:
    """Raise Conflict unless the comment answered can be read."""
    if status is not Status.PUBLISHED:
        raise Conflict(
            "The comment that this answers is not public any more.",
            field="reply_to",
            remedy="Answer another, or begin a thread of your own.",
        )


def texts_above(session: Session, parent: Parent | None) -> list[str]:
    """Return the public texts above the parent, nearest first."""
    if parent is None or parent.parent_id is None:
        return []
    return list(session.scalars(TEXTS_ABOVE, {"id": parent.parent_id}))


def standing(
    session: Session,
    *,
    author_id: UUID,
    site_id: UUID,
    fingerprint: str,
    besides: UUID | None,
    now: datetime,
    is_read_first: bool,
    is_near_copy: bool,
) -> Standing:
    """Return what is known of the writer; counts stop at COUNTED."""
    published, rejected, copies = session.execute(
        STANDING,
        {
            "author": author_id,
            "site": site_id,
            "fingerprint": fingerprint,
            "besides": besides,
            "since": now - timedelta(hours=24),
        },
    ).one()
    return Standing(published, rejected, copies, is_read_first, is_near_copy)


comments, decisions, stories = table_of(Comment), table_of(Decision), table_of(Story)
PARENT = select(
    comments.c.id,
    comments.c.story_id,
    comments.c.parent_id,
    comments.c.root_id,
    comments.c.depth,
    comments.c.status,
    comments.c.text,
).where(comments.c.id == bindparam("id"))
AGAIN = (
    select(
        stories.c.open,
        select(comments.c.status)
        .where(comments.c.id == bindparam("parent", type_=comments.c.id.type))
        .scalar_subquery(),
    )
    .where(stories.c.id == bindparam("story"))
    .with_for_update()
)


def select_texts_above() -> Select[str]:
    """Select the public texts from a comment upwards, ABOVE steps at most."""
    columns = (comments.c.parent_id, comments.c.text, comments.c.status)
    first = select(*columns, literal(1).label("step")).where(comments.c.id == bindparam("id"))
    above = first.cte("above", recursive=True)
    upper = comments.alias()
    above = above.union_all(
        select(upper.c.parent_id, upper.c.text, upper.c.status, above.c.step + 1)
        .join(above, upper.c.id == above.c.parent_id)
        .where(above.c.step < ABOVE)
    )
    texts = select(above.c.text).where(above.c.status == Status.PUBLISHED)
    return texts.order_by(above.c.step)


def select_standing() -> Select[*tuple[int, ...]]:
    """Select how many comments the writer has published, had rejected, and repeated."""
    c = comments.c
    mine = (
        select(literal(1).label("one"))
        .select_from(comments)
        .where(c.author_id == bindparam("author"))
    )
    here = mine.where(c.site_id == bindparam("site"))
    published = here.where(c.status == Status.PUBLISHED)
    rejected = (
        here.where(c.status == Status.REJECTED)
        .join(decisions, decisions.c.id == c.decision_id)
        .where(decisions.c.confirmed)
    )
    besides = bindparam("besides", type_=c.id.type)
    copies = mine.where(
        c.fingerprint == bindparam("fingerprint"),
        c.created_at > bindparam("since"),
        besides.is_(None) | (c.id != besides),
    )
    return select(
        *(
            select(func.count()).select_from(rows.limit(COUNTED).subquery()).scalar_subquery()
            for rows in (published, rejected, copies)
        )
    )


TEXTS_ABOVE = select_texts_above()
STANDING = select_standing()
