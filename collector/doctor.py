"""Is everything there that a pass needs? Each precondition tested, each failure with its remedy."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from pathlib import Path

from collector.git import version

MINIMUM_PYTHON = (3, 11)
ENOUGH_BYTES = 1_000_000_000
PANGO = (
    "Install Pango (Debian, Ubuntu: apt install libpangoft2-1.0-0 libharfbuzz-subset0; Fedora: "
    "dnf install pango; macOS: brew install pango), or take reports as HTML or Markdown."
)
"""What to do where reports cannot be written as PDF."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One precondition: whether it holds, what was seen, and what to do if it does not.

    ``needed``: nothing goes without it; else it is only told, and all the rest goes on.
    """

    what: str
    holds: bool
    seen: str
    remedy: str = ""
    needed: bool = True


def python_version() -> Finding:
    """Is Python new enough?"""
    seen = ".".join(map(str, sys.version_info[:3]))
    holds = sys.version_info[:2] >= MINIMUM_PYTHON
    return Finding("Python", holds, seen, "Install Python 3.11 or newer.")


def git_version() -> Finding:
    """Is git there, and new enough for our guards to be heard?"""
    seen = version.version()
    holds = seen is not None and version.is_new_enough(seen)
    return Finding("git", holds, seen or "not found", version.REMEDY)


def writable(folder: Path) -> Finding:
    """Can clones, locks and keys be kept?"""
    remedy = f"Give the user that runs this the right to write into {folder}."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".doctor-{os.getpid()}"
        probe.write_text("probe")
        probe.unlink()
    except OSError as error:
        return Finding("data folder", False, f"{folder}: {error.strerror}", remedy)
    return Finding("data folder", True, str(folder))


def disk_space(folder: Path) -> Finding:
    """Is there room for clones?"""
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    seen = f"{free / 1e9:.1f} GB free"
    return Finding(
        "disk space", free > ENOUGH_BYTES, seen, f"Free at least 1 GB where {folder} lies."
    )


def key_is_private(key: Path) -> Finding:
    """Can only we read the key that pseudonyms are made with?"""
    if not key.exists():
        return Finding("pseudonym key", True, "not made yet; the first pass makes it")
    mode = key.stat().st_mode & 0o777
    remedy = f"Take the others' right to read it: chmod 600 {key}"
    return Finding("pseudonym key", mode & 0o077 == 0, f"mode {mode:o}", remedy)


def host_answers(host: str, port: int, *, through_proxy: bool) -> Finding:
    """Does a host of the portfolio answer on its port?"""
    what = f"host {host}"
    if through_proxy:
        return Finding(what, True, "behind a proxy: not tested here")
    try:
        with socket.create_connection((host.rsplit(":", 1)[0].strip("[]"), port), timeout=5):
            return Finding(what, True, f"answers on port {port}")
    except OSError as error:
        why = "its name is not known" if isinstance(error, socket.gaierror) else str(error)
        remedy = (
            "Check the name in the configuration, the network and whether a proxy is needed "
            "(forges: proxy: …). Other hosts are read all the same."
        )
        return Finding(what, False, why, remedy)


def token_present(host: str, variable: str, *, is_set: bool, needed: bool) -> Finding:
    """Is the token that configuration names there?"""
    remedy = f"Set {variable} in the environment of the job that collects {host}."
    seen = f"{variable} is set" if is_set else f"{variable} is not set"
    return Finding(f"token for {host}", is_set or not needed, seen, remedy)


def app_key(host: str, app: str, place: str, *, is_there: bool) -> Finding:
    """Is the private key of the GitHub App there that configuration names?"""
    remedy = f"Put the PEM file that GitHub made for the App into {place}."
    seen = f"{place} is there" if is_there else f"{place} is not there"
    return Finding(f"key of the GitHub App {app} for {host}", is_there, seen, remedy)


def pdf_reports() -> Finding:
    """Is Pango there, with which WeasyPrint sets the type of reports as PDF?"""
    what = "reports as PDF"
    try:
        with redirect_stdout(StringIO()):  # what it prints when it finds no library
            import_module("weasyprint")
    except OSError:
        return Finding(what, False, "Pango was not found", PANGO, needed=False)
    return Finding(what, True, "Pango is there")


def gather(checks: Iterable[Callable[[], Finding]]) -> Iterator[Finding]:
    """Run every check; one that breaks is itself a finding, never the end of the others."""
    for check in checks:
        try:
            yield check()
        except Exception as error:
            yield Finding(
                getattr(check, "__name__", "check"),
                False,
                f"could not be tested ({error})",
                "Run again with --debug and report it to the project.",
            )
