"""What was each tag or release taken for, and why?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from collector.evidence.group import Group, Record, Source, listed
from collector.metrics.delivered import mode
from collector.metrics.names import read_name
from collector.model import DAY, N_, Delivery, Instant, Phrase, TagFact

STABLE, EARLY, DEPLOYED = N_("new versions"), N_("pre-releases"), N_("put into operation")
EARLY_DEPLOYED = N_("pre-releases of what is put into operation")
AGAIN, NEITHER = N_("the same version again"), N_("neither a version nor put into operation")
LATER = N_("made after the date")
LAST = 11
Told = tuple[TagFact, tuple[Phrase, ...]]
"""A tag, and why it was taken for what it was."""


def classified(source: Source) -> dict[str, list[Told]]:
    """Every tag under what it was taken for, with the reason; oldest first."""
    found: dict[str, list[Told]] = defaultdict(list)
    seen: set[tuple[int, bool, str]] = set()
    ordered = sorted(source.activity.tags, key=lambda tag: (tag.time, tag.name, tag.repository))
    for tag in ordered:
        repository = source.activity.repositories[tag.repository]
        said = read_name(tag.name, repository)
        pattern = repository.release_tag_pattern or repository.deployment_tag_pattern
        if tag.time >= source.as_of:
            found[LATER].append((tag, ()))
        elif said is None:
            found[NEITHER].append((tag, (_no_match(pattern),)))
        else:
            key = (tag.repository, said.deployment, said.version)
            what = _kind(key in seen, said.deployment, said.prerelease or tag.prerelease)
            seen.add(key)
            why = [Phrase("version {version}", {"version": said.version})]
            why += [Phrase("flagged as a pre-release")] if tag.prerelease else []
            found[what].append((tag, tuple(why)))
    return found


def _no_match(pattern: str | None) -> Phrase:
    if pattern:
        return Phrase("does not match the configured pattern {pattern}", {"pattern": pattern})
    return Phrase("its name is not a known prefix and a version")


def _kind(again: bool, deployment: bool, early: bool) -> str:
    if again:
        return AGAIN
    if early:
        return EARLY_DEPLOYED if deployment else EARLY
    return DEPLOYED if deployment else STABLE


def _group(source: Source, title: str, tags: Iterable[Told], *, counts: bool = False) -> Group:
    newest = sorted(tags, key=lambda pair: pair[0].time, reverse=True)
    records = [Record(tag.time, tag.name, _told(source, tag, why)) for tag, why in newest]
    return listed(Phrase(title), records, counts=counts)


def _told(source: Source, tag: TagFact, why: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    what = Phrase("release") if tag.release else Phrase("tag")
    return (what, *why, *source.place(tag.repository))


def _counted(source: Source, what: str) -> Iterable[Group]:
    found = classified(source)
    own = found.pop(what, [])
    since: Instant = source.since()
    yield _group(source, what, [pair for pair in own if pair[0].time >= since], counts=True)
    yield _group(
        source, N_("made before the window"), [pair for pair in own if pair[0].time < since]
    )
    for title, tags in found.items():
        yield _group(source, title, tags)


def releases(source: Source) -> Iterable[Group]:
    """New versions in the window."""
    return _counted(source, STABLE)


def deployments(source: Source) -> Iterable[Group]:
    """What was put into operation in the window."""
    return _counted(source, DEPLOYED)


def _delivering(source: Source) -> tuple[str, ...]:
    how = mode(source.activity, source.as_of)
    return {"both": (STABLE, DEPLOYED), "service": (DEPLOYED,), "none": ()}.get(how, (STABLE,))


def newest_delivery(source: Source) -> Delivery | None:
    """The delivery that the days are counted from."""
    found = classified(source)
    tags = sorted(
        (tag for what in _delivering(source) for tag, _ in found[what]), key=lambda tag: tag.time
    )
    if not tags:
        return None
    return Delivery(tags[-1].time, tags[-1].name, "", False, False, tags[-1].repository)


def _newest(source: Source, many: int, title: str) -> Iterable[Group]:
    found = classified(source)
    own = [pair for what in _delivering(source) for pair in found.pop(what, [])]
    own.sort(key=lambda pair: pair[0].time)
    yield _group(source, title, own[-many:], counts=True)
    yield _group(source, N_("earlier deliveries"), own[:-many])
    for rest, tags in found.items():
        yield _group(source, rest, tags)


def last_one(source: Source) -> Iterable[Group]:
    """The newest delivery."""
    return _newest(source, 1, N_("the newest delivery"))


def last_intervals(source: Source) -> Iterable[Group]:
    """The deliveries that bound the last ten intervals; those of one day are one."""
    found = classified(source)
    times = [tag.time for what in _delivering(source) for tag, _ in found[what]]
    last_days = sorted({time // DAY for time in times})[-LAST:]
    many = sum(time // DAY in last_days for time in times)
    return _newest(source, many, N_("the deliveries between which the intervals lie"))
