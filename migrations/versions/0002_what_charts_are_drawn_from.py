"""What charts are drawn from"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table('project_series',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=24), nullable=False),
    sa.Column('as_of', sa.BigInteger(), nullable=False),
    sa.Column('data', json, nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_project_series_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'key', name=op.f('pk_project_series'))
    )
    # Charts need what was never stored: every project is measured again at the next pass.
    op.execute("UPDATE projects SET digest = NULL, measured_at = NULL")


def downgrade() -> None:
    op.drop_table('project_series')
