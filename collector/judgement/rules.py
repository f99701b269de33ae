"""The table of essential checks (METRICS.md, Checks) and of good practice."""

from __future__ import annotations

from collector.judgement import readings
from collector.judgement.checks import Result, Rule
from collector.model import N_

QUESTIONS = {
    "work": "Is work going on?",
    "survive": "Would it survive a departure?",
    "take_part": "Can others take part?",
    "safe": "Is it safe?",
    "paid": "Is it paid for?",
}

MET, AT_RISK, NOT_MET = Result.MET, Result.AT_RISK, Result.NOT_MET

RULES = (
    Rule(
        "care", "work", "care within its rhythm", "days_since_care", "days", False, 90, 365,
        readings.care,
        {
            MET: "Somebody looked after it {value:days_ago}; "
            "pauses of up to {met:days} are usual here.",
            None: "Nobody has looked after it for {value:days}; "
            "pauses of up to {met:days} are usual here.",
        },
        "Somebody who merges a change, delivers a version or answers a question.",
    ),
    Rule(
        "undelivered", "work", "finished work is delivered", "undelivered_commits", "days",
        False, 90, 365,
        readings.part(
            "undelivered_commits", "oldest_days", N_("No finished work waits to be delivered.")
        ),
        {None: "The oldest work that was not delivered has waited for {value:days}."},
        "A new version with the work of the last {value:days}.",
    ),
    Rule(
        "regular_committers", "survive", "people who work on it regularly",
        "regular_committers", "count", True, 3, 1,
        readings.plain("regular_committers"),
        {None: "People who work on it regularly: {value}."},
        "More people who work on it in three different months; {met} are wanted.",
        whole=True,
    ),
    Rule(
        "work_left_share", "survive", "work of those who are gone", "work_left_share", "ratio",
        False, 1 / 3, 2 / 3,
        readings.left,
        {None: "Of the work of three years, {value} % was done by people who are gone."},
        "Somebody who takes over, in steady work, what those who are gone used to do.",
        shown=100,
    ),
    Rule(
        "contract_end", "survive", "the contract runs on", "days_to_contract_end", "days",
        True, 365, 180,
        readings.ending(
            "days_to_contract_end",
            N_("Its contract ended {days:days_ago}, and nobody is named to follow."),
        ),
        {None: "Its contract ends in {value:days}, and nobody is named to follow."},
        "A contract that runs longer, or a supplier or team named to follow.",
        beyond=True,
    ),
    Rule(
        "funding_end", "survive", "the money runs on", "days_to_funding_end", "days",
        True, 365, 180,
        readings.ending(
            "days_to_funding_end",
            N_("Its funding ended {days:days_ago}, and nothing is named to follow."),
        ),
        {None: "Its funding ends in {value:days}, and nothing is named to follow."},
        "Funding that runs longer, or another source named to follow.",
        beyond=True,
    ),
    Rule(
        "outsiders_answered", "take_part", "people from outside get an answer",
        "outsiders_answered", "ratio", True, 0.8, 0.5,
        readings.outsiders,
        {None: "Of {n} questions and proposals from outside, in {window:days}, "
         "{value} % got an answer from the project."},
        "An answer from somebody of the project to those who wait.",
        shown=100,
    ),
    Rule(
        "oldest_outsider_waiting", "take_part", "nobody from outside waits long",
        "oldest_outsider_waiting", "days", False, 30, 90,
        readings.waiting,
        {None: "Somebody from outside has waited for {value:days}."},
        "An answer to those from outside who have waited for more than {met:days}.",
    ),
    Rule(
        "four_eyes", "take_part", "a second person sees the changes", "four_eyes", "ratio",
        True, 0.75, 0.25,
        readings.four_eyes,
        {None: "Of {n:changes} in {window:days}, a second person saw {value} %."},
        "Changes that go through a proposal which a second person looks at or merges.",
        shown=100,
    ),
    Rule(
        "license", "take_part", "an open licence", "license", "yes/no", True, 1, 0,
        readings.licence,
        {
            MET: "Its licence, {licence}, is approved by the OSI.",
            None: "It has no licence that is approved by the OSI.",
        },
        "A LICENSE file with a licence that is approved by the OSI.",
        whole=True,
    ),
    Rule(
        "community_files", "take_part", "a README and a way to reach somebody",
        "community_files", "count", True, 2, 0,
        readings.reachable,
        {
            MET: "There is a README and a way to reach somebody.",
            AT_RISK: "There is no way to reach somebody.",
            None: "There is neither a README nor a way to reach somebody.",
        },
        "A README, and a SUPPORT, SECURITY or CONTRIBUTING file or a contact in publiccode.yml.",
        whole=True,
    ),
    Rule(
        "bot_updates", "safe", "updates are taken", "dependency_update_latency", "days",
        False, 30, 90,
        readings.part(
            "dependency_update_latency", "oldest_open_days",
            N_("No update waits that a bot proposed."),
        ),
        {None: "The oldest proposed update has been open for {value:days}."},
        "The oldest updates that bots proposed are merged, or closed with a reason.",
    ),
    Rule(
        "vulnerabilities", "safe", "no known grave vulnerability", "known_vulnerabilities",
        "days", False, 0, 30,
        readings.part(
            "known_vulnerabilities", "oldest_high_days", "No grave vulnerability is known."
        ),
        {None: "The oldest grave vulnerability has been known for {value:days}."},
        "An update of the dependency that has the vulnerability.",
    ),
    Rule(
        "default_branch_red", "safe", "the checks pass", "default_branch_red", "days",
        False, 7, 30,
        readings.red,
        {None: "The checks of the default branch have failed for {value:days}."},
        "Checks of the default branch that pass again.",
    ),
    Rule(
        "paid", "paid", "a contract, a grant or a team", "funding", "yes/no", True, 1, 0,
        readings.paid,
        {
            MET: "A contract, a grant or a team is named and current.",
            None: "The contracts and grants that were named have ended.",
        },
        "A contract, a grant or a team, named in the portfolio file with its dates.",
        whole=True,
    ),
)  # fmt: skip

