"""Which commits count for a figure, and which do not, and why?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from collector.evidence.group import Group, Record, Source, day, group, listed, somebody
from collector.metric import HALF_YEAR, YEAR
from collector.metrics.delivered import all_deliveries
from collector.metrics.items_view import insider_events
from collector.model import DAY, AccountKind, Flags, Instant, Phrase
from collector.store.evidence import Chosen

EVER = -(2**62)
WEEK, MONDAY, WEEKS = 7 * DAY, 4 * DAY, 13
DUMP_FILES, DUMP_GAP = 50, 14 * DAY


def commit_group(source: Source, title: Phrase, chosen: Flags, *, counts: bool = False) -> Group:
    """Rows of the project's commits as a group."""
    rows = np.flatnonzero(chosen)
    at = source.activity.commits.time[rows]
    return group(title, rows, lambda row: commit_record(source, row), at, counts=counts)


def commit_record(source: Source, row: int) -> Record:
    """One commit: its short name, when it was made and arrived, by whom, where."""
    commits = source.activity.commits
    sha = (int(source.loaded.history.sha[row]) & (2**64 - 1)).to_bytes(8, "big").hex()[:10]
    kind = AccountKind(int(commits.kind[row]))
    if kind is AccountKind.HUMAN:
        who = somebody(source.person(int(commits.author[row])))
    else:
        who = Phrase("AI agent") if kind is AccountKind.AI else Phrase("bot")
    where = source.place(int(commits.repository[row]))
    return Record(int(commits.time[row]), sha, (_arrived(int(commits.arrival[row])), who, *where))


def _arrived(at: Instant) -> Phrase:
    return Phrase("arrived {at:day}", {"at": day(at)})


def made_between(source: Source, since: Instant, until: Instant) -> Iterator[Group]:
    """The commits of people in a window count; all others, by what keeps them out."""
    yield from _windowed(source, since, until, Phrase("commits by people"))
    yield from left_out(source, since, until)


def _windowed(source: Source, since: Instant, until: Instant, title: Phrase) -> Iterator[Group]:
    commits = source.activity.commits
    human = commits.kind == AccountKind.HUMAN
    inside = (commits.time >= since) & (commits.time < until)
    there = commits.arrival < source.as_of
    yield commit_group(source, title, human & inside & there, counts=True)
    yield commit_group(source, Phrase("made before the window"), human & (commits.time < since))
    late = human & ((commits.time >= until) | (inside & ~there))
    yield commit_group(source, Phrase("made or arrived after the window"), late)


def left_out(source: Source, since: Instant, until: Instant) -> Iterator[Group]:
    """What a window holds that never counts."""
    commits = source.activity.commits
    inside = (commits.time >= since) & (commits.time < until)
    agent = commits.kind == AccountKind.AI
    bot = ~agent & (commits.kind != AccountKind.HUMAN)
    yield commit_group(source, Phrase("by AI agents"), agent & inside)
    yield commit_group(source, Phrase("by bots"), bot & inside)
    yield from never_counted(source, since, until)


def never_counted(source: Source, since: Instant, until: Instant) -> Iterator[Group]:
    """What is stored of a window and is no commit of the project (C4, C6)."""
    stored = source.stored
    yield stored_group(source, Phrase("merge commits"), stored.merges(since, until))
    if stored.others:
        yield stored_group(
            source,
            Phrase("in repositories whose role does not count for this kind of project"),
            stored.of_other_roles(since, until),
        )
    if len(stored.counted) > 1:
        yield stored_group(
            source,
            Phrase("the same commit as in another repository of the project"),
            stored.repeated(since, until),
        )
    yield stored_group(source, Phrase("without any valid date"), stored.undated())
    why = Phrase("its commits count as arrived on their author dates")
    imported = [Record(at, url, (why,)) for url, at in source.activity.imports]
    yield listed(Phrase("days on which history was imported"), imported)
    forks = [each for each in source.activity.repositories if each.upstream]
    if forks:
        told = [
            Record(None, each.name, (Phrase("upstream: {url}", {"url": str(each.upstream)}),))
            for each in forks
        ]
        yield listed(
            Phrase("forks: what their upstream has as well is not the project's own work"), told
        )


def stored_group(source: Source, title: Phrase, chosen: Chosen) -> Group:
    """Stored commits as a group."""
    places = {identity: row for row, identity in enumerate(source.loaded.repository_ids)}

    def tell(most: int | None) -> Iterable[Record]:
        for row in chosen.newest(most):
            told = (_arrived(row.arrival), *source.place(places[row.repository_id]))
            yield Record(min(row.author_time, row.arrival), row.sha.hex()[:10], told)

    return Group(title, False, chosen.total(), tell)


# ---------------------------------------------------------------- one witness per metric


def in_window(source: Source) -> Iterable[Group]:
    """Commits of people in the metric's own window."""
    return made_between(source, source.since(), source.as_of)


def in_whole_weeks(source: Source) -> Iterable[Group]:
    """Commits of people in the last thirteen whole weeks."""
    end = source.as_of - (source.as_of - MONDAY) % WEEK
    return made_between(source, end - WEEKS * WEEK, end)


def both_half_years(source: Source) -> Iterable[Group]:
    """Commits of people in a half-year and in the same days a year earlier."""
    since, until = source.since(HALF_YEAR), source.since(YEAR)
    commits = source.activity.commits
    there = (commits.kind == AccountKind.HUMAN) & (commits.arrival < source.as_of)
    now = there & (commits.time >= since) & (commits.time < source.as_of)
    earlier_since = since - YEAR * DAY
    earlier = there & (commits.time >= earlier_since) & (commits.time < until)
    yield commit_group(source, Phrase("commits by people in this half-year"), now, counts=True)
    yield commit_group(source, Phrase("the same days a year earlier"), earlier, counts=True)
    yield from left_out(source, since, source.as_of)


