"""What moved on GitHub? Many repositories a question, each as an alias."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from collector import clock
from collector.forge import Pulse, RepositoryGone, UnexpectedAnswer
from collector.forges.github import records
from collector.forges.github.address import owner_and_name
from collector.forges.github.graphql import GraphQL, Reply, of_many
from collector.forges.github.records import Json
from collector.forges.github.walk import Throttle
from collector.model import RepositoryFacts

AT_ONCE = 49
"""Repositories a question: five connections each make two points."""


def heartbeat(client: GraphQL, urls: Sequence[str]) -> Iterator[Pulse]:
    """One pulse per repository. One that is gone does not lose the others."""
    throttle, rest = Throttle(most=AT_ONCE, least=4), []
    for url in urls:
        try:
            owner_and_name(url)
            rest.append(url)
        except UnexpectedAnswer as error:
            yield Pulse(url, "", RepositoryFacts(), error=error)
    while rest:
        reply = throttle.ask(partial(_beat, client, rest, throttle))
        now, rest = rest[: _asked(reply)], rest[_asked(reply) :]
        for number, url in enumerate(now):
            yield _pulse(client, reply, number, url)


def _beat(client: GraphQL, urls: Sequence[str], throttle: Throttle) -> Reply:
    text, names = of_many("heartbeat", urls[: throttle.size], "Beat")
    return client.ask(text, names, parts=True)


def _asked(reply: Reply) -> int:
    return sum(1 for name in reply.data if name != "rateLimit")


def _pulse(client: GraphQL, reply: Reply, number: int, url: str) -> Pulse:
    raw = reply.data[f"r{number}"]
    if raw is None:
        error = reply.failed(f"r{number}")
        meaning = client.meaning(error) if error else RepositoryGone("It is gone.")
        return Pulse(url, "", RepositoryFacts(), error=meaning)
    at = reply.date or clock.now()
    head = ((raw["defaultBranchRef"] or {}).get("target") or {}).get("oid")
    totals = {
        "issues": raw["issues"]["totalCount"],
        "change_requests": raw["pullRequests"]["totalCount"],
    }
    return Pulse(url, _marker(raw), records.facts(raw), records.snapshot(raw, at), totals, head)


def _marker(raw: Json) -> str:
    """Equal as long as no issue, change request or release was added, changed or removed."""
    parts = []
    for name in ("issues", "pullRequests", "releases"):
        newest: Json = next((node for node in raw[name]["nodes"] or () if node), {})
        parts.append(f"{raw[name]['totalCount']}@{newest.get('updatedAt', '')}")
    return f"{raw['id']} {' '.join(parts)}"
