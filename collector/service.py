"""What do the services themselves say? Reads the files of outcomes and keeps their figures.

A file that cannot be read changes nothing: the figures of before stay and grow old, which is
said (METRICS.md, Service outcomes).
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from sqlalchemy import Engine

from collector.config import Config
from collector.config.outcomes import Outcomes, read_file, read_text
from collector.config.values import ProjectConfig
from collector.forge import ForgeError
from collector.problem import Problem
from collector.store.outcomes import write_outcomes
from collector.transport import Transport
from collector.transport.endpoint import Endpoint

log = logging.getLogger("ospo_vitals.service")


def read_outcomes(engine: Engine, config: Config) -> tuple[Problem, ...]:
    """Keep what the files of all projects say; the answer is what is wrong in them."""
    problems: list[Problem] = []
    for project in config.projects:
        if project.declared.outcomes is None:
            write_outcomes(engine, project.id, ())
            continue
        found = _outcomes(config, project, project.declared.outcomes)
        problems += found.problems
        if found.figures:
            write_outcomes(engine, project.id, found.figures)
    for problem in problems:
        log.warning("outcomes: %s", problem)
    return tuple(problems)


def _outcomes(config: Config, project: ProjectConfig, place: str) -> Outcomes:
    parts = urlsplit(place)
    if parts.scheme not in ("http", "https"):
        return read_file(config.base / place, place)
    host = f"{parts.scheme}://{parts.netloc}"
    transport = Transport(Endpoint(parts.netloc, host, allow_private=True))
    try:
        return read_text(transport.text(place), place)
    except ForgeError as error:
        return Outcomes(problems=(Problem(place, 0, 0, "", f"cannot be read: {error}"),))
    finally:
        transport.close()
