"""passkeys, second factors and devices

Revision: 2c4e1a7b9d07, after 2c4e1a7b9d06
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d07"
down_revision = "2c4e1a7b9d06"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a second factor is kept as, and the kind of browser of each session."""
    with op.batch_alter_table("sign_in") as table:
        table.add_column(sa.Column("device", sa.String(24), nullable=False, server_default=""))
    _passkeys()
    op.create_table(
        "authenticator",
        sa.Column("member_id", sa.String(22), nullable=False),
        sa.Column("sealed", sa.LargeBinary(200), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        _of_a_member("authenticator"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_authenticator")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "known_device",
        sa.Column("member_id", sa.String(22), nullable=False),
        sa.Column("device", sa.String(24), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        _of_a_member("known_device"),
        sa.PrimaryKeyConstraint("member_id", "device", name=op.f("pk_known_device")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "used_challenge",
        sa.Column("challenge_hash", sa.String(64), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_used_challenge")),
        sqlite_with_rowid=False,
    )


def _of_a_member(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["member_id"], ["member.id"], name=op.f(f"fk_{table}_member_id"), ondelete="CASCADE"
    )


def _passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.String(22), nullable=False),
        sa.Column("member_id", sa.String(22), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(2000), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        _of_a_member("passkey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_passkey_member_id"), "passkey", ["member_id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("used_challenge")
    op.drop_table("known_device")
    op.drop_table("authenticator")
    op.drop_index(op.f("ix_passkey_member_id"), table_name="passkey")
    op.drop_table("passkey")
    with op.batch_alter_table("sign_in") as table:
        table.drop_column("device")
