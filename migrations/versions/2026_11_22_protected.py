"""break-glass, attested names and the charter of a space

Revision: 2c4e1a7b9d10, after 2c4e1a7b9d09
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d10"
down_revision = "2c4e1a7b9d09"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of this part."""
    with op.batch_alter_table('persona', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attested', sa.Boolean(), server_default=sa.false(), nullable=False))

    op.create_table('attestation',
    sa.Column('persona_id', sa.String(length=22), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['persona_id'], ['persona.id'], name=op.f('fk_attestation_persona_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('persona_id', name=op.f('pk_attestation')),
    sqlite_with_rowid=False
    )
    op.create_table('opening',
    sa.Column('id', sa.String(length=22), nullable=False),
    sa.Column('persona_id', sa.String(length=22), nullable=False),
    sa.Column('asked_by', sa.String(length=22), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=9), nullable=False),
    sa.Column('decided_by', sa.String(length=22), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told', sa.Boolean(), nullable=False),
    sa.CheckConstraint("state IN ('asked','withdrawn','refused','agreed','opened')", name=op.f('ck_opening_state')),
    sa.ForeignKeyConstraint(['persona_id'], ['persona.id'], name=op.f('fk_opening_persona_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('opening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opening_persona_id'), ['persona_id'], unique=False)

    op.create_table('space_charter',
    sa.Column('space_id', sa.Integer(), nullable=False),
    sa.Column('words_en', sa.Text(), nullable=False),
    sa.Column('words_fr', sa.Text(), nullable=False),
    sa.Column('html_en', sa.Text(), nullable=False),
    sa.Column('html_fr', sa.Text(), nullable=False),
    sa.Column('words_en_on', sa.Date(), nullable=True),
    sa.Column('words_fr_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['space_id'], ['space.id'], name=op.f('fk_space_charter_space_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('space_id', name=op.f('pk_space_charter'))
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table('space_charter')
    with op.batch_alter_table('opening', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_opening_persona_id'))

    op.drop_table('opening')
    op.drop_table('attestation')
    with op.batch_alter_table('persona', schema=None) as batch_op:
        batch_op.drop_column('attested')
