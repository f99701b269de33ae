"""Files, declarations and snapshots behind a figure: where they were found, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from collector.evidence.group import Group, Record, Source, day, given, listed, party, somebody
from collector.metric import Part
from collector.metrics.agreements import contracts
from collector.metrics.facts import PUBLICCODE, files_of, main_repository
from collector.metrics.openness import FILES
from collector.model import DAY, N_, Agreement, FileFact, Instant, Phrase, Repository


def _there(source: Source, fact: FileFact) -> bool:
    before = fact.since < source.as_of
    return before and (fact.until is None or fact.until >= source.as_of)


def _file(fact: FileFact) -> Record:
    told = [Phrase("{file} since {since:day}", {"file": fact.key, "since": day(fact.since)})]
    if fact.until is not None:
        told.append(Phrase("until {until:day}", {"until": day(fact.until)}))
    if fact.key == "LICENSE" and fact.spdx:
        told.append(Phrase("licence {licence}", {"licence": fact.spdx}))
    elif fact.key == "LICENSE":
        told.append(Phrase("licence could not be told"))
    if not fact.readable:
        told.append(Phrase("the server would not give it"))
    return Record(None, fact.place or fact.key, (*told, *map(given, fact.problems)))


def _files(source: Source, keys: tuple[str, ...]) -> Iterator[Group]:
    main = main_repository(source.activity)
    facts = [fact for fact in (main.files if main else ()) if fact.key in keys]
    standing = files_of(main, source.as_of).values() if main else ()
    there = [fact for fact in facts if fact in standing]
    found = [fact for fact in there if fact.place]
    yield listed(Phrase("found in {name}", {"name": main.name}) if main else Phrase("found"),
                 list(map(_file, found)), counts=True)  # fmt: skip
    missing = [key for key in keys if key not in {fact.key for fact in there}]
    yield listed(Phrase("not found"), [Record(None, key) for key in missing])
    hidden = [fact for fact in there if not fact.place]
    yield listed(Phrase("in a folder that could not be read"), list(map(_file, hidden)))
    gone = [fact for fact in facts if not _there(source, fact)]
    yield listed(Phrase("there at another time only"), list(map(_file, gone)))
    covered = [fact for fact in facts if _there(source, fact) and fact not in there]
    yield listed(
        Phrase("kept by the owner, where the repository has its own"), list(map(_file, covered))
    )
    others = [
        Record(None, f"{each.name}: {fact.place}", (given(fact.key),))
        for each in source.activity.repositories
        if each is not main
        for fact in each.files
        if fact.key in keys and fact.place and _there(source, fact)
    ]
    yield listed(Phrase("in the other repositories, which do not decide"), others)


def community(source: Source) -> Iterable[Group]:
    """The community files."""
    return _files(source, FILES)


def licence(source: Source) -> Iterable[Group]:
    """The licence file, and what publiccode.yml says."""
    return _files(source, ("LICENSE", PUBLICCODE))


def described(source: Source) -> Iterable[Group]:
    """publiccode.yml."""
    return _files(source, (PUBLICCODE,))


def declared(source: Source) -> Iterable[Group]:
    """publiccode.yml and the contracts that are compared with the records."""
    yield from described(source)
    yield from contracted(source)


# ---------------------------------------------------------------- configuration


def _agreement(one: Agreement) -> Record:
    span = {"since": day(one.span.since), "until": day(one.span.until)}
    kind = [Phrase("{kind:word}", {"kind": one.kind})] if one.kind else []
    told = (Phrase("from {since:day} until {until:day}", span), *kind, _declared_in(one.source))
    return Record(None, party(one.party), told)


def _declared_in(source: str) -> Phrase:
    return Phrase("configuration") if source == "configuration" else given(source)


def _agreements(source: Source, title: Phrase, named: Iterable[Agreement]) -> Iterator[Group]:
    known = tuple(named)
    begun = [each for each in known if (each.span.since or 0) <= source.as_of]
    yield listed(title, list(map(_agreement, begun)), counts=True)
    later = [each for each in known if each not in begun]
    yield listed(Phrase("that begin after the date"), list(map(_agreement, later)))


def contracted(source: Source) -> Iterable[Group]:
    """The contracts."""
    return _agreements(source, Phrase("contracts"), contracts(source.activity, source.as_of))


def funded(source: Source) -> Iterable[Group]:
    """The funding."""
    return _agreements(source, Phrase("funding"), source.activity.project.funding)


def used(source: Source) -> Iterable[Group]:
    """Who uses it, as declared."""
    rows = source.value.parts.get("users")
    found = [each for each in rows if isinstance(each, dict)] if isinstance(rows, list) else []
    told = []
    for row in found:
        date = row.get("date")
        when = Phrase("confirmed at no date")
        if isinstance(date, int):
            when = Phrase("confirmed {at:day}", {"at": day(date)})
        old = [Phrase("older than a year")] if row.get("stale") else []
        said = (when, *old, _declared_in(str(row["source"])))
        told.append(Record(None, party(str(row["name"])), said))
    yield listed(Phrase("users"), told, counts=True)
    later = [each for each in source.activity.project.users if (each.since or 0) >= source.as_of]
    yield listed(Phrase("users from a later date on"),
                 [Record(each.since, party(each.name), (_declared_in(each.source),))
                  for each in later])  # fmt: skip


# ---------------------------------------------------------------- what a forge says now


ROLES = (N_("code"), N_("docs"), N_("spec"), N_("infra"), N_("mirror"), N_("archive"))
STATES = (
    N_("ok"), N_("pending"), N_("failed"), N_("limited"), N_("gone"), N_("moved"), N_("archived"),
    N_("empty"),
)  # fmt: skip


def _repository(each: Repository) -> Record:
    facts = each.facts
    signs = (
        (facts.archived, N_("archived"), N_("not archived")),
        (facts.private, N_("private"), N_("not private")),
        (facts.has_issues, N_("issues enabled"), N_("not issues enabled")),
        (each.empty or None, N_("empty"), ""),
    )
    told = [
        Phrase("role {role:word}", {"role": each.role}),
        Phrase("state {state:word}", {"state": each.state.value}),
        *(Phrase(yes if holds else no) for holds, yes, no in signs if holds is not None),
    ]
    if each.archived_at:
        told.append(Phrase("archived since {at:day}", {"at": day(each.archived_at)}))
    if facts.checks_failing_since:
        since = day(facts.checks_failing_since)
        told.append(Phrase("checks fail since {at:day}", {"at": since}))
    read = day(each.forge_read_until or each.read_until)
    return Record(None, each.url, (*told, Phrase("read {at:day}", {"at": read})))


def repositories(source: Source) -> Iterable[Group]:
    """The repositories, as they were found."""
    told = list(map(_repository, source.activity.repositories))
    yield listed(Phrase("repositories"), told, counts=True)


def counted_by_the_forge(source: Source) -> Iterable[Group]:
    """Our own dated snapshots of what the forge counts."""
    field = source.metric.key
    every = [
        (row, each, getattr(each, field))
        for row, each in reversed(source.activity.snapshots)
        if getattr(each, field) is not None
    ]
    told = [
        (each.at, Record(each.at, given(count), (given(source.repository(row)),)))
        for row, each, count in every
    ]
    yield listed(
        Phrase("snapshots, newest first"), [r for at, r in told if at < source.as_of], counts=True
    )
    yield listed(Phrase("snapshots after the date"), [r for at, r in told if at >= source.as_of])


def imported(source: Source) -> Iterable[Group]:
    """The days on which history was imported."""
    told = [Record(day_, url) for url, day_ in source.activity.imports if day_ < source.as_of]
    yield listed(Phrase("imports of history"), told, counts=True)


COUNTS = {
    "issues": N_("issues: {stored} stored, {forge} by the forge's count"),
    "change_requests": N_("change_requests: {stored} stored, {forge} by the forge's count"),
}


def _counts(row: Mapping[str, Part]) -> dict[str, int]:
    return {name: n for name in ("stored", "forge") if isinstance(n := row[name], int)}


def compared(source: Source) -> Iterable[Group]:
    """Our counts beside the forge's own."""
    rows = source.value.parts.get("compared")
    found = [each for each in rows if isinstance(each, dict)] if isinstance(rows, list) else []
    told = [
        Record(None, str(row["repository"]), (Phrase(COUNTS[str(row["kind"])], _counts(row)),))
        for row in found
    ]
    yield listed(Phrase("counts that were compared"), told, counts=True)


