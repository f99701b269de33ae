"""``add`` and ``init``: the two commands that write configuration, and never more than asked."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from collector import config
from collector.address import Address, address
from collector.config.ids import free_id, slug
from collector.config.values import Config, ProjectConfig
from collector.config.yaml_file import Document, read
from collector.config.yaml_insert import Entry, Manner, append, child, item, manner_of, own_manner
from collector.errors import ConfigurationError
from collector.problem import Mistake, display, nearest
from collector.shipped import shipped


@dataclass(frozen=True, slots=True)
class Added:
    """Where a repository was put; ``created``: the project is new."""

    file: Path
    line: int
    project: str
    created: bool

    def __str__(self) -> str:
        kind = "a new project" if self.created else "project"
        return f"Added in {kind} {self.project}: {self.file}:{self.line}"


def add(
    config_folder: Path, url: str, ospo: str | None = None, project: str | None = None
) -> Added:
    """Put a repository into the right portfolio file; every line that stands there stays.

    Raises ``ConfigurationError`` with a sentence where it cannot, and then writes nothing.
    """
    loaded = config.load(config_folder, {})
    place = _address(url, loaded)
    _refuse_twice(place, loaded)
    existing = _existing(project, ospo, loaded)
    if project and not existing:
        _refuse_id(project, loaded)
    file = existing.file if existing else _file(ospo, place, loaded)
    document = _document(file, loaded)
    name = existing.id if existing else (project or _new_id(place, loaded))
    text = _with(document, place.url, existing, name, place.name)
    _verify(file, text, place, name, loaded)
    _write(file, text)
    return Added(file, _line(document.text, text), name, existing is None)


def _address(url: str, loaded: Config) -> Address:
    try:
        return address(url, loaded.hosts(), base=loaded.base, allow_local=loaded.allow_local)
    except Mistake as mistake:
        hint = f" Did you mean {mistake.nearest!r}?" if mistake.nearest else ""
        raise ConfigurationError(f"This repository cannot be added: {mistake}.{hint}") from None


def _refuse_twice(place: Address, loaded: Config) -> None:
    for file, project, key, line in _listed(loaded):
        if key == place.key:
            off = " (in a file that says `enabled: false`)" if file in loaded.switched_off else ""
            raise ConfigurationError(
                f"{place.url} is in the portfolio already: {display(file, loaded.base)}:{line},"
                f" project {project}{off}."
            )


def _listed(loaded: Config) -> Iterator[tuple[Path, str, str, int]]:
    """(file, project, key, line) of every repository, those of files switched off included."""
    from collector.config.checks import entries

    for file in config.portfolio_files(loaded.folder):
        document = _document(file, loaded)
        for at, project in entries(document.data, "projects"):
            for n, repository in entries(project, "repositories"):
                found = address(
                    str(repository["url"]), loaded.hosts(), base=loaded.base, allow_local=True
                )
                place = document.values["projects", at, "repositories", n, "url"]
                yield file, str(project["id"]), found.key, place.line


def _document(file: Path, loaded: Config) -> Document:
    return read(file, display(file, loaded.base))


def _existing(project: str | None, ospo: str | None, loaded: Config) -> ProjectConfig | None:
    found = loaded.project(project) if project else None
    if found and ospo and found.ospo.id != ospo:
        raise ConfigurationError(
            f"Project {project} belongs to OSPO {found.ospo.id}, not to {ospo}. Leave --ospo out."
        )
    return found


def _refuse_id(project: str, loaded: Config) -> None:
    """A new project's id must be one, and must not stand in a file that is switched off."""
    if project != slug(project):
        raise ConfigurationError(
            f"{project!r} is no id: lower-case letters, digits and '-'."
            f" Did you mean {slug(project)!r}?"
        )
    for file, name, _, _ in _listed(loaded):
        if name == project:
            raise ConfigurationError(
                f"Project {project} stands in {display(file, loaded.base)}, which says"
                " `enabled: false`. Switch that file on, or choose another id."
            )


def _file(ospo: str | None, place: Address, loaded: Config) -> Path:
    """The portfolio file that a new project belongs into."""
    files = _files(loaded)
    known = sorted(files)
    if ospo is None and len(known) != 1:
        ospo = _neighbour(place, loaded)
    if ospo is None and len(known) == 1:
        return files[known[0]]
    if not known and ospo:
        return loaded.folder / "portfolios" / f"{ospo}.yaml"
    if ospo is None:
        listed = f" Known: {', '.join(known)}." if known else ""
        raise ConfigurationError(f"Say whose portfolio this belongs to with --ospo ID.{listed}")
    if ospo not in files:
        near = nearest(ospo, known)
        hint = f" Did you mean {near!r}?" if near else f" Known: {', '.join(known)}."
        raise ConfigurationError(f"There is no OSPO {ospo!r} among the portfolio files.{hint}")
    return files[ospo]


