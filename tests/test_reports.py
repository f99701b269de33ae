"""The month's report: one document, three forms, the figures of the pages."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from itertools import product
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import create_engine

from collector import config, demo
from collector.demo import Demonstration
from collector.judgement.open_data import PERSONAL
from collector.metrics import BY_KEY
from dashboard import data
from dashboard.charts import Drawing
from dashboard.data import Source
from dashboard.i18n import languages, translator
from dashboard.open_data import opened
from dashboard.past import PastSource
from dashboard.past import months as known_months
from dashboard.position import Change
from dashboard.reports import document as model
from dashboard.reports.document import Document
from dashboard.reports.making import Asked, document, html, markdown, pdf
from dashboard.reports.period import NoSuchMonth, Period, month_code, period
from dashboard.settings import Settings, from_config
from tests.collected import collect
from tests.dashboard_app import open_page, text
from tests.dashboard_data import NOW, build
from tests.gitmake import T0, Maker
from tests.program import in_process
from tests.test_dashboard_hostile import poison
from tests.test_leaving import spoil

DAY = 86_400
NOVEMBER = 1_793_491_200  # 2026-11-01
HOSTILE = "Odd\ufffe</h1><script>alert(1)</script>|# `x` [a](javascript:b) *c*\u202e\n- d"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build(tmp_path_factory.mktemp("reports") / "portfolio.db", 14, ospos=2)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("demonstration")
    made = demo.prepare(Demonstration(1_795_392_000, 13, 2, 1, ""), folder, folder / "data")
    return Settings(made.database_url)


def source_of(url: str, *, public: bool = False) -> Source:
    state = data.look(url, private=not public)
    found = (opened(state) if public else state).source
    assert found is not None
    return found


def reportable(source: Source) -> list[str]:
    """The months of which something is known, the newest first."""
    newest = source.newest()
    assert newest is not None
    dates = (newest, *known_months(source, newest).values())
    return list(dict.fromkeys(month_code(at - 1) for at in dates))


def written(
    settings: Settings, *, public: bool = False, now: int = NOW + 3 * DAY, **asked: str
) -> Document:
    return document(source_of(settings.database_url, public=public), settings, Asked(**asked), now)


# ---------------------------------------------------------------- what is in it


def words(given: model.Words) -> Iterator[str]:
    for each in model.listed(given):
        yield (
            each
            if isinstance(each, str)
            else each.word
            if isinstance(each, model.Sign)
            else (each.words)
        )


def sentences(given: Document) -> Iterator[str]:
    """Every text of a document, block by block, without charts' tables."""
    yield from (given.title, given.subtitle, *given.facts, given.warning)
    for section in given.sections:
        yield section.title
        for block in section.blocks:
            yield from _of(block)


def _of(block: model.Block) -> Iterator[str]:
    told: list[model.Words] = []
    match block:
        case model.Paragraph() | model.Heading():
            told = [block.words]
        case model.Items():
            told = [*block.entries]
        case model.Tasks():
            for task in block.entries:
                told += [task.kind, task.whom, task.what, *task.more]
        case model.Table():
            rows = (row for group in block.groups for row in ((group.head,), *group.rows))
            told = [*block.headers, *(cell for row in rows for cell in row)]
        case Drawing():
            told = [block.said, block.about]
    for each in told:
        yield from words(each)


def flat(text: str) -> str:
    """Without spaces and capitals, which each form sets differently."""
    return re.sub(r"\s+|\u00ad", "", text).casefold()


def of_html(given: Document) -> str:
    page = html(given).decode()
    body = page[page.index("<body") :]
    return flat(unescape(re.sub(r"<[^>]+>", "", body)))


def of_markdown(given: Document) -> str:
    return flat(re.sub(r"\\(.)|\*\*|\*|\\\n", r"\1", markdown(given).decode()))


def of_pdf(given: Document) -> str:
    pages = PdfReader(io.BytesIO(pdf(given))).pages
    return flat(" ".join(page.extract_text() for page in pages))


