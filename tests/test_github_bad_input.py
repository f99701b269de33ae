"""Bad input from GitHub: a sentence in ``status`` and on the Data page, the rest collected."""

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dashboard_app import open_page, text
from tests.forge import server
from tests.forge.reading import review, small
from tests.forge.server import Asked, Fault
from tests.forge.world import Json, Repository, issue, pull, said
from tests.whole import Whole, plain, whole_forge


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    with whole_forge(tmp_path) as found:
        plain(found, small(found.forge), Repository("city", "site", issues=[issue(1)]))
        yield found


def shown(whole: Whole, section: str = "sources") -> str:
    """What the Data page says."""
    url = f"sqlite:///{whole.folder / 'data' / 'vitals.db'}"
    return " ".join(text(open_page(url, "data", s=section)).split())


FORBIDDEN = server.json_fault(
    200, {"data": None, "errors": [{"type": "FORBIDDEN", "message": "Resource not accessible"}]}
)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (server.UNDER_SCOPED, "lets the token in FORGE_TOKEN not read this: give it the right"),
        (FORBIDDEN, "lets the token in FORGE_TOKEN not read this: give it the right"),
        (Fault(200, b'{"data": {"repository": {"iss'), "breaks off"),
        (server.HTML_PAGE, "a web page instead of data"),
    ],
    ids=["under-scoped", "forbidden by GraphQL", "truncated", "an HTML page"],
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
    assert sentence in shown(whole)
    assert (found["site"]["state"], found["site"]["records"]["issues"]) == ("ok", 1)


def test_a_private_repository_is_said_to_be_hidden_from_the_token(whole: Whole) -> None:
    whole.forge.world.repositories["city/app"].seen_by = "another-token"
    _, err = whole.run("collect", exit=1)
    assert "private to the token in use" in whole.status()["app"]["last_error"]
    assert "give the token access" in err
    assert "private to the token in use" in shown(whole)
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
    explained = " ".join(whole.run("explain", "site", "issues_opened")[0].split())
    assert "Items that could not be understood: 1 (issue 3)" in explained
    assert "understood" not in whole.run("explain", "site", "commits")[0]
    page = shown(whole, "quality")
    for note in found["notes"]:
        assert note.partition(". ")[0] in page
    site.issues[-1] |= {"createdAt": "2024-05-01T00:00:00Z", "updatedAt": "2024-05-02T00:00:00Z"}
    whole.run("collect", "--full")
    found = whole.status()["site"]
    assert found["records"]["issues"] == 4
    assert "understood" not in str(found["notes"])


def release(name: str, at: str) -> Json:
    return {
        "id": f"RE_{name}", "tagName": name, "createdAt": "2024-01-01T00:00:00Z",
        "publishedAt": at, "author": "alice", "isPrerelease": False, "isDraft": False,
        "updatedAt": "2024-01-01T00:00:00Z",
    }  # fmt: skip


def left_out(whole: Whole) -> list[str]:
    """What ``status`` says that could not be understood."""
    notes = whole.status()["site"]["notes"]
    return [each for each in notes if each.startswith("Items that could not be understood")]


@pytest.mark.parametrize("token", [True, False], ids=["a token", "no token"])
def test_whatever_has_no_date_is_left_out_alone_and_said_until_it_is_gone(
    whole: Whole, token: bool
) -> None:
    site = whole.forge.world.repositories["city/site"]
    odd = {**review(5, "2024-02-01"), "comments": [{"createdAt": "soon", "updatedAt": "soon"}]}
    site.issues += [issue(3, createdAt="yesterday")]
    site.pulls += [pull(5, reviews=[odd]), pull(6)]
    site.releases += [release("v1", "never"), release("v2", "2024-02-01T00:00:00Z")]
    if not token:
        whole.token = None
    whole.run("collect")
    found = whole.status()["site"]
    records = {k: found["records"][k] for k in ("issues", "change_requests", "releases")}
    assert (found["state"], records) == (
        "ok", {"issues": 1, "change_requests": 2, "releases": 1}
    )  # fmt: skip
    (note,) = left_out(whole)
    reviewed = ["review of change request 5"] if token else []
    assert all(name in note for name in ["issue 3", "release v1", *reviewed])
    del site.issues[1], site.pulls[0], site.releases[0]
    site.pulls[0]["updatedAt"] = "2024-08-01T00:00:00Z"
    whole.run("collect")
    if not token:  # without one nothing tells that an item is gone: it is asked for
        whole.run("collect", "--full")
    assert not [each for each in left_out(whole) if token or "release" in each]


