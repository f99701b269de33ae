"""Worked examples: a few lines of what happened, and the value they make on New Year's Day 2026.

One table for all: a test builds the records that the lines tell and measures them
(``tests/test_examples.py``); ``docs/metrics.md`` and the Method page show the same lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from collector.model import Instant

AS_OF = "2026-01-01"


@dataclass(frozen=True, slots=True)
class Example:
    """What happened, and which value that makes. ``part``: where the value is a text."""

    key: str
    story: str
    value: float | str
    why: str
    part: str | None = None

    @property
    def lines(self) -> list[str]:
        """What happened, one thing after the other."""
        return self.story.split("; ")


EXAMPLES = (
    # work
    Example("commits",
        "2024-12-31 ana commits; 2025-03-01 ana commits ×2; 2025-06-01 ben commits; "
        "2025-07-01 renovate commits",
        3, "The one before the year and the bot's are left out.",
    ),
    Example("commit_frequency",
        "2025-09-01 ana commits ×9; 2025-11-01 ana commits ×18",
        1.4, "18 in 90 days, which are 12.86 weeks.",
    ),
    Example("active_weeks_ratio",
        "2025-10-01 ana commits; 2025-10-02 ana commits; 2025-11-05 ben commits",
        2 / 13, "Two of the thirteen whole weeks from 29 September to 28 December.",
    ),
    Example("days_since_last_commit",
        "2025-12-22 ana commits",
        10, "From its arrival to New Year.",
    ),
    Example("days_since_care",
        "ana is a maintainer; 2025-11-02 ana commits; 2025-12-02 eva opens 1; 2025-12-12 "
        "ana comments on 1",
        20, "The answer to somebody else's issue is care; the question is not.",
    ),
    Example("active_repositories_share",
        "2025-12-20 ana commits; 2025-06-01 ben commits in lib",
        0.5, "One of two repositories had a commit in 30 days.",
    ),
    Example("activity_trend",
        "2024-08-01 ana commits ×20; 2025-08-01 ana commits ×30",
        0.5, "30 in the half year, 20 in the same half year before: half as many again.",
    ),
    Example("bot_share",
        "2025-03-01 ana commits ×3; 2025-03-02 renovate commits",
        0.25, "One of four.",
    ),
    Example("declared_ai_share",
        "2025-03-01 ana commits ×3; 2025-03-02 ana commits with an AI assistant",
        0.25, "One of four names an AI assistant.",
    ),
    Example("dumped_share",
        "2025-03-01 ana commits ×3; 2025-06-01 ana commits 80 files",
        0.25, "80 files after a pause of three months are a dump.",
    ),
    Example("change_requests_opened",
        "2024-11-01 eva proposes 1; 2025-02-01 eva proposes 2; 2025-03-01 dependabot "
        "proposes 3",
        1, "One is older than a year, one is a bot's.",
    ),
    Example("change_requests_merged",
        "2024-12-01 eva proposes 1; 2025-01-05 ana merges 1",
        1, "It was merged in the year, whenever it was opened.",
    ),
    Example("change_requests_declined",
        "2025-03-01 eva proposes 1; 2025-03-05 ana closes 1",
        1, "Closed, and not merged.",
    ),
    Example("issues_opened",
        "2025-03-01 eva opens 1; 2024-03-01 eva opens 2",
        1, "The other one is older than a year.",
    ),
    Example("issues_closed",
        "2024-06-01 eva opens 1; 2025-02-01 ana closes 1",
        1, "It was closed in the year, whenever it was opened.",
    ),
    # people
    Example("contributors",
        "2025-03-01 ana commits; 2025-04-01 eva opens 1; 2025-05-01 ben comments on 1",
        3, "A commit, an issue, a comment: each is a contribution.",
    ),
    Example("committers",
        "2025-03-01 ana commits with ben; 2025-03-02 renovate commits",
        2, "Both are credited; the bot is not.",
    ),
    Example("contributor_absence_factor",
        "2025-03-01 ana commits ×1000; 2025-03-02 ben commits ×202; 2025-03-03 eva commits "
        "×90; 2025-03-04 jan commits ×33; 2025-03-05 ida commits ×332; 2025-03-06 pia "
        "commits ×343; 2025-03-07 tom commits ×42; 2025-03-08 uwe commits ×433",
        2, "2475 in all; 1000 are less than half, 1000 + 433 are more.",
    ),
    Example("core_contributors",
        "2025-03-01 ana commits ×5; 2025-03-02 ben commits ×3; 2025-03-03 eva commits ×2",
        2, "5 + 3 are 80 % of 10.",
    ),
    Example("top_contributor_share",
        "2025-03-01 ana commits ×3; 2025-03-02 ben commits",
        0.75, "Three of four credits.",
    ),
    Example("regular_committers",
        "2025-02-01 ana commits; 2025-05-01 ana commits; 2025-09-01 ana commits; 2025-05-01 "
        "ben commits ×9; 2025-06-01 ben commits",
        1, "Three months with a commit for the one, two for the other.",
    ),
    Example("work_left_share",
        "2024-03-01 ana commits ×3; 2025-11-01 ben commits",
        0.75, "Three of four credits of three years are by somebody not seen for half a year.",
    ),
    Example("new_contributors",
        "2023-05-01 ana commits; 2025-05-01 ana commits; 2025-06-01 ben commits",
        1, "Only one came in this year.",
    ),
    Example("contributor_retention",
        "2024-05-01 ana commits; 2024-06-01 ben commits; 2025-05-01 ana commits",
        0.5, "One of last year's two is still there.",
    ),
    Example("active_maintainers",
        "2025-10-01 eva proposes 1; 2025-10-02 ana merges 1",
        1, "One person merged something in half a year.",
    ),
    # organisations
    Example("affiliation_coverage",
        "ana works for city; 2025-03-01 ana commits ×3; 2025-03-02 ben commits",
        0.75, "For three of four credits it is known who employed their author.",
    ),
    Example("elephant_factor",
        "ana works for city; ben works for firm; 2025-03-01 ana commits ×3; 2025-03-02 ben "
        "commits ×3",
        1, "One of two that share it evenly holds half.",
    ),
    Example("owner_share",
        "ana works for city; ben works for firm; 2025-03-01 ana commits ×3; 2025-03-02 ben "
        "commits",
        0.75, "City is the owner.",
    ),
    Example("top_supplier_share",
        "ana works for city; ben works for firm; 2025-03-01 ana commits ×3; 2025-03-02 ben "
        "commits",
        0.25, "Firm is the only supplier.",
    ),
    Example("contributing_public_bodies",
        "ana works for city; ben works for region; 2025-03-01 ana commits; 2025-03-02 ben "
        "commits",
        2, "City and region are public bodies.",
    ),
    # others can take part
    Example("time_to_first_response_issues",
        "2025-11-01 eva opens 1; 2025-11-02 ana comments on 1; 2025-11-05 eva opens 2; "
        "2025-11-08 ana comments on 2",
        48, "Half way between 24 and 72 hours.",
    ),
    Example("time_to_first_response_change_requests",
        "2025-11-01 eva proposes 1; 2025-11-01 eva comments on 1; 2025-11-02 ana reviews 1",
        24, "What one says oneself is no answer.",
    ),
    Example("first_answer_wait",
        "2025-11-01 eva opens 1; 2025-11-02 ana comments on 1; 2025-11-05 eva opens 2; "
        "2025-11-07 ana comments on 2; 2025-12-22 eva opens 3",
        48, "24, 48, and 240 hours so far: the middle one.",
    ),
    Example("answered_share",
        "2025-11-01 eva opens 1; 2025-11-02 ana comments on 1; 2025-11-05 eva opens 2; "
        "2025-12-30 eva opens 3",
        0.5, "One of two; the third is not a week old yet.",
    ),
    Example("outsiders_answered",
        "ana is a maintainer; 2025-11-01 eva opens 1; 2025-11-02 ana comments on 1; "
        "2025-11-05 eva opens 2; 2025-11-06 ben comments on 2",
        0.5, "Only one of two got an answer from somebody of the project.",
    ),
    Example("oldest_outsider_waiting",
        "ana is a maintainer; 2025-12-02 eva opens 1; 2025-11-05 ana opens 2",
        30, "The older one is the project's own.",
    ),
    Example("answered_in_two_business_days",
        "2025-11-07 eva opens 1; 2025-11-11 ana comments on 1; 2025-11-18 eva opens 2; "
        "2025-11-21 ana comments on 2",
        0.5, "From Friday to Tuesday are two business days, from Tuesday to Friday three.",
    ),
    Example("issue_resolution_duration",
        "2025-01-11 eva opens 1; 2025-01-21 ana closes 1",
        10, "Closed ten days later.",
    ),
    Example("change_request_duration",
        "2025-03-01 eva proposes 1; 2025-03-05 ana merges 1",
        4, "Merged four days later.",
    ),
    Example("change_request_closure_ratio",
        "2025-06-01 eva proposes 1; 2025-11-01 eva proposes 2; 2025-11-02 eva proposes 3; "
        "2025-11-03 eva proposes 4; 2025-11-09 ana merges 2; 2025-11-09 ana closes 3",
        0.5, "One was open, three came, two are done.",
    ),
    Example("review_efficiency_index",
        "2025-11-01 eva proposes 1; 2025-11-02 eva proposes 2; 2025-11-09 ana merges 1",
        0.5, "Two came, one is done.",
    ),
    Example("change_request_acceptance_ratio",
        "2025-03-01 eva proposes 1; 2025-03-01 eva proposes 2; 2025-03-02 ana merges 1; "
        "2025-03-02 ana closes 2",
        0.5, "One taken, one declined.",
    ),
    Example("open_issue_age",
        "2025-12-22 eva opens 1; 2025-12-12 eva opens 2",
        15, "Half way between 10 and 20 days.",
    ),
    Example("open_change_requests",
        "2025-12-22 eva proposes 1; 2025-12-01 eva proposes 2; 2025-12-02 ana merges 2",
        1, "The other one is merged.",
    ),
    Example("open_issues",
        "2025-12-22 eva opens 1; 2025-12-23 renovate opens 2",
        1, "Bots' issues are not counted.",
    ),
    Example("stale_change_requests",
        "2025-06-01 eva proposes 1; 2025-06-01 eva proposes 2; 2025-12-01 ana comments on 2",
        1, "On the other one somebody spoke a month ago.",
    ),
    Example("review_share",
        "2025-10-01 eva proposes 1; 2025-10-02 ana reviews 1; 2025-10-03 ana merges 1; "
        "2025-10-01 eva proposes 2; 2025-10-03 ana merges 2",
        0.5, "One of two was reviewed before it was merged.",
    ),
    Example("self_merge_rate",
        "2025-10-01 eva proposes 1; 2025-10-03 ana merges 1; 2025-10-01 ana proposes 2; "
        "2025-10-03 ana merges 2",
        0.5, "One of two was merged by its author alone.",
    ),
    Example("four_eyes",
        "2025-08-01 ana commits; 2025-09-01 ana commits; 2025-10-01 ana commits; 2025-08-02 "
        "ben commits; 2025-09-02 ben commits; 2025-10-02 ben commits; 2025-10-05 eva "
        "proposes 1; 2025-10-06 ana merges 1",
        1 / 7, "Six were pushed directly; one proposal was merged by somebody else.",
    ),
    # deliveries
    Example("release_frequency",
        "2025-05-01 tag v1.0; 2025-05-02 tag 1.0; 2025-06-01 tag v1.1-rc1",
        1, "v1.0 and 1.0 are one version; the third is a pre-release.",
    ),
    Example("deployments",
        "2025-05-01 tag prod-1; 2025-06-01 tag prod-2; 2025-06-02 tag test-3",
        2, "A test is no deployment.",
    ),
    Example("days_since_last_delivery",
        "2025-12-22 tag v1.0; 2025-12-30 tag v1.1-rc1",
        10, "A pre-release is no delivery.",
    ),
    Example("undelivered_commits",
        "2025-05-01 ana commits; 2025-06-01 tag v1.0; 2025-07-01 ana commits; 2025-08-01 "
        "ben commits",
        2, "Two came after the newest version.",
    ),
    Example("delivery_interval",
        "2025-01-01 tag v1; 2025-01-31 tag v2; 2025-03-02 tag v3",
        30, "30 days each.",
    ),
    # openness on paper
    Example("community_files",
        "README since 2020-01-01; SECURITY since 2025-01-01; ROADMAP since 2026-02-01",
        2, "The third one comes later.",
    ),
    Example("license",
        "LICENSE since 2020-01-01: EUPL-1.2",
        "EUPL-1.2", "Approved by the OSI.", "spdx",
    ),
    Example("publiccode_valid",
        "publiccode.yml since 2020-01-01: name App",
        1, "Nothing is wrong in it.",
    ),
    Example("issue_tracker_open",
        "issues are kept at https://jira.example.eu",
        1, "Elsewhere, and in public.",
    ),
    # it goes on
    Example("days_to_contract_end",
        "contract with firm from 2024-01-01 until 2026-04-11",
        100, "Nobody is named to follow.",
    ),
    Example("days_to_funding_end",
        "funding by state from 2024-01-01 until 2026-04-11",
        100, "Nothing is named to follow.",
    ),
    Example("maintenance_type",
        "publiccode.yml since 2020-01-01: maintenance_type internal",
        "internal", "As declared.", "type",
    ),
    Example("declared_vs_observed",
        "2024-06-01 ana commits; publiccode.yml since 2020-01-01: development_status stable",
        1, "Declared stable, and nobody has looked after it for a year.",
    ),
    Example("users",
        "user Praha 7 since 2019-05-01; user Brno since 2026-05-01",
        1, "The second one comes later.",
    ),
    Example("stars",
        "2025-12-31 snapshot 42 stars",
        42, "Our own newest count before the date.",
    ),
    Example("forks",
        "2025-12-31 snapshot 7 forks",
        7, "Our own newest count before the date.",
    ),
    Example("watchers",
        "2025-12-31 snapshot 3 watchers",
        3, "Our own newest count before the date.",
    ),
    Example("dependency_update_latency",
        "2025-03-01 dependabot proposes 1; 2025-03-05 ana merges 1",
        4, "Merged four days later.",
    ),
)  # fmt: skip

BY_KEY = {example.key: example for example in EXAMPLES}


def instant() -> Instant:
    """Midnight at the start of the day of the examples."""
    return int(datetime.fromisoformat(AS_OF).replace(tzinfo=UTC).timestamp())


def outcome(example: Example) -> str:
    """The value as it is read."""
    return example.value if isinstance(example.value, str) else f"{example.value:.4g}"
