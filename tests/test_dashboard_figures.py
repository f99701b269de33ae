"""Sentences and pictures come from the same numbers; colours can be told apart."""

from __future__ import annotations

import pytest

from collector.judgement import judge, to_json
from collector.store.read_dashboard import Point, ProjectRow, StatusPoint, ValueRow
from dashboard import i18n, position, theme, words
from dashboard.charts.coverage import heat_words
from dashboard.charts.history import Line, line_words, up_to
from dashboard.charts.portfolio import month_starts, over_time_words, quadrant_words
from dashboard.components.checks import check_table
from dashboard.components.html import link, worded
from dashboard.components.strip import last_change, monthly
from dashboard.middleware import policy
from dashboard.standing import RISKS, judged
from tests.activities import activity, at, close, comment, commits, issue

SPEAK = i18n.translator("en")
DAY = 86_400
NOW = 1_795_392_000  # 2026-11-23


def row(number: int, status: str = "active", risk: str = "low", criticality: int = 4) -> ProjectRow:
    return ProjectRow(
        number, f"p{number}", "o", f"P{number}", {}, NOW, NOW, status, risk, criticality, {}
    )


def test_the_position_counts_every_live_project_once() -> None:
    rows = [row(i, status) for i, status in enumerate(words.STATUS)]
    found = position.position(rows)
    assert found.live == found.looked_after + found.need_decision + found.unread == 7
    said = position.sentence(found, SPEAK)
    assert said == (
        "Of 7 live projects 3 are looked after, 3 need a decision, 1 could not be read."
    )


def test_what_is_somebody_elses_is_in_no_total_of_ours() -> None:
    own = row(1)
    theirs = ProjectRow(2, "x", "o", "X", {}, 0, 0, "active", "low", 4, {}, relation="upstream")
    assert position.ours([own, theirs]) == (own,)


def test_a_change_between_equally_good_statuses_is_no_news() -> None:
    points = [
        StatusPoint(1, NOW - 90 * DAY, "active", {}),
        StatusPoint(1, NOW - 9 * DAY, "quiet", {}),
        StatusPoint(2, NOW - 90 * DAY, "active", {}),
        StatusPoint(2, NOW - 9 * DAY, "slowing", {}),
    ]
    found = position.changes(points, [row(1, "quiet"), row(2, "slowing")], NOW)
    assert [(c.project_id, c.before, c.after, c.better) for c in found] == [
        (2, "active", "slowing", False)
    ]


def test_statuses_at_dates_hold_until_the_next_change() -> None:
    points = [StatusPoint(1, 10, "new", {}), StatusPoint(1, 30, "active", {})]
    assert position.at_dates(points, [5, 10, 29, 30]) == [
        {},
        {"new": 1},
        {"new": 1},
        {"active": 1},
    ]


def test_months_of_the_strip_show_the_status_at_their_end() -> None:
    november, october = month_starts(NOW, 2)[::-1]
    points = [StatusPoint(1, october, "active", {}), StatusPoint(1, november + DAY, "slowing", {})]
    assert monthly(points, NOW) == {(2026, 10): "active", (2026, 11): "slowing"}
    began = last_change(points)
    assert began is not None
    assert began.as_of == november + DAY


def test_the_quadrant_names_who_is_at_high_risk_while_much_depends_on_it() -> None:
    rows = [row(1, risk="high", criticality=9), row(2, risk="high", criticality=3)]
    said = quadrant_words(judged(rows), SPEAK)
    assert said == "2 projects are judged. 1 is at high risk while much depends on it: P1."


