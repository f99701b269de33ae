"""What may only some readers see? Projects that have a private repository."""

from __future__ import annotations

from sqlalchemy import or_, select

from collector.store.schema import repositories

PRIVATE = select(repositories.c.project_id).where(
    repositories.c.project_id.is_not(None),
    or_(
        repositories.c.facts["private"].as_boolean().is_(True),
        # Where no forge says that everybody may read it, what needs a key to be read is private.
        repositories.c.facts["private"].as_boolean().is_(None)
        & repositories.c.url.startswith("ssh:"),
    ),
)
"""Projects with a private repository: whoever may not see that sees none of its figures."""
