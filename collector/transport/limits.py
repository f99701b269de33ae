"""How much of a host's budget is left, as its answers say; and when it is better to stop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from collector import clock
from collector.forge import VALIDITY, Allowance, RateLimited
from collector.model import N_, Instant

RESERVE = 0.1
"""The share of the budget that is left for the token's owner."""


@dataclass(slots=True)
class Budget:
    """One budget of one credential. All None: the host sets no limit, or has not said one yet."""

    host: str
    reserve: float = RESERVE
    remaining: int | None = None
    allowed: int | None = None
    resets_at: Instant | None = None
    skew: int = 0
    """Seconds by which the host's clock is ahead of ours."""

    def note(self, headers: Mapping[str, str]) -> None:
        """Learn what an answer's headers say; they may say nothing."""
        date = http_date(headers.get("date"))
        if date is not None:
            self.skew = date - clock.now()
        self.learn(
            _number(headers, "remaining"), _number(headers, "limit"), _number(headers, "reset")
        )

    def learn(self, remaining: int | None, allowed: int | None, resets_at: Instant | None) -> None:
        """Take what the host says is left of how much, and until when."""
        if remaining is not None:
            self.remaining = remaining
        if allowed is not None:
            self.allowed = allowed
        if resets_at is not None:
            self.resets_at = resets_at

    def said(self, credential: str, resource: str) -> Allowance:
        """What is left, as it is stored for the next pass."""
        return Allowance(credential, resource, self.remaining, self.allowed, self.resets_at)

    def check(self, cost: int = 1) -> None:
        """May a request of this cost be sent? Raises ``RateLimited`` with the time to go on."""
        if self.remaining is None or self._is_renewed():
            return
        kept = int((self.allowed or 0) * self.reserve)
        if self.remaining - cost < kept:
            raise self.used_up()

    def used_up(self, until: Instant | None = None) -> RateLimited:
        """The error that says when reading goes on."""
        again = self.resets_at if until is None else until
        when = N_("Reading goes on next time")
        if again:
            when = N_("Reading goes on after {0}").format(spoken(again))
        return RateLimited(
            f"{self.host} allows no more requests for now. {when}; nothing is lost.", again
        )

    def _is_renewed(self) -> bool:
        """Has the time of renewal passed? Then what is left is unknown again."""
        if self.resets_at is None or clock.now() + self.skew < self.resets_at:
            return False
        self.remaining = self.resets_at = None
        return True


class Budgets:
    """All budgets of one credential, and until when it is accepted at all."""

    def __init__(self, host: str, name: str, reserve: float) -> None:
        self._host, self._name, self._reserve = host, name, reserve
        self._all: dict[str, Budget] = {}
        self._valid_until: Instant | None = None
        self._has_end = False

    def of(self, resource: str) -> Budget:
        """What is left of one of them."""
        return self._all.setdefault(resource, Budget(self._host, self._reserve))

    def note_validity(self, headers: Mapping[str, str]) -> None:
        """Learn from an answer to the accepted credential when it ends; it may have no end."""
        self._valid_until = _expiration(headers)
        self._has_end = self._has_end or self._valid_until is not None

    def ended(self) -> Instant | None:
        """When the credential ended, if that is known and past."""
        until = self._valid_until
        return until if until is not None and until <= clock.now() else None

    def remember(self, found: Iterable[Allowance]) -> None:
        """What was said in earlier passes, until it is renewed."""
        for each in found:
            if each.credential != self._name or each.resets_at is None:
                continue
            if each.resource == VALIDITY:
                self._valid_until, self._has_end = each.resets_at, True
            else:
                self.of(each.resource).learn(each.remaining, each.allowed, each.resets_at)

    def said(self) -> tuple[Allowance, ...]:
        """What the host said that is left; nothing where it said nothing."""
        told = ((name, each) for name, each in self._all.items() if each.remaining is not None)
        found = [each.said(self._name, resource) for resource, each in told]
        if self._has_end:
            found.append(Allowance(self._name, VALIDITY, None, None, self._valid_until))
        return tuple(found)


def _expiration(headers: Mapping[str, str]) -> Instant | None:
    """GitHub's ``2026-12-24 10:00:00 UTC`` (or ``-0500``); None: nothing of the kind."""
    text = headers.get("github-authentication-token-expiration", "").strip()
    try:
        at = datetime.fromisoformat(re.sub(r" (?=UTC|[+-])", "", text).replace("UTC", "+00:00"))
        return int(at.timestamp()) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def spoken(at: Instant) -> str:
    """An instant as people read it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def http_date(text: str | None) -> Instant | None:
    """A date of a header (``Date``, ``Retry-After``), or None."""
    if not text:
        return None
    try:
        return int(parsedate_to_datetime(text).timestamp())
    except (TypeError, ValueError, OverflowError):
        return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """After how many seconds does the host want to be asked again? None: it does not say."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    date, now = http_date(text), http_date(headers.get("date"))
    if date is None:
        return None
    return float(max(0, date - (clock.now() if now is None else now)))


def is_limit(headers: Mapping[str, str], message: str) -> bool:
    """Is a refusal a limit, and not a missing right?"""
    left = headers.get("x-ratelimit-remaining")
    return "retry-after" in headers or left == "0" or "rate limit" in message.lower()


def _number(headers: Mapping[str, str], what: str) -> int | None:
    text = headers.get(f"x-ratelimit-{what}") or headers.get(f"ratelimit-{what}") or ""
    text = text.strip()
    return int(text[:12]) if text.isascii() and text.isdigit() else None
