"""What each kind of body sees first: only what exists, each with its reason."""

from typing import get_args

import pytest

from collector.archetype import (
    ARCHETYPES,
    BY_KEY,
    FACETS,
    GENERAL,
    Archetype,
    Facet,
    Kind,
    archetype,
)
from collector.config.portfolio_models import Ospo
from collector.judgement.rules import RULES
from collector.metric_keys import METRIC_KEYS

EVERY = (*ARCHETYPES, GENERAL)
SIX = {
    "national-government",
    "institution-centric",
    "local-government",
    "association",
    "academic",
    "support-function",
}
PACKS = {
    "chaoss-starter",
    "opencode-maintenance",
    "opencode-security",
    "codegouv-awesome",
    "os2-level",
    "openssf-maintained",
}
"""As METRICS.md names them."""


def test_the_six_archetypes_are_those_of_a_portfolio_file() -> None:
    assert set(BY_KEY) == SIX
    assert set(get_args(get_args(Ospo.model_fields["archetype"].annotation)[0])) == SIX


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.key or "general")
def test_what_is_shown_first_exists_stands_once_and_says_why(one: Archetype) -> None:
    known = {
        Kind.METRIC: set(METRIC_KEYS),
        Kind.CHECK: {rule.key for rule in RULES},
        Kind.FACET: set(Facet),
    }
    for kind in Kind:
        assert set(one.keys(kind)) <= known[kind]
    assert len({(shown.kind, shown.key) for shown in one.first}) == len(one.first)
    assert all(str(shown.why).endswith(".") for shown in one.first)
    assert one.packs
    assert set(one.packs) <= PACKS
    assert len(one.first) <= 8


def test_no_two_archetypes_begin_alike_and_every_facet_is_used() -> None:
    assert len({(one.first[0].kind, one.first[0].key) for one in EVERY}) == len(EVERY)
    assert {facet for one in EVERY for facet in one.keys(Kind.FACET)} == set(Facet) == set(FACETS)


WHAT_MATTERS = {
    "national-government": {"publishers", "publiccode_valid"},
    "institution-centric": {"contract_end", "top_supplier_share", "license", "vulnerabilities"},
    "local-government": {"regular_committers", "users"},
    "association": {"members", "funding_end", "contributing_public_bodies"},
    "academic": {"funding_end"},
    "support-function": {"attention", "services", "service_answered"},
}


@pytest.mark.parametrize("key", sorted(SIX))
def test_each_archetype_has_first_what_the_specification_says_matters_to_it(key: str) -> None:
    shown = {shown.key for shown in archetype(key).first}
    assert WHAT_MATTERS[key] <= shown


def test_a_body_without_an_archetype_sees_the_general_order() -> None:
    assert archetype(None) is archetype("") is archetype("unheard-of") is GENERAL