GOOD_PRACTICE: dict[str, tuple[bool, float]] = {
    "active_weeks_ratio": (True, 0.25),
    "days_since_last_commit": (False, 90),
    "dumped_share": (False, 0.1),
    "contributors": (True, 5),
    "committers": (True, 3),
    "contributor_absence_factor": (True, 2),
    "core_contributors": (True, 3),
    "top_contributor_share": (False, 0.5),
    "active_maintainers": (True, 2),
    "contributor_retention": (True, 0.5),
    "new_contributors": (True, 1),
    "elephant_factor": (True, 2),
    "top_supplier_share": (False, 0.75),
    "contributing_public_bodies": (True, 2),
    "time_to_first_response_issues": (False, 48),
    "time_to_first_response_change_requests": (False, 48),
    "first_answer_wait": (False, 48),
    "answered_share": (True, 0.8),
    "answered_in_two_business_days": (True, 0.8),
    "issue_resolution_duration": (False, 60),
    "change_request_duration": (False, 14),
    "change_request_closure_ratio": (True, 0.5),
    "review_efficiency_index": (True, 0.8),
    "review_share": (True, 0.75),
    "self_merge_rate": (False, 0.25),
    "stale_change_requests": (False, 0),
    "release_frequency": (True, 1),
    "days_since_last_delivery": (False, 183),
    "publiccode_valid": (True, 1),
    "issue_tracker_open": (True, 1),
    "declared_vs_observed": (False, 0),
    "users": (True, 2),
    "scorecard": (True, 5),
    "libyears": (False, 20),
    "service_answered": (True, 0.98),
    "commits_ahead": (False, 50),
    "commits_behind": (False, 100),
    "days_since_sync": (False, 90),
    "patches_sent_back": (True, 1),
}
"""Metric → (is higher better, from which value on it is counted): every metric with a direction
that no essential check reads. Never a verdict; ``thresholds`` of configuration overrule them."""
