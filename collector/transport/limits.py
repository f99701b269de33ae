"""How much of a host's budget is left, as its answers say; and when it is better to stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from collector import clock
from collector.forge import Allowance, RateLimited
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


def _number(headers: Mapping[str, str], what: str) -> int | None:
    text = headers.get(f"x-ratelimit-{what}") or headers.get(f"ratelimit-{what}") or ""
    text = text.strip()
    return int(text[:12]) if text.isascii() and text.isdigit() else None
