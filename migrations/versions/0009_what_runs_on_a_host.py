"""What was found out about hosts whose kind is not configured"""

import sqlalchemy as sa
from alembic import op
revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('hosts',
    sa.Column('host', sa.String(length=255), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=True),
    sa.Column('asked_at', sa.BigInteger(), nullable=False),
    sa.Column('why', sa.Text(), nullable=True),
    sa.Column('answered', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('host', name=op.f('pk_hosts'))
    )


def downgrade() -> None:
    op.drop_table('hosts')
