"""How much memory does a catalogue of 20,000 entries take, from the host to the shelf?

Run ``python -m benchmarks.catalogue [entries]``. A server of this process gives a list in the
form of code.gouv.fr; a process of its own reads it into an empty SQLite database and places each
entry. Memory is that process's peak, measured by the kernel; its own start is said beside it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ENTRIES, MEGABYTES = 20_000, 100


def listed(entries: int) -> bytes:
    """A list as long as a nation's, with names and descriptions of usual length."""
    return json.dumps(
        [
            {
                "full_name": f"organisation-{n % 900}/repository-{n}",
                "id": f"https://github.com/organisation-{n % 900}/repository-{n}",
                "description": f"Service number {n}: " + "what it does for whom " * 5,
                "owner": f"https://github.com/organisation-{n % 900}",
                "platform": "github.com",
                "fork": n % 9 == 0,
                "archived": n % 11 == 0,
                "template": False,
                "updated_at": "2026-01-05T10:00:00.000Z",
                "license": "MIT License",
                "language": "Python",
            }
            for n in range(entries)
        ]
    ).encode()


class _Handler(BaseHTTPRequestHandler):
    content = b""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)


def read(folder: str) -> None:
    """In a process of its own: look once, twice, and say what it took."""
    from collector import config
    from collector.discovery import Discovery
    from collector.progress import Lines
    from collector.store.engine import connect
    from collector.store.read_shelf import shelf

    started = _peak()
    loaded = config.load(Path(folder), {})
    engine = connect(loaded.database_url)
    ready, began = _peak(), time.process_time()
    look = Discovery(loaded, engine, Lines(), threading.Event(), lambda: 1_790_000_000, full=True)
    (result,) = look.run()
    assert result.error is None, result.error
    first = time.process_time() - began
    look.run()
    found = shelf(engine)
    print(
        json.dumps(
            {
                "entries": found.not_sorted + found.set_aside,
                "peak_mb": _peak(),
                "started_mb": started,
                "ready_mb": ready,
                "first_seconds": round(first, 2),
                "again_seconds": round(time.process_time() - began - first, 2),
            }
        )
    )


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _prepare(place: Path, host: str) -> None:
    """A configuration that names the list, and an empty database of this version."""
    from collector import config
    from collector.store import migrate
    from collector.store.engine import connect

    (place / "portfolios").mkdir(parents=True)
    forge = f"{{host: '{host}', kind: git, base_url: 'http://{host}'}}"
    (place / "ospo-vitals.yaml").write_text(f"data_dir: x\nforges: [{forge}]\n")
    (place / "portfolios" / "a.yaml").write_text(
        f"ospo: {{id: a}}\ndiscover: [{{catalogue: code-gouv-fr, source: 'http://{host}/l'}}]\n"
    )
    engine = connect(config.load(place, {}).database_url)
    migrate.upgrade(engine)
    engine.dispose()


def main(entries: int = ENTRIES) -> dict[str, float]:
    """Serve the list, read it elsewhere, and give what was measured."""
    _Handler.content = listed(entries)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as base:
        folder = str(Path(base) / "config")
        _prepare(Path(folder), f"127.0.0.1:{server.server_port}")
        command = [sys.executable, "-m", "benchmarks.catalogue", "--read", folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    server.shutdown()
    server.server_close()
    found: dict[str, float] = json.loads(done.stdout)
    assert found["entries"] == entries
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read(*sys.argv[2:])
    else:
        print(json.dumps(main(*map(int, sys.argv[1:2])), indent=1))
