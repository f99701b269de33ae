"""The test forge itself: a GitHub on loopback, with limits, latency and faults on demand."""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from tests.forge.graphql_side import Graph, schema
from tests.forge.loopback import (
    BAD_GATEWAY,
    DROPPED,
    HTML_PAGE,
    TOKEN,
    TRUNCATED,
    Asked,
    Fault,
    Loopback,
    Reply,
    json_fault,
)
from tests.forge.rest_side import Rest, description, missing, mistakes, query_of
from tests.forge.world import Json, World

__all__ = [
    "BAD_GATEWAY", "DROPPED", "HTML_PAGE", "TOKEN", "TRUNCATED", "Asked", "Fault", "Json",
    "TestForge", "json_fault", "partial", "running",
]  # fmt: skip

HOUR = 3600
FIXED = {"/api/v3/meta": (200, b'{"installed_version": "3.14.2"}')}
NO_SUCH_PAGE = 404, b"<title>Page not found</title>"
RATE_LIMITED_AS_200 = json_fault(
    200, {"data": None, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
)
SECONDARY = json_fault(
    403, {"message": "You have exceeded a secondary rate limit."}, **{"Retry-After": "1"}
)
SECONDARY_LONG = json_fault(
    403, {"message": "You have exceeded a secondary rate limit."}, **{"Retry-After": "900"}
)
SECONDARY_SILENT = json_fault(403, {"message": "You have exceeded a secondary rate limit."})
UNDER_SCOPED = json_fault(403, {"message": "Resource not accessible by personal access token"})


def partial(path: list[str | int]) -> Fault:
    """Data that lacks one part, with an error that has no type: it took too long."""

    def spoil(reply: Json) -> Json:
        place: Any = reply["data"]
        try:
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = None
        except (KeyError, IndexError, TypeError):
            return reply
        said = {"message": "Something went wrong while executing your query.", "path": path}
        return {**reply, "errors": [said]}

    return Fault(spoil=spoil)


class TestForge(Loopback):
    """A GitHub of our own."""

    def __init__(self, world: World | None = None) -> None:
        super().__init__(world)
        self.rest: type[Rest] = Rest
        self.too_heavy: int | None = None
        self.with_limits = True
        self.points_allowed = self.points_left = 5000
        self.anonymous_allowed = self.anonymous_left = 60
        self.resets_at = int(time.time()) + HOUR  # noqa: TID251
        self.installations = 1
        self.headers: dict[str, str] = {}
        """What each answer of GraphQL says beside its budget."""
        self.app_token_until = self.resets_at

    @property
    def points(self) -> int:
        return sum(each.points for each in self.requests)

    def _reply(self, asked: Asked, fault: Fault | None) -> Reply:
        if fault and fault.body is not None:
            return fault.status, fault.body, {**self._limits(self.points_left), **fault.headers}, 0
        token = asked.headers.get("authorization", "").rpartition(" ")[2]
        if "/api/v3/app/installations" in asked.path:
            return (*self._app(asked, token), {}, 0)
        if token and token not in self.tokens:
            return 401, b'{"message":"Bad credentials"}', {}, 0
        path = urlsplit(asked.path).path
        if path == "/api/graphql":
            return self._graphql(asked, fault, token)
        if path in FIXED or not path.startswith("/api/v3/"):
            return *FIXED.get(path, NO_SUCH_PAGE), {"Content-Type": "text/html"}, 0
        return (*self._rest(asked, bool(token)), 0)

    def _app(self, asked: Asked, signed: str) -> tuple[int, bytes]:
        """Tokens for a GitHub App that signs with its key (three parts, two dots)."""
        if signed.count(".") != 2:
            return 401, b'{"message":"A JSON web token could not be decoded"}'
        if asked.method == "GET":
            return 200, json.dumps([{"id": n} for n in range(1, self.installations + 1)]).encode()
        self.tokens.add(f"app-token-{asked.number}")
        until = datetime.fromtimestamp(self.app_token_until, UTC).isoformat()
        return 201, json.dumps({"token": f"app-token-{asked.number}", "expires_at": until}).encode()

    def _graphql(self, asked: Asked, fault: Fault | None, token: str) -> Reply:
        graph, body = Graph(self.world, token), asked.body or {}
        price = graph.price(body)
        if self.too_heavy is not None and price.nodes > self.too_heavy:
            return 502, BAD_GATEWAY.body or b"", {"Content-Type": "text/html"}, 0
        if self.with_limits and self.points_left < price.points:
            return 200, RATE_LIMITED_AS_200.body or b"", self._limits(self.points_left), 0
        self.points_left -= price.points
        reset = datetime.fromtimestamp(self.resets_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        rate = {
            "cost": price.points, "limit": self.points_allowed, "used": 0, "nodeCount": price.nodes,
            "remaining": self.points_left, "resetAt": reset,
        }  # fmt: skip
        reply = graph.answer(body, rate if self.with_limits else None)
        if fault and fault.spoil:
            reply = fault.spoil(reply)
        headers = self._limits(self.points_left, self.points_allowed) | self.headers
        return 200, json.dumps(reply).encode(), headers, price.points

    def _rest(self, asked: Asked, with_token: bool) -> tuple[int, bytes, dict[str, str]]:
        path = urlsplit(asked.path).path.removeprefix("/api/v3")
        query = query_of(asked.path)
        if not with_token and self.with_limits:
            if self.anonymous_left == 0:
                said = b'{"message":"API rate limit exceeded for 127.0.0.1."}'
                return 403, said, self._limits(0, self.anonymous_allowed)
            self.anonymous_left -= 1
        self.mistakes += mistakes(path, query)
        status, reply, headers = self.rest(self.world, f"{self.base}/api/v3").answer(path, query)
        if status == 200:
            self.mistakes += missing(path, reply)
        body = json.dumps(reply).encode()
        headers["ETag"] = f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()}"'
        headers |= self._limits(self.anonymous_left, self.anonymous_allowed)
        if status == 200 and asked.headers.get("if-none-match") == headers["ETag"]:
            return 304, b"", headers
        return status, body, headers

    def _limits(self, left: int, allowed: int = 5000) -> dict[str, str]:
        if not self.with_limits:
            return {}
        return {
            "X-RateLimit-Limit": str(allowed),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": str(self.resets_at),
        }


@contextmanager
def running(world: World | None = None) -> Iterator[TestForge]:
    """A test forge for as long as a block lasts."""
    schema(), description()  # here a missing one can skip the test
    forge = TestForge(world)
    try:
        yield forge
    finally:
        forge.close()
