"""On what the past rests, so that only what changed is measured again"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    with op.batch_alter_table('status_history', schema=None) as batch_op:
        batch_op.add_column(sa.Column('basis', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('rests_on', sa.String(length=40), nullable=True))
    with op.batch_alter_table('projects', schema=None) as batch_op:
        batch_op.add_column(sa.Column('definitions', json, nullable=True))
    op.execute("UPDATE projects SET digest = NULL, measured_at = NULL")


def downgrade() -> None:
    with op.batch_alter_table('projects', schema=None) as batch_op:
        batch_op.drop_column('definitions')
    with op.batch_alter_table('status_history', schema=None) as batch_op:
        batch_op.drop_column('rests_on')
        batch_op.drop_column('basis')
