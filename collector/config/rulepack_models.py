"""What may stand in a file of ``config/rulepacks/``: every key, its form and its meaning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from collector.config.types import Country, Day, Id, Keys, Text, Web, as_form, form
from collector.metric_keys import MEASURE_KEYS, METRIC_KEYS
from collector.problem import Mistake

PACK_METRICS = (*METRIC_KEYS, *MEASURE_KEYS)
"""What a rule can read."""

if TYPE_CHECKING:
    PackMetric = str
else:
    PackMetric = Literal[PACK_METRICS]

_NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?")


def _number(value: str) -> str:
    if _NUMBER.fullmatch(value):
        return value
    near = re.sub(r"[^A-Za-z0-9]+", "-", value).strip("-")[:40]
    raise Mistake("a rule's id has letters, digits and '-' (1–40)", near or None)


RuleId = Annotated[
    str, AfterValidator(form(_number)), as_form("id", pattern=f"^{_NUMBER.pattern}$")
]


class PackLevel(Keys):
    """A level of the checklist. Each one asks for all below it too."""

    id: Id = Field(description="Its id.")
    name: Text = Field(description="Its name, as people know it.")
    needs: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        None, description="How many of its rules must be met; default: all that apply."
    )


class PackRule(Keys):
    """One thing that the checklist asks for: a figure, a question to people, or both."""

    id: RuleId = Field(description="Its id, as the checklist numbers it.")
    level: Id = Field(description="The level that it belongs to.")
    title: Text = Field(description="What is asked for, in plain words.")
    metric: PackMetric | None = Field(None, description="The figure that is looked at.")
    part: Text | None = Field(
        None, description="A figure beside the metric's value, such as `osi_approved`."
    )
    operator: Literal[">=", ">", "<=", "<", "==", "!="] | None = Field(
        None, description="How the figure is compared with the threshold."
    )
    threshold: float | None = Field(None, description="The number it is compared with; yes is 1.")
    if_none: Literal["n/a", "met", "not met"] = Field(
        "n/a", description="What it comes to where the figure does not apply."
    )
    ask: Text | None = Field(
        None,
        description="The question to people, answered under `answers` of the project. Where there"
        " is a figure too, a current answer stands before it.",
    )
    required: bool = Field(True, description="false: a recommendation, which no level needs.")
    note: Text | None = Field(
        None, description="Where our reading and the source's differ, or who chose the number."
    )
    source: Web | None = Field(None, description="Where it is written; default: the pack's source.")


class RulePack(Keys):
    """A file of `config/rulepacks/`: one checklist."""

    id: Id = Field(description="Its id; one that is shipped too is replaced by this one.")
    name: Text = Field(description="Its name.")
    by: Text = Field(description="Who publishes it.")
    source: Web = Field(description="Where it is published.")
    checked: Day | None = Field(None, description="When this file was last compared with it.")
    about: Text = Field(description="What it is for, in plain words.")
    countries: tuple[Country, ...] = Field(
        (), description="Only for OSPOs of these countries, unless they name it in `packs`."
    )
    levels: Annotated[tuple[PackLevel, ...], Field(min_length=1)] = Field(
        description="Its levels, the lowest first."
    )
    rules: Annotated[tuple[PackRule, ...], Field(min_length=1)] = Field(description="Its rules.")