REPORTS = (
    {"ospo": "bratislava"},
    {"ospo": "bratislava", "month": "2026-11"},
    {"project": "project-3"},
    {"project": "project-9", "month": "2026-11"},
)


@pytest.mark.parametrize(
    ("form", "asked"),
    [*product((of_html, of_markdown), REPORTS), (of_pdf, REPORTS[1]), (of_pdf, REPORTS[2])],
)
def test_every_form_says_all_that_the_document_says(
    url: str, form: Callable[[Document], str], asked: dict[str, str]
) -> None:
    made = written(Settings(url), **asked)
    said = form(made)
    missing = {each for each in sentences(made) if flat(each) not in said}
    assert not missing


@pytest.mark.parametrize("month", ["", "2026-10", "2025-05"])
def test_an_ospo_report_says_what_the_first_page_says_of_that_date(url: str, month: str) -> None:
    settings = Settings(url)
    made = written(settings, ospo="bratislava", month=month or "2026-11")
    at = {"": "", "2026-10": "2026-11", "2025-05": "2025-06"}[month]
    page = text(open_page(url, "", settings=settings, ospo="bratislava", at=at))
    stands = [block for block in made.sections[0].blocks if isinstance(block, model.Paragraph)]
    for block in stands:
        assert "".join(words(block.words)) in page
    entries = [b for s in made.sections if s.title == "What to do first" for b in s.blocks]
    tasks = [task for block in entries if isinstance(block, model.Tasks) for task in block.entries]
    assert bool(tasks) == (month != "2025-05")  # nothing waited then
    for task in tasks:
        assert "".join(words(task.what)).split(" since ")[0] in page


def test_a_project_report_says_what_its_page_says(url: str) -> None:
    made = written(Settings(url), project="project-3", month="2026-11")
    page = flat(text(open_page(url, "project", p="project-3")))
    asked = {"Where it stands", "The five questions"}
    checks = [block for part in made.sections if part.title in asked for block in part.blocks]
    told = [each for block in checks for each in _of(block)]
    ours = {"OSPO", "What it is", "Good practice", "What", "How bad if it stopped", "Why"}
    told = [each for each in told if each not in ours and "/" not in each and " of " not in each]
    told = [part for each in told for part in each.split(" · ")]
    assert len(told) > 30
    assert not {each for each in told if flat(each) not in page}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("collected")
    made, before = Maker(folder / "app"), None
    for week in range(60):
        author = b"Bea <bea@example.org>" if week % 3 else b"Ada <ada@example.org>"
        before = made.commit([before] if before else [], time=T0 + week * 7 * DAY, author=author)
    found = collect(folder, {"app": made.write()})
    return from_config(config.load(found.folder / "config"))


def test_the_figures_of_a_past_month_are_those_the_command_prints(collected: Settings) -> None:
    source = source_of(collected.database_url)
    newest = source.newest()
    assert newest is not None
    month = reportable(source)[40]
    made = written(collected, project="app", month=month, now=newest)
    at = period(source, month, newest).at
    folder = Path(collected.database_url.removeprefix("sqlite:///")).parent.parent
    environment = {"OSPO_VITALS_CONFIG": str(folder / "config"), "PATH": "/usr/bin:/bin"}
    day = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
    said = in_process(environment, "metrics", "--format", "json", "--as-of", day)
    printed = {row["metric"]: row for row in json.loads(said.out)}
    figures = (s.blocks for s in made.sections if s.title == "All figures")
    (table,) = (b for blocks in figures for b in blocks if isinstance(b, model.Table))
    titles = {metric.words or metric.title: key for key, metric in BY_KEY.items()}
    compared = 0
    for row in (row for group in table.groups for row in group.rows):
        name = "".join(words(row[0]))
        key = titles.get(name) or titles[name[:1].lower() + name[1:]]
        value, unit = printed[key]["value"], printed[key]["unit"]
        if value is not None and unit == "count":
            compared += 1
            assert "".join(words(row[1])).split(" ")[0] == translator("en").number(
                value, None if (value % 1) else 0
            )
    assert compared > 5


