"""A city's own GitHub: Enterprise Server behind its proxy, with a certificate of its own CA."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from collector.config.values import ForgeConfig
from collector.forge import ForgeError, Unavailable
from collector.forges.github import GitHub
from tests.forge.reading import small
from tests.tls import LAST, Authority, Proxy, proxy_to
from tests.whole import Whole, plain, whole_forge

NAME = "ghe.city.example"


def behind(whole: Whole, proxy: Proxy, by: str, ca: str = "city.pem") -> None:
    """Configure one repository: the proxy by its key or by the usual variables."""
    plain(whole, small(whole.forge))
    key = f", proxy: '{proxy.url}'" if by == "key" else ""
    whole.variables = {} if by == "key" else {"https_proxy": proxy.url, "no_proxy": ""}
    whole.configure("city/app", forge=f"{key}, ca_bundle: {ca}")


@pytest.mark.parametrize("by", ["key", "variable"])
@pytest.mark.parametrize("with_limits", [True, False], ids=["limits", "no limits"])
def test_api_and_git_of_an_enterprise_server_go_through_the_proxy_with_the_citys_certificates(
    tmp_path: Path, by: str, with_limits: bool
) -> None:
    authority = Authority(tmp_path)
    with (
        whole_forge(tmp_path, name=NAME, tls=authority.server(NAME)) as whole,
        proxy_to(whole.git.port) as proxy,
    ):
        whole.forge.with_limits = with_limits
        behind(whole, proxy, by)
        whole.run("collect")
        found = whole.status()["app"]
        assert (found["state"], found["records"]["issues"]) == ("ok", 15)
        assert found["records"]["commits"] == 1
        assert set(proxy.asked) == {f"{NAME}:443"}
        paths = {asked.path for asked in whole.forge.requests}
        assert paths == {"/api/graphql"}
        assert whole.git.requests
        assert bool(whole.budgets()) is with_limits


def reader(whole: Whole, proxy: Proxy, ca: Path | None) -> GitHub:
    config = ForgeConfig(NAME, "github", whole.base, "T", "t", ca_bundle=ca, proxy=proxy.url)
    return GitHub(config)


@pytest.mark.parametrize("wrong", ["not trusted", "another name", "expired"])
def test_a_certificate_that_cannot_be_trusted_is_said_of_api_and_git(
    tmp_path: Path, wrong: str
) -> None:
    authority = Authority(tmp_path)
    shown = "elsewhere.example" if wrong == "another name" else NAME
    until = datetime(2021, 1, 1, tzinfo=UTC) if wrong == "expired" else LAST
    context = authority.server(shown, until)
    trusted = None if wrong == "not trusted" else authority.bundle
    with whole_forge(tmp_path, name=NAME, tls=context) as whole, proxy_to(whole.git.port) as proxy:
        behind(whole, proxy, "key")
        if trusted is None:
            whole.configure("city/app", forge=f", proxy: '{proxy.url}'")
        with pytest.raises(Unavailable, match="a certificate that is not trusted here"):
            list(reader(whole, proxy, trusted).heartbeat([whole.url("city/app")]))
        _, err = whole.run("collect", exit=1)
        assert f"{NAME} could not prove who it is" in whole.status()["app"]["last_error"]
        assert "ca_bundle" in err


def test_a_bundle_that_is_missing_is_a_warning_of_check_and_a_sentence_of_the_pass(
    tmp_path: Path,
) -> None:
    authority = Authority(tmp_path)
    with (
        whole_forge(tmp_path, name=NAME, tls=authority.server(NAME)) as whole,
        proxy_to(whole.git.port) as proxy,
    ):
        behind(whole, proxy, "key", ca="certs/none.pem")
        out, err = whole.run("check")
        assert "certs/none.pem" in out + err
        whole.run("collect", exit=1)
        assert whole.status()["app"]["last_error"]
        with pytest.raises(ForgeError, match=r"certificates in .*none\.pem"):
            reader(whole, proxy, tmp_path / "certs" / "none.pem")


def test_a_proxy_that_is_down_is_said_and_no_other_way_is_tried(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with whole_forge(tmp_path, name=NAME, tls=authority.server(NAME)) as whole:
        with proxy_to(whole.git.port) as proxy:
            behind(whole, proxy, "key")
        whole.run("collect", exit=1)
        assert "cannot be reached" in whole.status()["app"]["last_error"]
        with pytest.raises(Unavailable, match="cannot be reached"):
            list(reader(whole, proxy, None).heartbeat([whole.url("city/app")]))
        assert not whole.git.requests
