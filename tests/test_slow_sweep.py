"""The slow sweep: every repository is looked through within a month, in nightly slices."""

import pytest

from collector.forge_stage import SWEEP_DAYS, slices_due
from collector.model import DAY


@pytest.mark.parametrize("items", [0, 1, 100, 101, 2_999, 3_001, 250_000])
@pytest.mark.parametrize("repository", [1, 17, 20_000])
def test_any_month_has_as_many_slices_as_the_repository_and_no_night_more_than_its_share(
    items: int, repository: int
) -> None:
    whole = max(1, -(-items // 100))
    for start in (0, 20_001, 20_015):
        nights = [
            slices_due(repository, (start + night) * DAY, items, 100) for night in range(SWEEP_DAYS)
        ]
        assert sum(nights) == whole
        assert max(nights) <= -(-whole // SWEEP_DAYS)


def test_small_repositories_are_spread_evenly_over_the_nights() -> None:
    due = sum(slices_due(repository, 20_000 * DAY, 80, 100) for repository in range(3_000))
    assert due == 100
