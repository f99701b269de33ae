"""Configuration files that are anything but configuration: always a sentence, never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from collector import config, portfolio
from collector.config.report import check
from collector.problem import ConfigError

SETTINGS = """
database_url: sqlite:///data/vitals.db
data_dir: data
allow_local: true
language: en
timezone: Europe/Bratislava
access: local
forges:
  - {host: code.europa.eu, kind: gitlab, token_env: CODE_EUROPA_TOKEN}
  - {host: 'ghe.example.eu:8443', kind: github, base_url: 'https://ghe.example.eu:8443'}
schedule: {collect: "0 3 * * *", report: "0 6 1 * *"}
privacy: {identities: pseudonymous, retention_months: 24}
bots: ["city-bot", "*-deploy"]
identities:
  - name: maintainer-1
    accounts: [login1, "a@example.sk"]
    organisations: [{id: city, from: 2021-03-01}]
organisations:
  - {id: city, name: City, kind: public-body, domains: [city.sk]}
  - {id: some-company, name: Some Company, kind: supplier, teams: [login7, login8]}
thresholds: {regular_committers: {met: 3, not_met: 1}}
"""
PORTFOLIO = """
ospo: {id: all, name: All, archetype: association, country: CZ, language: cs, members: [A, B]}
projects:
  - id: one
    name: One
    kind: software
    relation: hosted
    stage: production
    rhythm: seasonal
    season: ["01-15/05-31"]
    next_needed: 2027-01-01
    delivery: releases
    criticality: 7
    owner: city
    maintainers: [login1]
    users: [{name: Praha 7, since: 2019-05-01, version: "2.4", confirmed: 2026-02-01}]
    service: https://one.example
    contracts: [{supplier: some-company, from: 2024-04-01, until: 2027-03-31}]
    funding: [{source: members, kind: member-fees, amount: 20000 EUR, from: 2026-01-01}]
    goals: [{metric: first_answer_wait, target: 72, by: 2027-06-30, agreed_with: group}]
    decisions: [{date: 2026-11-02, about: regular_committers, decision: fund, text: tender}]
    thresholds: {regular_committers: {met: 3, not_met: 1}}
    issues: {url: https://jira.example.cz/CV, kind: jira}
    repositories:
      - {url: https://github.com/city/one, main: true}
      - {url: https://gitlab.com/x/y, release_tag_pattern: '^app-v\\d+$', upstream: https://github.com/z/y}
discover:
  - {url: https://github.com/city, ignore: [{match: "*.github.io", why: web pages}]}
  - {catalogue: developers-italia, publisher: some-id, as: projects}
"""

JUNK = st.one_of(
    st.sampled_from(
        (
            *("", "~", "null", "true", "no", "-1", "0", "1e999", ".nan", "9" * 400, "0x_", "1:30"),
            *("[]", "{}", "[[]]", "[~]", "{a: b}", "{~: ~}", "[{}]", "? x", "- x", "*x", "&x y"),
            *("!!binary aGk=", "!!set {a}", "!x y", "'", '"', '"\\ud800"', '"\\0"', "|", ">-", "%"),
            *("2026-13-40", "0000-00-00", "9999-12-31", "2026-01-01T00:00:00Z", "99999-01-01"),
            *("--upload-pack=x", "ext::sh -c id", "file:///etc/passwd", "https://a:b@c/d"),
            *("ssh://-oProxyCommand=x/y", "git@-x:y", "https://[::1/x", "https:/x", "C:\\x", "/"),
            *("../../x", "http://169.254.169.254/x", "https://github.com/" + "a" * 3000, "#", "\t"),
            *("čaj", "А", "\u202eabc", "a\u0000b", "\ufeff", "\U0001f600", "(a+)+$", "[a-", "(?P<"),
        )
    ),
    st.text(max_size=12),
    st.integers().map(str),
)


BRIEF = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(folder: Path, settings: bytes, one: bytes) -> Path:
    where = folder / "config"
    (where / "portfolios").mkdir(parents=True, exist_ok=True)
    (where / "ospo-vitals.yaml").write_bytes(settings)
    (where / "portfolios" / "one.yaml").write_bytes(one)
    return where


def told(where: Path) -> str:
    """What ``check`` says; what it calls valid can also be registered."""
    said = check(where, {})
    assert said.exit_code in (0, 2)
    assert 0 < len(said.text) < 200_000
    assert all(c.isprintable() or c == "\n" for c in said.text)  # nothing steers a terminal
    if said.exit_code == 2:
        with pytest.raises(ConfigError):
            config.load(where, {})
        return said.text
    loaded = config.load(where, {})
    assert len(portfolio.digests(loaded, portfolio.checklists(loaded))) == len(loaded.projects)
    assert portfolio.thresholds(loaded).keys() >= {each.id for each in loaded.projects}
    return said.text


def spots(text: str) -> list[tuple[int, int]]:
    """Where the words of a text stand: what somebody could write wrongly."""
    import re

    return [match.span() for match in re.finditer(r"[^\s\[\]{},:]+", text)]


@BRIEF
@given(data=st.data(), junk=st.lists(JUNK, min_size=1, max_size=2), of=st.booleans())
def test_whatever_stands_in_place_of_a_word_is_told_and_crashes_nothing(
    tmp_path: Path, data: st.DataObject, junk: list[str], of: bool
) -> None:
    text = SETTINGS if of else PORTFOLIO
    for piece in junk:
        at, end = data.draw(st.sampled_from(spots(text)))
        text = text[:at] + piece + text[end:]
    changed = text.encode("utf-8", "surrogatepass")
    both = (changed, PORTFOLIO.encode()) if of else (SETTINGS.encode(), changed)
    told(write(tmp_path, *both))


@BRIEF
@given(data=st.data(), of=st.booleans())
def test_a_file_with_a_piece_missing_twice_or_elsewhere_crashes_nothing(
    tmp_path: Path, data: st.DataObject, of: bool
) -> None:
    text = SETTINGS if of else PORTFOLIO
    at, end, to = sorted(data.draw(st.integers(0, len(text))) for _ in range(3))
    moved = data.draw(
        st.sampled_from(
            (text[:at] + text[end:], text[:end] + text[at:], text[:at] + text[end:to] + text[at:])
        )
    )
    both = (moved, PORTFOLIO) if of else (SETTINGS, moved)
    told(write(tmp_path, *(each.encode() for each in both)))


@BRIEF
@given(first=st.binary(max_size=60), second=st.binary(max_size=60))
@example("a: b".encode("utf-16"), "ospo: {id: a}".encode("utf-16-le"))
@example(b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf")
@example(b"[" * 60, b"{a: " * 15)
def test_bytes_of_any_sort_are_told_and_crash_nothing(
    tmp_path: Path, first: bytes, second: bytes
) -> None:
    told(write(tmp_path, first, second))


def test_the_samples_that_are_spoilt_here_are_valid(tmp_path: Path) -> None:
    said = told(write(tmp_path, SETTINGS.encode(), PORTFOLIO.encode()))
    assert "is valid: 1 OSPO, 1 project, 2 repositories" in said


@pytest.mark.parametrize(
    "spoil", [lambda t: b"\xef\xbb\xbf" + t, lambda t: t.replace(b"\n", b"\r\n")]
)
def test_a_byte_order_mark_and_the_line_ends_of_windows_are_no_fault(
    tmp_path: Path, spoil: object
) -> None:
    assert callable(spoil)
    said = told(write(tmp_path, spoil(SETTINGS.encode()), spoil(PORTFOLIO.encode())))
    assert "is valid" in said


SECRET = "ghp_abcdefghijklmnopqrstuvwxyz0123"


def test_a_secret_hides_no_other_fault_and_is_repeated_by_none(tmp_path: Path) -> None:
    text = f"ospo: {{id: {SECRET}}}\nprojects:\n- {{id: one, stge: {SECRET}, kind: {SECRET}}}\n"
    said = told(write(tmp_path, b"", text.encode()))
    assert SECRET not in said
    assert said.count("this looks like a token or key") == 2  # once a line
    for place in ("1:", "3:", "stge: unknown key 'stge'", "repositories"):
        assert place in said


def test_a_private_key_in_a_file_is_not_repeated_line_by_line(tmp_path: Path) -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\n    MIIEabc\n    -----END RSA PRIVATE KEY-----"
    text = f"ospo:\n  id: city\n  country: |\n    {key}\n  nme: x\n"
    said = told(write(tmp_path, b"", text.encode()))
    assert "MIIEabc" not in said
    assert "nme" in said


def test_thousands_of_faults_are_told_with_their_number_not_one_by_one(tmp_path: Path) -> None:
    rows = "".join(f"- {{id: a{i}, nmae: x}}\n" for i in range(400))
    said = told(write(tmp_path, b"", f"ospo: {{id: a}}\nprojects:\n{rows}".encode()))
    assert "… and 600 more.\n800 problems" in said


def test_an_address_with_one_slash_is_no_host_named_https(tmp_path: Path) -> None:
    text = PORTFOLIO.replace("https://github.com/city/one,", "https:/github.com/city/one,")
    said = told(write(tmp_path, SETTINGS.encode(), text.encode()))
    assert "Did you mean 'https://github.com/city/one'?" in said
