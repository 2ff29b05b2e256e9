"""The tables, which are the data dictionary: what Comity remembers, in the order it comes about.

Keys are UUIDv7: they sort by time and tell a reader nothing. Times are UTC. A comment's `status`
is a cache of its latest Decision, which alone is the truth and is never changed or deleted.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from comity.guidelines import Measure
from comity.models.base import (
    Base,
    By,
    Occasion,
    Role,
    Ruling,
    Status,
    UtcDateTime,
    table_of,
    where,
)

__all__ = [
    "AdapterInForce",
    "AdapterRow",
    "Appeal",
    "Base",
    "By",
    "CaseRow",
    "Comment",
    "Decision",
    "Flag",
    "GuidelinesInForce",
    "GuidelinesText",
    "Membership",
    "Nudge",
    "Occasion",
    "Role",
    "Ruling",
    "Sanction",
    "Site",
    "Status",
    "Story",
    "StoryText",
    "User",
    "UtcDateTime",
    "table_of",
]


class Site(Base):
    """One publication of the publisher, and where its comments may be embedded."""

    __tablename__ = "sites"

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    origins: Mapped[list[str]]  # scheme://host[:port], exactly as browsers send them
    created_at: Mapped[datetime]


class GuidelinesText(Base):
    """A text of guidelines that was ever in force; `version` is a hash over it and its parent's."""

    __tablename__ = "guidelines_texts"

    version: Mapped[str] = mapped_column(unique=True)
    text: Mapped[str]
    parent_version: Mapped[str | None]  # of the publisher's guidelines that these extend


class GuidelinesInForce(Base):
    """Since when a text is in force on a site; the latest row counts. No site: the publisher's."""

    __tablename__ = "guidelines_in_force"
    __table_args__ = (Index("ix_guidelines_in_force_site_since", "site_id", "since"),)

    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    version: Mapped[str] = mapped_column(ForeignKey("guidelines_texts.version"))
    since: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class StoryText(Base):
    """What a story said when comments were judged against it, kept once for all their Cases."""

    __tablename__ = "story_texts"

    version: Mapped[str] = mapped_column(unique=True)  # hash of the record
    record: Mapped[str]  # comity.case.StoryRecord as JSON


class Story(Base):
    """An article that can be commented on; `version` grows whenever its public thread changes."""

    __tablename__ = "stories"
    __table_args__ = (UniqueConstraint("site_id", "key"),)

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    key: Mapped[str]
    url: Mapped[str] = mapped_column(default="")
    headline: Mapped[str]
    deck: Mapped[str] = mapped_column(default="")
    byline: Mapped[str] = mapped_column(default="")
    dateline: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime | None]
    body: Mapped[list[str]]
    photographs: Mapped[list[dict[str, str]]]
    section: Mapped[str] = mapped_column(default="")
    sensitive: Mapped[bool] = mapped_column(default=False)
    open: Mapped[bool] = mapped_column(default=True)
    text_version: Mapped[str] = mapped_column(ForeignKey("story_texts.version"))
    version: Mapped[int] = mapped_column(default=0)
    comments: Mapped[int] = mapped_column(default=0)  # published ones
    created_at: Mapped[datetime]


