"""Owners: which community files does one keep for all of its repositories, and where?

GitHub takes them from the owner's repository ``.github``; groups on GitLab and organisations on
Forgejo keep such things in their profile. One more git repository an owner, where it exists.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from collector import git
from collector.forge import AccessDenied, ForgeError, RepositoryGone
from collector.model import DAY, GitReading, Instant
from collector.stopping import worked
from collector.store.owners import OwnerRow, owner_of, owner_rows, put_owner
from collector.store.read import Target

log = logging.getLogger("ospo_vitals.owners")

PLACES: Mapping[str, str] = {
    "github": ".github",
    "gitlab": "gitlab-profile",
    "forgejo": ".profile",
    "gitea": ".profile",
}
"""The repository of each kind of forge in which an owner keeps what holds for all."""

ASKED_AGAIN = 7 * DAY
"""After how long an owner that had none is asked again."""

AT_ONCE = 4
RULES = "community files alone"


@dataclass(slots=True)
class Owners:
    """The part of a pass that looks for what owners keep for all of their repositories."""

    engine: Engine
    options: Callable[[Target], git.GitOptions]
    clone: Callable[[Target], Path]
    stop: Event
    now: Callable[[], Instant]
    full: bool = False

    def read(self, targets: Sequence[Target]) -> None:
        """Read what moved; one that fails stops nothing and keeps what was known."""
        known = owner_rows(self.engine)
        wanted = {owner_of(each.key): each for each in targets if each.kind in PLACES}
        due = [
            (_place(each), key, known.get(key))
            for key, each in sorted(wanted.items())
            if self._is_due(known.get(key))
        ]
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="owner") as pool:
            worked(pool, self._one, due)

    def _is_due(self, row: OwnerRow | None) -> bool:
        if row is None or row.there or self.full:
            return True
        return self.now() - row.checked_at >= ASKED_AGAIN

    def _one(self, place: Target, key: str, row: OwnerRow | None) -> None:
        if self.stop.is_set():
            return
        try:
            self._read(place, key, row)
        except (RepositoryGone, AccessDenied):  # without a token both are said of what is not there
            put_owner(self.engine, key, place.url, self.now(), there=False, cursor=None, files=())
        except (ForgeError, OSError, OperationalError) as error:
            log.debug("%s: %s", place.url, error)
        except Exception:
            log.exception("reading %s failed for a reason that is ours", place.url)

    def _read(self, place: Target, key: str, row: OwnerRow | None) -> None:
        cursor = row.cursor if row and not self.full else None
        answer = git.read(place.url, self.clone(place), cursor, self.options(place), RULES)
        files = answer.files if isinstance(answer, GitReading) else None
        put_owner(
            self.engine, key, place.url, self.now(), there=True, cursor=answer.cursor, files=files
        )


def _place(target: Target) -> Target:
    """The repository beside this one in which its owner keeps what holds for all."""
    name = PLACES[target.kind]
    url = target.url.rstrip("/").rpartition("/")[0] + f"/{name}"
    key = f"{owner_of(target.key)}/{name}"
    return replace(target, key=key, url=url, upstream=None, canonical_url=None)
