"""From the configuration's files to rule packs and answers: what is measured of a project."""

from __future__ import annotations

from calendar import timegm
from collections.abc import Iterable
from dataclasses import dataclass

from collector.config import Config, ProjectConfig
from collector.config.rulepack_file import packs as read_packs
from collector.config.rulepack_models import PackRule, RulePack
from collector.rulepack.pack import Answer, Level, Pack, Rule, applies


@dataclass(frozen=True, slots=True)
class Checklists:
    """The packs that are measured for a project, and what people answered."""

    packs: tuple[Pack, ...] = ()
    answers: tuple[Answer, ...] = ()


def packs(config: Config) -> tuple[Pack, ...]:
    """Every rule pack, shipped or the OSPO's own. Raises ``ConfigError``."""
    return tuple(map(read_pack, read_packs(config.folder)))


def checklists(known: Iterable[Pack], project: ProjectConfig) -> Checklists:
    """What is measured of one project."""
    ospo = project.ospo
    chosen = tuple(pack for pack in known if applies(pack, ospo.country, ospo.packs))
    return Checklists(chosen, answers(project))


def answers(project: ProjectConfig) -> tuple[Answer, ...]:
    """What people answered of one project."""
    return tuple(
        Answer(
            each.rule,
            each.answer,
            timegm(each.date.timetuple()),
            each.evidence,
            each.by,
            each.text,
        )
        for each in project.declared.answers
    )


def read_pack(read: RulePack) -> Pack:
    """A pack as it stands in its file, as it is measured."""
    return Pack(
        id=read.id,
        name=read.name,
        by=read.by,
        source=read.source,
        about=read.about,
        levels=tuple(Level(each.id, each.name, each.needs) for each in read.levels),
        rules=tuple(map(_rule, read.rules)),
        countries=read.countries,
        checked=timegm(read.checked.timetuple()) if read.checked else None,
    )


def _rule(read: PackRule) -> Rule:
    return Rule(
        id=read.id,
        level=read.level,
        title=read.title,
        metric=read.metric,
        part=read.part,
        operator=read.operator,
        threshold=read.threshold,
        if_none=read.if_none,
        ask=read.ask,
        required=read.required,
        note=read.note,
        source=read.source,
    )