def forked(source: Source) -> Iterable[Group]:
    """Where the forks stood to their upstreams, each time that they were compared."""
    told = []
    for row, at, state in reversed(source.activity.fork_states):
        apart = {"ahead": state.ahead, "behind": state.behind}
        said = [Phrase("{ahead} ahead, {behind} behind", apart)]
        if state.synced:
            said.append(Phrase("last commit in common {at:day}", {"at": day(state.synced)}))
        told.append((at, row, Record(at, source.repository(row), tuple(said))))
    newest = {row: at for row, at, _ in source.activity.fork_states if _known(at, source)}
    counts = [record for at, row, record in told if newest.get(row) == at]
    yield listed(Phrase("as last compared"), counts, counts=True)
    yield listed(Phrase("compared at another time"), [r for _, _, r in told if r not in counts])


def _known(at: Instant, source: Source) -> bool:
    return at - at % DAY <= source.as_of


def sent(source: Source) -> Iterable[Group]:
    """The change requests that our people opened at upstream."""
    told = [
        Record(at, somebody(number)) for at, number in reversed(source.activity.sent_back or ())
    ]
    yield listed(Phrase("proposed to upstream by people of ours"), told)


def nothing(source: Source) -> Iterable[Group]:
    """No records: this is not collected yet."""
    return ()
