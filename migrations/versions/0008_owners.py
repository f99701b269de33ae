"""Community files that an owner keeps for all of its repositories"""

import sqlalchemy as sa
from alembic import op
revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('owners',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('cursor', sa.Text(), nullable=True),
    sa.Column('checked_at', sa.BigInteger(), nullable=False),
    sa.Column('there', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_owners'))
    )
    op.create_table('owner_files',
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=True),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('readable', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['owner'], ['owners.key'], name=op.f('fk_owner_files_owner_owners'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('owner', 'key', 'since', name=op.f('pk_owner_files')),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('owner_files')
    op.drop_table('owners')
