"""The worked examples of the documentation are true: each is built from its lines and measured."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from collector.examples import AS_OF, BY_KEY, EXAMPLES, Example
from collector.metrics import BY_KEY as METRICS
from collector.model import Activity, EventKind, FileFact, ItemKind, Project, Snapshot, Span
from collector.model.activity import Agreement, User
from tests.activities import (
    REPOSITORY,
    EventLine,
    ItemLine,
    Line,
    activity,
    at,
    commit,
    tag,
    works_for,
)

BODIES = {"city": "public-body", "region": "public-body", "firm": "supplier"}
ACTS = {
    "comments on": EventKind.COMMENT,
    "reviews": EventKind.REVIEW,
    "merges": EventKind.MERGED,
    "closes": EventKind.CLOSED,
}
WITHOUT_EXAMPLE = {
    "lifecycle", "default_branch_red", "scorecard", "known_vulnerabilities", "libyears",
    "service_answered", "commits_ahead", "commits_behind", "days_since_sync", "patches_sent_back",
    "forge_drift", "history_imports", "invalid_dates", "repositories_unread",
}  # fmt: skip
"""Read from one place as it stands: there is nothing to work out."""


@dataclass
class Story:
    """What the lines told so far."""

    lines: list[Line] = field(default_factory=list)
    items: dict[str, ItemLine] = field(default_factory=dict)
    files: list[FileFact] = field(default_factory=list)
    snapshots: list[tuple[int, Snapshot]] = field(default_factory=list)
    maintainers: list[str] = field(default_factory=list)
    project: Project = field(
        default_factory=lambda: Project("app", owner="city", organisations=BODIES)
    )
    lib: bool = False

    def commits(
        self, day: str, who: str, co: str, ai: str, times: str, files: str, lib: str
    ) -> None:
        self.lib |= bool(lib)
        for second in range(int(times or 1)):
            self.lines.append(
                commit(
                    at(day) + second, who, co=[co] if co else [], declares_ai=bool(ai),
                    files=int(files or -1), repository=int(bool(lib)),
                )
            )  # fmt: skip

    def item(self, day: str, who: str, act: str, number: str) -> None:
        kind = ItemKind.ISSUE if act == "opens" else ItemKind.CHANGE_REQUEST
        self.items[number] = ItemLine(at(day), who, kind)

    def event(self, day: str, who: str, act: str, number: str) -> None:
        line = EventLine(at(day), who, ACTS[act], "approved" if act == "reviews" else None)
        item = self.items[number]
        self.items[number] = replace(item, events=(*item.events, line))

    def file(self, key: str, day: str, said: str) -> None:
        name, _, value = said.partition(" ")
        spdx = said if key == "LICENSE" else None
        data = {name: value} if key == "publiccode.yml" else None
        self.files.append(FileFact(key, key, at(day), spdx=spdx, data=data))

    def agreement(self, kind: str, party: str, since: str, until: str) -> None:
        one = Agreement(party, Span(at(since), at(until)))
        if kind == "contract with":
            self.project = replace(self.project, contracts=(*self.project.contracts, one))
        else:
            self.project = replace(self.project, funding=(*self.project.funding, one))

    def user(self, name: str, since: str) -> None:
        user = User(name, "configuration", at(since))
        self.project = replace(self.project, users=(*self.project.users, user))

    def count(self, day: str, count: str, what: str) -> None:
        self.snapshots.append((0, Snapshot(at(day), **{what: int(count)})))

    def kept(self, place: str) -> None:
        self.project = replace(self.project, issues_elsewhere=place)

    def activity(self) -> Activity:
        app = replace(REPOSITORY, files=tuple(self.files))
        lib = replace(REPOSITORY, url="https://github.com/city/lib", name="lib", main=False)
        return activity(
            self.lines, list(self.items.values()), project=self.project,
            repositories=[app, lib] if self.lib else [app],
            snapshots=self.snapshots, maintainers=self.maintainers,
        )  # fmt: skip


DAY = r"(\d{4}-\d\d-\d\d)"
FORMS: tuple[tuple[str, Callable[..., object]], ...] = (
    (rf"{DAY} (\w+) commits(?: with (\w{{3}}))?( with an AI assistant)?(?: ×(\d+))?"
     r"(?: (\d+) files)?( in lib)?", Story.commits),
    (rf"{DAY} (\w+) (opens|proposes) (\d+)", Story.item),
    (rf"{DAY} (\w+) (comments on|reviews|merges|closes) (\d+)", Story.event),
    (rf"{DAY} tag (\S+)", lambda story, day, name: story.lines.append(tag(day, name))),
    (rf"{DAY} snapshot (\d+) (\w+)", Story.count),
    (rf"([\w./]+) since {DAY}(?:: (.+))?", Story.file),
    (rf"(contract with|funding by) (\w+) from {DAY} until {DAY}", Story.agreement),
    (rf"user (.+) since {DAY}", Story.user),
    (r"issues are kept at (\S+)", Story.kept),
    (r"(\w+) is a maintainer", lambda story, who: story.maintainers.append(who)),
    (r"(\w+) works for (\w+)", lambda story, who, body: story.lines.append(works_for(who, body))),
)  # fmt: skip


def built(example: Example) -> Activity:
    """The records that the lines of an example tell."""
    story = Story()
    for line in example.lines:
        for form, told in FORMS:
            if found := re.fullmatch(form, line):
                told(story, *(group or "" for group in found.groups()))
                break
        else:
            raise AssertionError(f"nobody understands: {line}")
    return story.activity()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.key)
def test_what_the_example_says_is_what_is_measured(example: Example) -> None:
    value = METRICS[example.key].compute(built(example), at(AS_OF))
    found = value.value if example.part is None else value.parts[example.part]
    assert found == (
        pytest.approx(example.value) if isinstance(example.value, float) else example.value
    ), value


def test_every_metric_that_is_worked_out_has_an_example() -> None:
    assert len(BY_KEY) == len(EXAMPLES)
    assert set(METRICS) - set(BY_KEY) <= WITHOUT_EXAMPLE
