"""How are the pages served? Streamlit's own ASGI app, with our middleware and start-up."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
import webbrowser
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from collector.errors import UserError
from dashboard import data, settings, theme
from dashboard.middleware import PageMiddleware

SCRIPT = Path(__file__).parent / "entry" / "app.py"
LOOPBACK = "127.0.0.1"
PORT = 8501
DATA_STACK = ("altair", "numpy", "pandas", "pyarrow", "dashboard.main", "babel.dates")
"""Imported before the first visitor comes, and kept out of every later garbage collection."""

Lifespan = Callable[[st.App], AbstractAsyncContextManager[None]]


class AddressTaken(UserError):
    """Nobody can listen where we were told to."""


def options(port: int, host: str) -> dict[str, object]:
    """Give Streamlit's settings: quiet, closed, no request that leaves the machine."""
    local = host in ("127.0.0.1", "::1", "localhost")
    return {
        "server.port": port,
        "server.address": host,
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.enableStaticServing": False,
        "server.maxUploadSize": 1,
        "server.allowedHosts": ["localhost", "127.0.0.1", "::1", "[::1]"] if local else [],
        "browser.gatherUsageStats": False,
        "browser.serverAddress": "localhost" if local else host,
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
    state = data.look(settings.current().database_url)
    if state.source is not None:
        state.source.warm()
    gc.collect()
    gc.freeze()


def _lifespan(opened: str | None) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncGenerator[None, None]:
        await asyncio.to_thread(_prepare)
        if opened:
            _background.append(asyncio.create_task(asyncio.to_thread(webbrowser.open, opened)))
        yield

    return lifespan


_background: list[asyncio.Task[bool]] = []


def make_app(opened: str | None = None) -> st.App:
    """Make the ASGI application; ``opened``: the address a browser is sent to at the start."""
    language = settings.current().language
    return st.App(
        SCRIPT,
        routes=[Route("/healthz", healthz), Route("/favicon.png", favicon)],
        middleware=[Middleware(PageMiddleware, configured_language=language)],
        lifespan=_lifespan(opened),
    )


def serve(
    config: settings.Configured,
    port: int = PORT,
    host: str | None = None,
    open_browser: bool = True,
) -> None:
    """Serve the pages until stopped; on this machine only unless access says otherwise."""
    chosen = settings.from_config(config)
    settings.use(chosen)
    address = LOOPBACK if chosen.access == "local" or host is None else host
    _require_free(address, port)
    url = f"http://{'localhost' if address == LOOPBACK else address}:{port}/"
    print(f"The dashboard is at {url} (Ctrl-C stops it).", file=sys.stderr, flush=True)
    make_app(url if open_browser else None).run(config=options(port, address))


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