# ---------------------------------------------------------------- of which month


def test_the_month_is_the_last_one_that_is_over_as_of_the_day_after_it(url: str) -> None:
    source = source_of(url)
    assert period(source, None, NOW + DAY) == Period(1_790_812_800, NOVEMBER, past=True)


def test_on_the_first_of_the_month_the_newest_figures_are_those_of_the_report(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(url)
    monkeypatch.setattr(Source, "newest", lambda _self: NOVEMBER)
    assert period(source, None, NOVEMBER + 6 * 3600) == Period(1_790_812_800, NOVEMBER)


def test_a_month_that_is_not_over_is_told_up_to_the_newest_figures(url: str) -> None:
    made = written(Settings(url), ospo="bratislava", month="2026-11")
    assert made.facts[0] == "November 2026, not over: up to November 23, 2026"


def test_where_nothing_was_collected_since_the_report_ends_with_the_newest_figures(
    url: str,
) -> None:
    found = period(source_of(url), None, NOW + 100 * DAY)
    assert (found.month, found.at, found.over) == (NOVEMBER, NOW, False)


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2027-01", "There are no figures of 2027-01 yet: the newest are of 2026-11-23."),
        ("1999-01", "the first report there can be is that of 2021-"),
        ("October", "'October' is not a month. Write it as YYYY-MM, for example 2026-10."),
        ("2026-13", "'2026-13' is not a month."),
    ],
)
def test_a_month_of_which_nothing_is_known_is_told(url: str, month: str, said: str) -> None:
    with pytest.raises(NoSuchMonth, match=re.escape(said)):
        period(source_of(url), month, NOW)


def test_every_month_that_is_offered_has_a_report(url: str) -> None:
    source = source_of(url)
    months = reportable(source)
    assert months[0] == "2026-11"
    assert [period(source, each, NOW).month for each in months] == sorted(
        {period(source, each, NOW).month for each in months}, reverse=True
    )


