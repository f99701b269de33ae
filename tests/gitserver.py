"""A real git server on loopback: ``git http-backend`` behind Python's own HTTP server.

Knobs make it fail as real ones do; ``requests`` holds every request it was asked.
"""

from __future__ import annotations

import ssl
import subprocess
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit


def _backend() -> str:
    path = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True)
    return str(Path(path.stdout.strip()) / "git-http-backend")


@dataclass
class GitServer:
    """What the server does, and what it was asked.

    ``password``: "user:password" that every request must carry. ``filters``: whether partial
    clones are served. ``status``: answered instead of anything else. ``moved``: from one path
    prefix to another URL. ``truncate``: cut every answer after so many bytes.
    ``delay``: seconds before every answer.
    """

    root: Path
    port: int = 0
    password: str | None = None
    filters: bool = True
    any_object: bool = True
    status: int | None = None
    moved: dict[str, str] = field(default_factory=dict)
    truncate: int | None = None
    delay: float = 0.0
    requests: list[str] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    def environment(self) -> dict[str, str]:
        settings = {
            "uploadpack.allowFilter": str(self.filters).lower(),
            "uploadpack.allowAnySHA1InWant": str(self.any_object).lower(),
            "safe.directory": "*",
        }
        found = {"GIT_CONFIG_COUNT": str(len(settings)), "GIT_CONFIG_NOSYSTEM": "1"}
        for i, (key, value) in enumerate(settings.items()):
            found |= {f"GIT_CONFIG_KEY_{i}": key, f"GIT_CONFIG_VALUE_{i}": value}
        return found | {
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
        }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def git(self) -> GitServer:
        return cast("GitServer", cast("Any", self.server).git)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self._body())

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().strip(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _answer(self, body: bytes) -> None:
        self.git.requests.append(f"{self.command} {self.path}")
        self.git.authorizations.append(self.headers.get("Authorization"))
        time.sleep(self.git.delay)
        parts = urlsplit(self.path)
        for prefix, there in self.git.moved.items():
            if parts.path.startswith(prefix):
                self._send(301, {"Location": there + self.path.removeprefix(prefix)}, b"")
                return
        if self.git.status:
            self._send(self.git.status, {}, b"no")
        elif not self._allowed():
            self._send(401, {"WWW-Authenticate": 'Basic realm="git"'}, b"")
        else:
            self._serve(parts.path, parts.query, body)

    def _allowed(self) -> bool:
        wanted = self.git.password
        kind, _, given = (self.headers.get("Authorization") or "").partition(" ")
        return wanted is None or (kind == "Basic" and b64decode(given).decode() == wanted)

    def _serve(self, path: str, query: str, body: bytes) -> None:
        environment = self.git.environment() | {
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(
            [_backend()], input=body, env=environment, capture_output=True, check=False
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().splitlines() if ": " in line)
        status = int(fields.pop("Status", "200").split()[0]) if head else 500
        self._send(status, fields, content)

    def _send(self, status: int, fields: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for key, value in fields.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.git.truncate is not None and len(content) > self.git.truncate:
            self.wfile.write(content[: self.git.truncate])
            self.close_connection = True
            return
        self.wfile.write(content)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no error of ours."""


@contextmanager
def serve(
    root: Path, handler: type[Handler] = Handler, tls: ssl.SSLContext | None = None
) -> Iterator[GitServer]:
    """Serve every repository under ``root`` until the block ends, over TLS if so."""
    server = _Server(("127.0.0.1", 0), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    git = GitServer(root, server.server_address[1])
    cast("Any", server).git = git
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield git
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
