"""What a project delivered, as existing at a date; shared by deliveries, care and continuity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collector.metrics.names import read_name
from collector.metrics.windows import remembered, remembered_as_of
from collector.model import Activity, Delivery, Flags, Instant, Instants


@remembered
def all_deliveries(activity: Activity) -> tuple[Delivery, ...]:
    """Every recognised tag or release ever, one per version per repository, by time."""
    found: dict[tuple[int, bool, str], Delivery] = {}
    for tag in sorted(activity.tags, key=lambda tag: (tag.time, tag.name, tag.repository)):
        reading = read_name(tag.name, activity.repositories[tag.repository])
        if reading is None:
            continue
        found.setdefault(
            (tag.repository, reading.deployment, reading.version),
            Delivery(
                tag.time,
                tag.name,
                reading.version,
                reading.deployment,
                reading.prerelease or tag.prerelease,
                tag.repository,
            ),
        )
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Delivered:
    """The deliveries that existed at a date, as columns sorted by time."""

    time: Instants
    deployment: Flags
    stable: Flags

    def releases(self) -> Instants:
        """When were stable releases made?"""
        return self.time[self.stable & ~self.deployment]

    def deployments(self) -> Instants:
        """When was something put into operation?"""
        return self.time[self.stable & self.deployment]


@remembered
def _columns(activity: Activity) -> Delivered:
    deliveries = all_deliveries(activity)
    return Delivered(
        np.array([d.time for d in deliveries], dtype=np.int64),
        np.array([d.deployment for d in deliveries], dtype=np.bool_),
        np.array([not d.prerelease for d in deliveries], dtype=np.bool_),
    )


@remembered_as_of
def delivered(activity: Activity, as_of: Instant) -> Delivered:
    """What had been delivered by then, pre-releases included."""
    ever = _columns(activity)
    until = int(np.searchsorted(ever.time, as_of))
    return Delivered(ever.time[:until], ever.deployment[:until], ever.stable[:until])


def mode(activity: Activity, as_of: Instant) -> str:
    """How does this project deliver: releases, service, both or none (as declared, or as seen)?"""
    if activity.project.delivery:
        return activity.project.delivery
    seen = delivered(activity, as_of)
    only_deployments = bool(seen.time.size) and bool(seen.deployment.all())
    return "service" if only_deployments else "releases"


@remembered_as_of
def delivery_times(activity: Activity, as_of: Instant) -> Instants:
    """When did the project deliver something stable, by its way of delivering?"""
    seen, how = delivered(activity, as_of), mode(activity, as_of)
    if how == "both":
        return seen.time[seen.stable]
    if how == "service":
        return seen.deployments()
    return seen.releases() if how == "releases" else seen.time[:0]
