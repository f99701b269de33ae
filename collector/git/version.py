"""Is git there, and new enough for our guards to be heard?"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping

from collector.errors import UnfitMachine

OLDEST = (2, 31)
"""Older ones do not know ``GIT_CONFIG_COUNT``: our guards would go unheard."""
REMEDY = "Install git 2.31 or newer, for example with: apt-get install git"


def version(environment: Mapping[str, str] | None = None) -> str | None:
    """What does git say of its version? None: there is no git. Without ``environment``: ours."""
    if environment is not None:
        path = environment.get("PATH", "/usr/local/bin:/usr/bin:/bin")
        environment = {"PATH": path, "LC_ALL": "C"}
    try:
        answer = subprocess.run(
            ["git", "--version"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.strip().removeprefix("git version ")


def is_new_enough(said: str) -> bool:
    """Is this version of git one that can be used?"""
    number = re.match(r"(\d+)\.(\d+)", said)
    return number is not None and (int(number[1]), int(number[2])) >= OLDEST


def require_git(environment: Mapping[str, str]) -> None:
    """Raise ``UnfitMachine``, saying what to do, unless there is a git that can be used."""
    said = version(environment)
    if said is None:
        raise UnfitMachine(f"git is not there, and nothing can be read without it. {REMEDY}")
    if not is_new_enough(said):
        raise UnfitMachine(
            f"git {said} is too old: it would not hear what we forbid it, so nothing was read. "
            f"{REMEDY}"
        )
