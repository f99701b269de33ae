"""The shelf of found repositories"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    with op.batch_alter_table('repositories', schema=None) as batch_op:
        batch_op.add_column(sa.Column('root', sa.LargeBinary(), nullable=True))
    op.create_table('sources',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('ospo', sa.String(length=80), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.Column('cursor', sa.Text(), nullable=True),
    sa.Column('checked_at', sa.BigInteger(), nullable=True),
    sa.Column('read_at', sa.BigInteger(), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('error_since', sa.BigInteger(), nullable=True),
    sa.Column('listed', sa.Integer(), nullable=False),
    sa.Column('broken', sa.Integer(), nullable=False),
    sa.Column('broken_entries', json, nullable=True),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_sources'))
    )
    op.create_table('found',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('host', sa.String(length=255), nullable=False),
    sa.Column('native_id', sa.String(length=120), nullable=True),
    sa.Column('project', sa.String(length=80), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_found')),
    sa.UniqueConstraint('key', name=op.f('uq_found_key'))
    )
    op.create_index('ix_found_host_native_id', 'found', ['host', 'native_id'], unique=False)
    op.create_table('found_aliases',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('found_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['found_id'], ['found.id'], name=op.f('fk_found_aliases_found_id_found'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_found_aliases'))
    )
    op.create_table('found_in',
    sa.Column('source', sa.String(length=64), nullable=False),
    sa.Column('found_id', sa.Integer(), nullable=False),
    sa.Column('first_seen', sa.BigInteger(), nullable=False),
    sa.Column('gone_since', sa.BigInteger(), nullable=True),
    sa.Column('head', sa.String(length=64), nullable=True),
    sa.Column('facts', json, nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('reason', json, nullable=True),
    sa.ForeignKeyConstraint(['found_id'], ['found.id'], name=op.f('fk_found_in_found_id_found'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source'], ['sources.key'], name=op.f('fk_found_in_source_sources'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('source', 'found_id', name=op.f('pk_found_in'))
    )
    op.create_index('ix_found_in_found_id', 'found_in', ['found_id'], unique=False)
    op.create_index('ix_found_in_head', 'found_in', ['head'], unique=False)


def downgrade() -> None:
    op.drop_table('found_in')
    op.drop_table('found_aliases')
    op.drop_table('found')
    op.drop_table('sources')
    with op.batch_alter_table('repositories', schema=None) as batch_op:
        batch_op.drop_column('root')
