"""An HTTP server on loopback with faults on demand: what the test server of every forge is."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.forge.world import Json, World

TOKEN = "test-token-that-nobody-may-see"

Reply = tuple[int, bytes, dict[str, str], int]
"""Status, body, headers, and the points that the answer cost."""


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
LIMITED = json_fault(429, {"message": "Too many requests."}, **{"Retry-After": "900"})
PAUSE = json_fault(429, {"message": "Too many requests."}, **{"Retry-After": "1"})


class Loopback:
    """A host of our own. ``faults``: number of a request → how its answer goes wrong.

    ``mistakes``: what the forge's own description finds wrong with what it was asked.
    """

    __test__ = False

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.requests: list[Asked] = []
        self.faults: dict[int, Fault] = {}
        self.fault: Callable[[Asked], Fault | None] = lambda asked: None
        self.before: Callable[[Asked], None] = lambda asked: None
        self.latency = 0.0
        self.tokens = {TOKEN}
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

    def forget(self) -> None:
        """Start counting again."""
        self.requests.clear()
        self.faults.clear()

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

    def _reply(self, asked: Asked, fault: Fault | None) -> Reply:
        raise NotImplementedError


def _handler(forge: Loopback) -> type[BaseHTTPRequestHandler]:
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