def newest_arrival(source: Source) -> Iterable[Group]:
    """The commit that arrived last, and all before it."""
    commits = source.activity.commits
    there = (commits.kind == AccountKind.HUMAN) & (commits.arrival < source.as_of)
    newest = np.zeros(len(there), dtype=np.bool_)
    if there.any():
        newest[np.argmax(np.where(there, commits.arrival, EVER))] = True
    yield commit_group(
        source, Phrase("the commit by a person that arrived last"), newest, counts=True
    )
    yield commit_group(source, Phrase("arrived before it"), there & ~newest)
    later = (commits.kind == AccountKind.HUMAN) & (commits.arrival >= source.as_of)
    yield commit_group(source, Phrase("arrived after the date"), later)
    yield from left_out(source, EVER, source.as_of)


def newest_care(source: Source) -> Iterable[Group]:
    """The newest sign of care of each kind: work, a delivery, an answer by the project."""
    commits = source.activity.commits
    there = (commits.kind == AccountKind.HUMAN) & (commits.arrival < source.as_of)
    signs = []
    if there.any():
        row = int(np.argmax(np.where(there, commits.arrival, EVER)))
        at = int(commits.arrival[row])
        arrived = Phrase("a commit by a person arrived")
        signs.append(Record(at, commit_record(source, row).what, (arrived,)))
    made = [each for each in all_deliveries(source.activity) if each.time < source.as_of]
    if made:
        last = max(made, key=lambda each: each.time)
        signs.append(Record(last.time, last.name, (Phrase("a delivery"),)))
    answers = insider_events(source.activity, source.as_of)
    if answers.size:
        at = int(answers[-1])
        by = Phrase("by the project, on what somebody else opened")
        signs.append(Record(at, Phrase("an answer"), (by,)))
    signs.sort(key=lambda each: -(each.at or 0))
    yield listed(Phrase("the newest sign of care"), signs[:1], counts=True)
    yield listed(Phrase("the newest signs of other kinds"), signs[1:])
    yield from left_out(source, EVER, source.as_of)


def bots_and_all(source: Source) -> Iterable[Group]:
    """Commits of bots among all of the year."""
    commits, there = source.activity.commits, _year(source)
    bot = commits.kind != AccountKind.HUMAN
    yield commit_group(source, Phrase("commits by bots"), there & bot, counts=True)
    yield commit_group(source, Phrase("commits by people, in the whole"), there & ~bot, counts=True)
    yield from never_counted(source, source.since(), source.as_of)


def declared_ai(source: Source) -> Iterable[Group]:
    """Commits made with AI help, as declared, among those of the year."""
    commits, there = source.activity.commits, _year(source)
    human, agent = commits.kind == AccountKind.HUMAN, commits.kind == AccountKind.AI
    declared = agent | (human & commits.declares_ai)
    title = Phrase("by AI agents, or with a trailer that names an assistant")
    yield commit_group(source, title, there & declared, counts=True)
    yield commit_group(
        source, Phrase("commits by people, in the whole"), there & human & ~declared, counts=True
    )
    yield commit_group(source, Phrase("by other bots"), there & ~human & ~agent)
    yield from never_counted(source, source.since(), source.as_of)


def _year(source: Source) -> Flags:
    commits = source.activity.commits
    inside = (commits.time >= source.since()) & (commits.time < source.as_of)
    return inside & (commits.arrival < source.as_of)


def dumps(source: Source) -> Iterable[Group]:
    """Large commits after a pause, among those of the year."""
    commits = source.activity.commits
    human = _year(source) & (commits.kind == AccountKind.HUMAN)
    late = human & _after_a_pause(source)
    large = late & (commits.files >= DUMP_FILES)
    title = Phrase("50 files or more, 14 days or more after the one before")
    yield commit_group(source, title, large, counts=True)
    unread = late & (commits.files < 0)
    yield commit_group(
        source, Phrase("after a pause, and its files could not be read"), unread, counts=True
    )
    yield commit_group(
        source,
        Phrase("other commits by people, in the whole"),
        human & ~large & ~unread,
        counts=True,
    )
    yield from left_out(source, source.since(), source.as_of)


def _after_a_pause(source: Source) -> Flags:
    """Which human commits come 14 days or more after the one before in their repository?"""
    commits = source.activity.commits
    late = np.zeros(len(commits.time), dtype=np.bool_)
    before: dict[int, Instant] = {}
    there = (commits.kind == AccountKind.HUMAN) & (commits.arrival < source.as_of)
    for row in np.flatnonzero(there & (commits.time < source.as_of)).tolist():
        where, at = int(commits.repository[row]), int(commits.time[row])
        late[row] = where in before and at - before[where] >= DUMP_GAP
        before[where] = at
    return late


def undelivered(source: Source) -> Iterable[Group]:
    """What arrived since the newest delivery."""
    from collector.evidence.tags import newest_delivery

    last = newest_delivery(source)
    commits = source.activity.commits
    human = (commits.kind == AccountKind.HUMAN) & (commits.arrival < source.as_of)
    if last is None:
        return
    waiting = human & (commits.arrival > last.time)
    yield listed(Phrase("the newest delivery"), [Record(last.time, last.name)])
    yield commit_group(source, Phrase("commits by people that arrived since"), waiting, counts=True)
    yield commit_group(source, Phrase("arrived with it or before it"), human & ~waiting)
    yield from left_out(source, last.time + 1, source.as_of)
