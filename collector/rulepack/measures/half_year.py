"""The last half year (183 days): commits, tags, signatures, and how few people do half."""

from __future__ import annotations

from collector.metric import HALF_YEAR, Better, Metric, Value, not_applicable
from collector.metrics.samples import ratio
from collector.metrics.sources import counted, from_git
from collector.metrics.windows import absence_factor, before, commit_times, credits_per_person
from collector.model import N_, Activity, Instant, TagFact

NO_TAGS = N_("no tag was made in the last 183 days")


@from_git
def commits_in_half_year(activity: Activity, as_of: Instant) -> Value:
    """How many commits by humans came in half a year?"""
    found = len(commit_times(activity, as_of, before(as_of, HALF_YEAR), as_of))
    return Value(found, n=found)


@from_git
def contributor_absence_factor_half_year(activity: Activity, as_of: Instant) -> Value:
    """How few people did half of the work of half a year?"""
    amounts = credits_per_person(activity, as_of, HALF_YEAR)
    if not amounts.size:
        return not_applicable("nobody was credited with a commit in the last 183 days")
    credited = int(amounts.sum())
    return Value(
        absence_factor(amounts), n=credited, parts={"credits": credited, "persons": len(amounts)}
    )


def _tags(activity: Activity, as_of: Instant) -> list[TagFact]:
    """The tags and releases of half a year, whatever their names, in counted repositories."""
    ours = {at for at, each in enumerate(activity.repositories) if each in counted(activity)}
    since = before(as_of, HALF_YEAR)
    return [tag for tag in activity.tags if since <= tag.time < as_of and tag.repository in ours]


@from_git
def tags_in_half_year(activity: Activity, as_of: Instant) -> Value:
    """How many releases or tags were made in half a year?"""
    found = _tags(activity, as_of)
    newest = max(found, key=lambda tag: tag.time, default=None)
    return Value(len(found), n=len(found), parts={"newest": newest.name if newest else None})


@from_git
def signed_tags_share(activity: Activity, as_of: Instant) -> Value:
    """Which share of the tags of half a year carries a signature?"""
    found = _tags(activity, as_of)
    signed = sum(tag.signed for tag in found)
    return ratio(signed, len(found), NO_TAGS, {"signed": signed, "tags": len(found)})


MEASURES = (
    Metric(
        "commits_in_half_year",
        "Commits in half a year",
        "How much work went in?",
        "commits",
        Better.HIGHER,
        "openCode",
        commits_in_half_year,
        "human commits in 183 days",
        HALF_YEAR,
        words="commits in half a year",
    ),
    Metric(
        "tags_in_half_year",
        "Tags in half a year",
        "Was there a version?",
        "count",
        Better.HIGHER,
        "openCode",
        tags_in_half_year,
        "releases and tags of 183 days, whatever their names, united by name",
        HALF_YEAR,
        words="versions or tags in half a year",
    ),
    Metric(
        "signed_tags_share",
        "Signed tags",
        "Can it be seen who made the versions?",
        "ratio",
        Better.HIGHER,
        "openCode",
        signed_tags_share,
        "tags of 183 days that carry a signature ÷ those tags",
        HALF_YEAR,
        words="tags with a signature",
        limits="That there is a signature is seen; whose it is was not verified.",
    ),
    Metric(
        "contributor_absence_factor_half_year",
        "Contributor absence factor of half a year",
        "How few people did half of the work?",
        "count",
        Better.HIGHER,
        "openCode",
        contributor_absence_factor_half_year,
        "smallest number of persons who hold at least half of the credits of 183 days",
        HALF_YEAR,
        words="people who did half of the work of half a year",
    ),
)
