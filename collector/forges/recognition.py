"""What software runs on a host? Its version endpoints say, one short question each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from collector.config.values import ForgeConfig
from collector.forge import ForgeError, UnexpectedAnswer
from collector.transport.endpoint import Answer, Endpoint
from collector.transport.probe import Probe

OK, UNAUTHORIZED, FORBIDDEN = 200, 401, 403


@dataclass(frozen=True, slots=True)
class Recognised:
    """``kind``: what runs there; None: nothing that OSPO Vitals can read, ``why`` says more.

    ``answered`` is false where the host could not be asked at all.
    """

    kind: str | None
    why: str = ""
    answered: bool = True


def recognise(config: ForgeConfig) -> Recognised:
    """Ask the host itself, and nobody else. At most four requests."""
    probe = Probe(
        Endpoint(
            host=config.host,
            base_url=config.base_url,
            proxy=config.proxy,
            ca_bundle=config.ca_bundle,
            allow_private=not config.built_in,
        )
    )
    try:
        for path, meaning in SIGNS:
            answer = _look(probe, path)
            kind = meaning(answer) if answer else None
            if kind is not None:
                return Recognised(kind)
    except ForgeError as error:
        return Recognised(None, str(error), answered=False)
    finally:
        probe.close()
    return Recognised(None, "none of the addresses at which they tell their version answers so")


def line(host: str, kind: str = "gitlab") -> str:
    """The line that says what runs on a host."""
    return f"- {{host: '{host}', kind: {kind}}}"


def unrecognised(host: str, found: Recognised) -> str:
    """What to tell people of a host that could not be recognised."""
    why = found.why.rstrip(". ")
    return (
        f"What runs on {host} could not be found out ({why}). Its git is read. To read issues"
        f" too, write under forges: {line(host)} (or github, forgejo, gitea); if it has nothing"
        f" but git, write {line(host, 'git')} and this is not asked again."
    )


# ---------------------------------------------------------------- signs


def _look(probe: Probe, path: str) -> Answer | None:
    """The answer at a path; None where the host sends us elsewhere."""
    try:
        return probe.look(path)
    except UnexpectedAnswer:
        return None


def _said(answer: Answer, key: str) -> str:
    found = answer.data.get(key) if isinstance(answer.data, dict) else None
    return found if isinstance(found, str) else ""


def _forgejo(answer: Answer) -> str | None:
    return "forgejo" if answer.status == OK and _said(answer, "version") else None


def _gitea(answer: Answer) -> str | None:
    """Its version; or, where sign-in is required, its own words for that."""
    version = _said(answer, "version")
    if answer.status == OK and version:
        return "forgejo" if "+gitea" in version else "gitea"
    wants_sign_in = "signed in user is allowed to call APIs" in _said(answer, "message")
    return "gitea" if answer.status == FORBIDDEN and wants_sign_in else None


def _gitlab(answer: Answer) -> str | None:
    """GitLab tells its version to those who have signed in, and others why not."""
    if answer.status == OK and _said(answer, "version") and _said(answer, "revision"):
        return "gitlab"
    refused = answer.status == UNAUTHORIZED and _said(answer, "message") == "401 Unauthorized"
    return "gitlab" if refused or "x-gitlab-meta" in answer.headers else None


def _github(answer: Answer) -> str | None:
    """GitHub Enterprise Server, in private mode too."""
    is_one = "x-github-enterprise-version" in answer.headers or _said(answer, "installed_version")
    return "github" if is_one and answer.status in (OK, UNAUTHORIZED) else None


SIGNS: tuple[tuple[str, Callable[[Answer], str | None]], ...] = (
    ("api/v4/version", _gitlab),
    ("api/forgejo/v1/version", _forgejo),
    ("api/v1/version", _gitea),
    ("api/v3/meta", _github),
)
"""Where each kind of host tells what it is. GitLab first: most public bodies run it."""
