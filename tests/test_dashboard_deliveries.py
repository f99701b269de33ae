"""Tags on the project's page are named as the metrics classify them."""

from __future__ import annotations

from typing import Any

from collector.store.read_dashboard import Delivered, RepositoryRow
from dashboard.deliveries import versions


def _repository(**settings: Any) -> RepositoryRow:
    url = "https://git.city.example/a/vizor"
    nothing = (None,) * 6
    return RepositoryRow(1, url, "git.city.example", "git", 1, "ok", *nothing, {}, {}, settings)


def _found(names: dict[str, int], **settings: Any) -> tuple[list[tuple[str, str]], int]:
    tags = [Delivered(name, at, 1) for name, at in names.items()]
    shown, left = versions(tags, [_repository(**settings)])
    return [(version.name, version.kind) for version in shown], left


def test_tags_are_releases_deployments_pre_releases_or_nothing() -> None:
    names = {"v1.0": 1, "prod-2024.10.1": 2, "v2.0-rc1": 3, "before-the-move": 4, "vizor-2.0": 5}
    assert _found(names) == (
        [
            ("vizor-2.0", "release"),
            ("v2.0-rc1", "prerelease"),
            ("prod-2024.10.1", "deployment"),
            ("v1.0", "release"),
        ],
        1,
    )


def test_two_tags_of_one_version_are_one_delivery_of_its_first_day() -> None:
    assert _found({"v1.3.0": 1, "1.3.0": 9}) == ([("v1.3.0", "release")], 0)


def test_a_configured_pattern_decides() -> None:
    found = _found({"app-v1.0": 1, "v1.0": 2}, release_tag_pattern="^app-v")
    assert found == ([("app-v1.0", "release")], 1)


def test_tags_that_say_no_version_are_shown_as_such() -> None:
    assert _found({"start": 1, "end": 2}) == ([("end", "other"), ("start", "other")], 0)
