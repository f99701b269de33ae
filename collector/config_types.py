"""The parts that the models of both configuration files are made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from collector.config_forms import (
    amount,
    cron,
    day,
    language,
    pattern,
    plain,
    season,
    time_zone,
    variable,
    web,
)
from collector.metric_keys import METRIC_KEYS
from collector.problem import Mistake

ABOUT = (*METRIC_KEYS, "project", "status", "risk", "criticality")
"""What a decision can be about."""

if TYPE_CHECKING:
    MetricKey = str
    About = str
else:
    MetricKey = Literal[METRIC_KEYS]
    About = Literal[ABOUT]


def _form(check: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Make a check that raises ``Mistake`` one that pydantic can place."""

    def checked(value: Any) -> Any:
        try:
            return check(value)
        except Mistake as mistake:
            raise PydanticCustomError(
                "mistake", "{said}", {"said": str(mistake), "nearest": mistake.nearest}
            ) from None

    return checked


def _text(check: Callable[[str], str], **schema: str) -> Any:
    return (AfterValidator(_form(check)), Field(json_schema_extra=dict(schema) or None))


_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")


def _id(value: str) -> str:
    if _ID.fullmatch(value):
        return value
    near = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:80]
    raise Mistake("an id has lower-case letters, digits and '-' (1–80)", near or None)


def _country(value: str) -> str:
    if re.fullmatch(r"[A-Z]{2}", value):
        return value
    near = value.upper() if re.fullmatch(r"[A-Za-z]{2}", value) else None
    raise Mistake("a country is its ISO 3166 code of two capitals, such as SK", near)


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, dict) else value


Text = Annotated[str, AfterValidator(_form(plain))]
Id = Annotated[
    str, AfterValidator(_form(_id)), Field(json_schema_extra={"pattern": f"^{_ID.pattern}$"})
]
Day = Annotated[
    date, BeforeValidator(_form(day)), WithJsonSchema({"type": "string", "format": "date"})
]
Pattern = Annotated[
    str, AfterValidator(_form(pattern)), Field(json_schema_extra={"format": "regex"})
]
Web = Annotated[str, AfterValidator(_form(web)), Field(json_schema_extra={"format": "uri"})]
Variable = Annotated[str, AfterValidator(_form(variable))]
Cron = Annotated[str, AfterValidator(_form(cron))]
Money = Annotated[
    str, AfterValidator(_form(amount)), Field(json_schema_extra={"examples": ["20000 EUR"]})
]
Season = Annotated[
    str, AfterValidator(_form(season)), Field(json_schema_extra={"examples": ["01-15/05-31"]})
]
Language = Annotated[str, AfterValidator(_form(language))]
Country = Annotated[str, AfterValidator(_form(_country))]
TimeZone = Annotated[str, AfterValidator(_form(time_zone))]


class Keys(BaseModel):
    """A mapping of the configuration."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", defer_build=True, hide_input_in_errors=True
    )


class Span(Keys):
    """Something that holds for a time."""

    from_: Day | None = Field(None, alias="from", description="First day on which it holds.")
    until: Day | None = Field(None, description="Day on which it ends.")


class Threshold(Keys):
    """When a check is met, and when it is not; between the two it is at risk."""

    met: float = Field(description="The value from which the check is met.")
    not_met: float = Field(description="The value from which it is not met.")
    from_: Day | None = Field(
        None, alias="from", description="First day on which it holds; before, what held before."
    )


Thresholds = dict[MetricKey, Annotated[tuple[Threshold, ...], BeforeValidator(_one_or_more)]]