def test_a_wrong_token_is_said_on_the_data_page_and_when_a_known_end_has_passed_that(
    whole: Whole,
) -> None:
    soon = time.gmtime(time.time() + 86_400)  # noqa: TID251
    whole.forge.headers["GitHub-Authentication-Token-Expiration"] = time.strftime(
        "%Y-%m-%d %H:%M:%S UTC", soon
    )
    whole.run("collect")
    ends = f"FORGE_TOKEN: the token ends on {time.strftime('%Y-%m-%d', soon)}. Make a new one"
    assert ends in " ".join(whole.run("status")[0].split())
    assert "the token itself" in shown(whole, "passes")
    whole.token = "wrong"
    whole.run("collect", exit=1)
    wrong = "does not accept the token in FORGE_TOKEN: it is mistyped, expired or revoked."
    assert wrong in whole.status()["app"]["last_error"]
    assert wrong in shown(whole)
    with sqlite3.connect(whole.folder / "data" / "vitals.db") as database:
        database.execute("UPDATE budgets SET resets_at = 1700000000 WHERE resource = 'validity'")
    whole.run("collect", exit=1)
    expired = "it expired at 2023-11-14 22:13 UTC. Make a new one and set it again."
    assert expired in whole.status()["site"]["last_error"]
    assert whole.status()["app"]["records"]["issues"] == 15  # what was read stays
    whole.forge.headers.clear()
    whole.token = server.TOKEN
    whole.run("collect")
    assert "the token end" not in whole.run("status")[0]  # the new one has no end


def test_an_unknown_organisation_is_said_and_the_rest_collected(whole: Whole) -> None:
    place = whole.folder / "config" / "portfolios" / "all.yaml"
    looking = f"discover: [{{url: '{whole.base}/nobody'}}, {{url: '{whole.base}/city'}}]\n"
    place.write_text(place.read_text() + looking)
    whole.forge.world.add(Repository("city", "third"))
    whole.run("collect", exit=1)
    said = "knows no organisation or user 'nobody': correct the address under discover:."
    out, _ = whole.run("status", exit=1)
    assert said in " ".join(out.split())
    assert said in shown(whole)
    assert "copies or by configuration: 1." in out  # what the other one has was found
    assert {row["state"] for row in whole.status().values()} == {"ok"}


def test_what_a_pass_cost_and_what_is_left_stands_on_the_data_page(whole: Whole) -> None:
    whole.run("collect")
    page = shown(whole, "passes")
    left = f"{whole.forge.points_left:,} of 5,000"
    assert "What hosts still allow" in page
    assert left in page
    assert " points, " in page
    assert "Next pass" in page


def test_whom_retention_has_forgotten_is_no_account_that_vanished(whole: Whole) -> None:
    site = whole.forge.world.repositories["city/site"]
    whole.configure("city/site", settings="privacy: {retention_months: 12}\n")
    site.issues[0]["comments"] = [said("bob", "2024-03-01T00:00:00Z")]
    whole.run("collect")
    recent = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() - 86_400))  # noqa: TID251
    site.issues += [issue(2, author=None, createdAt=recent, updatedAt=recent)]
    whole.run("collect")
    notes = whole.status()["site"]["notes"]
    ghosts = [each.partition(". ")[0] for each in notes if "no longer exist" in each]
    assert ghosts == ["Items and answers of accounts that no longer exist: 1"]


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
