"""What a publiccode.yml says, and what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.publiccode import read_publiccode, same_repository

GOOD = """
publiccodeYmlVersion: "0.4"
name: Medusa
url: https://example.org/city/medusa.git
platforms: [web]
categories: [it-development]
developmentStatus: stable
softwareType: standalone/web
softwareVersion: 1.2.0
releaseDate: 2026-01-14
usedBy: [City of A, City of B]
isBasedOn: https://example.org/other/base
description: {en: {shortDescription: short, longDescription: long, features: [x]}}
legal: {license: EUPL-1.2}
maintenance:
  type: contract
  contractors: [{name: Some Company, until: 2027-03-31, email: a@b.c}]
  contacts: [{name: Somebody, email: somebody@example.org}]
localisation: {localisationReady: false, availableLanguages: [en]}
"""
URL = "https://example.org/city/medusa"


def problems(text: str, url: str = URL) -> tuple[str, ...]:
    return read_publiccode(text.encode(), url).problems


def test_a_good_file_has_no_problem_and_gives_what_metrics_use() -> None:
    read = read_publiccode(GOOD.encode(), URL)
    assert read.problems == ()
    assert read.data is not None
    assert read.data["contractors"] == [{"name": "Some Company", "until": "2027-03-31"}]
    assert (read.data["release_date"], read.data["license"]) == ("2026-01-14", "EUPL-1.2")
    assert (read.data["used_by"], read.data["contacts"]) == (["City of A", "City of B"], 1)
    assert read.data["based_on"] == ["https://example.org/other/base"]


def test_no_person_s_name_or_address_is_kept() -> None:
    read = read_publiccode(GOOD.encode(), URL)
    assert "omebody" not in str(read.data)
    assert "@" not in str(read.data)


def test_a_mail_in_a_field_that_is_kept_is_not() -> None:
    text = GOOD.replace("City of B", "it@city.sk").replace("Some Company", "We <we@firma.sk>")
    read = read_publiccode(
        text.replace("https://ex", "https://me:key@ex").encode(), "https://a.b/c"
    )
    assert "@" not in repr(read)
    assert "key" not in repr(read)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("name: Medusa\n", "", "name is missing."),
        ("  type: contract\n", "", "maintenance.type is missing."),
        ("until: 2027-03-31, ", "", "maintenance.contractors: until is missing."),
        ("until: 2027-03-31", "until: soon", "maintenance.contractors: until is not a date."),
        ("stable", "done", "developmentStatus: 'done' is none of"),
        ("EUPL-1.2", "my own", "legal.license: 'my own' is not an SPDX expression."),
        ("city/medusa", "city/else", "url names another repository"),
        ('"0.4"', '"7"', "publiccodeYmlVersion 7 is not a version"),
        ("type: contract", "type: internal\n  x: y", ""),
        ("legal:", "legal: {", "It is not valid YAML in line"),
    ],
)
def test_each_problem_is_said(old: str, new: str, said: str) -> None:
    found = problems(GOOD.replace(old, new))
    assert any(said in problem for problem in found) if said else not found


def test_older_versions_ask_for_more() -> None:
    bare = GOOD.replace("releaseDate: 2026-01-14\n", "").replace("categories: [it-dev", "x: [d")
    said = {
        version: problems(bare.replace('"0.4"', f'"{version}"'))
        for version in ("0.2", "0.2.1", "0.3", "0.4", "0.4.0", "0.5.0", "0")
    }
    both = ("releaseDate is missing.", "categories is missing.")
    assert [len(each) for each in said.values()] == [2, 2, 2, 1, 1, 0, 0]
    assert (said["0.3"], said["0.4"]) == (both, both[1:])


def test_what_is_long_need_not_be_written_in_every_language() -> None:
    assert (
        problems(GOOD.replace("features: [x]}}", "features: []}, sk: {shortDescription: s}}")) == ()
    )
    without = GOOD.replace("longDescription: long, features: [x]", "x: y")
    assert problems(without) == (
        "description: longDescription is missing in every language.",
        "description: features is missing in every language.",
    )
    assert problems(GOOD.replace("shortDescription: short,", "")) == (
        "description.en.shortDescription is missing.",
    )


@pytest.mark.parametrize(
    "hostile",
    [
        b"x" * 600_000,
        b"[" * 50_000,
        b"a: &a [x]\n" + b"".join(b"b%d: [*a, *a]\n" % i for i in range(40)),
        b"!!python/object/apply:os.system ['true']",
        b"a: 1\na: 2",
        b"\xff\xfe\x00",
        b"- just\n- a list",
        b"a: 2026-99-99",
        b"? {a: b}\n: c",
        b"",
    ],
)
def test_a_hostile_file_is_a_problem_and_never_an_error(hostile: bytes) -> None:
    assert read_publiccode(hostile, URL).problems


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_an_error(content: bytes) -> None:
    assert read_publiccode(content, URL).problems


@given(
    st.dictionaries(
        st.sampled_from(["name", "url", "legal", "maintenance", "description", "usedBy"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["type", "license", "contractors"]), inner)
            ),
            max_leaves=6,
        ),
    )
)
def test_any_shape_is_read_without_an_error(shape: dict[str, object]) -> None:
    import json

    assert read_publiccode(json.dumps(shape).encode(), URL).problems


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://github.com/A/B.git", "https://github.com/a/b/", True),
        ("git@github.com:a/b.git", "https://github.com/a/b", True),
        ("https://gitlab.com/a/b", "https://github.com/a/b", False),
        ("https://github.com/a/b", "/srv/git/b.git", None),
        ("https://[bad", "https://github.com/a/b", None),
    ],
)
def test_one_repository_has_many_addresses(one: str, other: str, same: bool | None) -> None:
    assert same_repository(one, other) is same
