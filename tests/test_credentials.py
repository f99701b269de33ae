"""One credential per organisation, through the command line: each repository with its own."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forge.server import RATE_LIMITED_AS_200, Asked, Fault
from tests.forge.world import Repository, issue
from tests.whole import Whole, whole_forge

KEY = "CITY_APP_KEY"


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    with whole_forge(tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def private_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    return made.private_bytes(*pem, serialization.NoEncryption()).decode()


def three_owners(whole: Whole) -> None:
    """A repository for all to see, and one each that only its organisation's token sees."""
    for owner, name, sees in (
        ("city", "app", "city-"), ("region", "site", "app-token"), ("land", "open", None)
    ):  # fmt: skip
        found = Repository(owner, name, seen_by=sees, issues=[issue(1, id=f"I_{owner}")])
        whole.forge.world.add(found)
        whole.git_of(found.full_name)
    credentials = (
        "[{owner: city, token_env: CITY_TOKEN},"
        f" {{owner: region, app: {{id: 17, private_key_env: {KEY}}}}}]"
    )
    whole.configure("city/app", "region/site", "land/open", forge=f", credentials: {credentials}")
    whole.forge.tokens.add("city-token")
    whole.variables = {"CITY_TOKEN": "city-token"}


def git_tokens(whole: Whole) -> dict[str, str]:
    """Which token did git show for each owner?"""
    found = {}
    for asked, shown in zip(whole.git.requests, whole.git.authorizations, strict=True):
        pair = base64.b64decode((shown or "").removeprefix("Basic ")).decode()
        found[asked.split("/")[1]] = pair.partition(":")[2]
    return found


def test_each_owners_repositories_and_their_git_are_read_with_its_own_credential(
    whole: Whole, private_key: str
) -> None:
    three_owners(whole)
    whole.variables[KEY] = private_key
    _, err = whole.run("collect")
    assert {n: row["records"]["issues"] for n, row in whole.status().items()} == {
        "app": 1, "site": 1, "open": 1
    }  # fmt: skip
    shown = git_tokens(whole)
    assert (shown["city"], shown["land"]) == ("city-token", whole.token)
    assert shown["region"].startswith("app-token-")
    for secret in ("city-token", "app-token-", private_key[40:80]):
        assert secret not in err
    assert {name for name, _ in whole.budgets()} == {
        f"{whole.host} · {name}" for name in ("CITY_TOKEN", "FORGE_TOKEN", "the GitHub App 17")
    }
    assert whole.secrets_stored("city-token", "app-token-", "PRIVATE KEY") == []


def test_a_limit_on_one_credential_lets_the_others_go_on(whole: Whole, private_key: str) -> None:
    three_owners(whole)
    whole.variables[KEY] = private_key

    def limited(asked: Asked) -> Fault | None:
        return RATE_LIMITED_AS_200 if "city-token" in asked.headers["authorization"] else None

    whole.forge.fault = limited
    _, err = whole.run("collect", exit=4)
    states = {name: row["state"] for name, row in whole.status().items()}
    assert states == {"app": "limited", "site": "ok", "open": "ok"}
    assert "goes on" in err


def test_an_app_without_its_key_is_a_sentence_and_the_rest_is_collected(whole: Whole) -> None:
    three_owners(whole)
    _, err = whole.run("collect", exit=1)
    found = whole.status()
    assert "GitHub App 17" in found["site"]["last_error"]
    assert f"is not in {KEY}" in err
    assert found["site"]["records"]["commits"] == 1
    assert {found[name]["state"] for name in ("app", "open")} == {"ok"}
    out, _ = whole.run("doctor", exit=1)
    assert "key of the GitHub App 17" in out
    assert "CITY_TOKEN is set" in out
