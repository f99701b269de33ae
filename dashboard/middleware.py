"""What does the browser get besides Streamlit's files? Language, title, and what it may load."""

from __future__ import annotations

import base64
import hashlib
import re
from http.cookies import SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import ahead, i18n

INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
LANGUAGE = re.compile(rb'<html lang="[^"]*">')
NAME = b"<title>OSPO Vitals</title>"
WHERE = b"<script>window.__streamlit={BACKEND_BASE_URL:new URL('.',location.href).href}</script>"
"""Where the server is: beside the page. Else the browser asks below each page first, in vain."""


def policy(html: bytes) -> str:
    """Say what a page may load: only from here, and only the inline scripts it came with."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
        for script in INLINE.findall(html)
    )
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}".strip(),
            "style-src 'self' 'unsafe-inline'",  # Streamlit writes its styles at run time
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class PageMiddleware:
    """Puts language, title, policy and security headers on what the server sends."""

    def __init__(
        self, app: ASGIApp, configured_language: str = i18n.DEFAULT, secure: bool = False
    ) -> None:
        self.app = app
        self.secure = secure  # opened by https, whatever a proxy in front asks us by
        self.configured_language = configured_language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        language = self._language(scope)
        secure = self.secure or scope.get("scheme") == "https"
        cookie = _cookie(language, secure) if _asked(scope) else ""
        if "text/html" in Headers(scope=scope).get("accept", ""):
            scope = _without(scope, b"accept-encoding")  # the page is rewritten below
        await self.app(scope, receive, _Rewriter(send, language, cookie))

    def _language(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        cookie = SimpleCookie(headers.get("cookie", "")).get("lang")
        asked = _asked(scope) or (cookie.value if cookie else "")
        return i18n.choose(asked, headers.get("accept-language", ""), self.configured_language)


def _asked(scope: Scope) -> str:
    """The language asked for in the address, if there is one of that code."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    asked = query.get("lang", [""])[0]
    return asked if asked in i18n.languages() else ""


def _cookie(language: str, secure: bool) -> str:
    """The choice, kept for a year on this server only; no script can read it."""
    end = "; Secure" if secure else ""
    return f"lang={language}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{end}"


def _without(scope: Scope, header: bytes) -> Scope:
    kept = [(name, value) for name, value in scope["headers"] if name.lower() != header]
    return {**scope, "headers": kept}


class _Rewriter:
    """Sends a response on; an HTML page is held back until it is whole, then rewritten."""

    def __init__(self, send: Send, language: str, cookie: str) -> None:
        self.send = send
        self.language = language.encode()
        self.cookie = cookie
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self.start is not None and message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish()
        else:
            await self.send(message)

    async def _begin(self, message: Message) -> None:
        headers = MutableHeaders(raw=message["headers"])
        for name, value in SECURITY.items():
            headers[name] = value
        encoded = headers.get("content-encoding", "")
        ours = "content-security-policy" in headers  # a document by itself: nothing to add
        if headers.get("content-type", "").startswith("text/html") and not (encoded or ours):
            self.start = message
        else:
            await self.send(message)

    async def _finish(self) -> None:
        assert self.start is not None  # noqa: S101 - set by _begin
        page = LANGUAGE.sub(b'<html lang="' + self.language + b'">', self.body, count=1)
        page = page.replace(b"<title>Streamlit</title>", NAME + WHERE)
        page = page.replace(b"</head>", ahead.scripts() + b"</head>", 1)
        headers = MutableHeaders(raw=self.start["headers"])
        headers["Content-Security-Policy"] = policy(page)
        headers["Content-Length"] = str(len(page))
        if self.cookie:
            headers.append("Set-Cookie", self.cookie)
        for name in ("etag", "last-modified"):  # they describe the file, not what we made of it
            del headers[name]
        await self.send(self.start)
        await self.send({"type": "http.response.body", "body": page})
