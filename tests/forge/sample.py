"""A small project that has everything happen to it that can happen on a forge, dated.

``state(day)`` is the project as it stood at the start of a day: any two days are two states,
the later one of which a refresh of the earlier one must come to.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.forge.world import Json, Repository, event

NAME = "city/app"
DAYS = ("2024-02-01", "2024-03-01", "2024-04-01", "2024-07-01")
"""Days whose states differ from each other."""

BOT, STALE_BOT = "dependabot[bot]", "mergify[bot]"
GHOST = None
UNKNOWN = "(not given)"

Done = tuple[str, str | None, str]
"""When, who, what: comment, approved, changes requested, commented, closed, reopened, merged,
drafted, ready. A review has a comment on the diff unless it is ``approved``."""


@dataclass(frozen=True)
class Story:
    """What happened to an item. ``change``: it is a change request."""

    number: int
    author: str | None
    opened: str
    happened: tuple[Done, ...] = ()
    change: bool = False
    draft: bool = False
    labels: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{'PR' if self.change else 'I'}_{self.number}"


def _issue(
    number: int, author: str | None, opened: str, *happened: Done, labels: tuple[str, ...] = ()
) -> Story:
    return Story(number, author, opened, happened, labels=labels)


def _change(
    number: int, author: str | None, opened: str, *happened: Done, draft: bool = False
) -> Story:
    return Story(number, author, opened, happened, change=True, draft=draft, labels=("feature",))


STORIES = (
    _issue(1, "otto", "2024-01-02 10:00",
           ("2024-01-03 09:00", "inge", "comment"), ("2024-01-05 09:00", "inge", "closed")),
    _issue(2, "otto", "2024-01-04 10:00", ("2024-01-04 10:01", STALE_BOT, "comment"),
           labels=("bug", "help wanted")),
    _issue(3, "olga", "2024-01-06 10:00", ("2024-01-06 12:00", "olga", "closed")),
    _issue(4, "olga", "2024-01-07 10:00", ("2024-03-07 10:00", STALE_BOT, "closed")),
    _issue(5, "otto", "2024-01-08 10:00", ("2024-01-09 10:00", "inge", "closed"),
           ("2024-01-10 10:00", "otto", "reopened"), ("2024-02-20 10:00", "igor", "comment"),
           ("2024-03-15 10:00", "igor", "closed")),
    _issue(6, GHOST, "2024-01-09 10:00", ("2024-01-09 11:00", GHOST, "comment"),
           ("2024-02-09 12:00", "inge", "comment")),
    _issue(7, "inge", "2024-01-10 10:00", ("2024-01-11 10:00", GHOST, "comment"),
           labels=("bug",)),
    _issue(8, "olga", "2024-01-11 10:00", ("2024-02-11 10:00", UNKNOWN, "closed")),
    _issue(9, BOT, "2024-01-12 10:00", ("2024-01-13 10:00", "igor", "comment")),
    _issue(21, "otto", "2024-02-20 10:00"),
    _issue(22, "olga", "2024-03-20 10:00", ("2024-03-21 10:00", "olga", "comment"),
           ("2024-05-01 10:00", "otto", "comment")),
    _issue(23, "oman", "2024-05-20 10:00", ("2024-05-21 10:00", "inge", "closed"),
           ("2024-05-22 10:00", "oman", "reopened")),
    _change(10, "otto", "2024-01-12 10:00", ("2024-01-13 10:00", "inge", "approved"),
            ("2024-01-13 11:00", "inge", "merged")),
    _change(11, "inge", "2024-01-14 10:00", ("2024-01-14 10:05", "inge", "merged")),
    _change(12, BOT, "2024-01-15 10:00", ("2024-02-15 12:00", "igor", "merged")),
    _change(13, "olga", "2024-01-16 10:00", ("2024-01-17 10:00", "olga", "ready"),
            ("2024-01-18 10:00", "inge", "changes requested"),
            ("2024-01-19 10:00", "olga", "comment"), ("2024-02-20 10:00", "inge", "approved"),
            ("2024-02-20 11:00", "igor", "merged"), draft=True),
    _change(14, "oman", "2024-01-20 10:00", ("2024-02-22 10:00", "igor", "closed")),
    _change(15, "otto", "2024-01-21 10:00", ("2024-01-22 10:00", "inge", "closed"),
            ("2024-03-23 10:00", "otto", "reopened")),
    _change(16, "igor", "2024-01-22 10:00", draft=True),
    _change(17, GHOST, "2024-01-23 10:00", ("2024-03-24 10:00", "inge", "merged")),
    _change(18, "olga", "2024-01-24 10:00", ("2024-01-25 10:00", "olga", "closed")),
    _change(19, "oman", "2024-01-25 10:00"),
    _change(20, "otto", "2024-01-26 10:00", ("2024-02-27 10:00", "olga", "commented"),
            ("2024-03-28 10:00", "igor", "merged")),
    _change(24, "igor", "2024-04-24 10:00", ("2024-04-25 10:00", "igor", "drafted"),
            ("2024-06-25 10:00", "igor", "ready"), ("2024-06-26 10:00", "inge", "approved")),
)  # fmt: skip

RELEASES = (
    ("v1.0.0", "2024-01-20 10:00", False),
    ("v1.1.0-rc.1", "2024-02-20 10:00", True),
    ("v1.1.0", "2024-03-20 10:00", False),
)


def state(day: str) -> Repository:
    """The project as it stood at the start of a day."""
    there = [_item(story, day) for story in STORIES if story.opened < day]
    return Repository(
        *NAME.split("/"),
        issues=[item for item in there if "mergedAt" not in item],
        pulls=[item for item in there if "mergedAt" in item],
        releases=[_release(*each) for each in RELEASES if each[1] < day],
        topics=("transport",),
        license="EUPL-1.2",
        stars=7,
    )


def _item(story: Story, day: str) -> Json:
    done = [each for each in story.happened if each[0] < day]
    turns = [each for each in done if each[2] in ("closed", "reopened")]
    end = turns[-1] if turns and turns[-1][2] == "closed" else None
    merge = next((each for each in done if each[2] == "merged"), None)
    last = merge or end
    item: Json = {
        "id": story.id,
        "number": story.number,
        "title": f"item {story.number}",
        "state": "CLOSED" if last else "OPEN",
        "author": story.author,
        "createdAt": _at(story.opened),
        "updatedAt": _at(done[-1][0] if done else story.opened),
        "closedAt": _at(last[0]) if last else None,
        "labels": list(story.labels),
        "comments": [
            {"author": who, "createdAt": _at(when), "updatedAt": _at(when),
             "id": f"{story.id}_c{place}"}
            for place, (when, who, what) in enumerate(done)
            if what == "comment"
        ],
        "events": list(_events(story, [each for each in done if each != end])),
    }  # fmt: skip
    if end and not merge and end[1] != UNKNOWN:
        item["closedBy"] = end[1]
    return {**item, **_change_facts(story, done, merge)} if story.change else item


def _change_facts(story: Story, done: list[Done], merge: Done | None) -> Json:
    drafts = [what == "drafted" for _, _, what in done if what in ("drafted", "ready")]
    return {
        "mergedAt": _at(merge[0]) if merge else None,
        "mergedBy": merge[1] if merge else None,
        "mergeCommit": {"oid": f"{story.number:040x}"} if merge else None,
        "isDraft": drafts[-1] if drafts else story.draft,
        "reviews": [
            _review(story, place, each)
            for place, each in enumerate(done)
            if each[2] in ("approved", "changes requested", "commented")
        ],
    }


def _review(story: Story, place: int, done: Done) -> Json:
    when, who, what = done
    said = {"createdAt": _at(when), "updatedAt": _at(when), "id": f"{story.id}_n{place}"}
    return {
        "id": f"{story.id}_r{place}",
        "author": who,
        "state": what.replace(" ", "_").upper(),
        "createdAt": _at(when),
        "comments": [] if what == "approved" else [said],
    }


def _events(story: Story, done: list[Done]) -> Iterator[Json]:
    kinds = {
        "closed": "ClosedEvent", "reopened": "ReopenedEvent",
        "drafted": "ConvertToDraftEvent", "ready": "ReadyForReviewEvent",
    }  # fmt: skip
    for place, (when, who, what) in enumerate(done):
        if what in kinds:
            yield event(kinds[what], f"{story.id}_e{place}", _at(when), actor=who)


def _release(tag: str, when: str, prerelease: bool) -> Json:
    return {
        "id": f"RE_{tag}", "tagName": tag, "createdAt": _at(when), "publishedAt": _at(when),
        "updatedAt": _at(when), "author": "inge", "isPrerelease": prerelease, "isDraft": False,
    }  # fmt: skip


def _at(when: str) -> str:
    return f"{when.replace(' ', 'T')}:00Z"
