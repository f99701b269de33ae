"""From stored rows to an activity: METRICS.md C3 to C6 on both databases."""

import numpy as np
from sqlalchemy import Engine

from collector.config.project_settings import to_json
from collector.forge import Page
from collector.model import GHOST, Account, ChangeRequest, EventKind, Issue, Project, Response, Tag
from collector.store.read import dump_candidates, repositories_status, targets
from collector.store.read_activity import activity
from collector.store.write import OspoRow, ProjectRow, RepositoryRow, sync
from tests.stores import (
    ANA,
    BEN,
    DAY,
    NOW,
    RENOVATE,
    START,
    WHO,
    commit,
    portfolio,
    put_git,
    put_pages,
    reading,
    sha,
)  # fmt: skip


def test_commits_are_counted_once_over_repositories_without_merges_and_in_order(
    engine: Engine,
) -> None:
    first, second = portfolio(engine, "https://github.com/a/a", "https://github.com/b/b")
    merge = commit(9, BEN, parents=2)
    put_git(engine, first, reading([commit(3), commit(1), commit(2, RENOVATE), merge]))
    put_git(engine, second, reading([commit(3, arrival=START + DAY), commit(4, BEN)]))
    found = activity(engine, "app", WHO)
    assert found.commits.time.tolist() == [START + day * DAY for day in (1, 1, 2, 4)]
    assert found.commits.human.tolist().count(False) == 1
    assert found.commits.author[~found.commits.human].tolist() == [GHOST]
    assert found.persons == ("Developer 1", "Developer 2")
    assert found.credits.person.tolist() == [0, 0, 1]


def test_a_commit_stands_at_the_earlier_of_author_date_and_arrival_and_invalid_dates_nowhere(
    engine: Engine,
) -> None:
    (repository,) = portfolio(engine)
    late = {"author_time": START + 5 * DAY, "arrival": START + 9 * DAY}
    far = {"author_time": NOW + 2 * DAY, "arrival": START + 8 * DAY}
    lost = {"author_time": 5, "arrival": NOW + 9 * DAY}
    put_git(engine, repository, reading([commit(1, **late), commit(2, **far), commit(3, **lost)]))
    found = activity(engine, "app", WHO)
    assert found.commits.time.tolist() == [START + 5 * DAY, START + 8 * DAY]
    assert found.commits.arrival.tolist() == [START + 9 * DAY, START + 8 * DAY]
    assert len(found.invalid_dates) == 2


def test_a_fork_leaves_out_its_upstream_and_a_mirror_not_its_origin(engine: Engine) -> None:
    settings = {"counted": True, "upstream": "https://github.com/z/y"}
    rows = [
        RepositoryRow(role, f"https://github.com/a/{role}", "github.com", "github", "app", given)
        for role in ("code", "mirror")
        for given in [settings | {"role": role}]
    ]
    sync(
        engine,
        [OspoRow("city", "City", {})],
        [ProjectRow("app", "city", "App", {"project": to_json(Project("app"))})],
        rows,
    )
    found = {target.key: target.upstream for target in targets(engine)}
    assert found == {"code": "https://github.com/z/y", "mirror": None}


def test_a_tag_of_before_1990_is_no_beginning_of_any_history(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    tags = (Tag("v1", sha(1), 0), Tag("v2", sha(1), START + DAY))
    put_git(engine, repository, reading([commit(1)], tags=tags))
    assert [tag.name for tag in activity(engine, "app", WHO).tags] == ["v2"]


def test_an_imported_history_arrives_at_its_author_dates_and_says_so(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    day = START + 1000 * DAY
    old = [commit(n, arrival=day + 60) for n in range(20)]
    put_git(engine, repository, reading([*old, commit(1001), commit(1002)]))
    found = activity(engine, "app", WHO)
    assert found.imports == (("https://github.com/city/app", day),)
    assert (found.commits.arrival == found.commits.time).all()


def test_co_authors_are_credited_once_and_bots_never(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    put_git(
        engine,
        repository,
        reading([commit(1, ANA, co_authors=(BEN, ANA, RENOVATE)), commit(2, RENOVATE)]),
    )
    found = activity(engine, "app", WHO)
    assert found.credits.commit.tolist() == [0, 0]
    assert sorted(found.credits.person.tolist()) == [0, 1]


def test_a_merged_change_request_knows_the_commits_that_it_brought(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    brought = [commit(n, arrived_with=sha(9)) for n in (1, 2)]
    put_git(engine, repository, reading([*brought, commit(9, parents=2), commit(3)]))
    ana = Account(host="github.com", native_id="1", login="ana")
    page = Page(
        "c",
        issues=[Issue("I", 1, None, START, START)],
        change_requests=[ChangeRequest("C", 2, ana, START + 1, START, merge_commit=sha(9))],
        responses=[
            Response("b", "C", EventKind.MERGED, START + 9, None, actor_given=False),
            Response("a", "C", EventKind.REVIEW, START + 5, None, verdict="approved"),
            Response("x", "unknown item", EventKind.COMMENT, START + 5, ana),
        ],
    )
    put_pages(engine, repository, [page])
    found = activity(engine, "app", WHO)
    assert found.items.merge_change[0] == -1
    change = found.items.merge_change[1]
    assert np.flatnonzero(found.commits.change == change).tolist() == [0, 1]
    assert found.events.item.tolist() == [1, 1]
    assert found.events.actor.tolist() == [-1, -2]
    assert found.events.verdict.tolist() == [1, 0]
    status = repositories_status(engine)[0].records
    assert status == {
        "commits": 4, "issues": 1, "change_requests": 1, "responses": 2, "releases": 0, "tags": 1,
    }  # fmt: skip


def test_dump_candidates_are_human_commits_after_a_pause_not_yet_read(engine: Engine) -> None:
    (repository,) = portfolio(engine)
    days = [commit(1), commit(2), commit(20), commit(25, RENOVATE), commit(40), commit(54)]
    put_git(engine, repository, reading(days))
    assert dump_candidates(engine, repository) == sorted([sha(20), sha(40), sha(54)])


def test_an_empty_project_is_an_activity_without_rows(engine: Engine) -> None:
    portfolio(engine)
    found = activity(engine, "app", WHO)
    assert len(found.commits.time) == len(found.items.created) == len(found.events.at) == 0
    (repository,) = portfolio(engine)
    put_git(engine, repository, reading([], head=None, tags=(Tag("x", sha(1), START),), files=()))
    assert activity(engine, "app", WHO).repositories[0].empty
