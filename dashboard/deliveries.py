"""What of a project's tags and releases reached its users? Named as METRICS.md classifies them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collector.metrics.names import Reading, read_name
from collector.model import Instant, Repository
from collector.store.read_dashboard import Delivered, RepositoryRow
from dashboard.i18n import N_

SHOWN = 12
MOST = 400
KINDS = {
    "release": N_("release"),
    "prerelease": N_("pre-release, not counted"),
    "deployment": N_("put into operation"),
    "other": N_("no version, not counted"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """One tag or release, and what it is; ``kind``: a key of ``KINDS``."""

    name: str
    at: Instant
    kind: str
    repository: str = ""


def versions(
    found: Sequence[Delivered], repositories: Sequence[RepositoryRow]
) -> tuple[tuple[Version, ...], int]:
    """Give the newest deliveries, one per version, and how many names say no version."""
    known = {row.id: _as_metrics_see(row) for row in repositories}
    several = len({item.repository_id for item in found}) > 1
    seen: dict[tuple[int, bool, str], Version] = {}
    others: list[Version] = []
    for item in sorted(found, key=lambda item: item.at):
        repository = known.get(item.repository_id)
        if repository is None:
            continue
        reading = read_name(item.name, repository)
        if reading is None:
            others.append(Version(item.name, item.at, "other", repository.name if several else ""))
            continue
        key = (item.repository_id, reading.deployment, reading.version)
        named = repository.name if several else ""
        seen.setdefault(key, Version(item.name, item.at, _kind(reading, item), named))
    shown = sorted(seen.values() or others, key=lambda item: -item.at)[:MOST]
    return tuple(shown), len(others) if seen else 0


def _kind(reading: Reading, item: Delivered) -> str:
    if reading.prerelease or item.prerelease:
        return "prerelease"
    return "deployment" if reading.deployment else "release"


def _as_metrics_see(row: RepositoryRow) -> Repository:
    """The facts of a repository by which names are read."""
    release, deployment = (
        str(row.settings[key]) if row.settings.get(key) else None
        for key in ("release_tag_pattern", "deployment_tag_pattern")
    )
    name = row.url.removesuffix("/").removesuffix(".git").rpartition("/")[2]
    return Repository(
        url=row.url, name=name, release_tag_pattern=release, deployment_tag_pattern=deployment
    )
