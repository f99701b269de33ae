"""The demonstration: invented projects that lead the lives they are meant to lead."""

import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import text

from collector import demo
from collector.config import Config
from collector.demo import Demonstration
from collector.demo.configuration import configuration
from collector.demo.lives import LIVES, allot
from collector.demo.plan import Plan, plans
from collector.demo.records import History, history
from collector.model import DAY, Account
from collector.store.engine import connect

AS_OF = 1_795_392_000  # 2026-11-23


def records(plan: Plan) -> History:
    return history(plan.life, plan.team, plan.span, plan.random("records"))


def lives(key: str, projects: int = 200) -> list[Plan]:
    return [plan for plan in plans(projects, 5, 1, AS_OF) if plan.life.key == key]


def test_every_kind_of_life_is_led_even_in_a_small_demonstration() -> None:
    assert {life.key for life in allot(len(LIVES))} == {life.key for life in LIVES}


def test_a_large_demonstration_keeps_the_shares() -> None:
    counts = Counter(life.key for life in allot(1000))
    for life in LIVES:
        assert counts[life.key] == pytest.approx(life.share * 10, abs=12)


def test_the_same_arguments_give_the_same_records() -> None:
    assert plans(15, 3, 7, AS_OF) == plans(15, 3, 7, AS_OF)
    assert plans(15, 3, 7, AS_OF) != plans(15, 3, 8, AS_OF)
    assert records(plans(15, 3, 7, AS_OF)[4]) == records(plans(15, 3, 7, AS_OF)[4])


def test_nothing_has_happened_before_its_time_or_after_the_date_of_the_demonstration() -> None:
    for plan in plans(26, 5, 1, AS_OF):
        found = records(plan)
        times = [c.arrival for c in found.commits] + [r.at for r in found.responses]
        times += [i.created for i in (*found.issues, *found.change_requests)]
        assert all(plan.span[0] <= at < AS_OF for at in times)
        assert all(c.author_time <= c.arrival for c in found.commits)


def test_records_refer_to_records_that_are_there() -> None:
    for plan in plans(26, 5, 1, AS_OF):
        found = records(plan)
        shas = {commit.sha for commit in found.commits}
        items = {item.native_id for item in (*found.issues, *found.change_requests)}
        assert all(commit.arrived_with in shas for commit in found.commits)
        assert all(tag.commit in shas for tag in found.tags)
        assert all(request.merge_commit in {None, *shas} for request in found.change_requests)
        assert {response.item for response in found.responses} <= items
        assert len({response.native_id for response in found.responses}) == len(found.responses)
        assert len(items) == len(found.issues) + len(found.change_requests)


def test_one_person_carries_a_one_person_project() -> None:
    for plan in lives("one-person"):
        recent = [c for c in records(plan).commits if c.arrival > AS_OF - 365 * DAY]
        humans = {c.author for c in recent if "bot" not in (c.author.name or "")}
        assert 1 <= len(humans) <= 2  # a seat may change hands


def test_what_is_left_alone_has_no_new_commit_and_people_who_wait() -> None:
    for plan in lives("abandoned"):
        found = records(plan)
        human = [c.arrival for c in found.commits if "bot" not in (c.author.name or "")]
        assert max(human) < AS_OF - 365 * DAY
        assert any(issue.created > AS_OF - 365 * DAY for issue in found.issues)


def test_nobody_and_nothing_in_it_can_be_real() -> None:
    """Hosts and mail domains end in .example, which RFC 2606 keeps from existing."""
    for plan in plans(40, 5, 1, AS_OF):
        assert plan.host.endswith(".example")
        accounts = [a for p in plan.team.everybody() for a in (p.git, p.forge)]
        assert all(_invented(account) for account in accounts)


def _invented(account: Account) -> bool:
    return (account.mail or account.host).endswith(".example")


def test_its_configuration_is_valid_and_has_no_project_twice() -> None:
    found = plans(300, 5, 1, AS_OF)
    config = configuration(found, Path("/nowhere"), Path("/nowhere/data"), "sk")
    assert len({project.id for project in config.projects}) == len(found)
    assert len({repository.key for repository in config.repositories}) == sum(
        len(plan.repositories) for plan in found
    )
    assert {ospo.country for ospo in config.ospos} == {"SK", "CZ", "RO", "IT", "FR"}
    assert config.database_url == "sqlite:////nowhere/data/demo.db"


# ---------------------------------------------------------------- in its database


def made(folder: Path, reason: str = "", projects: int = 13) -> Config:
    return demo.prepare(Demonstration(AS_OF, projects, 2, 1, reason), folder, folder / "data")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Made as it is behind the dashboard, where ``__main__`` is the page that ran last."""
    folder = tmp_path_factory.mktemp("demo")
    page = ModuleType("__main__")
    page.__file__ = str(folder / "page.py")
    Path(page.__file__).write_text("raise SystemExit('a page was run by a measuring process')")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "__main__", page)
        return made(folder)


def rows(config: Config, question: str) -> list[tuple[object, ...]]:
    engine = connect(config.database_url, read_only=True)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(question))]
    engine.dispose()
    return found


def test_each_life_is_judged_as_what_it_is(demonstration: Config) -> None:
    """The records go through the usual store and metrics; nothing writes a status by hand."""
    statuses = dict(
        rows(demonstration, "select key, status from projects join judgements on id = project_id")
    )
    by_life = {plan.life.key: statuses[plan.id] for plan in plans(13, 2, 1, AS_OF)}
    assert by_life["active-team"] == "active"
    assert by_life["finished"] == by_life["seasonal"] == "quiet"
    assert by_life["slowing"] == "slowing"
    assert by_life["abandoned"] == "abandoned"
    assert by_life["at-rest"] == "at_rest"
    assert by_life["new"] == "new"
    assert by_life["archived"] == "retired"
    assert by_life["unreadable"] == "unknown"


def test_its_database_says_that_it_is_a_demonstration_and_why(tmp_path: Path) -> None:
    config = made(tmp_path, "no host could be reached", projects=1)
    notes = dict(rows(config, "select key, value from meta"))
    assert notes["demo"]
    assert notes["demo_reason"] == "no host could be reached"


def test_it_is_made_again_only_when_another_one_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "data" / "demo.db"
    made(tmp_path, projects=1)
    first = file.stat().st_ino
    assert dict(rows(made(tmp_path, "no network", projects=1), "select key, value from meta"))
    assert file.stat().st_ino == first
    made(tmp_path, projects=2)
    assert file.stat().st_ino != first
    assert [each.name for each in file.parent.iterdir()] == ["demo.db"]


def test_a_repository_that_cannot_be_read_says_why(demonstration: Config) -> None:
    failed = rows(demonstration, "select state, error from repositories where state <> 'ok'")
    told = [str(error) for state, error in failed if state == "failed"]
    assert any("did not finish answering" in error for error in told)
