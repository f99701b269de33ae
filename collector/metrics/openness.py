"""Openness on paper: what a newcomer finds, and what they may do with it."""

from __future__ import annotations

from collections.abc import Iterable

from collector.licences import osi_approved, same
from collector.metric import Better, Metric, Part, Value, not_applicable, unknown
from collector.metrics.facts import (
    PUBLICCODE,
    declared_text,
    files_of,
    main_files,
    main_repository,
    publiccode,
)
from collector.metrics.sources import archived, counted, forge_missing, from_git, known_at
from collector.model import Activity, FileFact, Instant, Repository, RepositoryState

FILES = (
    "README",
    "LICENSE",
    "CONTRIBUTING",
    "CODE_OF_CONDUCT",
    "SECURITY",
    "GOVERNANCE",
    "CHANGELOG",
    "ROADMAP",
    "AUTHORS/MAINTAINERS",
    "CODEOWNERS",
    "SUPPORT",
    "CITATION.cff",
    PUBLICCODE,
)


@from_git
def community_files(activity: Activity, as_of: Instant) -> Value:
    """Which of the files that people look for are there?"""
    files = main_files(activity, as_of)
    found = _found(files)
    hidden: list[Part] = [
        key for key, fact in sorted(files.items()) if key in FILES and not fact.place
    ]
    main = main_repository(activity)
    others = [_found(files_of(r, as_of)) for r in counted(activity) if r is not main]
    parts: dict[str, Part] = {
        "found": {key: found[key].place for key in FILES if key in found},
        "missing": [key for key in FILES if key not in found and key not in hidden],
        "not_read": hidden,
        "repository": main.url if main else None,
        "others": _of_others(others),
        "other_repositories": len(others),
    }
    return Value(len(found), n=len(FILES), parts=parts)


def _found(files: dict[str, FileFact]) -> dict[str, FileFact]:
    """Those that were seen; what a folder hides that could not be read has no place."""
    return {key: fact for key, fact in files.items() if key in FILES and fact.place}


def _of_others(others: Iterable[dict[str, FileFact]]) -> dict[str, Part]:
    """In how many of the other repositories does each file stand?"""
    found = [key for files in others for key in files]
    return {key: found.count(key) for key in FILES if key in found}


@from_git
def license_(activity: Activity, as_of: Instant) -> Value:
    """Under which licence may it be used?"""
    file = main_files(activity, as_of).get("LICENSE")
    declared = declared_text(activity, as_of, "license")
    spdx = file.spdx if file else None
    parts: dict[str, Part] = {
        "spdx": spdx,
        "place": file.place if file else None,
        "osi_approved": osi_approved(spdx) if spdx else (None if file else False),
        "publiccode": declared,
        "equal": same(spdx, declared) if spdx and declared else None,
    }
    return Value(None, parts=parts)


@from_git
def publiccode_valid(activity: Activity, as_of: Instant) -> Value:
    """Can catalogues read its description?"""
    fact = publiccode(activity, as_of)
    if fact is None:
        return not_applicable("there is no publiccode.yml")
    if not fact.readable:
        return unknown("the server would not give publiccode.yml")
    problems: list[Part] = [*fact.problems]
    return Value(float(not problems), parts={"problems": problems, "place": fact.place})


def issue_tracker_open(activity: Activity, as_of: Instant) -> Value:
    """Can anybody report a problem in public?"""
    if activity.project.issues_elsewhere:
        return Value(1, parts={"kept_at": activity.project.issues_elsewhere})
    main = main_repository(activity)
    if main is None:
        return not_applicable("the project has no repository")
    if main.facts.has_issues is None:
        return forge_missing(activity) or unknown("the forge does not say")
    if not known_at(main.forge_read_until, as_of):
        return unknown("the forge tells only how it is now")
    return Value(float(main.facts.has_issues and not main.facts.private))


def lifecycle(activity: Activity, as_of: Instant) -> Value:
    """In which stage of its life is each repository?"""
    if not activity.repositories:
        return not_applicable("the project has no repository")
    stages: dict[str, Part] = {
        repository.url: [*_stages(repository, as_of)] for repository in activity.repositories
    }
    if not any(stages.values()):
        return unknown("no repository of the project has been read yet")
    main = main_repository(activity)
    return Value(None, parts={"repositories": stages, "main": stages[main.url] if main else None})


def _stages(repository: Repository, as_of: Instant) -> list[str]:
    """All that is said of a repository; nothing of this: ``public``, if it was read at all."""
    facts, now = repository.facts, known_at(repository.forge_read_until, as_of)
    last = max(repository.read_until or 0, repository.forge_read_until or 0)
    state = repository.state if known_at(last, as_of) else None  # it was there until then
    signs = {
        "deleted": state is RepositoryState.GONE,
        "moved": state is RepositoryState.MOVED,
        "archived": archived(repository, as_of),
        "fork": bool(repository.upstream or facts.fork_of),
        "mirror": repository.role == "mirror" or bool(facts.mirror_of),
        "private": now and bool(facts.private),
        "empty": repository.empty,
    }
    said = [stage for stage, holds in signs.items() if holds]
    read = repository.read_until is not None or repository.forge_read_until is not None
    return said or (["public"] if read else [])


METRICS = (
    Metric(
        "community_files",
        "Community files",
        "Does a newcomer find what they look for?",
        "files",
        Better.HIGHER,
        "CHAOSS 3939",
        community_files,
        "which of "
        + ", ".join(FILES)
        + " exist in the main repository; CONTRIBUTING, CODE_OF_CONDUCT,"
        " SECURITY, SUPPORT and GOVERNANCE also where its owner keeps them for all",
        words="files that newcomers look for",
    ),
    Metric(
        "license",
        "License",
        "Under which licence may it be used?",
        "text",
        Better.NEITHER,
        "CHAOSS 3962/3963",
        license_,
        "SPDX identifier found; approved by OSI; equal to publiccode.yml",
        words="licence",
    ),
    Metric(
        "publiccode_valid",
        "publiccode.yml valid",
        "Can catalogues read its description?",
        "yes/no",
        Better.HIGHER,
        "publiccode.yml 0.x",
        publiccode_valid,
        "it parses, the mandatory keys of its version are there, its url is this repository",
        words="description for catalogues is valid",
    ),
    Metric(
        "issue_tracker_open",
        "Issue tracker open",
        "Can anybody report a problem in public?",
        "yes/no",
        Better.HIGHER,
        "OS2 F11",
        issue_tracker_open,
        "issues are enabled and public, or kept elsewhere in public",
        needs=("forge",),
        words="problems can be reported in public",
    ),
    Metric(
        "lifecycle",
        "Lifecycle",
        "In which stage of its life is it?",
        "text",
        Better.NEITHER,
        "CHAOSS sunset",
        lifecycle,
        "archived, fork, mirror, moved, empty, private or deleted, per repository",
        version=2,
        words="stage of life",
    ),
)
