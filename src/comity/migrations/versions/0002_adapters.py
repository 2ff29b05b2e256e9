"""What is learnt from a site's own decisions, and since when it is on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "adapters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_adapters"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_adapters_site_id"),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_adapters_by_id"),
        sa.UniqueConstraint("site_id", "version", name="uq_adapters_site_id_version"),
    )
    op.create_table(
        "adapters_in_force",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("adapter_id", sa.Uuid(), nullable=True),
        sa.Column("before_id", sa.Uuid(), nullable=True),
        sa.Column("since", TIME, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_adapters_in_force"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_adapters_in_force_site_id"),
        sa.ForeignKeyConstraint(
            ["adapter_id"], ["adapters.id"], name="fk_adapters_in_force_adapter_id"
        ),
        sa.ForeignKeyConstraint(
            ["before_id"], ["adapters_in_force.id"], name="fk_adapters_in_force_before_id"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_adapters_in_force_by_id"),
    )
    op.create_index("ix_adapters_in_force_site", "adapters_in_force", ["site_id", "id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("adapters_in_force")
    op.drop_table("adapters")
