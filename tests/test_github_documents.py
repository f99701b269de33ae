"""What GitHub is asked: valid on its own schema, and within the declared cost."""

import pytest
from graphql import DocumentNode

from collector.forges.github import ahead
from collector.forges.github.graphql import FOLDER, document, of_many
from collector.forges.github.heartbeat import AT_ONCE
from tests.forge.cost import cost
from tests.forge.graphql_side import checked, schema
from tests.forge.world import Json

ORDER = {"field": "CREATED_AT", "direction": "ASC"}
EVERYTHING: Json = {
    "owner": "o", "name": "n", "order": ORDER, "newest": True,
    "issues": True, "issuesFirst": 100, "changeRequests": True, "changeRequestsFirst": 100,
    "releases": True, "releasesFirst": 100,
}  # fmt: skip
CHANGES = {**EVERYTHING, "issuesFirst": 25, "changeRequestsFirst": 25, "releasesFirst": 10}
REVIEWS = {name: ["id"] * 100 for name in ("one", "two", "three")}

BUDGETS = [
    ("heartbeat", {}, 2),
    ("changes", EVERYTHING, 3),
    ("changes", {**EVERYTHING, "issues": False, "releases": False, "newest": False}, 1),
    ("changes", CHANGES, 1),
    ("many_changes", ahead.question(), 2),
    ("many_changes", {**ahead.sweep_question(), "issuesFirst": 28, "changeRequestsFirst": 28}, 6),
    ("timeline", {"item": "id"}, 1),
    ("review_comments", REVIEWS, 3),
    ("more_review_comments", {"review": "id"}, 1),
    ("identifiers", {"owner": "o", "name": "n", "issues": True, "changeRequests": True}, 1),
    ("owner", {"login": "o"}, 1),
]
"""Document, variables, and the most points it may cost."""


MANY = {"heartbeat": (AT_ONCE, "Beat"), "many_changes": (ahead.AT_ONCE, "Changes")}
"""Documents that ask many repositories at once: how many, and what."""


def text_of(name: str) -> str:
    if name not in MANY:
        return document(name)
    number, fragment = MANY[name]
    return of_many(name, [f"https://github.com/o/n{n}" for n in range(number)], fragment)[0]


@pytest.mark.parametrize(("name", "variables", "budget"), BUDGETS)
def test_a_document_is_valid_and_costs_no_more_than_its_budget(
    name: str, variables: Json, budget: int
) -> None:
    schema()
    found = checked(text_of(name))
    assert isinstance(found, DocumentNode), found
    spent = cost(schema(), found, variables)
    assert spent.points <= budget
    assert spent.nodes <= 500_000


def test_every_document_has_a_budget() -> None:
    names = {path.stem for path in FOLDER.glob("*.graphql")}
    assert names - {"fragments"} == {name for name, _, _ in BUDGETS}


def test_no_text_of_people_is_asked_for() -> None:
    asked = " ".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.graphql")).split()
    assert not {"body", "bodyText", "bodyHTML", "email"} & set(asked)


def test_nesting_the_comments_of_reviews_would_cost_a_hundred_times_as_much() -> None:
    nested = document("changes").replace("submittedAt state", "comments(first: 100) { totalCount }")
    found = checked(nested)
    assert isinstance(found, DocumentNode), found
    assert cost(schema(), found, EVERYTHING).points > 100
