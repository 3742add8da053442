"""integrations and rate limits."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "integration",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integration")),
    )
    op.create_table(
        "integration_link",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("integration_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_profile.id"],
            name=op.f("fk_integration_link_user_id_user_profile"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["integration_id"],
            ["integration.id"],
            name=op.f("fk_integration_link_integration_id_integration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "integration_id", name=op.f("pk_integration_link")),
    )
    op.create_index(
        op.f("ix_integration_link_integration_id"), "integration_link", ["integration_id"]
    )
    op.create_table(
        "rate_limit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("full_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_limit")),
    )
    op.create_index(op.f("ix_rate_limit_full_at"), "rate_limit", ["full_at"])


def downgrade() -> None:
    op.drop_table("rate_limit")
    op.drop_table("integration_link")
    op.drop_table("integration")