@pytest.mark.parametrize(("count", "each"), [(30, True), (360, True), (361, False), (5_000, False)])
def test_the_quadrant_marks_each_project_as_long_as_names_fit_and_counts_them_beyond(
    count: int, each: bool
) -> None:
    rows = [row(i, "retired") for i in range(9)]
    rows += [row(i, risk=RISKS[i % 3], criticality=i // 3 % 10 + 1) for i in range(count)]
    found = judged(rows)
    assert found.rows == (tuple(rows[9:]) if each else ())
    assert found.count == sum(found.cells.values()) == count
    urgent = [one for one in rows if one.risk == "high" and (one.criticality or 0) >= 7]
    assert found.urgent == len(urgent)
    assert found.names == tuple(one.name for one in urgent[:5])
    assert f"{SPEAK.number(count, 0)} projects are judged." in quadrant_words(found, SPEAK)


def test_a_lines_sentence_gives_newest_year_before_and_highest() -> None:
    points = [Point("commits", at, float(i), "ok", 1, None)
              for i, at in enumerate(month_starts(NOW, 14))]  # fmt: skip
    said = line_words(Line("commits", "commits in a year", "count"), points, SPEAK)
    assert said == ("commits in a year: 13 (Nov 2026), 1 (Nov 2025), at most 13 (Nov 2026).")


def test_a_line_goes_on_to_the_newest_figure_and_says_its_day() -> None:
    months = [Point("commits", at, float(i), "ok", 1, None)
              for i, at in enumerate(month_starts(NOW, 14))]  # fmt: skip
    now = ValueRow("commits", NOW, 20.0, "ok", None, 1, None, None, {}, 1, None)
    points = up_to(months, {"commits": now}, NOW)
    assert (points[-1].as_of, points[-1].value) == (NOW, 20.0)
    said = line_words(Line("commits", "commits in a year", "count"), points, SPEAK)
    assert said.startswith("commits in a year: 20 (November 23, 2026), 1 (Nov 2025)")
    assert up_to(months, {"commits": now}, months[-1].as_of) == tuple(
        months
    )  # the first of a month


def test_sentences_of_the_other_charts_come_from_their_numbers() -> None:
    dates = month_starts(NOW, 2)
    assert over_time_words(dates, [{"active": 2, "at_rest": 1}, {"quiet": 1, "new": 2}], SPEAK) == (
        "In Oct 2026 2 of 3 projects were looked after, in Nov 2026 3 of 3."
    )
    states = {(1, "commits"): "ok", (1, "stars"): "unknown", (1, "forks"): "n/a"}
    assert "50 % of those that apply" in heat_words([row(1)], states, 3, SPEAK)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_text_reaches_4_5_and_shapes_3_to_1(colours: theme.Palette) -> None:
    for ground in (colours.background, colours.surface):
        for text in (colours.text, colours.muted, colours.primary):
            assert contrast(text, ground) >= 4.5, (text, ground)
        for shape in (*colours.statuses.values(), *colours.categories):
            assert contrast(shape, ground) >= 3, (shape, ground)


def test_every_status_has_its_own_word_shape_and_colour() -> None:
    signs = list(words.STATUS.values())
    assert len({sign.word for sign in signs}) == len({sign.shape for sign in signs}) == len(signs)
    assert set(theme.LIGHT.statuses) == set(theme.DARK.statuses) == set(words.STATUS)


def test_a_phrase_that_does_not_fit_its_arguments_is_still_said() -> None:
    assert SPEAK.phrase({"text": "{n} people", "args": {"n": 3}}) == "3 people"
    assert SPEAK.phrase({"text": "{n} people", "args": {}}) == "{n} people"
    assert SPEAK.phrase(None) == ""


def test_a_language_without_catalogue_is_english() -> None:
    assert i18n.choose("xx", "yy;q=0.9, en-GB") == "en"


def test_the_policy_admits_only_the_pages_own_inline_script() -> None:
    said = policy(b"<html><script>window.x = 1</script></html>")
    assert "unsafe-eval" not in said
    assert "'sha256-" in said
    assert "script-src 'self' 'unsafe-inline'" not in said


def test_a_colour_is_mixed_with_its_ground() -> None:
    assert theme.mixed("#000000", "#ffffff", 0.2) == "#cccccc"
    assert theme.mixed("#0b4f9e", "#ffffff", 1) == "#0b4f9e"


def test_a_check_without_a_value_says_what_is_the_case() -> None:
    answered = issue("2025-12-01", "eva", comment("2025-12-02", "ana"), close("2025-12-03", "ana"))
    records = activity(commits(3, "2025-10-01"), answered, maintainers=["ana"])
    shown = check_table(to_json(judge(records, at("2026-01-01"))), SPEAK, "project?p=app")
    rows = [" ".join(worded(line).split()) for line in shown.split("<tr")]
    said = {name: line for line in rows for name in ("waits long", "contract runs") if name in line}
    assert "nothing to count" in said["waits long"]
    assert "does not apply" in said["contract runs"].partition("contract runs")[2]
    assert not [line for line in rows if "no data" in line and "unknown" not in line]


def test_the_words_of_markup_are_what_is_read() -> None:
    assert worded(link("A <b> & c", "project?p=a")) == "A <b> & c"
    assert worded("<b>") == "<b>"


def test_what_moved_since_last_month_is_said_in_one_sentence() -> None:
    def change(better: bool) -> position.Change:
        return position.Change(1, "quiet", "active", 0, better)

    found = position.position([])
    for changed, said in (
        ([True, True, False], ["Since last month 2 projects are better off, 1 worse."]),
        ([True], ["Since last month 1 project is better off."]),
        ([False, False], ["Since last month 2 projects are worse off."]),
        ([], []),
    ):
        assert position.asides(found, [change(one) for one in changed], SPEAK) == said


def test_a_year_before_is_said_where_it_is_known() -> None:
    assert position.year_before({}, SPEAK) == ""
    assert position.year_before({"active": 2, "at_rest": 1, "retired": 4}, SPEAK) == (
        "A year ago 2 of 3 live projects were looked after."
    )