class User(Base):
    """A reader or a member of staff, shared by all sites of the publisher."""

    __tablename__ = "users"

    name: Mapped[str]  # shown beside comments
    login: Mapped[str | None] = mapped_column(unique=True)  # of a local account, case-folded
    password: Mapped[str | None]  # argon2 hash of a local account
    external: Mapped[str | None] = mapped_column(
        unique=True
    )  # the publisher's own id, from its token
    epoch: Mapped[int] = mapped_column(default=0)  # grows to end all sessions and tokens
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Membership(Base):
    """A role of a member of staff on one site, or on all (no site)."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("user_id", "site_id"),
        # NULLs are all different to a unique constraint, and "on all sites" is said once.
        Index("ix_memberships_everywhere", "user_id", unique=True, **where("site_id IS NULL")),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    role: Mapped[Role]


class Comment(Base):
    """What a reader wrote; offsets in its Cases point into the text of that `revision`."""

    __tablename__ = "comments"
    __table_args__ = (
        UniqueConstraint("author_id", "client_id"),
        Index("ix_comments_roots", "story_id", "id", **where("root_id IS NULL AND shown")),
        Index(
            "ix_comments_popular", "story_id", "replies", "id", **where("root_id IS NULL AND shown")
        ),
        Index("ix_comments_thread", "root_id", "id", **where("shown")),
        Index("ix_comments_queue", "urgency", "id", **where("urgency < 9")),
        Index("ix_comments_author_story", "author_id", "story_id", "id"),
        Index("ix_comments_author_status", "author_id", "site_id", "status", "id"),
        Index("ix_comments_author_fingerprint", "author_id", "fingerprint", "created_at"),
        # SQLite looks for who refers to a new decision, since a comment comes before its decision.
        Index("ix_comments_decision", "decision_id"),
        Index(
            "ix_comments_kept",
            "id",
            **where("erased_at IS NULL AND status IN ('rejected', 'withdrawn')"),
        ),
    )

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    story_id: Mapped[UUID] = mapped_column(ForeignKey("stories.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("comments.id"))
    root_id: Mapped[UUID | None] = mapped_column(ForeignKey("comments.id"))  # None: it is a root
    depth: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]
    fingerprint: Mapped[str]  # hash of the folded words, to see copies
    client_id: Mapped[str]  # made by the writer's client, so that a double click is not a fault
    revision: Mapped[int] = mapped_column(default=1)
    status: Mapped[Status]
    decision_id: Mapped[UUID] = mapped_column(  # the latest, of which `status` is the cache
        ForeignKey("decisions.id", deferrable=True, initially="DEFERRED", use_alter=True)
    )
    urgency: Mapped[int] = mapped_column(default=9)  # the queue's order: 0 gravest, 9 nothing to do
    shown: Mapped[bool]  # readers see it: published, or a place-holder above shown answers
    answers: Mapped[int] = mapped_column(default=0)  # shown comments directly below
    replies: Mapped[int] = mapped_column(default=0)  # of a root: all published ones below
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # when its text was erased: its time was up


class CaseRow(Base):
    """A Case as JSON; erased, it leaves only this tombstone with its versions."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_comment", "comment_id", "id"),
        Index("ix_cases_kept", "created_at", **where("record IS NOT NULL")),
    )

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id"))
    revision: Mapped[int]
    record: Mapped[str | None]  # comity.case.Case without its story; None once erased
    story_version: Mapped[str] = mapped_column(ForeignKey("story_texts.version"))
    guidelines: Mapped[str]
    engine: Mapped[str]
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Decision(Base):
    """What was done, when, by whom and under which rules; never changed, never deleted."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_comment", "comment_id", "id"),
        Index(
            "ix_decisions_log",
            "site_id",
            "id",
            **where("by = 'person' OR status = 'rejected'"),
        ),
        Index("ix_decisions_actor", "actor_id", "id"),
        Index("ix_decisions_previous", "previous_id"),
        CheckConstraint("(by = 'machine') = (actor_id IS NULL)", name="actor_is_a_person"),
    )

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    previous_id: Mapped[UUID | None] = mapped_column(  # clocks may err; this order does not
        ForeignKey("decisions.id", deferrable=True, initially="DEFERRED")
    )
    status: Mapped[Status]  # what the comment became
    confirmed: Mapped[bool]  # a person rejected it under these rules, and no one reversed that
    by: Mapped[By]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    occasion: Mapped[Occasion]
    rules: Mapped[list[str]]  # ids, in the guidelines of that version
    guidelines: Mapped[str]
    engine: Mapped[str]
    note: Mapped[str] = mapped_column(default="")  # the person's reason, shown to the writer
    created_at: Mapped[datetime]


class Flag(Base):
    """A reader's report about a comment; `answered_by` is the decision that settled it."""

    __tablename__ = "flags"
    __table_args__ = (
        UniqueConstraint("comment_id", "user_id"),
        Index("ix_flags_user", "user_id", "created_at"),
        Index("ix_flags_answer", "answered_by"),
    )

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    rule: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"))


class Nudge(Base):
    """That a writer was told of a breach, so that a near copy is not let through; hashes only."""

    __tablename__ = "nudges"
    __table_args__ = (
        Index("ix_nudges_user_story", "user_id", "story_id", "id"),
        Index("ix_nudges_created", "created_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    story_id: Mapped[UUID] = mapped_column(ForeignKey("stories.id"))
    kept: Mapped[list[str]]  # keyed hashes of the words that broke no rule
    struck: Mapped[bool]  # whether there were words that did
    created_at: Mapped[datetime]


class Sanction(Base):
    """A warning, pre-moderation, suspension or block, with reason and end. No site: everywhere."""

    __tablename__ = "sanctions"
    __table_args__ = (
        Index("ix_sanctions_user", "user_id", "id"),
        Index("ix_sanctions_decision", "decision_id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    measure: Mapped[Measure]
    rule: Mapped[str]
    guidelines: Mapped[str]  # the version in which that rule stands
    reason: Mapped[str]  # in words, shown to the person
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))  # the one who confirmed the breach
    created_at: Mapped[datetime]
    until: Mapped[datetime | None]  # None: until lifted
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    lifted_because: Mapped[str] = mapped_column(default="")


class Appeal(Base):
    """A person's objection to a decision or a sanction, answered by somebody else."""

    __tablename__ = "appeals"
    __table_args__ = (
        Index("ix_appeals_open", "id", **where("answered_at IS NULL")),
        Index("ix_appeals_user", "user_id", "created_at"),
        UniqueConstraint("decision_id"),
        UniqueConstraint("sanction_id"),
        CheckConstraint("(decision_id IS NULL) <> (sanction_id IS NULL)", name="one_object"),
    )

    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("sites.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"))
    sanction_id: Mapped[UUID | None] = mapped_column(ForeignKey("sanctions.id"))
    text: Mapped[str]
    created_at: Mapped[datetime]
    ruling: Mapped[Ruling | None]
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None]


class AdapterRow(Base):
    """What was learnt from a site's own decisions, once: numbers and no words."""

    __tablename__ = "adapters"
    __table_args__ = (UniqueConstraint("site_id", "version"),)

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    version: Mapped[str]  # hash of the record
    record: Mapped[str]  # comity.detectors.adapter.Adapter as JSON
    engine: Mapped[str]  # the version that it was learnt for
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class AdapterInForce(Base):
    """Since when an adapter is on at a site; the latest row counts. No adapter: none is on."""

    __tablename__ = "adapters_in_force"
    __table_args__ = (Index("ix_adapters_in_force_site", "site_id", "id"),)

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"))
    adapter_id: Mapped[UUID | None] = mapped_column(ForeignKey("adapters.id"))
    before_id: Mapped[UUID | None] = mapped_column(ForeignKey("adapters_in_force.id"))
    since: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
