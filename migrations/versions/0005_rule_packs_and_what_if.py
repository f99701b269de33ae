"""Rule packs and what if"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table('pack_results',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('pack', sa.String(length=80), nullable=False),
    sa.Column('as_of', sa.BigInteger(), nullable=False),
    sa.Column('level', sa.String(length=80), nullable=True),
    sa.Column('result', json, nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_pack_results_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'pack', name=op.f('pk_pack_results'))
    )
    op.create_table('pack_history',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('pack', sa.String(length=80), nullable=False),
    sa.Column('as_of', sa.BigInteger(), nullable=False),
    sa.Column('level', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_pack_history_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'pack', 'as_of', name=op.f('pk_pack_history')),
    sqlite_with_rowid=False
    )
    op.create_table('what_if',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('without', sa.String(length=400), nullable=False),
    sa.Column('as_of', sa.BigInteger(), nullable=False),
    sa.Column('outcome', json, nullable=False),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_what_if_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', 'without', name=op.f('pk_what_if'))
    )
    op.create_index(op.f('ix_what_if_without'), 'what_if', ['without'])
    # Neither was ever stored: every project is measured again at the next pass.
    op.execute("UPDATE projects SET digest = NULL, measured_at = NULL")


def downgrade() -> None:
    op.drop_index(op.f('ix_what_if_without'), 'what_if')
    op.drop_table('what_if')
    op.drop_table('pack_history')
    op.drop_table('pack_results')
