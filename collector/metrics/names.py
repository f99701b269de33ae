"""What a tag's name says: a release, a deployment, or neither (METRICS.md, Deliveries)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from collector.model import Repository

RELEASE_WORDS = ("version", "ver", "v", "release", "rel", "r")
DEPLOYMENT_WORDS = ("production", "prod", "live")
SUFFIXES = "alpha|beta|rc|dev|pre|snapshot|nightly|canary"

NUMBERS = r"(?P<numbers>\d+(?:[._/-]\d+){0,3})"
SUFFIX = rf"(?P<suffix>[._/-]?(?:{SUFFIXES})(?![a-z])[0-9a-z._/-]*)?"
WORD = rf"(?:{'|'.join((*RELEASE_WORDS, *DEPLOYMENT_WORDS))})"
# Not a digit inside a word: the version of "k8s-v1.2" is not 8.
VERSION = re.compile(rf"(?<![a-z0-9])(?:{WORD}[._/-]?)?{NUMBERS}{SUFFIX}(?![a-z])")
SUFFIX_ANYWHERE = re.compile(rf"\d[._/-]?(?:{SUFFIXES})(?![a-z])")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a name says. ``version`` is the same for ``1.3.0`` and ``v1.3.0``."""

    deployment: bool
    version: str
    prerelease: bool


def read_name(name: str, repository: Repository) -> Reading | None:
    """Is a tag or release of this name a delivery, and of which version?"""
    if repository.deployment_tag_pattern and re.search(repository.deployment_tag_pattern, name):
        return _by_pattern(name, deployment=True)
    if repository.release_tag_pattern and re.search(repository.release_tag_pattern, name):
        return _by_pattern(name, deployment=False)
    found = _grammar(own_name(repository)).fullmatch(name.lower())
    if not found:
        return None
    deployment = bool(found["deployment"])
    overruled = repository.deployment_tag_pattern if deployment else repository.release_tag_pattern
    if overruled:
        return None
    return Reading(deployment, _version(found), bool(found["suffix"]))


def own_name(repository: Repository) -> str:
    """The repository's own name: the last part of its URL."""
    last = (repository.name or repository.url).rstrip("/").rpartition("/")[2]
    return last.lower().removesuffix(".git")


@lru_cache(maxsize=4096)
def _grammar(own: str) -> re.Pattern[str]:
    """Prefix and version. After a word or the repository's name a ``v`` belongs to the version."""
    release = "|".join([*RELEASE_WORDS, *([re.escape(own)] if own else [])])
    deployment = "|".join(DEPLOYMENT_WORDS)
    prefix = rf"(?:(?P<release>{release})|(?P<deployment>{deployment}))[._/-]?(?:v[._/-]?)?"
    return re.compile(rf"(?:{prefix})?{NUMBERS}{SUFFIX}")


def _version(found: re.Match[str]) -> str:
    numbers = [part.lstrip("0") or "0" for part in re.split(r"[._/-]", found["numbers"])]
    suffix = re.sub(r"[._/-]", "", found["suffix"] or "")
    return ".".join(numbers) + (f"-{suffix}" if suffix else "")


def _by_pattern(name: str, *, deployment: bool) -> Reading:
    """A configured pattern says what it is; its version is the first that stands in the name."""
    low = name.lower()
    found = VERSION.search(low)
    version = _version(found) if found else low
    return Reading(deployment, version, bool(SUFFIX_ANYWHERE.search(low)))
