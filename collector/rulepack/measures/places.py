"""The place where the code lives, and who may change it there."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from collector.metric import Better, Metric, Value, not_applicable, unknown
from collector.metrics.facts import main_repository
from collector.metrics.sources import counted, forge_missing, known_at
from collector.model import Activity, Instant

OS2 = re.compile(r"os2", re.IGNORECASE)


def default_branch_protected(activity: Activity, as_of: Instant) -> Value:
    """Is the default branch protected against changes that nobody looked at?"""
    main = main_repository(activity)
    if main is None:
        return not_applicable("the project has no repository")
    said = main.facts.default_branch_protected
    if said is None:
        return forge_missing(activity) or unknown(
            "the forge shows no protection of the branch, which may still have one"
        )
    if not known_at(main.forge_read_until, as_of):
        return unknown("the forge tells only how it is now")
    return Value(float(said))


def under_os2(activity: Activity, as_of: Instant) -> Value:
    """Does the code lie with an organisation of OS2?"""
    owners = {each.url: _owner(each.url) for each in counted(activity)}
    if not owners:
        return not_applicable("no repository of this project counts for its kind")
    inside = [url for url, owner in owners.items() if OS2.match(owner)]
    elsewhere = [url for url in owners if url not in inside]
    return Value(float(not elsewhere), n=len(owners), parts={"elsewhere": [*elsewhere]})


def _owner(url: str) -> str:
    """The first part of a URL's path: an organisation, a group, an account."""
    parts = urlsplit(url)
    return parts.path.strip("/").partition("/")[0] if parts.scheme in ("http", "https") else ""


def one_core(activity: Activity, as_of: Instant) -> Value:
    """Is there only one version of its core code: is none of its repositories a fork?"""
    forks = [each.url for each in counted(activity) if each.upstream or each.facts.fork_of]
    if not counted(activity):
        return not_applicable("no repository of this project counts for its kind")
    return Value(float(not forks), n=len(counted(activity)), parts={"forks": [*forks]})


MEASURES = (
    Metric(
        "default_branch_protected",
        "Protected default branch",
        "Can nobody change it alone?",
        "yes/no",
        Better.HIGHER,
        "openCode",
        default_branch_protected,
        "the forge says that the default branch of the main repository is protected",
        needs=("forge",),
    ),
    Metric(
        "under_os2",
        "With OS2",
        "Is the code in the hands of OS2?",
        "yes/no",
        Better.HIGHER,
        "OS2",
        under_os2,
        "every counted repository belongs to an organisation whose name begins with OS2",
        needs=("configuration",),
    ),
    Metric(
        "one_core",
        "One core",
        "Is there only one version of the core code?",
        "yes/no",
        Better.HIGHER,
        "OS2",
        one_core,
        "no counted repository is a fork, as declared or as the forge says",
        needs=("git", "forge", "configuration"),
    ),
)
