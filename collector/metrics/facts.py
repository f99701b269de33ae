"""What files and declarations of a project's repositories said at a date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from collector.metrics.sources import counted
from collector.metrics.windows import remembered, remembered_as_of
from collector.model import Activity, FileFact, Instant, Repository

PUBLICCODE = "publiccode.yml"


@remembered
def main_repository(activity: Activity) -> Repository | None:
    """The repository that stands for the project: the one marked, else the first counted one."""
    choices = counted(activity) or list(activity.repositories)
    return next(
        (repository for repository in choices if repository.main), next(iter(choices), None)
    )


def files_of(repository: Repository, as_of: Instant) -> dict[str, FileFact]:
    """The community files that stood in a repository, by their name in METRICS.md."""
    return {
        fact.key: fact
        for fact in repository.files
        if fact.since < as_of and (fact.until is None or fact.until >= as_of)
    }


@remembered_as_of
def main_files(activity: Activity, as_of: Instant) -> dict[str, FileFact]:
    """The community files of the main repository."""
    repository = main_repository(activity)
    return files_of(repository, as_of) if repository else {}


def publiccode(activity: Activity, as_of: Instant) -> FileFact | None:
    """The project's publiccode.yml, if it had one."""
    return main_files(activity, as_of).get(PUBLICCODE)


def declared(activity: Activity, as_of: Instant, key: str) -> object:
    """What publiccode.yml says under a key of ``FileFact.data``; None where it says nothing."""
    fact = publiccode(activity, as_of)
    return fact.data.get(key) if fact and fact.data else None


def declared_text(activity: Activity, as_of: Instant, key: str) -> str | None:
    """The same, if it is a text."""
    found = declared(activity, as_of, key)
    return found if isinstance(found, str) and found else None


def declared_list(activity: Activity, as_of: Instant, key: str) -> Iterator[object]:
    """The same, if it is a list."""
    found = declared(activity, as_of, key)
    yield from found if isinstance(found, list | tuple) else ()


def instant(day: object) -> Instant | None:
    """Midnight at the start of a day written as ``2027-03-31``, or None."""
    try:
        parsed = date.fromisoformat(str(day)[:10])
    except ValueError:
        return None
    return int(datetime(parsed.year, parsed.month, parsed.day, tzinfo=UTC).timestamp())
