"""What is odd in the records of a repository"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True), 'postgresql'
    )
    op.add_column('repositories', sa.Column('notes', json, nullable=True))


def downgrade() -> None:
    op.drop_column('repositories', 'notes')