def _files(loaded: Config) -> dict[str, Path]:
    """The file of each OSPO: of several the one that is switched on and describes it."""
    from collector.config.checks import mapping

    files: dict[str, Path] = {}
    for file in config.portfolio_files(loaded.folder):
        ospo = mapping(mapping(_document(file, loaded).data).get("ospo"))
        name = str(ospo["id"])
        if file not in loaded.switched_off and (name not in files or len(ospo) > 1):
            files[name] = file
    return files


def _neighbour(place: Address, loaded: Config) -> str | None:
    """The one OSPO that has repositories of the same owner, if exactly one has."""
    owner = place.key.rpartition("/")[0]
    found = {
        project.ospo.id
        for project in loaded.projects
        for repository in project.repositories
        if repository.key.rpartition("/")[0] == owner
    }
    return found.pop() if len(found) == 1 else None


def _new_id(place: Address, loaded: Config) -> str:
    """An id from the repository's name, with its owner's where the name is taken."""
    name = free_id(place.path, {project for _, project, _, _ in _listed(loaded)})
    if name is None:
        raise ConfigurationError("No free id can be made of this URL; give one with --project ID.")
    return name


def _with(
    document: Document, url: str, existing: ProjectConfig | None, project: str, name: str
) -> str:
    """The file's text with the repository in it."""
    if not document.text.strip():
        return f"ospo: {{id: {Path(document.file).stem}}}\n" + append(
            document, None, "projects", _project(project, name, url), Manner()
        )
    found = child(document.root, "projects")
    projects = found[1] if found else None
    manner = manner_of(projects)
    if existing is None:
        return append(document, document.root, "projects", _project(project, name, url), manner)
    ids = [child(each, "id") for each in (projects.value if projects else [])]
    at = next(n for n, each in enumerate(ids) if each and each[1].value == project)
    joined = item(projects, at)
    manner = own_manner(joined) or manner
    return append(document, joined, "repositories", {"url": url}, manner)


def _project(project: str, name: str, url: str) -> Entry:
    named = {} if project == name else {"name": name}
    return {"id": project, **named, "repositories": [{"url": url}]}


def _verify(file: Path, text: str, place: Address, project: str, loaded: Config) -> None:
    """Whatever else the text says must be what it said before."""
    try:
        after = config.load(loaded.folder, {}, {file: text})
    except config.ConfigError:
        after = replace(loaded, projects=())
    before = {(each.id, one.key) for each in loaded.projects for one in each.repositories}
    now = {(each.id, one.key) for each in after.projects for one in each.repositories}
    if now != before | {(project, place.key)} or after.settings != loaded.settings:
        raise ConfigurationError(
            f"{display(file, loaded.base)} is written in a way that cannot be added to safely"
            f" (an anchor, perhaps). Add this line by hand: - {{url: {place.url}}}"
        )


def _write(file: Path, text: str) -> None:
    """All or nothing: the old file stays until the new one is whole on disk."""
    try:
        _put(file.resolve(), text)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror or error}") from None


def _put(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    mark = b"\xef\xbb\xbf" if _begins_with_mark(target) else b""
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(mark + text.encode())
            out.flush()
            os.fsync(out.fileno())
        if target.exists():
            shutil.copymode(target, draft)
        else:
            os.chmod(draft, 0o644)
        os.replace(draft, target)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


def _begins_with_mark(file: Path) -> bool:
    return file.exists() and file.read_bytes()[:3] == b"\xef\xbb\xbf"


def _line(before: str, after: str) -> int:
    """The first line that is new, counted from 1."""
    old, new = before.splitlines(), after.splitlines()
    pairs = zip(old, new, strict=False)
    return next((n for n, (a, b) in enumerate(pairs, 1) if a != b), len(old) + 1)


def init(folder: Path) -> Path:
    """Write a starter ``config/`` into a folder; the answer is where it stands now.

    Raises ``ConfigurationError`` where one stands already: nothing is ever overwritten.
    """
    target = folder.absolute() / "config"
    if target.exists() and any(target.iterdir()):
        raise ConfigurationError(
            f"{target} is there already and is left as it is. Run `ospo-vitals check` to test it,"
            " or `init` in an empty folder."
        )
    source = shipped("config")
    try:
        for part in ("ospo-vitals.yaml", "portfolios", "schema"):
            _copy(source / part, target / part)
    except OSError as error:
        raise ConfigurationError(f"{target} cannot be written: {error.strerror or error}") from None
    return target


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)
