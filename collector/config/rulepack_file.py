"""The rule packs: those that ship, and the OSPO's own in ``config/rulepacks/`` of its folder.

A pack of one's own with the id of a shipped one stands in its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from collector.config import errors as config_errors
from collector.config.checks import Source, entries, mapping
from collector.config.rulepack_models import RulePack
from collector.config.yaml_file import Data, Document, KeyPath, read
from collector.problem import ConfigError, Problem, display, nearest, shown
from collector.shipped import shipped

FOLDER = "rulepacks"
GOOD = "config/schema/rulepacks.sha256"


def packs(folder: Path) -> tuple[RulePack, ...]:
    """Every pack, by id, for a configuration in ``folder``.

    Raises ``ConfigError`` with every problem of their files.
    """
    return _packs(
        tuple((path, display(path, folder.parent), digest(path)) for path in _all(folder))
    )


@lru_cache(maxsize=4)
def _packs(files: tuple[tuple[Path, str, str], ...]) -> tuple[RulePack, ...]:
    """The packs in these files: path, what people call it, mark of its contents.

    A pass asks twice and the dashboard often; reading seven files takes a tenth of a second.
    """
    documents = dict(_documents((path, name) for path, name, _ in files))
    found = {id_: model for id_, document in documents.items() if (model := _validated(document))}
    problems = [problem for document in documents.values() for problem in document.problems]
    if problems:
        raise ConfigError(problems)
    return tuple(found[id_] for id_ in sorted(found))


def rules(folder: Path) -> dict[str, frozenset[str]]:
    """What can be answered: the ids of each pack's rules that ask people."""
    return {
        pack.id: frozenset(rule.id for rule in pack.rules if rule.ask) for pack in packs(folder)
    }


def problems(folder: Path) -> list[Problem]:
    """What is wrong in the files of the folder itself? Those that ship as they are need no look."""
    found = []
    own = _files(folder / FOLDER)
    good = known_good() if own else frozenset()
    seen: dict[object, str] = {}
    for path in own:
        name = display(path, folder.parent)
        if digest(path) in good:
            seen[path.stem] = name
            continue
        document = read(path, name)
        _validated(document)
        id_ = mapping(document.data).get("id")
        if isinstance(id_, str) and id_ in seen:
            document.add(("id",), f"the pack {shown(id_)} stands in {seen[id_]} too")
        seen.setdefault(id_, name)
        found += document.problems
    return found


def digest(path: Path) -> str:
    """The mark of a file's contents; of one that cannot be read, none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def known_good() -> frozenset[str]:
    """The marks of the packs as they ship, which tests have read: parsing them takes its time."""
    lines = shipped(GOOD).read_text("utf-8").splitlines()
    return frozenset(line.partition(" ")[0] for line in lines)


def marks() -> str:
    """What stands in the file of marks: one line for each pack that ships."""
    files = _files(shipped(f"config/{FOLDER}"))
    return "".join(f"{digest(path)}  {path.name}\n" for path in files)


def check_answers(sources: Sequence[Source], known: Mapping[str, Collection[str]]) -> None:
    """Note in its document every answer to a question that nobody asks, or given twice."""
    for source in sources:
        for at, project in entries(source.document.data, "projects"):
            seen: set[str] = set()
            for n, answer in entries(project, "answers"):
                rule = answer.get("rule")
                path: KeyPath = ("projects", at, "answers", n, "rule")
                if isinstance(rule, str):
                    _check_answer(source.document, path, rule, known)
                    if rule in seen:
                        source.document.add(path, f"{shown(rule)} is answered twice; keep one")
                    seen.add(rule)


def has_answers(sources: Sequence[Source]) -> bool:
    """Does any project answer any question?"""
    return any(
        project.get("answers")
        for source in sources
        for _, project in entries(source.document.data, "projects")
    )


def check_chosen(sources: Sequence[Source], known: Collection[str]) -> None:
    """Note in its document every pack that an OSPO chose and that is not there."""
    for source in sources:
        for n, name in enumerate(_chosen(source)):
            if isinstance(name, str) and name not in known:
                message = f"there is no rule pack {shown(name)}"
                source.document.add(("ospo", "packs", n), message, nearest(name, known))


def has_chosen(sources: Sequence[Source]) -> bool:
    """Does any OSPO say which packs it wants?"""
    return any(_chosen(source) for source in sources)


def _chosen(source: Source) -> Sequence[Data]:
    listed = mapping(mapping(source.document.data).get("ospo")).get("packs")
    return listed if isinstance(listed, tuple) else ()


def _check_answer(
    document: Document, path: KeyPath, rule: str, known: Mapping[str, Collection[str]]
) -> None:
    pack, _, number = rule.partition("/")
    if number in known.get(pack, ()):
        return
    asked = [f"{name}/{one}" for name in sorted(known) for one in sorted(known[name])]
    near = nearest(rule, [each for each in asked if each.startswith(f"{pack}/")] or asked)
    document.add(path, f"{shown(rule)} is no question of a rule pack; write pack/rule", near)


# ---------------------------------------------------------------- files


def _all(folder: Path) -> Iterator[Path]:
    """Shipped packs first, the folder's own after them."""
    own = folder / FOLDER
    home = shipped(f"config/{FOLDER}")
    for place in dict.fromkeys((home.resolve(), own.resolve())):
        yield from _files(place)


def _documents(files: Iterable[tuple[Path, str]]) -> Iterator[tuple[str, Document]]:
    """What stands in each file, by the pack's id; of two with the same the later one counts."""
    for path, name in files:
        document = read(path, name)
        id_ = mapping(document.data).get("id")
        yield id_ if isinstance(id_, str) else str(path), document


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.glob("*.y*ml")
        if path.suffix in (".yaml", ".yml") and not path.name.startswith(".")
    )


def _validated(document: Document) -> RulePack | None:
    if document.problems and document.data is None:
        return None
    try:
        found = RulePack.model_validate({} if document.data is None else document.data)
    except ValidationError as error:
        document.problems.extend(config_errors.problems(error, RulePack, document))
        return None
    _check_whole(found, document)
    return None if document.problems else found


def _check_whole(pack: RulePack, document: Document) -> None:
    """What no single key can tell."""
    _check_levels(pack, document)
    levels = [level.id for level in pack.levels]
    seen: set[str] = set()
    for at, rule in enumerate(pack.rules):
        here: KeyPath = ("rules", at)
        if rule.level not in levels:
            message = f"{shown(rule.level)} is not listed under `levels`"
            document.add((*here, "level"), message, nearest(rule.level, levels))
        if rule.id in seen:
            document.add((*here, "id"), f"the rule {shown(rule.id)} stands here twice")
        seen.add(rule.id)
        if rule.metric is None and rule.ask is None:
            document.add(here, "needs either `metric` or `ask`: nothing is looked at")
        if rule.metric and (rule.operator is None or rule.threshold is None):
            document.add(here, "needs `operator` and `threshold` to compare the metric with")


def _check_levels(pack: RulePack, document: Document) -> None:
    for at, level in enumerate(pack.levels):
        if [each.id for each in pack.levels].index(level.id) != at:
            document.add(("levels", at, "id"), f"the level {shown(level.id)} stands here twice")
        own = sum(rule.level == level.id and rule.required for rule in pack.rules)
        if level.needs and level.needs > own:
            document.add(
                ("levels", at, "needs"), f"asks for {level.needs} rules, and the level has {own}"
            )
