"""The forge metrics once more, from the archive's JSON in plain loops: shares no code with ours.

Written from METRICS.md alone, slow on purpose. Closing actors are not given by the archive.
"""

import gzip
import json
import statistics
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

DAY = 86_400
BOTS = {"copilot-pull-request-reviewer"}


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


class Naive:
    def __init__(self, path: Path) -> None:
        with gzip.open(path) as packed:
            raw = json.load(packed)
        self.items = [self.item(one, "issue") for one in raw["issues"]]
        self.items += [self.item(one, "change") for one in raw["pulls"]]

    def item(self, raw: dict[str, Any], kind: str) -> dict[str, Any]:
        said = [(seconds(c["createdAt"]), c["author"], "comment") for c in raw["comments"]]
        for review in raw.get("reviews", []):
            said.append((seconds(review["createdAt"]), review["author"], "review"))
            at = [seconds(comment["createdAt"]) for comment in review["comments"]]
            said += [(when, review["author"], "comment") for when in at]
        merged = raw.get("mergedAt")
        if merged:
            said.append((seconds(merged), raw["mergedBy"], "merge"))
        return {
            "kind": kind,
            "author": raw["author"],
            "created": seconds(raw["createdAt"]),
            "closed": seconds(raw["closedAt"]) if raw["closedAt"] else None,
            "merged": seconds(merged) if merged else None,
            "said": [one for one in said if one[1] not in BOTS],
        }

    def at(self, as_of: int) -> dict[str, float | None]:
        self.now = as_of
        self.there = [i for i in self.items if i["created"] < as_of]
        self.changes = [i for i in self.there if i["kind"] == "change"]
        self.issues = [i for i in self.there if i["kind"] == "issue"]
        return {**self.counts(), **self.waits(), **self.shares(), **self.took(), **self.reviews()}

    def within(self, when: int | None, days: int) -> bool:
        return when is not None and self.now - days * DAY <= when < self.now

    def is_open(self, item: dict[str, Any], at: int) -> bool:
        created_before = item["created"] < at
        return created_before and (item["closed"] is None or item["closed"] >= at)

    def counts(self) -> dict[str, float | None]:
        count: dict[str, float | None] = {}
        changes, issues = self.changes, self.issues
        count["change_requests_opened"] = sum(self.within(i["created"], 365) for i in changes)
        count["change_requests_merged"] = sum(self.within(i["merged"], 365) for i in changes)
        count["change_requests_declined"] = sum(
            self.within(i["closed"], 365) and i["merged"] is None for i in changes
        )
        count["issues_opened"] = sum(self.within(i["created"], 365) for i in issues)
        count["issues_closed"] = sum(self.within(i["closed"], 365) for i in issues)
        count["open_change_requests"] = sum(self.is_open(i, self.now) for i in changes)
        count["open_issues"] = sum(self.is_open(i, self.now) for i in issues)
        stale = 0
        for item in changes:
            moved = [w for w, _, what in item["said"] if w < self.now and what != "merge"]
            last = max([item["created"], *moved])
            stale += self.is_open(item, self.now) and last <= self.now - 90 * DAY
        count["stale_change_requests"] = stale
        return count

    def first(self, item: dict[str, Any], insiders: bool = False) -> int | None:
        found = [
            when
            for when, who, _ in item["said"]
            if when < self.now and who != item["author"]
            if not insiders or self.insider(who, when)
        ]
        return min(found) if found else None

    def insider(self, who: str, at: int) -> bool:
        for item in self.items:
            for when, merger, what in item["said"]:
                mine = what == "merge" and merger == who and item["author"] != who
                if mine and at - 730 * DAY <= when <= at:
                    return True
        return False

    def waits(self) -> dict[str, float | None]:
        found: dict[str, float | None] = {}
        for name, items in (("issues", self.issues), ("change_requests", self.changes)):
            waits = [
                (first - i["created"]) / 3600
                for i in items
                if self.within(i["created"], 90) and (first := self.first(i)) is not None
            ]
            found[f"time_to_first_response_{name}"] = statistics.median(waits) if waits else None
        all_waits = []
        for item in self.there:
            if self.within(item["created"], 90):
                first = self.first(item)
                until = self.now if first is None else first
                all_waits.append((until - item["created"]) / 3600)
        found["first_answer_wait"] = statistics.median(all_waits) if all_waits else None
        return found

    def shares(self) -> dict[str, float | None]:
        week = [
            i
            for i in self.there
            if self.within(i["created"], 90) and self.now - i["created"] >= 7 * DAY
        ]
        answered = [i for i in week if self.first(i) is not None]
        quick = [i for i in answered if self.business(i["created"], self.first(i) or 0) <= 2 * DAY]
        outside = [
            i
            for i in self.there
            if self.within(i["created"], 90)
            and self.now - i["created"] >= 14 * DAY
            and not self.insider(i["author"], i["created"])
            and not self.taken_back(i)
        ]
        met = [i for i in outside if self.first(i, insiders=True) is not None]
        waiting = [
            i["created"]
            for i in self.there
            if self.is_open(i, self.now)
            and self.within(i["created"], 365)
            and not self.insider(i["author"], i["created"])
            and self.first(i, insiders=True) is None
        ]
        return {
            "answered_share": len(answered) / len(week) if week else None,
            "answered_in_two_business_days": len(quick) / len(week) if week else None,
            "outsiders_answered": len(met) / len(outside) if outside else None,
            "oldest_outsider_waiting": (self.now - min(waiting)) / DAY if waiting else None,
        }

    def taken_back(self, item: dict[str, Any]) -> bool:
        """Closed by its own author; the archive tells that of own merges only."""
        merged = item["merged"] is not None and item["merged"] < self.now
        own = merged and any(
            what == "merge" and who == item["author"] for _, who, what in item["said"]
        )
        return own and self.first(item) is None

    def business(self, start: int, end: int) -> int:
        spent, at = 0, start
        while at < end:
            day = datetime.fromtimestamp(at, UTC).date()
            midnight = int(
                datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC).timestamp()
            )
            step = min(midnight, end) - at
            spent += step if date.isoweekday(day) < 6 else 0
            at += step
        return spent

    def took(self) -> dict[str, float | None]:
        def median(values: list[float]) -> float | None:
            return statistics.median(values) if values else None

        quarter = self.now - 90 * DAY
        done = sum(self.within(i["closed"], 90) for i in self.changes)
        opened = sum(self.within(i["created"], 90) for i in self.changes)
        before = sum(self.is_open(i, quarter) for i in self.changes)
        merged = sum(self.within(i["merged"], 365) for i in self.changes)
        declined = sum(self.within(i["closed"], 365) and i["merged"] is None for i in self.changes)
        return {
            "issue_resolution_duration": median(
                [
                    (i["closed"] - i["created"]) / DAY
                    for i in self.issues
                    if self.within(i["closed"], 365)
                ]
            ),
            "change_request_duration": median(
                [
                    (i["merged"] - i["created"]) / DAY
                    for i in self.changes
                    if self.within(i["created"], 365) and i["merged"] and i["merged"] < self.now
                ]
            ),
            "change_request_closure_ratio": done / (before + opened) if before + opened else None,
            "review_efficiency_index": done / opened if opened else None,
            "change_request_acceptance_ratio": (
                merged / (merged + declined) if merged + declined else None
            ),
            "open_issue_age": median(
                [(self.now - i["created"]) / DAY for i in self.issues if self.is_open(i, self.now)]
            ),
        }

    def reviews(self) -> dict[str, float | None]:
        merged = [i for i in self.changes if self.within(i["merged"], 183)]
        seen = [
            i
            for i in merged
            if any(
                what == "review" and who != i["author"] and when < i["merged"]
                for when, who, what in i["said"]
            )
        ]
        alone = [
            i
            for i in merged
            if i not in seen
            and any(what == "merge" and who == i["author"] for _, who, what in i["said"])
        ]
        mergers = {
            who
            for i in self.changes
            for when, who, what in i["said"]
            if what == "merge" and self.within(when, 183)
        }
        return {
            "review_share": len(seen) / len(merged) if merged else None,
            "self_merge_rate": len(alone) / len(merged) if merged else None,
            "active_maintainers": len(mergers),
        }
