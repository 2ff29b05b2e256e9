"""Turns rows into the value that is judged, and refuses what may not be posted here at all."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Select, bindparam, func, literal, select
from sqlalchemy.orm import Session

from comity import db
from comity.actions import nudging, sanctioning, wording
from comity.actions.newsroom import ADAPTER_IN_FORCE, IN_FORCE, Newsroom
from comity.actions.showing import Place
from comity.case import Question
from comity.detectors import Engine
from comity.errors import Conflict, NotFound
from comity.findings import Standing, Submission
from comity.guidelines import Guidelines, Measure
from comity.judge import Verdict
from comity.models import Comment, Decision, Status, Story, User, table_of
from comity.text import fold

ABOVE = 5  # How many comments above the parent are read: further up, talk has moved on.
COUNTED = 100  # From here on a standing is "many".


class Writer(Protocol):
    """Who writes: a User, or anybody else who has one's key."""

    @property
    def id(self) -> UUID:
        """The user's key."""


class Page(Protocol):
    """What is written under: a Story, or as much of it as is needed."""

    @property
    def id(self) -> UUID:
        """The story's key."""

    @property
    def site_id(self) -> UUID:
        """The site it is on."""

    @property
    def text_version(self) -> str:
        """Which text of it readers have before them."""


class Parent(NamedTuple):
    """The comment that is answered."""

    id: UUID
    story_id: UUID
    parent_id: UUID | None
    root_id: UUID | None
    depth: int
    status: Status
    text: str


class Asked(NamedTuple):
    """Who wants to write what where: the keys by which a Scene is looked up."""

    author: UUID
    site: UUID
    story: UUID
    reply_to: UUID | None
    revises: UUID | None
    fingerprint: str


