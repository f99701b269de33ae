"""What holds for every metric, over all that a project may consist of (METRICS.md, C1, C2)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from collector.metric import Metric, State
from collector.metrics import METRICS
from collector.model import DAY
from tests.activities import ItemLine
from tests.measuring import NOW
from tests.test_metrics_registry import (
    ABOUT_BOTS,
    CALENDAR,
    TOUCHED,
    as_ofs,
    bare,
    is_bot,
    without_bots,
)
from tests.worlds import World, worlds

Measured = dict[str, tuple[object, ...]]


def measured(world: World, as_of: int, metrics: Sequence[Metric] = METRICS) -> Measured:
    built = world.build()
    return {
        metric.key: (*bare(value := metric.compute(built, as_of)), repr(value.parts))
        for metric in metrics
    }


AS_NOW = {"forge_drift"}
"""It compares what is stored now with what the forge counts now."""


def numbers(found: Measured) -> Measured:
    """Without reasons and parts, which name dates."""
    return {key: told[:2] for key, told in found.items()}


def unreasoned(found: Measured) -> Measured:
    """Why nothing is known may be told of as it is today."""
    return {key: (*told[:2], *told[3:]) for key, told in found.items()}


def differing(one: Measured, other: Measured) -> list[str]:
    return [f"{key}: {one[key]}, {other[key]}" for key in one if one[key] != other[key]]


@given(worlds(), as_ofs)
@settings(max_examples=80, deadline=None)
def test_the_future_of_all_records_does_not_change_the_past(world: World, as_of: int) -> None:
    dated = [metric for metric in METRICS if metric.key not in AS_NOW]
    now, then = measured(world, as_of, dated), measured(world.until(as_of), as_of, dated)
    found = differing(unreasoned(now), unreasoned(then))
    assert found == []


@given(worlds(), as_ofs, st.data())
@settings(max_examples=30, deadline=None)
def test_the_order_of_all_records_does_not_matter(
    world: World, as_of: int, data: st.DataObject
) -> None:
    shuffled = replace(
        world,
        lines=tuple(data.draw(st.permutations(world.lines))),
        repositories=tuple(
            replace(one, files=tuple(data.draw(st.permutations(one.files))))
            for one in world.repositories
        ),
    )
    found = differing(measured(world, as_of), measured(shuffled, as_of))
    assert found == []


@given(worlds(), as_ofs, st.integers(-3, 3))
@settings(max_examples=30, deadline=None)
def test_only_the_distance_in_time_counts_for_all_records(
    world: World, as_of: int, years: int
) -> None:
    by = years * 364 * DAY
    free = [metric for metric in METRICS if metric.key not in CALENDAR]
    here, there = measured(world, as_of, free), measured(world.later(by), as_of + by, free)
    found = differing(numbers(here), numbers(there))
    assert found == []


@given(worlds(), as_ofs)
@settings(max_examples=30, deadline=None)
def test_what_bots_do_in_a_whole_project_might_as_well_not_be_there(
    world: World, as_of: int
) -> None:
    human = [metric for metric in METRICS if metric.key not in ABOUT_BOTS | TOUCHED]
    lines = [kept for line in world.lines if (kept := without_bots(line))]
    silent = tuple(line for line in lines if not (isinstance(line, ItemLine) and is_bot(line.who)))
    without = replace(world, lines=silent)
    found = differing(measured(world, as_of, human), measured(without, as_of, human))
    assert found == []


def test_by_chance_nearly_every_metric_has_a_value() -> None:
    """Else the properties above would hold of nothing."""
    told: Counter[str] = Counter()

    @given(worlds(least=45), st.integers(0, 300).map(lambda ago: NOW - ago * DAY))
    @settings(max_examples=40, deadline=None, database=None, derandomize=True)
    def look(world: World, as_of: int) -> None:
        built = world.build()
        told.update(m.key for m in METRICS if m.compute(built, as_of).state is State.OK)

    look()
    assert len(told) >= 60, sorted({metric.key for metric in METRICS} - told.keys())
