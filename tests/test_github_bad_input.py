"""Bad input from GitHub through the command line: a sentence in ``status``, the rest collected."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forge import server
from tests.forge.reading import small
from tests.forge.server import Asked, Fault
from tests.forge.world import Repository, issue, pull, said
from tests.whole import Whole, plain, whole_forge


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    with whole_forge(tmp_path) as found:
        plain(found, small(found.forge), Repository("city", "site", issues=[issue(1)]))
        yield found


FORBIDDEN = server.json_fault(
    200, {"data": None, "errors": [{"type": "FORBIDDEN", "message": "Resource not accessible"}]}
)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (server.UNDER_SCOPED, "lets the token in FORGE_TOKEN not read this: give it the right"),
        (FORBIDDEN, "lets the token in FORGE_TOKEN not read this: give it the right"),
        (Fault(200, b'{"data": {"repository": {"iss'), "breaks off"),
    ],
    ids=["under-scoped", "forbidden by GraphQL", "truncated"],
)
def test_what_one_repository_is_refused_is_said_and_the_other_is_collected(
    whole: Whole, fault: Fault, sentence: str
) -> None:
    def broken(asked: Asked) -> Fault | None:
        variables = (asked.body or {}).get("variables", {})
        return fault if variables.get("name") == "app" else None

    whole.forge.fault = broken
    whole.run("collect", exit=1)
    found = whole.status()
    assert found["app"]["state"] == "failed"
    assert sentence in found["app"]["last_error"]
    assert (found["site"]["state"], found["site"]["records"]["issues"]) == ("ok", 1)


def test_a_private_repository_is_said_to_be_hidden_from_the_token(whole: Whole) -> None:
    whole.forge.world.repositories["city/app"].seen_by = "another-token"
    _, err = whole.run("collect", exit=1)
    assert "private to the token in use" in whole.status()["app"]["last_error"]
    assert "give the token access" in err
    assert whole.status()["site"]["state"] == "ok"


def test_ghosts_gaps_and_dates_in_the_future_are_collected_like_the_rest(whole: Whole) -> None:
    site = whole.forge.world.repositories["city/site"]
    ghost = said(None, "2024-03-01T00:00:00Z")
    site.issues += [
        issue(90_001, author=None, comments=[ghost]),
        issue(7, createdAt="2099-01-01T00:00:00Z", updatedAt="2099-01-01T00:00:00Z"),
    ]
    site.pulls.append(pull(500, author=None))
    whole.run("collect")
    found = whole.status()["site"]
    assert found["state"] == "ok"
    assert found["records"]["issues"] == found["forge_totals"]["issues"] == 3
    assert found["records"]["change_requests"] == 1


def test_what_is_odd_in_the_records_is_said_and_one_that_is_none_is_left_out_alone(
    whole: Whole,
) -> None:
    site = whole.forge.world.repositories["city/site"]
    site.issues += [
        issue(9, author=None, comments=[said(None, "2024-03-01T00:00:00Z")]),
        issue(7, createdAt="2099-01-01T00:00:00Z", updatedAt="2099-01-01T00:00:00Z"),
        issue(3, createdAt="yesterday"),
    ]
    whole.run("collect")
    found = whole.status()["site"]
    assert (found["state"], found["records"]["issues"]) == ("ok", 3)
    assert [note.partition(". ")[0] for note in found["notes"]] == [
        "Items that could not be understood: 1 (issue 3)",
        "Items and answers of accounts that no longer exist: 2",
        "Items and answers dated in the future: 1",
        "Numbers between the first and the newest item that the forge shows nothing for: 5",
    ]
    assert "1 (issue 3)" in " ".join(whole.run("status")[0].split())
    site.issues[-1] |= {"createdAt": "2024-05-01T00:00:00Z", "updatedAt": "2024-05-02T00:00:00Z"}
    whole.run("collect", "--full")
    found = whole.status()["site"]
    assert found["records"]["issues"] == 4
    assert "understood" not in str(found["notes"])


def test_a_budget_that_is_used_up_is_not_asked_in_vain_by_the_next_pass(whole: Whole) -> None:
    whole.forge.points_left = 300
    whole.run("collect", exit=4)
    before = len(whole.forge.requests)
    _, err = whole.run("collect", exit=4)
    assert len(whole.forge.requests) == before
    assert "goes on" in err
    assert whole.status()["site"]["state"] == "limited"
    out, _ = whole.run("status", "--format", "json", exit=1)
    (budget,) = json.loads(out)["budgets"]
    assert budget["remaining"] <= 300
    assert budget["resets_at"] is not None
