"""What is told while a command works, and how? What we log, and of libraries what goes wrong."""

from __future__ import annotations

import logging
import sys

LIBRARIES = (
    "alembic",
    "apscheduler",
    "fontTools",
    "github",
    "httpcore",
    "httpx",
    "sqlalchemy",
    "weasyprint",
)
"""Each of them tells every step it takes."""


def log_to_stderr(*, debug: bool) -> None:
    """Log to standard error; with ``debug`` all that anybody tells, and when."""
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s" if debug else "%(message)s",
        stream=sys.stderr,
    )
    for library in LIBRARIES:
        logging.getLogger(library).setLevel(logging.INFO if debug else logging.WARNING)
    logging.getLogger("stamina").setLevel(logging.INFO if debug else logging.ERROR)  # each retry
