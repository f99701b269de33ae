"""Credentials in configuration: one per host, one per owner, a token or a GitHub App each."""

from pathlib import Path

import pytest

from collector import config
from collector.problem import ConfigError

SETTINGS = """\
forges:
  - host: github.com
    kind: github
    token_env: GITHUB_TOKEN
    credentials:
      - {owner: City, token_env: CITY_TOKEN}
      - owner: region
        app: {id: 123456, installation: "77", private_key_file: keys/region.pem}
  - host: git.example.eu
    kind: gitlab
    credentials:
      - {owner: group, token_env: GROUP_TOKEN}
      - {owner: group/sub, token_env: SUB_TOKEN}
"""
ENVIRONMENT = {"GITHUB_TOKEN": "t0", "CITY_TOKEN": "t1", "GROUP_TOKEN": "t2", "SUB_TOKEN": "t3"}
KEY = "a private key, let us say"


def loaded(folder: Path, settings: str = SETTINGS) -> config.Config:
    (folder / "config" / "portfolios").mkdir(parents=True)
    (folder / "config" / "ospo-vitals.yaml").write_text(settings, "utf-8")
    return config.load(folder / "config", ENVIRONMENT)


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("https://github.com/city/app", "t1"),
        ("https://github.com/CITY/app.git", "t1"),
        ("git@github.com:city/app.git", "t1"),
        ("https://github.com/city", "t1"),
        ("https://github.com/city-of-x/app", "t0"),
        ("https://github.com/else/city", "t0"),
        ("https://git.example.eu/group/app", "t2"),
        ("https://git.example.eu/group/sub/app", "t3"),
        ("https://git.example.eu/group/sub/deeper/app", "t3"),
        ("https://git.example.eu/group/submarine", "t2"),
    ],
)
def test_a_repository_is_read_with_the_credential_of_its_owner(
    tmp_path: Path, url: str, token: str
) -> None:
    host = "github.com" if "github" in url else "git.example.eu"
    forge = loaded(tmp_path).forge(host)
    assert forge
    assert forge.of(url).token == token


def test_an_app_takes_its_key_from_its_file_and_replaces_the_token(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "region.pem").write_text(KEY)
    (tmp_path / "keys" / "region.pem").chmod(0o600)
    found = loaded(tmp_path)
    assert not found.warnings
    forge = found.forge("github.com")
    assert forge
    own = forge.of("https://github.com/region/app")
    assert own.app
    assert (own.token, own.app.id, own.app.installation) == (None, "123456", "77")
    assert own.app.private_key == KEY
    assert KEY not in repr(found)
    assert own == forge.of("https://github.com/region/another")


def test_a_key_that_is_missing_or_open_to_others_is_a_warning(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    assert ["no such file here yet" in str(each) for each in found.warnings] == [True]
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "region.pem").write_text(KEY)
    (tmp_path / "keys" / "region.pem").chmod(0o644)
    again = config.load(tmp_path / "config", ENVIRONMENT)
    assert ["chmod 600 keys/region.pem" in str(each) for each in again.warnings] == [True]


def of_github(words: str) -> str:
    return f"forges: [{{host: github.com, kind: github, {words}}}]"


KEY_ENV = "private_key_env: A_KEY"


@pytest.mark.parametrize(
    ("settings", "key", "said"),
    [
        (of_github("credentials: [{owner: city}]"), "credentials[0]", "either `token_env` or"),
        (of_github(f"token_env: A_TOKEN, app: {{id: 1, {KEY_ENV}}}"), "app", "and not both"),
        (of_github("app: {id: 1}"), "app", "either `private_key_env` or"),
        (of_github(f"app: {{id: 1, {KEY_ENV}, private_key_file: a.pem}}"), "app", "not both"),
        (
            of_github("credentials: [{owner: a, token_env: A_T}, {owner: A, token_env: B_T}]"),
            "credentials[1].owner",
            "used twice",
        ),
        (
            of_github("credentials: [{owner: 'https://github.com/city', token_env: A_T}]"),
            "credentials[0].owner",
            "before its name",
        ),
        (
            f"forges: [{{host: a.eu, kind: gitlab, app: {{id: 1, {KEY_ENV}}}}}]",
            "app",
            "only a host of kind `github`",
        ),
        (of_github("app: {id: 1, private_key: abc}"), "app.private_key", "unknown key"),
        (
            of_github("app: {id: 1, private_key_env: '-----BEGIN RSA PRIVATE KEY-----'}"),
            "",
            "must not stand in a file",
        ),
        (of_github("credentials: [{owner: a, token: x}]"), "token", "unknown key"),
    ],
)
def test_each_fault_of_a_credential_is_told_with_its_place(
    tmp_path: Path, settings: str, key: str, said: str
) -> None:
    with pytest.raises(ConfigError) as failed:
        loaded(tmp_path, settings)
    assert any(
        each.key.endswith(key) and said in str(each) and each.line for each in failed.value.problems
    ), str(failed.value)
