"""files of messages, and of drafts

Revision: 2c4e1a7b9d15, after 2c4e1a7b9d14
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d15"
down_revision = "2c4e1a7b9d14"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of this part. Clinical and protected spaces take no files until somebody says so."""
    with op.batch_alter_table('space', schema=None) as batch_op:
        batch_op.add_column(sa.Column('files', sa.Boolean(), server_default=sa.false(), nullable=False))
    space = sa.table('space', sa.column('kind', sa.String), sa.column('protected', sa.Boolean), sa.column('files', sa.Boolean))
    op.execute(
        sa.update(space).where(space.c.kind.not_in(('clinical', 'lived')), ~space.c.protected).values(files=sa.true())
    )
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.add_column(sa.Column('files', sa.Integer(), server_default='0', nullable=False))

    op.create_table('attachment',
    sa.Column('key', sa.String(length=22), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=4), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('alt', sa.String(length=500), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('file', sa.String(length=40), nullable=False),
    sa.Column('small', sa.String(length=40), nullable=False),
    sa.Column('added_on', sa.Date(), nullable=False),
    sa.CheckConstraint("kind IN ('png','jpeg','webp','pdf','text','csv')", name=op.f('ck_attachment_kind')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_attachment_post_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_attachment')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_post_id'), ['post_id'], unique=False)

    op.create_table('draft_file',
    sa.Column('persona_id', sa.String(length=22), nullable=False),
    sa.Column('place', sa.String(length=90), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('file', sa.String(length=40), nullable=False),
    sa.Column('small', sa.String(length=40), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('added_on', sa.Date(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(
        ['persona_id', 'place'], ['draft.persona_id', 'draft.place'],
        name=op.f('fk_draft_file_persona_id_place'), ondelete='CASCADE'
    ),
    sa.PrimaryKeyConstraint('persona_id', 'place', 'position', name=op.f('pk_draft_file')),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table('draft_file')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_post_id'))

    op.drop_table('attachment')
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_column('files')

    with op.batch_alter_table('space', schema=None) as batch_op:
        batch_op.drop_column('files')
