"""What ``check`` says: is the configuration valid, and what does it hold? Touches no network."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from collector import config
from collector.config.values import Config
from collector.problem import ConfigError, Problem, display

FEW = 3
"""So many files that are switched off are told one by one."""


@dataclass(frozen=True, slots=True)
class Report:
    """The text for people, and the exit status of ``check``."""

    text: str
    exit_code: int


def check(
    folder: Path | None = None,
    environ: Mapping[str, str] = os.environ,  # noqa: TID251 - configuration reads the environment
) -> Report:
    """Every problem with its place and status 2, or what is configured and status 0."""
    try:
        loaded = config.load(folder, environ)
    except ConfigError as error:
        count = len(error.problems)
        return Report(f"{error}\n{count} problem{'s' * (count > 1)} in the configuration.", 2)
    faults = [*_outcome_problems(loaded)]
    if faults:
        listed = "\n".join(map(str, sorted(faults)))
        return Report(f"{listed}\nThe configuration is valid; these outcomes are not read.", 2)
    return Report("\n".join(_lines(loaded)), 0)


def _outcome_problems(loaded: Config) -> Iterator[Problem]:
    """What is wrong in the files of outcomes that lie on this machine."""
    for project in loaded.projects:
        place = project.declared.outcomes
        if place and not place.startswith(("http://", "https://")):
            from collector.config.outcomes import read_file

            yield from read_file(loaded.base / place, place).problems


def _lines(loaded: Config) -> list[str]:
    lines = [f"warning: {warning}" for warning in loaded.warnings]
    lines += _switched_off([display(file, loaded.base) for file in loaded.switched_off])
    lines += [
        f"{forge.token_env} is not set: less is read of {forge.host}, and slower."
        for forge in loaded.forges
        if forge.token_env and not forge.token and _used(forge.host, loaded)
    ]
    counts = (
        (len(loaded.ospos), "OSPO"),
        (len(loaded.projects), "project"),
        (len(loaded.repositories), "repository"),
    )
    listed = ", ".join(f"{count} {_plural(noun, count)}" for count, noun in counts)
    return [*lines, f"The configuration in {loaded.folder} is valid: {listed}."]


def _switched_off(files: list[str]) -> Iterator[str]:
    """The files that wait: one by one while they are few, else in one line."""
    if len(files) <= FEW:
        yield from (f"{file} says `enabled: false`: valid, not used." for file in files)
    else:
        names = ", ".join(PurePosixPath(file).stem for file in files)
        folder = PurePosixPath(files[0]).parent
        yield (
            f"{len(files)} files in {folder} say `enabled: false`; they are valid and not used: "
            f"{names}."
        )


def _used(host: str, loaded: Config) -> bool:
    return any(repository.host == host for repository in loaded.repositories)


def _plural(noun: str, count: int) -> str:
    if count == 1:
        return noun
    return noun.removesuffix("y") + ("ies" if noun.endswith("y") else "s")
