"""Who pays for the work (METRICS.md, Organisations)."""

from collector.metric import State
from collector.model import Project
from tests.activities import activity, commits, issue, works_for
from tests.measuring import number, value

BODIES = {"city": "public-body", "region": "public-body", "firm": "supplier", "other": "supplier"}
PROJECT = Project("app", owner="city", organisations=BODIES)


def test_work_is_attributed_to_the_employer_of_its_day() -> None:
    records = activity(
        commits(4, "2025-02-01", "ana"),
        commits(6, "2025-08-01", "ana"),
        works_for("ana", "city", until="2025-07-01"),
        works_for("ana", "firm", since="2025-07-01"),
        project=PROJECT,
    )
    assert number("affiliation_coverage", records) == 1
    assert number("owner_share", records) == 0.4
    found = value("top_supplier_share", records)
    assert (found.value, found.parts["supplier"]) == (0.6, "firm")


def test_configuration_is_surer_than_a_mail_domain() -> None:
    records = activity(
        commits(4, "2025-02-01", "ana"),
        commits(1, "2025-08-01", "ana"),
        works_for("ana", "city", until="2025-07-01"),
        works_for("ana", "firm", source="mail"),
        project=PROJECT,
    )
    assert number("owner_share", records) == 0.8


def test_the_elephant_factor_counts_organisations() -> None:
    records = activity(
        commits(5, "2025-02-01", "ana"),
        commits(3, "2025-02-02", "ben"),
        commits(2, "2025-02-03", "eva"),
        works_for("ana", "city"),
        works_for("ben", "firm"),
        works_for("eva", "other"),
        project=PROJECT,
    )
    assert number("elephant_factor", records) == 1
    more = activity(
        commits(4, "2025-02-01", "ana"),
        commits(3, "2025-02-02", "ben"),
        commits(3, "2025-02-03", "eva"),
        works_for("ana", "city"),
        works_for("ben", "firm"),
        works_for("eva", "other"),
        project=PROJECT,
    )
    assert number("elephant_factor", more) == 2


def test_shares_say_nothing_where_too_little_is_known() -> None:
    records = activity(
        commits(5, "2025-02-01", "ana"),
        commits(5, "2025-02-01", "ben"),
        works_for("ana", "city"),
        project=PROJECT,
    )
    for key in ("elephant_factor", "owner_share", "top_supplier_share"):
        found = value(key, records)
        assert found.state is State.NOT_APPLICABLE
        assert "50 %" in str(found.reason)
    bodies = value("contributing_public_bodies", records)
    assert (bodies.value, bodies.parts["at_least"]) == (1, True)


def test_a_public_body_that_only_reports_contributes_too() -> None:
    records = activity(
        commits(5, "2025-02-01", "ana"),
        issue("2025-03-01", "ben"),
        works_for("ana", "city"),
        works_for("ben", "region"),
        project=PROJECT,
    )
    found = value("contributing_public_bodies", records)
    assert (found.value, found.parts["bodies"]) == (2, ["city", "region"])
    assert found.parts["at_least"] is False
