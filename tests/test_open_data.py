"""Open data (``access: public``): nothing in it is derived from single people."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, is_dataclass
from functools import partial
from pathlib import Path

import pytest

from collector import demo
from collector.demo import Demonstration
from collector.judgement import from_json
from collector.judgement.checks import DECIDED, Result
from collector.judgement.open_data import PERSONAL, without_people
from collector.metrics import BY_KEY
from collector.model import DAY
from dashboard import data
from dashboard.data import Source
from dashboard.open_data import OF_PEOPLE, OpenSource, opened
from dashboard.pages import PAGES
from dashboard.past import PastSource
from dashboard.settings import Settings
from tests.dashboard_app import open_page, text

AS_OF = 1_795_392_000


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("open")
    return demo.prepare(Demonstration(AS_OF, 16, 2, 1, ""), folder, folder / "data").database_url


@pytest.fixture
def both(url: str) -> tuple[Source, OpenSource]:
    """The whole source, and what everybody sees of it."""
    state = data.look(url, private=False)
    whole, shown = state.source, opened(state).source
    assert whole is not None
    assert isinstance(shown, OpenSource)
    return whole, shown


def names(given: object) -> Iterator[str]:
    """Every key and every word that stands alone in what a page is given."""
    if is_dataclass(given) and not isinstance(given, type):
        given = asdict(given)
    if isinstance(given, Mapping):
        for key, value in given.items():
            yield from names(key)
            yield from names(value)
    elif isinstance(given, list | tuple):
        for value in given:
            yield from names(value)
    elif isinstance(given, str):
        yield given


def everything(source: Source) -> Iterator[object]:
    """All that pages can ask for."""
    dates = (AS_OF - 365 * DAY, AS_OF)
    keys = list(BY_KEY)
    rows = source.projects()
    ospos = {row.ospo for row in rows}
    yield rows
    yield source.attention()
    yield source.metric_states()
    yield source.project_states([row.id for row in rows])
    yield [source.spread(ospo, keys, at) for ospo in ospos for at in (None, *dates)]
    yield source.values_at(keys, dates)
    yield source.history_of([row.id for row in rows], keys)
    yield [source.pack_counts(ospo) for ospo in ospos]
    yield source.what_if_choices()
    yield source.persons()
    yield source.bodies()
    for key in PERSONAL:
        yield source.values_of(key)
    for row in rows:
        yield source.judgement(row.id)
        yield source.values(row.id)
        yield source.history(row.id, keys)
        yield source.history_at(row.id, dates)
        yield source.series(row.id)
        yield source.packs(row.id)


def test_no_answer_names_what_single_people_do(both: tuple[Source, OpenSource]) -> None:
    whole, shown = both
    forbidden = PERSONAL | OF_PEOPLE
    assert forbidden & set(names(tuple(everything(whole))))
    told = {found for given in everything(shown) for found in forbidden & set(names(given))}
    assert not told
    assert whole.persons()
    assert not shown.persons()


def test_nobody_can_be_taken_out_of_the_portfolio_by_everybody(
    both: tuple[Source, OpenSource],
) -> None:
    whole, shown = both
    assert {code.partition(":")[0] for code in whole.what_if_choices()} >= {"supplier"}
    assert {code.partition(":")[0] for code in shown.what_if_choices()} <= {"funding"}


def test_the_risk_is_that_of_the_checks_that_are_shown(both: tuple[Source, OpenSource]) -> None:
    whole, shown = both
    changed = 0
    for before, after in zip(whole.projects(), shown.projects(), strict=True):
        told = from_json(shown.judgement(after.id))
        if not after.risk:
            continue
        failed = {
            question.key
            for question in told.questions
            if any(one.result is Result.NOT_MET for one in question.checks)
        }
        high = before.status == "abandoned" or failed & {"survive", "safe"}
        assert after.risk == ("high" if high else "raised" if failed else "low") == told.risk
        changed += before.risk != after.risk
    assert changed, "the demonstration has projects that hang on one person"


def test_a_verdict_without_people_is_its_own(both: tuple[Source, OpenSource]) -> None:
    for row in both[0].projects():
        once = without_people(from_json(both[0].judgement(row.id)))
        assert without_people(once) == once
        for question in once.questions:
            assert question.answer in {one.result for one in question.checks} | {
                Result.NOT_APPLICABLE
            }
            if question.answer is Result.NOT_APPLICABLE:
                assert not {one.result for one in question.checks} & set(DECIDED)


@pytest.mark.parametrize("path", [path for path, _title, _body in PAGES])
def test_every_page_opens_for_everybody_and_says_nothing_of_people(url: str, path: str) -> None:
    key = data.look(url).source.projects()[0].key  # type: ignore[union-attr]
    asked = {"p": key} if path == "project" else {}
    app = open_page(url, path, settings=Settings(url, access="public"), **asked)
    said = text(app)
    assert "Developer 1" not in said
    if path not in ("method", "about"):
        for metric in ("regular_committers", "work_left_share", "contributor_absence_factor"):
            assert BY_KEY[metric].words.lower() not in said.lower(), json.dumps(said)[:3000]


def test_the_people_page_is_not_there_for_everybody(url: str) -> None:
    app = open_page(url, "people", settings=Settings(url, access="public"))
    assert "Developer" not in text(app)


def test_what_is_kept_for_one_reader_is_not_shown_to_another(
    both: tuple[Source, OpenSource],
) -> None:
    whole, shown = both
    assert whole.kept("entries", ("en",), lambda: "all") == "all"
    assert shown.kept("entries", ("en",), lambda: "less") == "less"
    assert whole.kept("entries", ("sk",), lambda: "vše") == "vše"
    assert whole.kept("entries", ("en",), lambda: "never asked") == "all"
    for at in (1, 2):
        month = PastSource(whole.url, whole.freshness, base=whole, at=at)
        assert month.kept("entries", ("en",), partial(str, at)) == str(at)
