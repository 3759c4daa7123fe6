"""topics that were once one are known as kin; what a backup brings back comes before moderators

Revision: 3d5f2b8c0e31, after 3d5f2b8c0e30
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from community.core.ids import new_key

revision = "3d5f2b8c0e31"
down_revision = "3d5f2b8c0e30"
branch_labels = None
depends_on = None

BEFORE = "origin IN ('report','held','words','pace','own')"
NOW = "origin IN ('report','held','words','pace','own','back')"


def upgrade() -> None:
    """Add the table, with the topics that were split so far, and the new way into the queue."""
    if not sa.inspect(op.get_bind()).has_table("topic_kin"):
        op.create_table(
            "topic_kin",
            sa.Column("topic_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("kin", sa.String(length=22), nullable=False),
            sa.ForeignKeyConstraint(
                ["topic_id"], ["topic.id"], name=op.f("fk_topic_kin_topic_id"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("topic_id", name=op.f("pk_topic_kin")),
            sqlite_with_rowid=False,
        )
        op.create_index(op.f("ix_topic_kin_kin"), "topic_kin", ["kin"])
    _known_so_far()
    _origins(NOW)


def _known_so_far() -> None:
    """Each topic that was split, with those split off from it, as the acts tell."""
    bind = op.get_bind()
    act = sa.table("moderation_act", sa.column("act"), sa.column("before", sa.JSON()))
    topic = sa.table("topic", sa.column("id"), sa.column("key"))
    kin = sa.table("topic_kin", sa.column("topic_id"), sa.column("kin"))
    of: dict[int, str] = {one: said for one, said in bind.execute(sa.select(kin.c.topic_id, kin.c.kin))}
    for before in bind.scalars(sa.select(act.c.before).where(act.c.act == "split")).all():
        keys = [(before or {}).get(name, "") for name in ("old", "new")]
        both = bind.scalars(sa.select(topic.c.id).where(topic.c.key.in_(keys))).all()
        known = {of[one] for one in both if one in of}
        one_kin = min(known, default=None) or new_key()
        of |= {one: one_kin for one, said in of.items() if said in known} | dict.fromkeys(both, one_kin)
    bind.execute(sa.delete(kin))
    if of:
        bind.execute(sa.insert(kin), [{"topic_id": one, "kin": said} for one, said in of.items()])


def _origins(allowed: str) -> None:
    with op.batch_alter_table("matter", table_kwargs={"sqlite_with_rowid": False}) as table:
        table.drop_constraint(op.f("ck_matter_origin"), type_="check")
        table.create_check_constraint(op.f("ck_matter_origin"), allowed)


def downgrade() -> None:
    """Take both away."""
    op.execute("UPDATE matter SET origin = 'own' WHERE origin = 'back'")
    _origins(BEFORE)
    op.drop_table("topic_kin")
