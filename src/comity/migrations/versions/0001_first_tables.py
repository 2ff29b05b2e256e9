"""The tables of the first release, as they were then."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TIME = sa.DateTime(timezone=True)


def word(name: str, *values: str) -> sa.Enum:
    """One of a few words, as text with a check."""
    return sa.Enum(*values, name=name, native_enum=False, length=16, create_constraint=True)


def key() -> sa.Column[UUID]:
    """The primary key of every table."""
    return sa.Column("id", sa.Uuid(), primary_key=True)


def where(condition: str) -> dict[str, Any]:
    """The arguments that make an index cover only the rows of a condition."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

sa.Table(
    "guidelines_texts",
    metadata,
    key(),
    sa.Column("version", sa.Text(), unique=True, nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("parent_version", sa.Text(), nullable=True),
)
sa.Table(
    "sites",
    metadata,
    key(),
    sa.Column("slug", sa.Text(), unique=True, nullable=False),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("origins", sa.JSON(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
)
sa.Table(
    "story_texts",
    metadata,
    key(),
    sa.Column("version", sa.Text(), unique=True, nullable=False),
    sa.Column("record", sa.Text(), nullable=False),
)
sa.Table(
    "users",
    metadata,
    key(),
    sa.Column("name", sa.Text(), nullable=False),
    sa.Column("login", sa.Text(), unique=True, nullable=True),
    sa.Column("password", sa.Text(), nullable=True),
    sa.Column("external", sa.Text(), unique=True, nullable=True),
    sa.Column("epoch", sa.Integer(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("erased_at", TIME, nullable=True),
)
sa.Table(
    "guidelines_in_force",
    metadata,
    key(),
    sa.Column("site_id", sa.Uuid(), sa.ForeignKey("sites.id"), nullable=True),
    sa.Column("version", sa.Text(), sa.ForeignKey("guidelines_texts.version"), nullable=False),
    sa.Column("since", TIME, nullable=False),
    sa.Column("by_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=True),
    sa.Index("ix_guidelines_in_force_site_since", "site_id", "since"),
)
sa.Table(
    "memberships",
    metadata,
    key(),
    sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
    sa.Column("site_id", sa.Uuid(), sa.ForeignKey("sites.id"), nullable=True),
    sa.Column("role", word("role", "moderator", "editor", "owner"), nullable=False),
    sa.UniqueConstraint("user_id", "site_id"),
    sa.Index("ix_memberships_everywhere", "user_id", unique=True, **where("site_id IS NULL")),
)
sa.Table(
    "stories",
    metadata,
    key(),
    sa.Column("site_id", sa.Uuid(), sa.ForeignKey("sites.id"), nullable=False),
    sa.Column("key", sa.Text(), nullable=False),
    sa.Column("url", sa.Text(), nullable=False),
    sa.Column("headline", sa.Text(), nullable=False),
    sa.Column("deck", sa.Text(), nullable=False),
    sa.Column("byline", sa.Text(), nullable=False),
    sa.Column("dateline", sa.Text(), nullable=False),
    sa.Column("published_at", TIME, nullable=True),
    sa.Column("body", sa.JSON(), nullable=False),
    sa.Column("photographs", sa.JSON(), nullable=False),
    sa.Column("section", sa.Text(), nullable=False),
    sa.Column("sensitive", sa.Boolean(), nullable=False),
    sa.Column("open", sa.Boolean(), nullable=False),
    sa.Column("text_version", sa.Text(), sa.ForeignKey("story_texts.version"), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("comments", sa.Integer(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.UniqueConstraint("site_id", "key"),
)
sa.Table(
    "comments",
    metadata,
    key(),
    sa.Column("site_id", sa.Uuid(), sa.ForeignKey("sites.id"), nullable=False),
    sa.Column("story_id", sa.Uuid(), sa.ForeignKey("stories.id"), nullable=False),
    sa.Column("author_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
    sa.Column("parent_id", sa.Uuid(), sa.ForeignKey("comments.id"), nullable=True),
    sa.Column("root_id", sa.Uuid(), sa.ForeignKey("comments.id"), nullable=True),
    sa.Column("depth", sa.Integer(), nullable=False),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("fingerprint", sa.Text(), nullable=False),
    sa.Column("client_id", sa.Text(), nullable=False),
    sa.Column("revision", sa.Integer(), nullable=False),
    sa.Column(
        "status", word("status", "published", "held", "rejected", "withdrawn"), nullable=False
    ),
    sa.Column(
        "decision_id",
        sa.Uuid(),
        sa.ForeignKey("decisions.id", deferrable=True, initially="DEFERRED", use_alter=True),
        nullable=False,
    ),
    sa.Column("urgency", sa.Integer(), nullable=False),
    sa.Column("shown", sa.Boolean(), nullable=False),
    sa.Column("answers", sa.Integer(), nullable=False),
    sa.Column("replies", sa.Integer(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("edited_at", TIME, nullable=True),
    sa.Column("erased_at", TIME, nullable=True),
    sa.UniqueConstraint("author_id", "client_id"),
    sa.Index("ix_comments_author_fingerprint", "author_id", "fingerprint", "created_at"),
    sa.Index("ix_comments_author_status", "author_id", "site_id", "status", "id"),
    sa.Index("ix_comments_author_story", "author_id", "story_id", "id"),
    sa.Index("ix_comments_decision", "decision_id"),
    sa.Index(
        "ix_comments_kept",
        "id",
        **where("erased_at IS NULL AND status IN ('rejected', 'withdrawn')"),
    ),
    sa.Index(
        "ix_comments_popular", "story_id", "replies", "id", **where("root_id IS NULL AND shown")
    ),
    sa.Index("ix_comments_queue", "urgency", "id", **where("urgency < 9")),
    sa.Index("ix_comments_roots", "story_id", "id", **where("root_id IS NULL AND shown")),
    sa.Index("ix_comments_thread", "root_id", "id", **where("shown")),
)
sa.Table(
    "nudges",
    metadata,
    key(),
    sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
    sa.Column("story_id", sa.Uuid(), sa.ForeignKey("stories.id"), nullable=False),
    sa.Column("kept", sa.JSON(), nullable=False),
    sa.Column("struck", sa.Boolean(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Index("ix_nudges_created", "created_at"),
    sa.Index("ix_nudges_user_story", "user_id", "story_id", "id"),
)
sa.Table(
    "cases",
    metadata,
    key(),
    sa.Column("comment_id", sa.Uuid(), sa.ForeignKey("comments.id"), nullable=False),
    sa.Column("revision", sa.Integer(), nullable=False),
    sa.Column("record", sa.Text(), nullable=True),
    sa.Column("story_version", sa.Text(), sa.ForeignKey("story_texts.version"), nullable=False),
    sa.Column("guidelines", sa.Text(), nullable=False),
    sa.Column("engine", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("erased_at", TIME, nullable=True),
    sa.Index("ix_cases_comment", "comment_id", "id"),
    sa.Index("ix_cases_kept", "created_at", **where("record IS NOT NULL")),
)
sa.Table(
    "decisions",
    metadata,
    key(),
    sa.Column("site_id", sa.Uuid(), sa.ForeignKey("sites.id"), nullable=False),
    sa.Column("comment_id", sa.Uuid(), sa.ForeignKey("comments.id"), nullable=False),
    sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
    sa.Column(
        "previous_id",
        sa.Uuid(),
        sa.ForeignKey("decisions.id", deferrable=True, initially="DEFERRED"),
        nullable=True,
    ),
    sa.Column(
        "status", word("status", "published", "held", "rejected", "withdrawn"), nullable=False
    ),
    sa.Column("confirmed", sa.Boolean(), nullable=False),
    sa.Column("by", word("by", "machine", "person", "writer"), nullable=False),
    sa.Column("actor_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=True),
    sa.Column(
        "occasion",
        word("occasion", "post", "edit", "withdrawal", "queue", "flag", "appeal", "undo"),
        nullable=False,
    ),
    sa.Column("rules", sa.JSON(), nullable=False),
    sa.Column("guidelines", sa.Text(), nullable=False),
    sa.Column("engine", sa.Text(), nullable=False),
    sa.Column("note", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.CheckConstraint("(by = 'machine') = (actor_id IS NULL)", name="actor_is_a_person"),
    sa.Index("ix_decisions_actor", "actor_id", "id"),
    sa.Index("ix_decisions_comment", "comment_id", "id"),
    sa.Index("ix_decisions_log", "site_id", "id", **where("by = 'person' OR status = 'rejected'")),
    sa.Index("ix_decisions_previous", "previous_id"),
)
sa.Table(
    "flags",
    metadata,
    key(),
    sa.Column("site_id", sa.Uuid(), sa.ForeignKey("sites.id"), nullable=False),
    sa.Column("comment_id", sa.Uuid(), sa.ForeignKey("comments.id"), nullable=False),
    sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
    sa.Column("rule", sa.Text(), nullable=False),
    sa.Column("note", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("answered_by", sa.Uuid(), sa.ForeignKey("decisions.id"), nullable=True),
    sa.UniqueConstraint("comment_id", "user_id"),
    sa.Index("ix_flags_answer", "answered_by"),
    sa.Index("ix_flags_user", "user_id", "created_at"),
)
sa.Table(
    "sanctions",
    metadata,
    key(),
    sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
    sa.Column("site_id", sa.Uuid(), sa.ForeignKey("sites.id"), nullable=True),
    sa.Column(
        "measure", word("measure", "warn", "premoderate", "suspend", "block"), nullable=False
    ),
    sa.Column("rule", sa.Text(), nullable=False),
    sa.Column("guidelines", sa.Text(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("decision_id", sa.Uuid(), sa.ForeignKey("decisions.id"), nullable=True),
    sa.Column("by_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("until", TIME, nullable=True),
    sa.Column("lifted_at", TIME, nullable=True),
    sa.Column("lifted_by", sa.Uuid(), sa.ForeignKey("users.id"), nullable=True),
    sa.Column("lifted_because", sa.Text(), nullable=False),
    sa.Index("ix_sanctions_decision", "decision_id"),
    sa.Index("ix_sanctions_user", "user_id", "id"),
)
sa.Table(
    "appeals",
    metadata,
    key(),
    sa.Column("site_id", sa.Uuid(), sa.ForeignKey("sites.id"), nullable=True),
    sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id"), nullable=False),
    sa.Column("decision_id", sa.Uuid(), sa.ForeignKey("decisions.id"), nullable=True),
    sa.Column("sanction_id", sa.Uuid(), sa.ForeignKey("sanctions.id"), nullable=True),
    sa.Column("text", sa.Text(), nullable=False),
    sa.Column("created_at", TIME, nullable=False),
    sa.Column("ruling", word("ruling", "upheld", "reversed"), nullable=True),
    sa.Column("answer", sa.Text(), nullable=False),
    sa.Column("answered_by", sa.Uuid(), sa.ForeignKey("users.id"), nullable=True),
    sa.Column("answered_at", TIME, nullable=True),
    sa.CheckConstraint("(decision_id IS NULL) <> (sanction_id IS NULL)", name="one_object"),
    sa.UniqueConstraint("decision_id"),
    sa.UniqueConstraint("sanction_id"),
    sa.Index("ix_appeals_open", "id", **where("answered_at IS NULL")),
    sa.Index("ix_appeals_user", "user_id", "created_at"),
)

SQLITE_GUARDS = (
    """CREATE TRIGGER decisions_are_not_changed BEFORE UPDATE ON decisions
    BEGIN SELECT RAISE(ABORT, 'a decision is never changed or deleted'); END""",
    """CREATE TRIGGER decisions_are_not_deleted BEFORE DELETE ON decisions
    BEGIN SELECT RAISE(ABORT, 'a decision is never changed or deleted'); END""",
)
POSTGRESQL_GUARDS = """
CREATE FUNCTION refuse_to_change_a_decision() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'a decision is never changed or deleted'; END $$;
CREATE TRIGGER decisions_are_kept BEFORE UPDATE OR DELETE ON decisions
FOR EACH ROW EXECUTE FUNCTION refuse_to_change_a_decision()
"""


def upgrade() -> None:
    """Make the tables, and have the database itself refuse to change a decision."""
    metadata.create_all(op.get_bind())
    if op.get_bind().dialect.name == "sqlite":
        for guard in SQLITE_GUARDS:
            op.execute(guard)
    else:
        op.execute(POSTGRESQL_GUARDS)


def downgrade() -> None:
    """Drop everything."""
    metadata.drop_all(op.get_bind())
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_to_change_a_decision()")
