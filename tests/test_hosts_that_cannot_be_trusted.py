"""Hosts whose word is not to be trusted: a bad certificate, a redirect to somewhere else."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.forge import forgejo_side, gitlab_side
from tests.forge.loopback import Fault
from tests.forge.reading import small
from tests.tls import Authority, proxy_to
from tests.whole import plain, whole_forge


@contextmanager
def forgejo() -> Iterator[forgejo_side.ForgejoServer]:
    with closing(forgejo_side.ForgejoServer()) as forge:
        yield forge


FORGES = {"gitlab": gitlab_side.running, "forgejo": forgejo}


@pytest.mark.parametrize("kind", FORGES)
def test_a_certificate_of_nobody_we_know_is_said_and_with_its_bundle_the_host_is_read(
    tmp_path: Path, kind: str
) -> None:
    name, authority = "forge.city.example", Authority(tmp_path)
    with (
        whole_forge(tmp_path, FORGES[kind], kind, name=name, tls=authority.server(name)) as whole,
        proxy_to(whole.git.port) as proxy,
    ):
        plain(whole, small(whole.forge))
        whole.configure("city/app", forge=f", proxy: '{proxy.url}'")
        _, err = whole.run("collect", exit=1)
        assert f"{name} could not prove who it is" in whole.status()["app"]["last_error"]
        assert "ca_bundle" in err
        whole.configure("city/app", forge=f", proxy: '{proxy.url}', ca_bundle: city.pem")
        whole.run("collect")
        assert whole.status()["app"]["state"] == "ok"


@pytest.mark.parametrize("kind", FORGES)
def test_a_redirect_to_another_host_is_refused_and_git_is_read_all_the_same(
    tmp_path: Path, kind: str
) -> None:
    with whole_forge(tmp_path, FORGES[kind], kind) as whole:
        plain(whole, small(whole.forge))
        elsewhere = {"Location": "http://127.0.0.1:9/api"}
        whole.forge.fault = lambda _asked: Fault(302, b"", elsewhere)
        whole.run("collect", exit=1)
        found = whole.status()["app"]
        assert found["records"]["commits"] == 1
        assert found["records"]["issues"] == 0
        assert "points to another host" in found["last_error"]
