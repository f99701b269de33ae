"""How are the pages served? Streamlit's own ASGI app, with our middleware and start-up."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import os
import socket
import sys
import webbrowser
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    suppress,
)
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from collector.errors import UserError
from dashboard import cached, data, settings, theme
from dashboard.access import ProxyOnly, Shut, SignedInOnly
from dashboard.middleware import PageMiddleware
from dashboard.open_data import opened
from dashboard.routes import OPEN, routes, signed_in

SCRIPT = Path(__file__).parent / "entry" / "app.py"
LOOPBACK = "127.0.0.1"
PORT = 8501
LOOK_EVERY = 20
"""Seconds between two looks whether a new pass has finished."""
_ARENA_MAX, _MMAP_THRESHOLD = -8, -3
"""Options of GNU's ``mallopt``: the number of stores, and from which size on a piece is its own."""
_LISTENS = socket.SOL_SOCKET, socket.SO_ACCEPTCONN
_USUAL_PORTS = {"https": 443, "http": 80}
DATA_STACK = ("altair", "numpy", "dashboard.main", "babel.dates")
"""Imported before the first visitor comes, and kept out of every later garbage collection."""

Lifespan = Callable[[st.App], AbstractAsyncContextManager[None]]


class AddressTaken(UserError):
    """Nobody can listen where we were told to."""


def options(chosen: settings.Settings, port: int) -> dict[str, object]:
    """Give Streamlit's settings: quiet, closed, no request that leaves the machine."""
    opened = urlsplit(chosen.url or "")
    host = chosen.address or LOOPBACK
    allowed = [opened.hostname] if opened.hostname else []
    if chosen.access == "local":
        allowed = ["localhost", "127.0.0.1", "::1", "[::1]"]
    return {
        "server.port": port,
        "server.address": host,
        "server.baseUrlPath": chosen.base_path,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        "server.maxUploadSize": 1,
        "server.allowedHosts": allowed,
        "browser.gatherUsageStats": False,
        "browser.serverAddress": opened.hostname or ("localhost" if host == LOOPBACK else host),
        "browser.serverPort": opened.port or (_USUAL_PORTS.get(opened.scheme) or port),
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "logger.hideWelcomeMessage": True,
        "runner.magicEnabled": False,
        **theme.streamlit_options(),
    }


async def healthz(_request: Request) -> Response:
    """Is the server up, and can it read its database?"""
    state = await asyncio.to_thread(data.look, settings.current().database_url)
    if state.source is None:
        return JSONResponse({"status": "degraded", "database": state.problem}, status_code=503)
    found = state.source.freshness
    return JSONResponse({"status": "ok", "run": found.run_id, "finished": found.finished})


async def favicon(_request: Request) -> Response:
    """Our icon, before the page has set it."""
    return FileResponse(theme.ASSETS / "favicon.png", media_type="image/png")


def _prepare() -> None:
    """Import and read ahead, then take all of it out of the garbage collector's sight."""
    for name in DATA_STACK:
        import_module(name)
    import_module("altair.utils.schemapi").disable_debug_mode()  # charts are checked by tests
    _read_ahead(data.Source.warm)
    cached.settled(None)


def _read_ahead(warm: Callable[[data.Source], None] = data.Source.warm_all) -> None:
    """Read what pages need of the newest pass, if that was not done, as readers will see it."""
    from sqlalchemy.exc import SQLAlchemyError

    chosen = settings.current()
    public = chosen.access == "public"
    state = data.look(chosen.database_url, private=not public)
    source = (opened(state) if public else state).source
    if source is not None:
        with suppress(SQLAlchemyError):  # it is being migrated, say: the next time will do
            warm(source)


async def _stay_ahead() -> None:
    """Read each new pass before somebody waits for it."""
    while True:
        await asyncio.to_thread(_read_ahead)
        await asyncio.sleep(LOOK_EVERY)


