"""A chart on paper is the chart of the page: it leads nowhere, asks for nothing, and all fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from dashboard import theme, words
from dashboard.charts import Drawing, portfolio
from dashboard.charts.history import Line, lines
from dashboard.charts.svg import WIDTH, columns, recoloured, svg
from dashboard.data import Point
from dashboard.standing import judged
from dashboard.view import View
from tests.dashboard_data import NOW, build
from tests.drawings import drawings, view
from tests.test_dashboard_figures import row

SPACE = "{http://www.w3.org/2000/svg}"
YEAR = 365 * 86_400
LONG = "Participation Kit of 28 char"
NARROW = 5.2
"""Pixels of a letter at least, on the average of a name."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(tmp_path_factory.mktemp("paper") / "some.db", 14)


def printed(drawing: Drawing, language: str = "en") -> ElementTree.Element:
    return ElementTree.fromstring(svg(drawing, theme.LIGHT, language))  # noqa: S314 - ours


def texts(root: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SPACE}text")]


def named(view_: View, names: Iterable[str]) -> ElementTree.Element:
    """The quadrant of projects of one risk and grade, with these names."""
    rows = [replace(row(at), name=name) for at, name in enumerate(names)]
    return printed(portfolio.quadrant(view_, judged(rows)))


def legends(spec: object) -> Iterator[str]:
    if isinstance(spec, dict):
        if spec.get("legend"):
            yield from spec["scale"]["domain"]
        spec = list(spec.values())
    if isinstance(spec, list):
        for part in spec:
            yield from legends(part)


@pytest.mark.parametrize("language", ["en", "sk", "ro"])
def test_every_chart_fits_a_page_with_every_word_of_its_legend(url: str, language: str) -> None:
    found = list(drawings(view(url, language)))
    assert {name.split(" ", 1)[-1] for name, _drawing in found} >= {
        *("quadrant", "quadrant-binned", "over-time", "questions", "coverage", "happened"),
        *("months", "ownership", "lines", "bodies", "cohorts", "band", "flow", "ages"),
    }
    for name, drawing in found:
        root = printed(drawing, language)
        assert float(root.get("width", 0)) == WIDTH, name
        assert {*legends(drawing.chart.to_dict(validate=False))} <= {*texts(root)}, name


def test_a_chart_leads_nowhere_and_asks_for_nothing(url: str) -> None:
    for name, drawing in drawings(view(url)):
        root = printed(drawing)
        tags = {each.tag.removeprefix(SPACE) for each in root.iter()}
        assert tags <= {"svg", "g", "path", "text", "line", "rect", "defs", "clipPath"}, name
        said = [value for each in root.iter() for pair in each.items() for value in pair]
        assert not [each for each in said if re.search(r"href|//|^on|url\((?!#)", each)], name


def test_what_a_page_links_to_is_whole_on_it_still(url: str) -> None:
    """What a printed mark lacks is not taken from the chart itself."""
    _name, drawing = next(drawings(view(url)))
    printed(drawing)
    assert "href" in str(drawing.chart.to_dict(validate=False)["layer"])


@pytest.mark.parametrize(
    ("language", "half", "share", "month"),
    [("en", "0.5", "60 %", "July"), ("sk", "0,5", "60 %", "júl"), ("ro", "0,5", "60 %", "iulie")],
)
def test_axes_are_written_in_the_language(
    url: str, language: str, half: str, share: str, month: str
) -> None:
    seen = view(url, language)
    points = [
        Point("commits", NOW - at, value, "ok", None, None)
        for at, value in ((YEAR, 0.0), (YEAR // 2, 0.5), (0, 1.0))
    ]
    drawn = lines(seen, points, [Line("commits", "x", "count")], "")
    assert drawn is not None
    assert half in texts(printed(replace(drawn, chart=_fine(drawn.chart)), language))
    assert month in texts(printed(drawn, language))
    found = dict(drawings(seen))
    curve = next(drawing for name, drawing in found.items() if name.endswith("ownership"))
    assert share.replace(" ", "\xa0") in texts(printed(curve, language))


def _fine(chart: object) -> object:
    """The same without whole steps alone."""
    for layer in chart.layer:  # type: ignore[attr-defined]
        layer.encoding.y.axis.tickMinStep = 0.5
    return chart


def test_counts_are_written_in_the_language(url: str) -> None:
    many = replace(judged([row(1)]), rows=(), cells={("low", 4): 12_345}, count=12_345)
    assert "12\xa0345" in texts(printed(portfolio.quadrant(view(url, "sk"), many)))


@pytest.mark.parametrize("count", [1, 2, 4])
def test_few_projects_of_a_cell_are_named_in_full(url: str, count: int) -> None:
    names = [f"{LONG[:-1]}{at}" for at in range(count)]
    assert set(names) <= set(texts(named(view(url), names)))


@pytest.mark.parametrize("count", [5, 8, 9, 12])
def test_many_projects_of_a_cell_are_named_without_overlap(url: str, count: int) -> None:
    places: dict[float, list[tuple[float, str]]] = {}
    for each in named(view(url), [f"{at} {LONG}" for at in range(count)]).iter(f"{SPACE}text"):
        found = re.match(r"translate\(([\d.]+),([\d.]+)\)", each.get("transform", ""))
        if found and re.match(r"\d+ ", each.text or ""):
            places.setdefault(float(found[2]), []).append((float(found[1]), each.text or ""))
    assert sum(map(len, places.values())) == count
    assert min(b - a for a, b in pairwise(sorted(places))) >= 14
    for line in places.values():
        ends = sorted(line)
        for (left, name), (right, _next) in pairwise(ends):
            assert left + NARROW * len(name) < right - 12, (name, left, right)


def test_in_other_colours_it_is_the_picture_that_is_drawn_in_them(url: str) -> None:
    dark = dict(drawings(view(url, colours=theme.DARK)))
    for name, drawing in drawings(view(url)):
        light = svg(drawing, theme.LIGHT, "en")
        assert recoloured(light, theme.LIGHT, theme.DARK) == svg(dark[name], theme.DARK, "en"), name


def test_a_legend_has_as_many_columns_as_its_words_leave_room_for() -> None:
    assert columns(["one", "two"], WIDTH) == 2
    assert columns([sign.word for sign in words.STATUS.values()], WIDTH) == 3
    assert columns(["a rather long word of a legend " * 3] * 2, WIDTH) == 1
    assert columns([], WIDTH) == 1
