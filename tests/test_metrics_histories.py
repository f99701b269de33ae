"""Kinds of histories that mislead a naive count, from git to the number (METRICS.md C4, C5)."""

import calendar
from datetime import UTC, datetime, timedelta

import pytest

from collector.metric import Value
from tests.collected import Collected, collect
from tests.gitmake import Maker

Values = dict[tuple[str, str], Value]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANA, BEN = b"Ana <ana@example.org>", b"Ben <ben@example.org>"


def ago(days: float) -> int:
    return calendar.timegm((NOW - timedelta(days=days)).timetuple())


def squashed(maker: Maker) -> None:
    """A change of two people comes as one commit; once the other one is named by mail alone."""
    first = maker.commit(time=ago(300), author=ANA)
    message = b"Add it (#7)\n\nCo-authored-by: Ben <ben@example.org>\n"
    second = maker.commit([first], time=ago(100), author=ANA, message=message)
    bare = b"Mend it\n\nCo-authored-by: BEN@example.org\n"
    maker.commit([second], time=ago(50), author=ANA, message=bare)


def merged(maker: Maker) -> None:
    """A branch of old commits is merged late."""
    first = maker.commit(time=ago(400), author=ANA)
    side = maker.commit([first], time=ago(380), author=BEN, branch="side")
    side = maker.commit([side], time=ago(30), author=BEN, branch="side")
    main = maker.commit([first], time=ago(20), author=ANA)
    maker.commit([main, side], time=ago(10), author=ANA, message=b"Merge side\n")


def imported(maker: Maker) -> None:
    """Three years of history were rewritten on one day; work went on after it."""
    last = 0
    for week in range(150):
        last = maker.commit(
            [last] if last else [], time=ago(40) + week, authored=ago(40 + 7 * (150 - week)),
            author=ANA,
        )  # fmt: skip
    maker.commit([last], time=ago(5), author=BEN)


def dumped(maker: Maker) -> None:
    """A supplier delivers a heap every month."""
    last = 0
    for month in range(4):
        files = {f"src/{month}/{number}.py": b"x" for number in range(60)}
        last = maker.commit([last] if last else [], time=ago(200 - 30 * month), files=files)
    maker.commit([last], time=ago(90), files={"README.md": b"x"})


def deployed(maker: Maker) -> None:
    """Operation is told by tags; other environments are too."""
    for days in (100, 50, 10):
        last = maker.commit([maker.made] if maker.made else [], time=ago(days))
        maker.tag(f"prod-2025-{days:02}", last, time=ago(days))
        maker.tag(f"test-2025-{days:02}", last, time=ago(days))
    message = b"Update it\n\nCo-authored-by: Ben <ben@example.org>\n"
    maker.commit(
        [maker.made], time=ago(5), author=b"renovate[bot] <bot@renovateapp.com>", message=message
    )


HISTORIES = (squashed, merged, imported, dumped, deployed)


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    folder, made = tmp_path_factory.mktemp("histories"), {}
    for history in HISTORIES:
        maker = Maker(folder / f"{history.__name__}.git")
        history(maker)
        made[history.__name__] = maker.write()
    return collect(folder, made)


@pytest.fixture(scope="module")
def values(histories: Collected) -> Values:
    return histories.values(ago(0))


def test_a_squashed_change_is_one_commit_and_two_credits(
    values: Values,
) -> None:
    assert values["squashed", "commits"].value == 3
    assert values["squashed", "committers"].value == 2
    assert values["squashed", "committers"].parts == {"credits": 5}


def test_merged_commits_arrive_with_their_merge_and_count_at_their_own_time(
    histories: Collected, values: Values
) -> None:
    assert values["merged", "commits"].value == 2
    assert values["merged", "days_since_last_commit"].value == 10
    before = histories.values(ago(15))
    assert before["merged", "committers"].value == 1
    assert before["merged", "days_since_last_commit"].value == 5


def test_an_imported_history_counts_when_it_was_written(
    histories: Collected, values: Values
) -> None:
    assert values["imported", "commits"].value == 46 + 1
    assert values["imported", "committers"].value == 2
    before = histories.values(ago(365))
    assert before["imported", "commits"].value == 52


def test_heaps_after_pauses_are_dumps(values: Values) -> None:
    assert values["dumped", "dumped_share"].value == 3 / 5


def test_deployments_are_told_by_tags(values: Values) -> None:
    assert values["deployed", "deployments"].value == 3
    assert values["deployed", "release_frequency"].value == 0
    assert values["deployed", "days_since_last_delivery"].value == 10
    assert values["deployed", "undelivered_commits"].value == 0
    assert values["deployed", "bot_share"].value == 1 / 4


def test_a_human_named_in_a_bots_commit_is_credited(values: Values) -> None:
    assert values["deployed", "commits"].value == 3
    assert values["deployed", "committers"].value == 2
