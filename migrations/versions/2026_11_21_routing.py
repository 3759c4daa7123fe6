"""who can answer what, who is on call, whom a question was offered to

Revision: 2c4e1a7b9d01, after 130953bc5a75
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2c4e1a7b9d01"
down_revision = "130953bc5a75"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of this part."""
    op.create_table('answer_month',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('theme', sa.String(length=40), nullable=False),
    sa.Column('questions', sa.Integer(), nullable=True),
    sa.Column('median', sa.Integer(), nullable=True),
    sa.Column('ninetieth', sa.Integer(), nullable=True),
    sa.Column('waiting_percent', sa.Integer(), nullable=True),
    sa.Column('published_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('month', 'theme', name=op.f('pk_answer_month'))
    )
    op.create_table('can_answer',
    sa.Column('persona_id', sa.String(length=22), nullable=False),
    sa.Column('weekly', sa.Integer(), nullable=False),
    sa.Column('paused', sa.Boolean(), nullable=False),
    sa.Column('by_name', sa.Boolean(), nullable=False),
    sa.CheckConstraint('weekly BETWEEN 0 AND 20', name=op.f('ck_can_answer_weekly')),
    sa.ForeignKeyConstraint(['persona_id'], ['persona.id'], name=op.f('fk_can_answer_persona_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('persona_id', name=op.f('pk_can_answer')),
    sqlite_with_rowid=False
    )
    op.create_table('on_call',
    sa.Column('key', sa.String(length=22), nullable=False),
    sa.Column('theme', sa.String(length=40), nullable=False),
    sa.Column('persona_id', sa.String(length=22), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('set_by', sa.String(length=22), nullable=False),
    sa.CheckConstraint("state IN ('agreed','proposed')", name=op.f('ck_on_call_state')),
    sa.CheckConstraint('from_on <= until_on', name=op.f('ck_on_call_days')),
    sa.ForeignKeyConstraint(['persona_id'], ['persona.id'], name=op.f('fk_on_call_persona_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_on_call')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('on_call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_on_call_persona_id'), ['persona_id'], unique=False)
        batch_op.create_index('ix_on_call_theme_until', ['theme', 'until_on'], unique=False)

    op.create_table('can_answer_field',
    sa.Column('persona_id', sa.String(length=22), nullable=False),
    sa.Column('kind', sa.String(length=6), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.CheckConstraint("kind IN ('theme','region','lang')", name=op.f('ck_can_answer_field_kind')),
    sa.ForeignKeyConstraint(['persona_id'], ['can_answer.persona_id'], name=op.f('fk_can_answer_field_persona_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('persona_id', 'kind', 'code', name=op.f('pk_can_answer_field')),
    sqlite_with_rowid=False
    )
    op.create_table('question_course',
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_question_course_topic_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('topic_id', name=op.f('pk_question_course'))
    )
    with op.batch_alter_table('question_course', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_course_next_at'), ['next_at'], unique=False)

    op.create_table('question_laid',
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.Column('persona_id', sa.String(length=22), nullable=False),
    sa.Column('why', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('chosen', sa.Boolean(), nullable=False),
    sa.Column('laid_on', sa.Date(), nullable=False),
    sa.CheckConstraint("state IN ('open','passed','replaced')", name=op.f('ck_question_laid_state')),
    sa.CheckConstraint("why IN ('fits','on_call','keeper','by_name')", name=op.f('ck_question_laid_why')),
    sa.ForeignKeyConstraint(['persona_id'], ['persona.id'], name=op.f('fk_question_laid_persona_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_question_laid_topic_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('topic_id', 'persona_id', name=op.f('pk_question_laid')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('question_laid', schema=None) as batch_op:
        batch_op.create_index('ix_question_laid_persona_laid', ['persona_id', 'laid_on'], unique=False)


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table('question_laid', schema=None) as batch_op:
        batch_op.drop_index('ix_question_laid_persona_laid')

    op.drop_table('question_laid')
    with op.batch_alter_table('question_course', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_course_next_at'))

    op.drop_table('question_course')
    op.drop_table('can_answer_field')
    with op.batch_alter_table('on_call', schema=None) as batch_op:
        batch_op.drop_index('ix_on_call_theme_until')
        batch_op.drop_index(batch_op.f('ix_on_call_persona_id'))

    op.drop_table('on_call')
    op.drop_table('can_answer')
    op.drop_table('answer_month')
