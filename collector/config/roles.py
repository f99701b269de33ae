"""Which repositories make up a project? Their roles, by the kind of the project."""

from __future__ import annotations

from collections.abc import Mapping

COUNTED: Mapping[str, frozenset[str]] = {
    "software": frozenset({"code"}),
    "standard": frozenset({"spec", "docs"}),
    "documentation": frozenset({"docs"}),
    "data": frozenset({"code", "docs", "spec", "infra", "archive"}),
}
"""The roles that make up a project of each kind (C6); mirrors are looked at one by one."""
