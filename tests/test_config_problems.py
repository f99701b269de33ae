"""Every problem at once, each with file, line, column, key and the nearest valid word."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from collector import config
from collector.config import report as config_report
from collector.config.errors import keys_at
from collector.config.models import Settings
from collector.config.portfolio_models import Portfolio
from collector.config.yaml_file import Document, key_path, parse
from collector.problem import ConfigError, Problem, nearest

ROOT = Path(__file__).parent.parent
CITY = "ospo: {id: city}\nprojects:\n"
ONE = "- {id: one, repositories: [{url: https://github.com/city/one}]}\n"


def problems(
    folder: Path, portfolio: str = CITY + ONE, settings: str = "", **more: str
) -> tuple[Problem, ...]:
    """What is wrong with a configuration of these texts."""
    (folder / "config" / "portfolios").mkdir(parents=True, exist_ok=True)
    (folder / "config" / "ospo-vitals.yaml").write_text(settings, "utf-8")
    for name, text in {"city": portfolio, **more}.items():
        (folder / "config" / "portfolios" / f"{name}.yaml").write_text(text, "utf-8")
    try:
        config.load(folder / "config", {})
    except ConfigError as error:
        return error.problems
    return ()


def only(found: tuple[Problem, ...]) -> Problem:
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]


def in_project(line: str) -> str:
    return (
        CITY + "- id: one\n  " + line + "\n  repositories: [{url: https://github.com/city/one}]\n"
    )


@pytest.mark.parametrize(
    ("line", "place", "key", "said", "near"),
    [
        ("stag: beta", (4, 3), "projects[0].stag", "unknown key", "stage"),
        ("stage: bata", (4, 10), "projects[0].stage", "is not one of", "beta"),
        ("criticality: 11", (4, 16), "projects[0].criticality", "10 or less", None),
        ("criticality: high", (4, 16), "projects[0].criticality", "whole number", None),
        ("criticality: 7.5", (4, 16), "projects[0].criticality", "whole number", None),
        ("name: 2024", (4, 9), "projects[0].name", "in quotes", None),
        ("area: \"a\\u202eb\"", (4, 9), "projects[0].area", "direction", None),
        ("season: [13-01/01-01]", (4, 12), "projects[0].season[0]", "no day of the year", None),
        ("season: 01-15/05-31", (4, 11), "projects[0].season", "must be a list", None),
        ("next_needed: 2026-02-30", (4, 16), "projects[0].next_needed", "does not exist", None),
        ("next_needed: 1.2.2027", (4, 16), "projects[0].next_needed", "not a date", "2027-02-01"),
        ("service: cityvizor.cz", (4, 12), "projects[0].service", "web address", None),
        ("service: https://a:b@c.eu", (4, 12), "projects[0].service", "credentials", None),
        ("funding: [{source: a, amount: 20 000 EUR}]", (4, 33),
         "projects[0].funding[0].amount", "not an amount", "20000 EUR"),
        ("contracts: [{supplier: a, from: 2027-01-01, until: 2026-01-01}]", (4, 54),
         "projects[0].contracts[0].until", "before it begins", None),
        ("contracts: [{from: 2027-01-01}]", (4, 15),
         "projects[0].contracts[0].supplier", "'supplier' is missing", None),
        ("goals: [{metric: four_eye, target: 1, by: 2027-01-01}]", (4, 20),
         "projects[0].goals[0].metric", "is no metric", "four_eyes"),
        ("thresholds: {regular_comitters: {met: 3, not_met: 1}}", (4, 16),
         "projects[0].thresholds.regular_comitters", "is no metric", "regular_committers"),
        ("thresholds: {four_eyes: {met: 3, notmet: 1}}", (4, 36),
         "projects[0].thresholds.four_eyes.notmet", "unknown key", "not_met"),
        ("thresholds: {four_eyes: {met: 0.2, not_met: 0.8}}", (4, 33),
         "projects[0].thresholds.four_eyes.met", "wrong way round", None),
        ("thresholds: {first_answer_wait: [{met: 9, not_met: 4, from: 2026-01-01}]}", (4, 42),
         "projects[0].thresholds.first_answer_wait[0].met", "less is better", None),
        ("decisions: [{date: 2026-01-01, about: statu, decision: fix}]", (4, 41),
         "projects[0].decisions[0].about", "is no metric", "status"),
        ("name: a\n  name: b", (5, 3), "projects[0].name", "used twice (first in line 4)", None),
    ],
)  # fmt: skip
def test_each_fault_of_a_project_is_placed(
    tmp_path: Path, line: str, place: tuple[int, int], key: str, said: str, near: str | None
) -> None:
    one = only(problems(tmp_path, in_project(line)))
    assert one.file == "config/portfolios/city.yaml"
    assert (one.line, one.column) == place
    assert one.key == key
    assert said in one.message
    assert one.nearest == near


@pytest.mark.parametrize(
    ("text", "key", "said", "near"),
    [
        ("alow_local: true", "alow_local", "unknown key", "allow_local"),
        ("allow_local: yes", "allow_local", "true or false", None),
        ("timezone: Europe/Bratislave", "timezone", "time zone", "Europe/Bratislava"),
        ("timezone: ../../etc/passwd", "timezone", "time zone", None),
        ("schedule: {collect: '0 25 * * *'}", "schedule.collect", "hour of a cron", None),
        ("schedule: {collect: '@dayly'}", "schedule.collect", "cron expression", "@daily"),
        ("database_url: mysql://x/y", "database_url", "not a database URL", None),
        ("database_url: 'sqlite://'", "database_url", "not a database URL", None),
        ("forges: [{host: 'https://a.eu/', kind: git}]", "forges[0].host", "host:port", "a.eu"),
        ("forges: [{host: a.eu, kind: gitlap}]", "forges[0].kind", "is not one of", "gitlab"),
        ("forges: [{host: a.eu, kind: git}, {host: A.eu, kind: git}]", "forges[1].host",
         "used twice", None),
        ("bots: city-bot", "bots", "must be a list", None),
        ("identities: [{name: m, organisations: [{id: bratislav}]}]\n"
         "organisations: [{id: bratislava}]", "identities[0].organisations[0].id",
         "not listed", "bratislava"),
        ("identities: [{name: m, accounts: [a]}, {name: n, accounts: [A]}]",
         "identities[1].accounts[0]", "used twice", None),
        ("organisations: [{id: City of B}]", "organisations[0].id", "lower-case", "city-of-b"),
        ("notifications: [{kind: mail, server: a}]", "notifications[0]", "the key 'to'", None),
        ("- a\n- b", "", "keys with values", None),
    ],
)  # fmt: skip
def test_each_fault_of_the_settings_is_placed(
    tmp_path: Path, text: str, key: str, said: str, near: str | None
) -> None:
    found = problems(tmp_path, settings=text)
    assert key in [each.key for each in found]
    one = next(each for each in found if each.key == key)
    assert one.file == "config/ospo-vitals.yaml"
    assert said in one.message
    assert one.nearest == near


@pytest.mark.parametrize(
    ("url", "said", "near"),
    [
        ("-upload-pack=x", "'-'", None),
        ("--upload-pack=touch /tmp/x", "'-'", None),
        ("ext::sh -c id", "spaces", None),
        ("ext::sh%20-c", "spaces", None),
        ("fd::17", "run commands", None),
        ("::x", "run commands", None),
        ("https://user:pass@github.com/a/b", "credentials", None),
        ("https://tok3n@github.com/a/b", "credentials", None),
        ("http://github.com/a/b", "not encrypted", "https://github.com/a/b"),
        ("git://github.com/a/b", "protocol 'git'", None),
        ("htps://github.com/a/b", "protocol 'htps'", "https://github.com/a/b"),
        ("github.com/a/b", "no protocol", "https://github.com/a/b"),
        ("https://github.com/a", "organisation", None),
        ("https://github.com/a/b/tree/main", "page", "https://github.com/a/b"),
        ("https://gitlab.com/a/b/c/-/issues", "page", "https://gitlab.com/a/b/c"),
        ("https://github.com/a/b?tab=readme", "no '?'", "https://github.com/a/b"),
        ("https:///a/b", "no valid host", None),
        ("https://-x.eu/a/b", "no valid host", None),
        ("https://x.eu:99999/a", "not a URL", None),
        ("https://x.eu/a/../b", "names no repository", None),
        ("https://x.eu/%2e%2e/b", "names no repository", None),
        ("https://x.eu/a%0ab", "control", None),
        ("ssh://-oProxyCommand=x/a", "no valid host", None),
        ("ssh://-o@x.eu/a", "user name", None),
        ("ssh://git@x.eu/-a", "'-'", None),
        ("git@x.eu:-a", "'-'", None),
        ("/srv/git/a.git", "allow_local", None),
        ("../a", "allow_local", None),
        ("file:///srv/git/a", "allow_local", None),
        ("", "empty", None),
    ],
)  # fmt: skip
def test_a_hostile_or_mistaken_url_is_refused_where_it_stands(
    tmp_path: Path, url: str, said: str, near: str | None
) -> None:
    text = CITY + f"- {{id: one, repositories: [{{url: '{url}'}}]}}\n"
    found = problems(tmp_path, text)
    assert {(each.line, each.key) for each in found} == {(3, "projects[0].repositories[0].url")}
    assert any(said in each.message and each.nearest == near for each in found)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/city/one.git/",
        "https://GITHUB.com/City/One",
        "git@github.com:city/one",
        "ssh://git@github.com:22/city/one.git",
    ],
)
def test_a_repository_listed_twice_is_found_over_all_files(tmp_path: Path, url: str) -> None:
    other = f"ospo: {{id: town}}\nprojects:\n- id: two\n  repositories:\n  - url: {url}\n"
    one = only(problems(tmp_path, town=other))
    assert (one.file, one.line, one.column) == ("config/portfolios/town.yaml", 5, 10)
    assert "listed twice (first in config/portfolios/city.yaml:3)" in one.message


def test_ids_are_unique_over_all_files_even_where_one_is_switched_off(tmp_path: Path) -> None:
    other = (
        "enabled: false\nospo: {id: city, name: City}\nprojects:\n"
        "- {id: one, repositories: [{url: https://github.com/city/two}]}\n"
    )
    found = problems(tmp_path, CITY.replace("}", ", name: C}") + ONE, other=other)
    assert [(each.key, each.line) for each in found] == [("ospo.id", 2), ("projects[0].id", 4)]


def test_all_problems_of_all_files_are_told_at_once_and_in_order(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        CITY + "- {id: One, stag: beta, repositories: [{url: ext::a, main: true},"
        " {url: https://github.com/a/b, main: true}]}\n",
        settings="languag: en\ntimezone: Mars\n",
        town="ospo: {id: town\n",
        village="ospo: [\n",
    )
    assert [(each.file.rpartition("/")[2], each.key) for each in found] == [
        ("ospo-vitals.yaml", "languag"),
        ("ospo-vitals.yaml", "timezone"),
        ("city.yaml", "projects[0].id"),
        ("city.yaml", "projects[0].stag"),
        ("city.yaml", "projects[0].repositories[0].url"),
        ("city.yaml", "projects[0].repositories[1].main"),
        ("town.yaml", ""),
        ("village.yaml", ""),
    ] or {each.file for each in found} == {
        "config/ospo-vitals.yaml", "config/portfolios/city.yaml",
        "config/portfolios/town.yaml", "config/portfolios/village.yaml",
    }  # fmt: skip
    assert len(found) == 8


@pytest.mark.parametrize(
    "text",
    [
        "forges:\n- {host: a.eu, kind: git, token_env: ghp_0123456789abcdefghijABCDEFGHIJ012345}",
        "# glpat-AbCdEfGhIjKlMnOpQrSt\n",
        "forges:\n- {host: a.eu, kind: git, token_env: 0a1b2c3d4e5f60718293a4b5c6d7e8f9012345}",
        "database_url: postgresql://a/b#github_pat_11ABCDEFG0123456789abcdef",
    ],
)
def test_a_token_in_a_file_is_an_error_that_does_not_repeat_it(tmp_path: Path, text: str) -> None:
    one = only(problems(tmp_path, settings=text))
    assert "token" in one.message
    assert not any(secret in str(one) for secret in ("ghp_", "AbCdEf", "0a1b2c", "11ABC"))


def test_norway_is_a_country_and_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    assert problems(tmp_path, "ospo: {id: city, country: NO, language: no}\n") == ()
    (tmp_path / "config" / "portfolios" / "bad.yaml").write_bytes(b"ospo:\n  id: \xff\n")
    with pytest.raises(ConfigError, match=r"bad\.yaml:2:1: is not UTF-8"):
        config.load(tmp_path / "config", {})


def test_a_tab_and_a_repository_without_its_key_are_told_with_what_to_write(tmp_path: Path) -> None:
    tab = only(problems(tmp_path, "ospo: {id: city}\nprojects:\n\t- id: one\n"))
    assert (tab.line, tab.column) == (3, 1)
    assert "a tab stands here; YAML is indented with spaces" in tab.message
    bare = CITY + "- {id: one, repositories: ['https://github.com/city/one']}\n"
    assert "write {url: https://…}" in only(problems(tmp_path, bare)).message


def test_plain_http_needs_a_base_url_that_says_so(tmp_path: Path) -> None:
    text = CITY + "- {id: one, repositories: [{url: 'http://localhost:3000/a/b.git'}]}\n"
    assert "not encrypted" in only(problems(tmp_path, text)).message
    forge = "forges: [{host: 'localhost:3000', kind: git, base_url: 'http://localhost:3000'}]"
    assert problems(tmp_path, text, settings=forge) == ()
    (repository,) = config.load(tmp_path / "config", {}).repositories
    assert repository.url == "http://localhost:3000/a/b.git"  # no forge: .git is part of the path
    assert repository.key == "localhost:3000/a/b"


def test_paths_need_allow_local_and_start_where_config_stands(tmp_path: Path) -> None:
    text = CITY + "- {id: one, repositories: [{url: repos/a.git}, {url: 'file:///srv/b%20c'}]}\n"
    found = problems(tmp_path, text)
    assert len(found) == 2
    text = text.replace("%20", "-")
    assert problems(tmp_path, text, settings="allow_local: true") == ()
    urls = [each.url for each in config.load(tmp_path / "config", {}).repositories]
    assert urls == [str(tmp_path / "repos/a.git"), "/srv/b-c"]


def test_an_owner_that_is_not_listed_is_a_warning_with_the_nearest(tmp_path: Path) -> None:
    assert problems(tmp_path, in_project("owner: citty")) == ()
    report = config_report.check(tmp_path / "config", {})
    assert report.exit_code == 0
    assert "warning: config/portfolios/city.yaml:4:10: projects[0].owner:" in report.text
    assert "Did you mean 'city'?" in report.text


def test_no_configuration_says_init(tmp_path: Path) -> None:
    report = config_report.check(None, {"OSPO_VITALS_CONFIG": str(tmp_path)})
    assert report.exit_code == 2
    assert "ospo-vitals init" in report.text


def test_a_list_that_contains_itself_or_grows_without_end_is_refused() -> None:
    assert parse(Document("x", "a: &a [*a]")).problems
    bomb = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
    )
    assert parse(Document("x", bomb)).problems


def every_key() -> list[tuple[type, tuple[str | int, ...], str]]:
    """(model of the file, path of the mapping, key) of every key that may stand anywhere."""
    found: list[tuple[type, tuple[str | int, ...], str]] = []

    def walk(model: type, path: tuple[str | int, ...]) -> None:
        for key in keys_at(model, path):
            found.append((model, path, key))
            for below in ((), (0,), ("four_eyes", 0)):
                if keys_at(model, (*path, key, *below)):
                    walk(model, (*path, key, *below))
                    break

    walk(Settings, ())
    walk(Portfolio, ())
    return found


def test_every_key_of_the_files_is_known_to_the_misspelling_test() -> None:
    known = {key_path((*path, key)) for _, path, key in every_key()}
    assert {"forges[0].token_env", "projects[0].goals[0].metric", "ospo.archetype"} <= known
    assert "projects[0].thresholds.four_eyes[0].not_met" in known
    assert len(known) > 100


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), above=st.integers(0, 30))
def test_any_misspelt_key_is_told_with_its_line_and_the_right_key(
    data: st.DataObject, above: int
) -> None:
    from pydantic import ValidationError

    from collector.config import errors as config_errors

    model, path, key = data.draw(st.sampled_from(every_key()))
    at = data.draw(st.integers(0, len(key) - 1))
    wrong = data.draw(
        st.sampled_from([key[:at] + key[at + 1 :], key[:at] + key[at] + key[at:], key + "s",
                         key.capitalize(), key.replace("_", "-"), key[:at] + "x" + key[at + 1 :]])
    )  # fmt: skip
    siblings = keys_at(model, path)
    assume(wrong and wrong not in siblings and nearest(wrong, siblings) == key)
    text = "# a line\n" * above + _written(path, wrong)
    document = parse(Document("x.yaml", text))
    try:
        model.model_validate(document.data)
    except ValidationError as error:
        found = config_errors.problems(error, model, document)
    line = next(n for n, each in enumerate(text.splitlines(), 1) if f'"{wrong}"' in each)
    one = next(each for each in found if "unknown key" in each.message)
    assert (one.line, one.nearest, one.key) == (line, key, key_path((*path, wrong)))


def _written(path: tuple[str | int, ...], key: str) -> str:
    """YAML in which a key stands at a path."""
    text, pad = "", ""
    for part in path:
        if isinstance(part, int):
            text = text.rstrip("\n") + f"\n{pad}-\n"
        else:
            text += f"{pad}{part}:\n"
        pad += "  "
    return f'{text}{pad}"{key}": x\n'


@given(word=st.sampled_from(keys_at(Portfolio, ("projects", 0))), at=st.integers(0, 20))
def test_the_nearest_of_a_word_with_one_letter_less_is_mostly_itself(word: str, at: int) -> None:
    wrong = word[: at % len(word)] + word[at % len(word) + 1 :]
    assert nearest(wrong, [word, "zzzzzzzz"]) in (word, None)


def test_loading_needs_no_database_numbers_or_network_library() -> None:
    code = (
        "import sys; from collector.config import report as config_report;"
        "report = config_report.check(); assert report.exit_code == 0, report.text;"
        "heavy = {'numpy', 'sqlalchemy', 'streamlit', 'httpx', 'rich', 'typer', 'apscheduler'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
