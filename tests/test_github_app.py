"""GitHub App credentials: a key that signs, a token that lasts an hour."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from collector import clock
from collector.config.values import AppConfig, ForgeConfig
from collector.forge import AccessDenied
from collector.forges.github import GitHub
from tests.forge.reading import small, url
from tests.forge.server import TestForge


@pytest.fixture(scope="module")
def key() -> str:
    """A private key of our own."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    return made.private_bytes(*pem, serialization.NoEncryption()).decode()


def reader(forge: TestForge, key: str | None) -> GitHub:
    app = AppConfig("17", "CITY_APP_KEY", key)
    return GitHub(ForgeConfig("github.com", "github", forge.base, app=app))


def test_an_app_reads_with_a_token_of_its_installation(github_forge: TestForge, key: str) -> None:
    small(github_forge)
    here = reader(github_forge, key)
    for _ in range(3):
        assert next(here.heartbeat([url("city/app")])).error is None
    assert len(github_forge.requests) == 2 + 3  # the installation and its token once
    assert here.cost("").requests == 3


def test_a_token_is_renewed_before_it_ends(github_forge: TestForge, key: str) -> None:
    small(github_forge)
    github_forge.app_token_until = clock.now() + 60
    here = reader(github_forge, key)
    for _ in range(2):
        assert next(here.heartbeat([url("city/app")])).error is None
    used = {asked.headers["authorization"] for asked in github_forge.requests if asked.points}
    assert len(used) == 2


def test_a_key_that_is_none_and_an_installation_in_doubt_are_said(
    github_forge: TestForge, key: str
) -> None:
    with pytest.raises(AccessDenied, match=r"GitHub App 17 .* CITY_APP_KEY, .* whole PEM file"):
        list(reader(github_forge, "no key").heartbeat([url("city/app")]))
    with pytest.raises(AccessDenied, match="is not in CITY_APP_KEY: put the PEM file there"):
        list(reader(github_forge, None).heartbeat([url("city/app")]))
    github_forge.installations = 2
    with pytest.raises(AccessDenied, match="is installed more than once: name the"):
        list(reader(github_forge, key).heartbeat([url("city/app")]))
