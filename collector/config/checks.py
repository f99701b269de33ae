"""What no single file or key can tell: ids and repositories used twice, what refers to what.

The checks read the plain data, not the models, so that they still speak when a file has
other faults: all problems are told at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from collector.address import Address, Host, address, list_address, organisation
from collector.catalogue import NEED_SOURCE
from collector.config.roles import COUNTED
from collector.config.yaml_file import Data, Document, KeyPath
from collector.metric_keys import HIGH_IS_GOOD, LOW_IS_GOOD
from collector.problem import Mistake, Problem, nearest, shown

if TYPE_CHECKING:
    from collector.config.portfolio_models import Portfolio

BUILT_IN = (
    Host("github.com", "github", "https://github.com"),
    Host("gitlab.com", "gitlab", "https://gitlab.com"),
    Host("codeberg.org", "forgejo", "https://codeberg.org"),
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_HOST_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?")


@dataclass(slots=True)
class Source:
    """A portfolio file on its way: what was read, and its model once it is valid."""

    path: Path
    document: Document
    portfolio: Portfolio | None = None


@dataclass(slots=True)
class _Seen:
    """Where something first stood."""

    document: Document
    path: KeyPath

    def __str__(self) -> str:
        place = self.document.values[self.path]
        return f"{self.document.file}:{place.line}"


@dataclass(slots=True)
class _Pass:
    """What one check of all files has met so far."""

    settings: Document
    hosts: Mapping[str, Host]
    base: Path
    allow_local: bool
    organisations: list[str]
    ospos: dict[str, _Seen] = field(default_factory=dict)
    bodies: set[str] = field(default_factory=set)
    projects: dict[str, _Seen] = field(default_factory=dict)
    repositories: dict[str, _Seen] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)


def mapping(data: Data) -> dict[str, Data]:
    """The data as keys with values; nothing where it is none."""
    return data if isinstance(data, dict) else {}


def entries(data: Data, key: str) -> Iterator[tuple[int, dict[str, Data]]]:
    """The entries of a list below a key that are keys with values themselves."""
    listed = mapping(data).get(key)
    if isinstance(listed, tuple):
        for at, entry in enumerate(listed):
            if isinstance(entry, dict):
                yield at, entry


def hosts(settings: Data) -> dict[str, Host]:
    """The hosts that are known: built in, and configured."""
    known = {host.name: host for host in BUILT_IN}
    for _, entry in entries(settings, "forges"):
        name, kind = entry.get("host"), entry.get("kind")
        if isinstance(name, str) and isinstance(kind, str | None):
            base_url = entry.get("base_url")
            base = base_url if isinstance(base_url, str) else f"https://{name.lower()}"
            known[name.lower()] = Host(name.lower(), kind or "git", base)
    return known


def check(
    settings: Document, sources: Sequence[Source], known: Mapping[str, Host], base: Path
) -> list[Problem]:
    """Note every problem in its document; the answer is what is worth a warning only."""
    listed = [entry.get("id") for _, entry in entries(settings.data, "organisations")]
    run = _Pass(
        settings,
        known,
        base,
        mapping(settings.data).get("allow_local") is True,
        [name for name in listed if isinstance(name, str)],
    )
    _check_settings(run)
    for source in sources:
        _check_ospo(run, source.document)
    for source in sources:
        for at, project in entries(source.document.data, "projects"):
            _check_project(run, source.document, ("projects", at), project)
        _check_discover(run, source.document)
    return run.warnings


def _twice(
    seen: dict[str, _Seen], name: Data, document: Document, path: KeyPath, what: str
) -> None:
    if not isinstance(name, str):
        return
    if name in seen:
        document.add(path, f"{what} {shown(name)} is used twice (first in {seen[name]})")
    else:
        seen[name] = _Seen(document, path)


def _check_settings(run: _Pass) -> None:
    document = run.settings
    _check_thresholds(document, (), mapping(document.data))
    seen_hosts: dict[str, _Seen] = {}
    for at, entry in entries(document.data, "forges"):
        path: KeyPath = ("forges", at, "host")
        host = entry.get("host")
        if isinstance(host, str):
            _twice(seen_hosts, host.lower(), document, path, "the host")
            if not _HOST_NAME.fullmatch(host.lower()):
                near = re.sub(r"^[a-z]+://|/.*$", "", host.lower())
                document.add(path, "a host is host or host:port, as in repository URLs", near)
        _check_credentials(run, ("forges", at), entry)
        bundle = entry.get("ca_bundle")
        if isinstance(bundle, str) and not (run.base / bundle).is_file():
            message = f"there is no such file here yet ({bundle}): {shown(host)} needs it"
            run.warnings.append(document.problem(("forges", at, "ca_bundle"), message))
    seen: dict[str, _Seen] = {}
    for at, entry in entries(document.data, "organisations"):
        _twice(seen, entry.get("id"), document, ("organisations", at, "id"), "the organisation")
    _check_identities(run)
    _check_notifications(document)
    _check_sign_in(document)


def _check_credentials(run: _Pass, path: KeyPath, forge: dict[str, Data]) -> None:
    """One credential for a host and one for each owner: a token, or an App of GitHub."""
    document, seen = run.settings, dict[str, _Seen]()
    places = [(path, forge)]
    for at, own in entries(forge, "credentials"):
        place: KeyPath = (*path, "credentials", at)
        places.append((place, own))
        owner = own.get("owner")
        if isinstance(owner, str):
            _twice(seen, owner.lower(), document, (*place, "owner"), "the owner")
        if not own.get("token_env") and not own.get("app"):
            document.add(place, "needs either `token_env` or `app`")
    for place, entry in places:
        if entry.get("token_env") and entry.get("app"):
            document.add((*place, "app"), "either `token_env` or `app`, and not both")
        if entry.get("app") and forge.get("kind") != "github":
            document.add((*place, "app"), "only a host of kind `github` has Apps")
        if isinstance(app := entry.get("app"), dict):
            _check_app(run, (*place, "app"), app)


def _check_app(run: _Pass, path: KeyPath, app: dict[str, Data]) -> None:
    variable, file = app.get("private_key_env"), app.get("private_key_file")
    if (variable is None) == (file is None):
        run.settings.add(path, "needs either `private_key_env` or `private_key_file`, not both")
    elif isinstance(file, str):
        place: KeyPath = (*path, "private_key_file")
        found = run.base / file
        if not found.is_file():
            message = "there is no such file here yet: reading with this App needs it"
            run.warnings.append(run.settings.problem(place, message))
        elif found.stat().st_mode & 0o077:
            message = f"others on this machine can read this key: chmod 600 {file}"
            run.warnings.append(run.settings.problem(place, message))


def _check_identities(run: _Pass) -> None:
    document = run.settings
    people: dict[str, _Seen] = {}
    accounts: dict[str, _Seen] = {}
    for at, entry in entries(document.data, "identities"):
        _twice(people, entry.get("name"), document, ("identities", at, "name"), "the name")
        listed = entry.get("accounts")
        for n, account in enumerate(listed if isinstance(listed, tuple) else ()):
            name = account.lower() if isinstance(account, str) else account
            _twice(accounts, name, document, ("identities", at, "accounts", n), "the account")
        for n, affiliation in entries(entry, "organisations"):
            name = affiliation.get("id")
            if isinstance(name, str) and name not in run.organisations:
                document.add(
                    ("identities", at, "organisations", n, "id"),
                    f"{shown(name)} is not listed under `organisations`",
                    nearest(name, run.organisations),
                )
            _check_span(document, ("identities", at, "organisations", n), affiliation)


def _check_notifications(document: Document) -> None:
    for at, entry in entries(document.data, "notifications"):
        wanted = {"mail": ("to", "server"), "webhook": ("url",)}.get(str(entry.get("kind")), ())
        for key in wanted:
            if not entry.get(key) and not (key == "url" and entry.get("url_env")):
                document.add(("notifications", at), f"a {entry['kind']} needs the key {key!r}")


def _check_sign_in(document: Document) -> None:
    data = mapping(document.data)
    if data.get("access") != "oidc":
        return
    if not data.get("oidc"):
        document.add(("access",), "`oidc` needs the key 'oidc' (metadata_url, client_id)")
    if not mapping(data.get("server")).get("url"):
        document.add(("access",), "`oidc` needs the key 'url' under `server`")


def _check_span(document: Document, path: KeyPath, entry: dict[str, Data]) -> None:
    first, last = entry.get("from"), entry.get("until")
    days = [text for text in (first, last) if isinstance(text, str) and _DAY.fullmatch(text)]
    if len(days) == 2 and days[1] < days[0]:
        document.add((*path, "until"), f"ends ({days[1]}) before it begins ({days[0]})")


def _check_thresholds(document: Document, path: KeyPath, owner: dict[str, Data]) -> None:
    """Swapped, they would call the worst project well, without a word."""
    for metric, given in mapping(owner.get("thresholds")).items():
        listed = isinstance(given, tuple)
        for at, one in enumerate(given if isinstance(given, tuple) else [given]):
            met, not_met = (mapping(one).get(key) for key in ("met", "not_met"))
            if not (isinstance(met, int | float) and isinstance(not_met, int | float)):
                continue
            more, less = metric in HIGH_IS_GOOD, metric in LOW_IS_GOOD
            if (more and met < not_met) or (less and met > not_met):
                better = "more" if more else "less"
                place = (*path, "thresholds", metric, *([at] if listed else []), "met")
                document.add(
                    place,
                    f"{better} is better here: `met` ({met:g}) and `not_met` ({not_met:g})"
                    " are the wrong way round",
                )


def _check_ospo(run: _Pass, document: Document) -> None:
    ospo = mapping(mapping(document.data).get("ospo"))
    _check_thresholds(document, ("ospo",), ospo)
    name = ospo.get("id")
    if not isinstance(name, str):
        return
    if len(ospo) > 1:
        _twice(run.ospos, name, document, ("ospo", "id"), "the OSPO's id")
    run.bodies.add(name)


def _check_project(run: _Pass, document: Document, path: KeyPath, project: dict[str, Data]) -> None:
    _twice(run.projects, project.get("id"), document, (*path, "id"), "the project's id")
    mains = []
    for at, repository in entries(project, "repositories"):
        here: KeyPath = (*path, "repositories", at)
        _check_repository(run, document, here, repository)
        if repository.get("main") is True:
            mains.append(here)
    for here in mains[1:]:
        document.add((*here, "main"), "only one repository of a project can be `main`")
    _check_counted(run, document, path, project)
    _check_references(run, document, path, project)
    _check_expected(run, document, path, project)
    _check_thresholds(document, path, project)
    for key in ("contracts", "funding"):
        for at, entry in entries(project, key):
            _check_span(document, (*path, key, at), entry)


def _check_counted(run: _Pass, document: Document, path: KeyPath, project: dict[str, Data]) -> None:
    """A project none of whose repositories has a role that makes up its kind would show nothing."""
    kind = project.get("kind", "software")
    wanted = COUNTED.get(kind) if isinstance(kind, str) else None
    roles = {str(one.get("role", "code")) for _, one in entries(project, "repositories")}
    if not wanted or roles <= {"archive"} or roles & {*wanted, "mirror"}:
        return
    said = " or ".join(f"`role: {role}`" for role in sorted(wanted))
    message = (
        f"no repository of it counts, so nothing would be measured: kind {shown(str(kind))} counts "
        f"{said}; add that to a repository, or change the kind"
    )
    place = (*path, "kind") if "kind" in project else (*path, "repositories")
    run.warnings.append(document.problem(place, message))


def _check_expected(
    run: _Pass, document: Document, path: KeyPath, project: dict[str, Data]
) -> None:
    """What is said of its life without what it needs to mean anything."""
    decided = any(each.get("decision") == "retire" for _, each in entries(project, "decisions"))
    if project.get("stage") == "retired" and not decided:
        message = (
            "without a date its whole history is shown as retired; add to it: "
            "decisions: [{date: YYYY-MM-DD, about: project, decision: retire}]"
        )
        run.warnings.append(document.problem((*path, "stage"), message))
    if project.get("rhythm") == "seasonal" and not project.get("season"):
        message = 'says nothing without its seasons; add to it: season: ["MM-DD/MM-DD"]'
        run.warnings.append(document.problem((*path, "rhythm"), message))


def _check_repository(
    run: _Pass, document: Document, path: KeyPath, repository: dict[str, Data]
) -> None:
    found = _checked_address(run, document, (*path, "url"), repository.get("url"))
    if found is not None:
        if found.key in run.repositories:
            message = f"this repository is listed twice (first in {run.repositories[found.key]})"
            document.add((*path, "url"), message)
        else:
            run.repositories[found.key] = _Seen(document, (*path, "url"))
    upstream = repository.get("upstream")
    if upstream is not None:
        above = _checked_address(run, document, (*path, "upstream"), upstream)
        if above is not None and found is not None and above.key == found.key:
            document.add((*path, "upstream"), "a repository cannot be its own upstream")


def _checked_address(run: _Pass, document: Document, path: KeyPath, url: Data) -> Address | None:
    if not isinstance(url, str):
        return None
    try:
        return address(url, run.hosts, base=run.base, allow_local=run.allow_local)
    except Mistake as mistake:
        document.add(path, str(mistake), mistake.nearest)
        return None


def _check_references(
    run: _Pass, document: Document, path: KeyPath, project: dict[str, Data]
) -> None:
    """An owner or supplier that is not listed is told, not refused: the rest still holds."""
    referred: list[tuple[KeyPath, Data]] = [((*path, "owner"), project.get("owner"))]
    for at, contract in entries(project, "contracts"):
        referred.append(((*path, "contracts", at, "supplier"), contract.get("supplier")))
    known = [*run.organisations, *run.bodies]
    for place, name in referred:
        if isinstance(name, str) and name not in known:
            message = f"{shown(name)} is not listed under `organisations` of ospo-vitals.yaml"
            run.warnings.append(document.problem(place, message, nearest(name, known)))


def _check_discover(run: _Pass, document: Document) -> None:
    for at, entry in entries(document.data, "discover"):
        path: KeyPath = ("discover", at)
        url, kind = entry.get("url"), entry.get("catalogue")
        if (url is None) == (kind is None):
            document.add(path, "needs either `url` or `catalogue`, and not both")
        if isinstance(url, str):
            try:
                organisation(url, run.hosts)
            except Mistake as mistake:
                document.add((*path, "url"), str(mistake), mistake.nearest)
        _check_source(run, document, path, entry)


def _check_source(run: _Pass, document: Document, path: KeyPath, entry: dict[str, Data]) -> None:
    """Is it said where the list stands, and may it be read from there?"""
    kind, source = entry.get("catalogue"), entry.get("source")
    if source is None and isinstance(kind, str) and kind in NEED_SOURCE:
        holds = NEED_SOURCE[kind]
        document.add(path, f"the catalogue {shown(kind)} needs a `source`: {holds}, or its address")
    if not isinstance(source, str):
        return
    if kind is None:
        document.add((*path, "source"), "belongs to a `catalogue`; an organisation has its `url`")
    try:
        list_address(source, run.hosts)
    except Mistake as mistake:
        document.add((*path, "source"), str(mistake), mistake.nearest)
