"""What records stand behind a figure? Those that count and those left out, and why.

A second way to the same number: rows are chosen by what is stored of them, and the number of
those that count is the metric's own value or n (``tests/test_evidence.py``).
"""

from __future__ import annotations

from collections.abc import Mapping

from collector.evidence import commits, facts, items, persons, tags
from collector.evidence.group import Group, Record, Source, Witness
from collector.model import ItemKind

__all__ = ["PEOPLE", "WITNESSES", "Group", "Record", "Source", "evidence"]

ISSUE, CHANGE = ItemKind.ISSUE, ItemKind.CHANGE_REQUEST

WITNESSES: Mapping[str, Witness] = {
    "commits": commits.in_window,
    "commit_frequency": commits.in_window,
    "active_weeks_ratio": commits.in_whole_weeks,
    "days_since_last_commit": commits.newest_arrival,
    "days_since_care": commits.newest_care,
    "active_repositories_share": commits.in_window,
    "activity_trend": commits.both_half_years,
    "bot_share": commits.bots_and_all,
    "declared_ai_share": commits.declared_ai,
    "dumped_share": commits.dumps,
    "change_requests_opened": items.opened_in_year(CHANGE),
    "change_requests_merged": items.merged_in_year,
    "change_requests_declined": items.declined_in_year,
    "issues_opened": items.opened_in_year(ISSUE),
    "issues_closed": items.issues_closed,
    "contributors": persons.contributed,
    "committers": persons.credited,
    "contributor_absence_factor": persons.half,
    "core_contributors": persons.four_fifths,
    "top_contributor_share": persons.busiest,
    "regular_committers": persons.regulars,
    "work_left_share": persons.gone,
    "new_contributors": persons.newcomers,
    "contributor_retention": persons.stayed,
    "active_maintainers": persons.mergers,
    "affiliation_coverage": persons.employers,
    "elephant_factor": persons.employers,
    "owner_share": persons.employers,
    "top_supplier_share": persons.employers,
    "contributing_public_bodies": persons.employers,
    "time_to_first_response_issues": items.first_responses(ISSUE),
    "time_to_first_response_change_requests": items.first_responses(CHANGE),
    "first_answer_wait": items.waits,
    "answered_share": items.a_week_old,
    "outsiders_answered": items.from_outside,
    "oldest_outsider_waiting": items.waiting_outside,
    "answered_in_two_business_days": items.a_week_old,
    "issue_resolution_duration": items.issues_resolved,
    "change_request_duration": items.taken,
    "change_request_closure_ratio": items.dealt_with,
    "review_efficiency_index": items.dealt_with,
    "change_request_acceptance_ratio": items.decided_in_year,
    "open_issue_age": items.still_open(ISSUE),
    "open_change_requests": items.still_open(CHANGE),
    "open_issues": items.still_open(ISSUE),
    "stale_change_requests": items.unmoved,
    "review_share": items.reviewed,
    "self_merge_rate": items.reviewed,
    "four_eyes": items.reviewed,
    "release_frequency": tags.releases,
    "deployments": tags.deployments,
    "days_since_last_delivery": tags.last_one,
    "undelivered_commits": commits.undelivered,
    "delivery_interval": tags.last_intervals,
    "community_files": facts.community,
    "license": facts.licence,
    "publiccode_valid": facts.described,
    "issue_tracker_open": facts.repositories,
    "lifecycle": facts.repositories,
    "days_to_contract_end": facts.contracted,
    "days_to_funding_end": facts.funded,
    "maintenance_type": facts.described,
    "declared_vs_observed": facts.declared,
    "users": facts.used,
    "stars": facts.counted_by_the_forge,
    "forks": facts.counted_by_the_forge,
    "watchers": facts.counted_by_the_forge,
    "dependency_update_latency": items.updates,
    "default_branch_red": facts.repositories,
    "scorecard": facts.nothing,
    "known_vulnerabilities": facts.nothing,
    "libyears": facts.nothing,
    "service_answered": facts.nothing,
    "commits_ahead": facts.forked,
    "commits_behind": facts.forked,
    "days_since_sync": facts.forked,
    "patches_sent_back": facts.sent,
    "invalid_dates": facts.nothing,
    "history_imports": facts.imported,
    "repositories_unread": facts.repositories,
    "forge_drift": facts.compared,
}


PEOPLE = frozenset(
    key for key, witness in WITNESSES.items() if witness.__module__ == persons.__name__
)
"""The metrics that depend on who is whose account."""


def evidence(source: Source) -> tuple[Group, ...]:
    """The records behind one value; groups that are empty and count nothing are left out."""
    found = WITNESSES[source.metric.key](source)
    return tuple(each for each in found if each.total or each.counts)
