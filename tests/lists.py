"""A web server on loopback for catalogues: documents, APIs, what went wrong on purpose."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import urlsplit


@dataclass
class Lists:
    """``documents``: path, or path with its query → what is answered there (with its ETag)."""

    port: int = 0
    documents: dict[str, bytes] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def forge(self) -> str:
        """The lines under ``forges:`` that admit this server."""
        return f"  - {{host: '127.0.0.1:{self.port}', kind: git, base_url: '{self.base}'}}\n"

    def forget(self) -> None:
        self.requests.clear()
        self.answered.clear()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        lists = cast("Lists", cast("Any", self.server).lists)
        lists.requests.append(self.path)
        path = urlsplit(self.path).path
        content = lists.documents.get(self.path, lists.documents.get(path))
        status = lists.status.get(path, 404 if content is None else 200)
        tag = f'"{hashlib.sha256(content or b"").hexdigest()[:16]}"'
        if status == 200 and self.headers.get("If-None-Match") == tag:
            status, content = 304, b""
        lists.answered.append(status)
        self.send_response(status)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")


@contextmanager
def serving(**documents: bytes) -> Iterator[Lists]:
    """The server, for as long as a block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    lists = Lists(server.server_port, dict(documents))
    cast("Any", server).lists = lists
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield lists
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
