"""The judgement of every month, the events of a status, the outcomes of services"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table('status_changes',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('before', sa.String(length=16), nullable=False),
    sa.Column('after', sa.String(length=16), nullable=False),
    sa.Column('reason', json, nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_status_changes_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'at', name=op.f('pk_status_changes'))
    )
    op.create_table('outcomes',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('indicator', sa.String(length=80), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('value', sa.Float(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=True),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('responsible', sa.Text(), nullable=False),
    sa.Column('stale_after_days', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_outcomes_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'indicator', 'at', name=op.f('pk_outcomes'))
    )
    with op.batch_alter_table('status_history', schema=None) as batch_op:
        batch_op.add_column(sa.Column('risk', sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column('criticality', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('answers', json, nullable=True))
    # The past was judged by its status alone: every project is measured again at the next pass.
    op.execute("UPDATE projects SET digest = NULL, measured_at = NULL")


def downgrade() -> None:
    with op.batch_alter_table('status_history', schema=None) as batch_op:
        batch_op.drop_column('answers')
        batch_op.drop_column('criticality')
        batch_op.drop_column('risk')
    op.drop_table('outcomes')
    op.drop_table('status_changes')
