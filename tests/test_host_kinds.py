"""What runs on a host: asked of the host itself, once, and remembered; a sentence where unknown."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from collector import config
from collector.config.values import UNKNOWN, Config, ForgeConfig
from collector.forges.recognition import Recognised, recognise, unrecognised
from collector.host_kinds import HostKinds
from collector.model import DAY
from collector.store import hosts
from tests.forge.hosts import HOSTS
from tests.forge.loopback import Asked, Fault, Loopback, Reply, json_fault

NOW = 1_700_000_000


class Any(Loopback):
    """A host that answers every question alike."""

    answer = Fault(404, b"<html>Not here</html>", {"Content-Type": "text/html"})

    def _reply(self, asked: Asked, fault: Fault | None) -> Reply:
        found = fault or self.answer
        return found.status, found.body or b"", found.headers, 0


@contextmanager
def answering(*faults: tuple[str, Fault]) -> Iterator[Any]:
    """A host that answers so at these paths, and does not know others."""
    server = Any()
    server.fault = lambda asked: next((f for path, f in faults if asked.path == path), None)
    try:
        yield server
    finally:
        server.close()


def asked(server: Loopback) -> Recognised:
    return recognise(ForgeConfig(server.base[7:], UNKNOWN, server.base))


@pytest.mark.parametrize("made", HOSTS, ids=lambda each: each.__name__)
def test_every_forge_is_recognised_by_a_few_questions_without_its_token(made: type) -> None:
    with made() as host:  # type: ignore[attr-defined]
        found = asked(host.server)
        assert found.kind == made.__name__
        assert len(host.server.requests) <= 4
        assert not any("authorization" in each.headers for each in host.server.requests)


@pytest.mark.parametrize(
    ("path", "answer", "kind"),
    [
        ("/api/v1/version", json_fault(200, {"version": "1.22.3"}), "gitea"),
        ("/api/v1/version", json_fault(200, {"version": "8.0.0+gitea-1.22"}), "forgejo"),
        (
            "/api/v1/version",
            json_fault(403, {"message": "Only signed in user is allowed to call APIs."}),
            "gitea",
        ),
        ("/api/v4/version", json_fault(200, {"version": "17.1", "revision": "ab"}), "gitlab"),
        ("/api/v4/version", json_fault(403, {}, **{"X-Gitlab-Meta": "{}"}), "gitlab"),
        (
            "/api/v3/meta",
            json_fault(401, {"message": "x"}, **{"X-GitHub-Enterprise-Version": "3.1"}),
            "github",
        ),
        ("/api/v1/version", json_fault(200, ["1.22"]), None),
        ("/api/v1/version", json_fault(200, {"version": 7}), None),
        ("/api/v4/version", json_fault(200, {"version": "2"}), None),
        ("/api/v4/version", Fault(302, b"", {"Location": "https://elsewhere.example/"}), None),
        ("/api/v4/version", Fault(200, b"<html>Sign in</html>"), None),
    ],
)  # fmt: skip
def test_an_answer_is_believed_only_where_it_is_that_softwares_own(
    path: str, answer: Fault, kind: str | None
) -> None:
    with answering((path, answer)) as server:
        assert asked(server).kind == kind


def test_a_host_that_is_none_of_them_is_told_with_the_line_to_write() -> None:
    with answering() as server:
        found = asked(server)
    assert found.answered
    said = unrecognised("git.city.example", found)
    assert "Its git is read" in said
    assert "- {host: 'git.city.example', kind: gitlab}" in said
    assert "- {host: 'git.city.example', kind: git}" in said


def test_a_host_that_does_not_answer_was_not_asked() -> None:
    with answering() as server:
        base = server.base
    found = recognise(ForgeConfig(base[7:], UNKNOWN, base))
    assert (found.kind, found.answered) == (None, False)
    assert "cannot be reached" in found.why


def test_a_private_address_is_not_asked_unless_configuration_names_the_host() -> None:
    with answering() as server:
        found = recognise(ForgeConfig(server.base[7:], UNKNOWN, server.base, built_in=True))
        assert not server.requests
    assert not found.answered
    assert "private address" in found.why


def named(folder: Path, base: str) -> Config:
    """A configuration that names a host and not what runs there."""
    (folder / "config" / "portfolios").mkdir(parents=True, exist_ok=True)
    text = f"forges: [{{host: '{base[7:]}', base_url: '{base}'}}]\n"
    (folder / "config" / "ospo-vitals.yaml").write_text(text)
    return config.load(folder / "config", {})


def test_what_was_found_is_remembered_with_its_date_and_asked_again_when_it_is_old(
    engine: Engine, tmp_path: Path
) -> None:
    version = "/api/v1/version", json_fault(200, {"version": "1.22.3"})
    with answering(version) as server:
        here = named(tmp_path, server.base)
        host = server.base[7:]
        (forge,) = HostKinds(here, engine, NOW).forges([host, ""]).values()
        assert (forge.kind, forge.base_url) == ("gitea", server.base)
        assert hosts.remembered(engine)[host].asked_at == NOW
        server.forget()
        HostKinds(here, engine, NOW + 89 * DAY).forges([host])
        assert not server.requests
        HostKinds(here, engine, NOW + 91 * DAY).forges([host])
        assert server.requests
    kept = HostKinds(here, engine, NOW + 200 * DAY).forges([host])
    assert kept[host].kind == "gitea"  # it is down now, and was a Gitea


def test_a_host_that_was_not_recognised_is_asked_again_after_a_week(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with answering() as server:
        here, host = named(tmp_path, server.base), server.base[7:]
        assert HostKinds(here, engine, NOW).forges([host]) == {}
        assert caplog.text.count("could not be found out") == 1
        server.forget()
        HostKinds(here, engine, NOW + 6 * DAY).forges([host])
        assert not server.requests
        HostKinds(here, engine, NOW + 8 * DAY).forges([host])
        assert len(server.requests) == 4
        assert caplog.text.count("could not be found out") == 1  # said once, not each week


def test_a_host_whose_kind_is_configured_is_never_asked(engine: Engine, tmp_path: Path) -> None:
    with answering() as server:
        named(tmp_path, server.base)
        place = tmp_path / "config" / "ospo-vitals.yaml"
        place.write_text(place.read_text().replace("base_url", "kind: git, base_url"))
        here = config.load(tmp_path / "config", {})
        (forge,) = HostKinds(here, engine, NOW).forges([server.base[7:]]).values()
        assert forge.kind == "git"
        assert not server.requests
