"""The parts that the models of both configuration files are made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from collector.config.forms import (
    amount,
    cron,
    day,
    language,
    network,
    number,
    owner,
    pattern,
    plain,
    season,
    time_zone,
    variable,
    web,
)
from collector.config.ids import slug
from collector.metric_keys import METRIC_KEYS
from collector.problem import Mistake

ABOUT = (*METRIC_KEYS, "project", "status", "risk", "criticality", "outcomes")
"""What a decision can be about."""

if TYPE_CHECKING:
    MetricKey = str
    About = str
else:
    MetricKey = Literal[METRIC_KEYS]
    About = Literal[ABOUT]


def form(check: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Make a check that raises ``Mistake`` one that pydantic can place."""

    def checked(value: Any) -> Any:
        try:
            return check(value)
        except Mistake as mistake:
            raise PydanticCustomError(
                "mistake", "{said}", {"said": str(mistake), "nearest": mistake.nearest}
            ) from None

    return checked


_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")


def _id(value: str) -> str:
    if _ID.fullmatch(value):
        return value
    raise Mistake("an id has lower-case letters, digits and '-' (1–80)", slug(value) or None)


def _country(value: str) -> str:
    if re.fullmatch(r"[A-Z]{2}", value):
        return value
    near = value.upper() if re.fullmatch(r"[A-Za-z]{2}", value) else None
    raise Mistake("a country is its ISO 3166 code of two capitals, such as SK", near)


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, dict) else value


def as_form(form: str, **more: Any) -> Any:
    """What the documentation calls such a value, and what editors are told."""
    return Field(json_schema_extra={"x-form": form, **more})


Text = Annotated[str, AfterValidator(form(plain))]
Id = Annotated[str, AfterValidator(form(_id)), as_form("id", pattern=f"^{_ID.pattern}$")]
Day = Annotated[
    date,
    BeforeValidator(form(day)),
    WithJsonSchema({"type": "string", "format": "date", "x-form": "date"}),
]
Pattern = Annotated[
    str, AfterValidator(form(pattern)), as_form("regular expression", format="regex")
]
Web = Annotated[str, AfterValidator(form(web)), as_form("web address", format="uri")]
Network = Annotated[str, AfterValidator(form(network)), as_form("IP address or network")]
Variable = Annotated[str, AfterValidator(form(variable)), as_form("name of a variable")]
Owner = Annotated[str, AfterValidator(form(owner)), as_form("owner: `city`")]
Number = Annotated[
    str,
    BeforeValidator(number),
    AfterValidator(form(plain)),
    WithJsonSchema({"type": ["string", "integer"], "x-form": "number or id"}),
]
Cron = Annotated[str, AfterValidator(form(cron)), as_form("cron expression")]
Money = Annotated[str, AfterValidator(form(amount)), as_form("amount: `20000 EUR`")]
Season = Annotated[str, AfterValidator(form(season)), as_form("season: `01-15/05-31`")]
Language = Annotated[str, AfterValidator(form(language)), as_form("language tag: `sk`")]
Country = Annotated[str, AfterValidator(form(_country)), as_form("country code: `SK`")]
TimeZone = Annotated[str, AfterValidator(form(time_zone)), as_form("time zone")]


class Keys(BaseModel):
    """A mapping of the configuration. A key with nothing behind it is as good as absent."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", defer_build=True, hide_input_in_errors=True
    )

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, data: Any) -> Any:
        if not isinstance(data, dict) or None not in data.values():
            return data
        known = {field.alias or name for name, field in cls.model_fields.items()}
        return {key: value for key, value in data.items() if value is not None or key not in known}


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