def test_what_changed_in_another_ospo_is_no_news_of_a_project(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(url)
    other = next(row for row in source.projects() if row.ospo == "praha")
    own = next(row for row in source.projects() if row.ospo == "bratislava")
    news = Change(other.id, "slowing", "active", NOVEMBER - DAY, better=True)
    monkeypatch.setattr(PastSource, "changes", lambda _self, _today: (news,))
    made = written(Settings(url), project=own.key, month="2026-10")
    assert other.name not in "\n".join(sentences(made))


def test_a_past_report_stays_the_same_when_the_present_changes(url: str, tmp_path: Path) -> None:
    source = source_of(url)
    copy = tmp_path / "copy.db"
    copy.write_bytes(Path(url.removeprefix("sqlite:///")).read_bytes())
    engine = create_engine(f"sqlite:///{copy}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE judgements SET status = 'retired', risk = 'low'")
        connection.exec_driver_sql("UPDATE metric_values SET value = 999999")
    engine.dispose()
    before, after = (
        markdown(written(Settings(each), ospo="bratislava", month="2025-05"))
        for each in (url, f"sqlite:///{copy}")
    )
    assert source.newest()
    assert before == after


# ---------------------------------------------------------------- who reads it


def test_open_data_tells_nothing_of_people_and_of_no_private_project(
    tmp_path: Path,
) -> None:
    url = build(tmp_path / "private.db", 8)
    engine = create_engine(url)
    spoil(engine)
    engine.dispose()
    made = markdown(written(Settings(url), ospo="bratislava", public=True)).decode()
    whole = markdown(written(Settings(url), ospo="bratislava")).decode()
    with create_engine(url).connect() as connection:
        name = connection.exec_driver_sql(
            "SELECT name FROM projects WHERE key = 'project-3'"
        ).scalar()
    assert str(name) not in made
    assert str(name) in whole
    project = written(Settings(url), project="project-2", month="2026-11", public=True)
    told = "\n".join(sentences(project))
    titles = {BY_KEY[key].words for key in PERSONAL if key in BY_KEY}
    assert not {title for title in titles if title and title in told}
    assert "What is derived from single persons is not part of open data." in told


def test_the_language_is_that_asked_for_else_the_ospos_else_that_of_the_settings(
    demonstration: Settings,
) -> None:
    source = source_of(demonstration.database_url)
    own = {one.key: str(one.settings.get("language")) for one in source.ospos()}
    for key, language in own.items():
        usual = language if language in languages() else "sk"
        assert written(replace(demonstration, language="sk"), ospo=key).language == usual
        assert written(demonstration, ospo=key, language="ro").language == "ro"


@pytest.mark.parametrize("language", languages())
def test_a_form_names_its_language(url: str, language: str) -> None:
    made = written(Settings(url), ospo="bratislava", language=language)
    assert f'<html lang="{language}">' in html(made).decode()


def test_paper_is_tagged_and_names_its_language_and_title(url: str) -> None:
    made = written(Settings(url), project="project-3", language="sk")
    reader = PdfReader(io.BytesIO(pdf(made)))
    assert reader.root_object["/Lang"] == "sk"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert made.title in str(reader.metadata.title)


def test_no_title_and_no_head_of_a_table_stand_alone_at_the_end_of_a_sheet() -> None:
    rows = tuple((f"r{at}", "one") for at in range(9))
    table = model.Table("All", ("Row", "Head"), (model.Rows(rows, "Group"),))
    for lines in range(24, 29):
        above = model.Section("Above", (model.Paragraph("line"),) * lines)
        below = model.Section("Title", (model.Paragraph("words"), table))
        made = Document("Name", "A report", ("May",), (above, below), translator("en"))
        first = PdfReader(io.BytesIO(pdf(made))).pages[0].extract_text()
        told = first[first.rindex("line") :]
        assert "r0" in told or "Title" not in told, told


# ---------------------------------------------------------------- what must not get in


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("hostile")
    url = build(folder / "hostile.db", 8, hostile=HOSTILE)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE projects SET name = ?", (HOSTILE,))
        connection.exec_driver_sql("UPDATE ospos SET name = ?", (HOSTILE,))
    engine.dispose()
    return Settings(url)


@pytest.mark.parametrize("asked", [{"ospo": "bratislava"}, {"project": "project-3"}], ids=str)
def test_no_name_becomes_markup(hostile: Settings, asked: dict[str, str]) -> None:
    made = written(hostile, **asked)
    page = html(made).decode()
    assert "<script" not in page
    assert "javascript:" not in re.sub(r">[^<]*<", "><", page)
    assert "\u202e" not in page
    told = markdown(made).decode()
    assert not re.search(r"(?<!\\)\[[^\]]*(?<!\\)\]\((?!<https?://)", told)
    assert not re.search(r"(?<!\\)<(?!https?://)", told)
    for line in told.splitlines():
        if line.startswith("| "):
            assert line.endswith(" |")
    tables = re.findall(r"(?:^\|.*\n)+", told, re.MULTILINE)
    assert tables
    for table in tables:
        columns = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(columns) == 1, table


def test_a_page_needs_nothing_from_elsewhere_and_runs_nothing(url: str) -> None:
    page = html(written(Settings(url), ospo="bratislava")).decode()
    assert not re.search(r"<(script|link|iframe|object|embed|form)\b", page)
    assert not re.search(r'(src|srcset|href)="(?!data:image/svg\+xml;base64,|#)', page)
    assert "url(" not in page.replace("url(data:image/svg+xml;base64,", "")
    assert not re.search(r"<[^>]*\son\w+=", page)


@pytest.mark.parametrize("meaning", [False, True], ids=["texts", "our own codes too"])
def test_a_report_stands_whatever_every_text_says(tmp_path: Path, meaning: bool) -> None:
    url = build(tmp_path / "poisoned.db", 4, years=1)
    engine = create_engine(url)
    with engine.begin() as connection:
        poison(connection, meaning)
    engine.dispose()
    for asked in ({"ospo": "bratislava"}, {"project": "project-1"}, {"project": "project-3"}):
        made = written(Settings(url), **asked, month="2026-11")
        page, told = html(made).decode(), markdown(made).decode()
        for bad in ("<img src=x", "<script", 'href="javascript', "\u202e", "\x1b", "A" * 60):
            assert bad not in page, (asked, bad)
        assert "\u202e" not in told
        assert max(map(len, sentences(made))) < 1000


# ---------------------------------------------------------------- what is odd


def changed(url: str, folder: Path, *statements: str) -> Settings:
    """A copy of a portfolio in which something is another."""
    copy = folder / "changed.db"
    copy.write_bytes(Path(url.removeprefix("sqlite:///")).read_bytes())
    engine = create_engine(f"sqlite:///{copy}")
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
    return Settings(f"sqlite:///{copy}")


def test_of_a_project_that_was_never_measured_no_figure_is_told(url: str, tmp_path: Path) -> None:
    new = "(99, 'fresh', 'bratislava', 'Fresh', '{}', 0)"
    fresh = f"INSERT INTO projects (id, key, ospo, name, settings, hidden) VALUES {new}"
    settings = changed(url, tmp_path, fresh)
    made = written(settings, project="fresh", month="2026-11")
    titles = [section.title for section in made.sections]
    assert titles == ["Where it stands", "Goals and decisions", "Contracts and money"]
    assert "It could not be measured yet." in set(sentences(made))
    with pytest.raises(NoSuchMonth, match="Nothing is known of fresh then"):
        written(settings, project="fresh", month="2026-10")


def test_what_could_not_be_read_is_no_good_month(url: str, tmp_path: Path) -> None:
    nothing = ("DELETE FROM metric_values", "UPDATE projects SET settings = '{}'")
    unread = "UPDATE judgements SET status = 'unknown', summary = '{}'"
    settings = changed(url, tmp_path, *nothing, unread)
    said = set(sentences(written(settings, ospo="bratislava", month="2026-11")))
    assert "Nothing waits for you in what could be read." in said
    assert not {each for each in said if "good month" in each}
    settings = changed(url, tmp_path, *nothing)
    project = written(settings, project="project-13", month="2026-11")
    assert not {each for each in sentences(project) if "good month" in each}
    asked = {"github.com asks for credentials for this repository: is it private?"}
    assert asked <= set(sentences(project))


def test_of_very_many_contracts_the_longest_are_listed_and_the_others_counted(
    url: str, tmp_path: Path
) -> None:
    span = {"since": NOW - 400 * DAY, "until": NOW + 90 * DAY}
    many = json.dumps([{"party": f"s{at}", "kind": None, "span": span} for at in range(300)])
    named = (
        f"UPDATE projects SET settings = json_set(settings, '$.project.contracts', json('{many}'))"
    )
    made = written(changed(url, tmp_path, named), project="project-1", month="2026-11")
    (part,) = (each for each in made.sections if each.title == "Contracts and money")
    assert isinstance(part.blocks[0], model.Table)
    assert len(part.blocks[0].groups[0].rows) == 25
    assert part.blocks[1] == model.Paragraph("and 275 more", "muted")


def test_no_task_is_told_twice(url: str) -> None:
    made = written(Settings(url), ospo="bratislava", month="2026-11")
    blocks = [block for section in made.sections for block in section.blocks]
    lists = [block.entries for block in blocks if isinstance(block, model.Tasks)]
    assert len(lists) == 2
    tasks = [task for entries in lists for task in entries]
    assert len({task.what for task in tasks}) == len(tasks)


def test_a_column_that_says_nothing_is_left_out() -> None:
    rows = [["a", "–", "1", "–"], ["b", "–", "–", "2"]]
    made = model.table("All", ["Name", "Kind", "One", "Two"], rows, (1, 2))
    assert made.headers == ("Name", "One", "Two")
    assert made.numeric == (1,)
    assert [row[0] for row in made.groups[0].rows] == ["a", "b"]
