"""The test forge itself: an HTTP server on loopback, with limits, latency and faults on demand."""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.forge.graphql_side import Graph, schema
from tests.forge.rest_side import Rest, description, missing, mistakes, query_of
from tests.forge.world import Json, World

TOKEN = "test-token-that-nobody-may-see"
HOUR = 3600


@dataclass(frozen=True)
class Asked:
    """A request as the forge saw it."""

    number: int
    method: str
    path: str
    body: Json | None
    headers: dict[str, str]
    points: int = 0
    status: int = 0


@dataclass(frozen=True)
class Fault:
    """How an answer goes wrong. ``cut``: the connection ends after so many bytes."""

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drop: bool = False
    spoil: Callable[[Json], Json] | None = None


def json_fault(status: int, body: Any, **headers: str) -> Fault:
    return Fault(status, json.dumps(body).encode(), headers)


BAD_GATEWAY = Fault(502, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"})
HTML_PAGE = Fault(200, b"<!DOCTYPE html><title>Sign in</title>", {"Content-Type": "text/html"})
TRUNCATED = Fault(cut=40)
DROPPED = Fault(drop=True)
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


class TestForge:
    """A GitHub of our own. ``faults``: number of a request → how its answer goes wrong."""

    __test__ = False

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.requests: list[Asked] = []
        self.faults: dict[int, Fault] = {}
        self.fault: Callable[[Asked], Fault | None] = lambda asked: None
        self.before: Callable[[Asked], None] = lambda asked: None
        self.rest: type[Rest] = Rest
        self.latency = 0.0
        self.too_heavy: int | None = None
        self.with_limits = True
        self.points_allowed = self.points_left = 5000
        self.anonymous_allowed = self.anonymous_left = 60
        self.resets_at = int(time.time()) + HOUR  # noqa: TID251
        self.tokens = {TOKEN}
        self.installations = 1
        self.app_token_until = self.resets_at
        self.mistakes: list[str] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def points(self) -> int:
        return sum(each.points for each in self.requests)

    def forget(self) -> None:
        """Start counting again."""
        self.requests.clear()
        self.faults.clear()

    # ------------------------------------------------------------ answering

    def respond(
        self, method: str, target: str, headers: dict[str, str], raw: bytes
    ) -> tuple[int, bytes, dict[str, str], Fault | None]:
        if self.latency:
            time.sleep(self.latency)
        with self._lock:
            body = json.loads(raw) if raw else None
            asked = Asked(len(self.requests) + 1, method, target, body, headers)
            self.before(asked)
            fault = self.faults.get(asked.number) or self.fault(asked)
            status, reply, extra, points = self._reply(asked, fault)
            self.requests.append(Asked(asked.number, method, target, body, headers, points, status))
            return status, reply, extra, fault

    def _reply(self, asked: Asked, fault: Fault | None) -> tuple[int, bytes, dict[str, str], int]:
        if fault and fault.body is not None:
            return fault.status, fault.body, {**self._limits(self.points_left), **fault.headers}, 0
        token = asked.headers.get("authorization", "").rpartition(" ")[2]
        if "/api/v3/app/installations" in asked.path:
            return (*self._app(asked, token), {}, 0)
        if token and token not in self.tokens:
            return 401, b'{"message":"Bad credentials"}', {}, 0
        if urlsplit(asked.path).path == "/api/graphql":
            return self._graphql(asked, fault)
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

    def _graphql(self, asked: Asked, fault: Fault | None) -> tuple[int, bytes, dict[str, str], int]:
        graph, body = Graph(self.world), asked.body or {}
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
        headers = self._limits(self.points_left, self.points_allowed)
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


def _handler(forge: TestForge) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._respond("GET")

        def do_POST(self) -> None:
            self._respond("POST")

        def _respond(self, method: str) -> None:
            length = int(self.headers.get("content-length") or 0)
            raw = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, body, extra, fault = forge.respond(method, self.path, headers, raw)
            if fault and fault.drop:
                self.close_connection = True
                return
            self.send_response_only(status)
            shown = {"Content-Type": "application/json", "X-GitHub-Request-Id": "TEST:1", **extra}
            for name, value in {**shown, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.send_header("Date", formatdate(usegmt=True))
            self.end_headers()
            if fault and fault.cut is not None:
                self.close_connection = True
                body = body[: fault.cut]
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def running(world: World | None = None) -> Iterator[TestForge]:
    """A test forge for as long as a block lasts."""
    schema(), description()  # here a missing one can skip the test
    forge = TestForge(world)
    try:
        yield forge
    finally:
        forge.close()
