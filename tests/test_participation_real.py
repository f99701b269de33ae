"""The forge metrics on real records, against an independent calculation in plain loops."""

from functools import cache
from pathlib import Path

import pytest

from collector.metrics import BY_KEY
from collector.model import Activity
from tests import ietf_archive
from tests.activities import activity, at
from tests.naive_items import Naive

CASES = [
    ("tlswg/tls13-spec", "2014-06-01"),
    ("tlswg/tls13-spec", "2015-10-01"),
    ("tlswg/tls13-spec", "2016-11-08"),
    ("tlswg/tls13-spec", "2018-01-01"),
    ("tlswg/tls13-spec", "2020-02-29"),
    ("tlswg/tls13-spec", "2024-12-31"),
    ("tlswg/tls13-spec", "2026-07-01"),
    ("mlswg/mls-extensions", "2022-09-01"),
    ("mlswg/mls-extensions", "2023-03-15"),
    ("mlswg/mls-extensions", "2024-06-01"),
    ("mlswg/mls-extensions", "2025-03-01"),
    ("mlswg/mls-extensions", "2025-07-06"),
    ("mlswg/mls-extensions", "2026-07-02"),
]


@cache
def real(path: Path) -> tuple[Activity, Naive]:
    return activity(ietf_archive.lines(ietf_archive.read(path))), Naive(path)


@pytest.mark.parametrize(("repository", "day"), CASES)
def test_every_forge_metric_agrees_with_plain_loops(
    shared_data: Path, repository: str, day: str
) -> None:
    ours, naive = real(ietf_archive.states(shared_data / "github", repository)[-1])
    expected = naive.at(at(day))
    found = {key: BY_KEY[key].compute(ours, at(day)).value for key in expected}
    assert found == pytest.approx(expected)


def test_a_later_reading_of_the_same_items_changes_no_earlier_value(shared_data: Path) -> None:
    states = ietf_archive.states(shared_data / "github", "mlswg/mls-extensions")
    older, newer = real(states[-3])[0], real(states[-1])[0]
    day = ietf_archive.read(states[-3]).at // 86_400 * 86_400
    for key in Naive(states[-1]).at(day):
        assert BY_KEY[key].compute(older, day) == BY_KEY[key].compute(newer, day), key