def _send_at_once() -> None:
    """Let what we listen on send small messages at once.

    The server binds its socket in a way that asyncio does not take for TCP, so that the system
    holds each message back until the one before is acknowledged: 40 ms for every click.
    """
    sockets = (each for each in gc.get_objects() if isinstance(each, socket.socket))
    for each in sockets:
        over_ip = each.family in (socket.AF_INET, socket.AF_INET6) and each.fileno() >= 0
        if over_ip and each.getsockopt(*_LISTENS):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _lifespan(address: str | None) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncGenerator[None, None]:
        _send_at_once()
        await asyncio.to_thread(_prepare)
        tasks: list[asyncio.Task[object]] = [asyncio.create_task(_stay_ahead())]
        if address:
            tasks.append(asyncio.create_task(asyncio.to_thread(webbrowser.open, address)))
        yield
        for task in tasks:
            task.cancel()

    return lifespan


def make_app(address: str | None = None) -> st.App:
    """Make the ASGI application; ``address``: what a browser is told to open at the start."""
    chosen = settings.current()
    below = f"/{chosen.base_path}" if chosen.base_path else ""
    middleware = [
        Middleware(Shut, paths=frozenset({f"{below}/_stcore/metrics"})),
        Middleware(
            PageMiddleware,
            configured_language=chosen.language,
            secure=(chosen.url or "").startswith("https://"),
        ),
    ]
    if chosen.access == "oidc":
        inside = Middleware(SignedInOnly, below=f"{below}/media/", known=partial(signed_in, chosen))
        middleware.insert(0, inside)
    if chosen.access == "proxy":
        guard = Middleware(
            ProxyOnly,
            proxy=chosen.proxy,
            open_to_all=frozenset({f"{below}/healthz"}),
            open_below=tuple(below + each for each in OPEN) if chosen.open_data else (),
        )
        middleware.insert(0, guard)
    return st.App(
        SCRIPT,
        routes=[
            Route(f"{below}/healthz", healthz),
            Route(f"{below}/favicon.png", favicon),
            *routes(below),
        ],
        middleware=middleware,
        lifespan=_lifespan(address),
    )


def serve(chosen: settings.Settings, port: int = PORT, open_browser: bool = True) -> None:
    """Serve the pages until stopped; on this machine only unless access says otherwise."""
    settings.use(chosen)
    _give_memory_back()
    address = chosen.address or LOOPBACK
    _require_free(address, port)
    there = "localhost" if address == LOOPBACK else address
    url = chosen.url or f"http://{there}:{port}/{chosen.base_path}"
    print(f"The dashboard is at {url} (Ctrl-C stops it).", file=sys.stderr, flush=True)
    if chosen.access == "proxy":
        # Else the server takes the address that the proxy forwards for the one that asked, and
        # we could not tell the proxy from somebody who writes its headers.
        os.environ["FORWARDED_ALLOW_IPS"] = ""  # noqa: TID251 - the server reads it nowhere else
    with _secrets(chosen.sign_in) as further:
        app = make_app(url if open_browser else None)
        app.run(config={**options(chosen, port), **further})


def _give_memory_back() -> None:
    """Let the C library return what is done with: by itself it keeps some for every thread.

    Each rerun is a thread. With 20,000 projects twenty readers held 2.3 MB each, so 0.8 MB.
    """
    with suppress(AttributeError, OSError, TypeError):  # another C library than GNU's
        set_option = ctypes.CDLL(None).mallopt
        set_option(_ARENA_MAX, 2)
        set_option(_MMAP_THRESHOLD, 128 * 1024)


@contextmanager
def _secrets(sign_in: settings.SignIn | None) -> Iterator[dict[str, object]]:
    """Hand what signing in needs to Streamlit, which reads it from a file only."""
    if sign_in is None:
        yield {}
        return
    given = {
        "redirect_uri": sign_in.redirect,
        "cookie_secret": sign_in.cookie_secret,
        "client_id": sign_in.client_id,
        "client_secret": sign_in.client_secret,
        "server_metadata_url": sign_in.metadata_url,
    }
    with TemporaryDirectory(prefix="ospo-vitals-") as folder:  # ours alone: mode 0700
        file = Path(folder) / "secrets.toml"
        lines = (f"{key} = {json.dumps(value)}\n" for key, value in given.items())
        file.write_text("[auth]\n" + "".join(lines), encoding="utf-8")
        yield {"secrets.files": [str(file)]}


def _require_free(host: str, port: int) -> None:
    """Say in a sentence that a port is taken, instead of failing later."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressTaken(
                f"The dashboard cannot listen on {host}:{port} ({error.strerror}). "
                "Stop what uses it, or choose another port: "
                f"ospo-vitals dashboard --port {port + 1}"
            ) from error
