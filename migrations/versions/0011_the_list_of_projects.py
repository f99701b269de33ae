"""A narrow row for each project that is shown, by which the list is found and ordered"""

import json
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

FIGURES = ('contributors', 'contributor_absence_factor', 'days_since_last_commit', 'first_answer_wait')
MADE_OF = """
SELECT p.id, p.key, p.ospo, p.name, j.status, j.risk, j.criticality, CAST(j.summary AS TEXT) AS summary
FROM projects p LEFT JOIN judgements j ON j.project_id = p.id
WHERE NOT p.hidden ORDER BY p.id
"""


def upgrade() -> None:
    ordered = sa.Text().with_variant(postgresql.TEXT(collation='C'), 'postgresql')
    lines = op.create_table('project_lines',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('name', ordered, nullable=False),
    sa.Column('key', ordered, nullable=False),
    sa.Column('sought', sa.Text(), nullable=False),
    sa.Column('ospo', sa.String(length=80), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('risk', sa.String(length=8), nullable=False),
    sa.Column('open_risk', sa.String(length=8), nullable=False),
    sa.Column('criticality', sa.Integer(), nullable=True),
    *(sa.Column(key, sa.Float(), nullable=True) for key in FIGURES),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_project_lines_project_id_projects'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('project_id', name=op.f('pk_project_lines'))
    )
    op.create_index('ix_project_lines_name', 'project_lines', ['name', 'key'])
    op.create_index('ix_project_lines_ospo', 'project_lines', ['ospo'])
    # How all projects stood in a month is read from this alone: the sentences make rows wide.
    op.create_index('ix_status_history_standing', 'status_history', ['project_id', 'as_of', 'status', 'risk', 'criticality'])
    if not op.get_context().as_sql:
        found = op.get_bind().execute(sa.text(MADE_OF)).all()
        for start in range(0, len(found), 1000):
            op.bulk_insert(lines, [_line(row) for row in found[start:start + 1000]])


def downgrade() -> None:
    op.drop_index('ix_status_history_standing', 'status_history')
    op.drop_table('project_lines')


def _line(row):
    summary = _object(json.loads(row.summary or '{}'))
    risk = (row.risk or '') if row.status not in (None, 'unknown') else ''
    return {
        'project_id': row.id,
        'name': _folded(row.name),
        'key': row.key,
        'sought': _folded(f'{row.name} {row.key} {row.ospo}'),
        'ospo': row.ospo,
        'status': row.status or 'unknown',
        'risk': risk,
        'open_risk': str(_object(summary.get('open')).get('risk') or '')[:8] if risk else '',
        'criticality': row.criticality,
        **{key: _number(summary.get(key)) for key in FIGURES},
    }


def _folded(text):
    split = unicodedata.normalize('NFKD', text.casefold())
    return ''.join(letter for letter in split if not unicodedata.combining(letter)).casefold()


def _object(given):
    return given if isinstance(given, dict) else {}


def _number(given):
    return float(given) if isinstance(given, (int, float)) else None