class Scene(NamedTuple):
    """What a draft is up against in the database, at one moment.

    `is_sanctioned` says that there is more to know of the writer: a sanction of any kind, or that
    the account was erased; `was_told`, that the writer was lately told that a text breaks a rule.
    `guidelines` is the version in force; None is the packaged one. `adapter` is the version that is
    on; None: none is.
    """

    is_open: bool
    parent_status: Status | None
    is_sanctioned: bool
    was_told: bool
    published: int
    rejected: int
    copies: int
    guidelines: str | None
    adapter: str | None

    def standing(self, *, is_read_first: bool, is_near_copy: bool) -> Standing:
        """Return what is known of the writer."""
        return Standing(self.published, self.rejected, self.copies, is_read_first, is_near_copy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text that may be posted here, with all that it is read against."""

    asked: Asked
    story_version: str
    parent: Parent | None
    text: str
    submission: Submission
    guidelines: Guidelines
    engine: Engine

    @property
    def site_id(self) -> UUID:
        """The site it is written on."""
        return self.asked.site

    @property
    def story_id(self) -> UUID:
        """The story it is written under."""
        return self.asked.story

    @property
    def author_id(self) -> UUID:
        """Its writer."""
        return self.asked.author

    @property
    def fingerprint(self) -> str:
        """What all texts of this wording share."""
        return self.asked.fingerprint

    @property
    def is_edit(self) -> bool:
        """Whether this is another text for a comment that is there."""
        return self.asked.revises is not None

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
    story: Page,
    author: Writer,
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
    folded = fold(text)
    asked = Asked(
        author.id,
        story.site_id,
        story.id,
        reply_to,
        revises.id if revises else None,
        wording.fingerprint(folded),
    )
    scene = look(session, newsroom, asked, now)
    require_open(is_open=scene.is_open)
    is_read_first = is_read_before_readers(session, newsroom, scene=scene, asked=asked, now=now)
    parent = parent_of(session, story.id, reply_to)
    if parent is not None and revises is None:
        require_public(parent.status)
    is_near_copy = scene.was_told and nudging.is_near_copy(
        session, newsroom, author_id=author.id, story_id=story.id, text=folded, now=now
    )
    submission = Submission(
        text=folded,
        parent=fold(parent.text) if parent else None,
        thread=tuple(fold(above) for above in texts_above(session, parent)),
        story=newsroom.story(session, story.text_version).excerpt(),
        standing=scene.standing(is_read_first=is_read_first, is_near_copy=is_near_copy),
    )
    return Draft(
        asked=asked,
        story_version=story.text_version,
        parent=parent,
        text=text,
        submission=submission,
        guidelines=newsroom.version(session, scene.guidelines),
        engine=newsroom.with_adapter(session, scene.adapter),
    )


def check_again(
    session: Session, newsroom: Newsroom, draft: Draft, verdict: Verdict, *, now: datetime
) -> tuple[Draft, Verdict]:
    """Refuse what has become impossible while the draft was judged; holds the story's thread.

    Where the writer has since been put under pre-moderation, or sent the same text another time,
    the draft is judged again. On PostgreSQL the story's row is locked: one thread changes by one
    hand at a time.
    """
    db.hold(session, Story, draft.story_id)
    scene = look(session, newsroom, draft.asked, now)
    require_open(is_open=scene.is_open)
    if draft.parent is not None and not draft.is_edit:
        require_public(scene.parent_status)
    before = draft.submission.standing
    latest = scene.standing(
        is_read_first=is_read_before_readers(
            session, newsroom, scene=scene, asked=draft.asked, now=now
        ),
        is_near_copy=before.near_copy,
    )
    if latest.copies <= before.copies and latest.premoderated == before.premoderated:
        return draft, verdict
    draft = replace(draft, submission=replace(draft.submission, standing=latest))
    return draft, newsroom.judge(draft.submission, draft.guidelines, draft.engine)


def look(session: Session, newsroom: Newsroom, asked: Asked, now: datetime) -> Scene:
    """Read what a draft is up against, at once: it is read twice for each comment."""
    nudged_since = now - timedelta(days=newsroom.settings.retain_preview_days)
    times = {"now": now, "since": now - timedelta(hours=24), "nudged_since": nudged_since}
    return Scene(*db.run(session, SCENE, {**asked._asdict(), **times}).one())


def is_read_before_readers(
    session: Session, newsroom: Newsroom, *, scene: Scene, asked: Asked, now: datetime
) -> bool:
    """Say whether a person reads this writer's comments first.

    Raises:
        Forbidden: the account was erased.
        Sanctioned: the writer is suspended or blocked.
    """
    if not scene.is_sanctioned:
        return False
    author = session.get_one(User, asked.author, populate_existing=True)
    measures = sanctioning.require_may_write(
        session, newsroom, user=author, site_id=asked.site, now=now
    )
    return Measure.PREMODERATE in measures


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
    row = db.run(session, PARENT, {"id": reply_to}).one_or_none()
    if row is None or row.story_id != story_id:
        raise NotFound(
            "The comment that this answers is not in this story.",
            field="reply_to",
            remedy="Answer a comment of this story, or leave `reply_to` out.",
        )
    return Parent(*row)


def require_public(status: Status | None) -> None:
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


comments, decisions, stories, users = (table_of(kind) for kind in (Comment, Decision, Story, User))
PARENT = select(
    comments.c.id,
    comments.c.story_id,
    comments.c.parent_id,
    comments.c.root_id,
    comments.c.depth,
    comments.c.status,
    comments.c.text,
).where(comments.c.id == bindparam("id"))


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


def select_scene() -> Select[Any]:
    """Select a Scene for what is Asked; its counts stop at COUNTED."""
    c, key = comments.c, comments.c.id.type
    mine = select(literal(1)).select_from(comments).where(c.author_id == bindparam("author"))
    here = mine.where(c.site_id == bindparam("site"))
    published = here.where(c.status == Status.PUBLISHED)
    rejected = (
        here.where(c.status == Status.REJECTED)
        .join(decisions, decisions.c.id == c.decision_id)
        .where(decisions.c.confirmed)
    )
    revises = bindparam("revises", type_=key)
    copies = mine.where(
        c.fingerprint == bindparam("fingerprint"),
        c.created_at > bindparam("since"),
        revises.is_(None) | (c.id != revises),
    )
    told = nudging.LATEST.with_only_columns(literal(1))
    status_of_parent = select(c.status).where(c.id == bindparam("reply_to", type_=key))
    seen = select(
        stories.c.open,
        status_of_parent.scalar_subquery(),
        users.c.erased_at.is_not(None) | sanctioning.IN_FORCE.exists(),
        told.exists(),
        *(
            select(func.count()).select_from(rows.limit(COUNTED).subquery()).scalar_subquery()
            for rows in (published, rejected, copies)
        ),
        IN_FORCE.scalar_subquery(),
        ADAPTER_IN_FORCE.scalar_subquery(),
    )
    writer = users.c.id == bindparam("author")
    return seen.join_from(stories, users, writer).where(stories.c.id == bindparam("story"))


TEXTS_ABOVE = select_texts_above()
SCENE = select_scene()
