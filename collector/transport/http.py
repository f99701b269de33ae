"""HTTP as every forge needs it: polite, bounded, patient, and silent about tokens.

One ``Transport`` speaks to one host with one credential, one request at a time. It retries what
may pass, obeys ``Retry-After``, stops before the budget is gone, follows links only on the same
host, and turns every failure into an error of ``forge`` with a sentence that says what to do.
"""

from __future__ import annotations

import hashlib
import json
import re
import ssl
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx
import stamina

from collector import __version__, clock
from collector.forge import (
    AccessDenied,
    Allowance,
    CredentialRefused,
    ForgeError,
    RateLimited,
    RepositoryGone,
    Unavailable,
    UnexpectedAnswer,
)
from collector.model import N_
from collector.transport.endpoint import Answer, Endpoint, origin
from collector.transport.limits import RESERVE, Budget, Budgets, is_limit, retry_after, spoken
from collector.transport.network import connections

USER_AGENT = f"ospo-vitals/{__version__} (+https://github.com/ospo-vitals/ospo-vitals)"
TIMEOUT = httpx.Timeout(30.0, connect=15.0)
LONGEST_ANSWER = 120.0
"""Seconds after which an answer that still trickles in is given up."""
LARGEST_ANSWER = 64 * 2**20
PATIENCE = 90.0
"""Seconds that are waited when a host asks for a pause; longer pauses end the reading."""
ATTEMPTS = 4
REDIRECTS = 5
_SIGN_IN = re.compile(r"/users/sign_in$|^/(?:sign_?in|log_?in|saml|sso|oauth2?)(?:/|$)")

_LOCKS: dict[str, threading.Lock] = {}
_LOCKS_LOCK = threading.Lock()


class _Again(Exception):
    """A failure that may pass; ``after`` seconds where the host says when."""

    def __init__(self, error: ForgeError, after: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after


def _when(error: Exception) -> bool | float:
    """Is it worth another attempt, and after how long?"""
    if not isinstance(error, _Again):
        return False
    return True if error.after is None else error.after


class Transport:
    """One host, one credential, one request at a time.

    ``token`` gives a token that is renewed now and then, in the place of the endpoint's own.
    """

    def __init__(self, endpoint: Endpoint, token: Callable[[], str] | None = None) -> None:
        self.endpoint = endpoint
        self._token = token
        name = f"{endpoint.host} · {endpoint.credential}"[:120]
        self._budgets = Budgets(endpoint.host, name, RESERVE if self._has_proof else 0.0)
        self._given = ""
        self.requests = 0
        self._counted = threading.local()
        self._lock = _lock_of(endpoint)
        self._client = httpx.Client(
            transport=connections(endpoint),
            headers=_headers(endpoint),
            timeout=TIMEOUT,
            follow_redirects=False,
        )
        weakref.finalize(self, self._client.close)

    def close(self) -> None:
        self._client.close()

    def sent(self) -> int:
        """Requests that this thread has sent, each attempt counted."""
        return int(getattr(self._counted, "requests", 0))

    def budget(self, resource: str = "core") -> Budget:
        """What is left of one of the credential's budgets."""
        return self._budgets.of(resource)

    def remember(self, found: Iterable[Allowance]) -> None:
        """What was said in earlier passes, until it is renewed."""
        self._budgets.remember(found)

    def allowances(self) -> tuple[Allowance, ...]:
        """What the host said that is left of each budget; nothing where it said nothing."""
        return self._budgets.said()

    def get(
        self,
        path: str,
        parameters: Mapping[str, str | int] | None = None,
        *,
        etag: str | None = None,
        resource: str = "core",
    ) -> Answer:
        """Read a document. With the ``etag`` of an earlier answer it may come back unchanged."""
        headers = {"If-None-Match": etag} if etag else {}
        url = self.absolute(path)
        request = self._client.build_request("GET", url, params=parameters, headers=headers)
        return self._ask(request, resource)

    def text(self, path: str) -> str:
        """Read a document that is no JSON: CSV, YAML."""
        headers = {"Accept": "text/csv, application/yaml, text/plain, */*;q=0.1"}
        request = self._client.build_request("GET", self.absolute(path), headers=headers)
        return str(self._ask(request, "core").data or "")

    def pages(
        self, path: str, parameters: Mapping[str, str | int] | None = None
    ) -> Iterator[Answer]:
        """A list, page by page, as its ``Link`` headers say."""
        answer = self.get(path, parameters)
        yield answer
        while answer.next:
            answer = self.get(answer.next)
            yield answer

    def post(
        self, path: str, body: object, *, resource: str = "core", attempts: int = ATTEMPTS
    ) -> Answer:
        """Ask with a body; only for questions, which may be asked twice."""
        request = self._client.build_request("POST", self.absolute(path), json=body)
        return self._ask(request, resource, attempts)

    def absolute(self, path: str) -> str:
        """The whole address of a path; one that leads to another host is refused."""
        base = self.endpoint.base_url.rstrip("/") + "/"
        url = urljoin(base, path.lstrip("/") if "://" not in path else path)
        if origin(url) != origin(base):
            raise UnexpectedAnswer(
                f"{self.endpoint.host} points to another host, which is not followed."
                " If it has moved, change its base_url under forges:."
            )
        return url

    def redacted(self, text: str) -> str:
        """A text without the token, and without a password in an address."""
        for secret in filter(None, (self.endpoint.token, self._given)):
            text = text.replace(secret, "***")
        return re.sub(r"://[^/@\s]*@", "://***@", text)

    # ------------------------------------------------------------ one question, some attempts

    def _ask(self, request: httpx.Request, resource: str, attempts: int = ATTEMPTS) -> Answer:
        waiting = stamina.retry_context(
            on=_when, attempts=attempts, timeout=300.0, wait_initial=0.5, wait_max=20.0
        )
        try:
            for attempt in waiting:
                with attempt:
                    return self._follow(request, resource)
        except _Again as failure:
            raise failure.error from None
        raise AssertionError("retry_context gives an answer or raises")

    def _follow(self, request: httpx.Request, resource: str) -> Answer:
        """Send, and go where the same host says that the thing is now."""
        for _ in range(REDIRECTS):
            response, body = self._send(request, resource)
            if not response.is_redirect or response.status_code == httpx.codes.NOT_MODIFIED:
                return self._answer(response, body, resource)
            target = urljoin(str(request.url), response.headers.get("location", ""))
            if _SIGN_IN.search(urlsplit(target).path):
                raise self._wants_sign_in()
            request = self._client.build_request(
                request.method, self.absolute(target), headers=request.headers
            )
        raise UnexpectedAnswer(f"{self.endpoint.host} redirects in a circle.")

    def _send(self, request: httpx.Request, resource: str) -> tuple[httpx.Response, bytes]:
        if self._token is not None:
            self._given = self._token()
            request.headers[self.endpoint.header] = self.endpoint.scheme + self._given
        with self._lock:
            budget = self.budget(resource)
            self._respect(budget)
            self.requests += 1
            self._counted.requests = self.sent() + 1
            try:
                response = self._client.send(request, stream=True)
                try:
                    body = self._read(response)
                finally:
                    response.close()
            except httpx.TimeoutException:
                raise _Again(self._unavailable(N_("does not answer in time"))) from None
            except (httpx.HTTPError, httpcore.NetworkError, ssl.SSLError) as error:
                raise _Again(self._unavailable(self._spoken(error))) from None
            budget.note(response.headers)
            return response, body

    @staticmethod
    def _respect(budget: Budget) -> None:
        """Stop before the budget is gone; one that is renewed in a moment is waited for."""
        try:
            budget.check()
        except RateLimited as limit:
            pause = float(limit.until - clock.now() + 1) if limit.until else None
            if pause is not None and 0 <= pause <= PATIENCE:
                raise _Again(limit, pause) from None
            raise

    def _read(self, response: httpx.Response) -> bytes:
        """The body, as far as it is bounded in size and time."""
        started, chunks, size = time.monotonic(), [], 0
        for chunk in response.iter_bytes():
            chunks.append(chunk)
            size += len(chunk)
            if size > LARGEST_ANSWER:
                raise UnexpectedAnswer(
                    f"{self.endpoint.host} answers more than {LARGEST_ANSWER // 2**20} MB"
                    " to one question; the rest was not read."
                )
            if time.monotonic() - started > LONGEST_ANSWER:
                raise _Again(self._unavailable(N_("answers too slowly")))
        return b"".join(chunks)

    def _answer(self, response: httpx.Response, body: bytes, resource: str) -> Answer:
        if response.status_code >= httpx.codes.BAD_REQUEST:
            raise self._failure(response, body, resource)
        if self._has_proof:
            self._budgets.note_validity(response.headers)
        data = None
        if response.status_code not in (httpx.codes.NOT_MODIFIED, httpx.codes.NO_CONTENT):
            wanted = response.request.headers.get("accept", "")
            as_text = wanted.startswith("text/")
            data = body.decode("utf-8-sig", "replace") if as_text else self._parsed(response, body)
        return Answer(response.status_code, response.headers, data, str(response.url))

    # ------------------------------------------------------------ failures, each a sentence

    def _parsed(self, response: httpx.Response, body: bytes) -> Any:
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            request_id = response.headers.get("x-github-request-id")
            if _is_page(response, body):
                raise UnexpectedAnswer(
                    f"{self.endpoint.host} answered with a web page instead of data: check its"
                    " base_url under forges:, and whether a proxy or a sign-in page is between.",
                    request_id,
                ) from None
            raise _Again(
                UnexpectedAnswer(
                    f"{self.endpoint.host} answered with data that breaks off or is not JSON."
                    " It is asked again in the next pass.",
                    request_id,
                )
            ) from None

    def _failure(self, response: httpx.Response, body: bytes, resource: str) -> Exception:
        """What a status of 400 or more means."""
        status, message = response.status_code, _message(body)
        if status == httpx.codes.TOO_MANY_REQUESTS or (
            status == httpx.codes.FORBIDDEN and is_limit(response.headers, message)
        ):
            return self._limited(response, resource)
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            error = self._unavailable(N_("answers with a failure of its own ({0})").format(status))
            return _Again(error, _patient(retry_after(response.headers)))
        return self._refused(status, message, response)

    def _limited(self, response: httpx.Response, resource: str) -> Exception:
        """A limit was hit: a short pause is waited for, a long one ends the reading."""
        budget, pause = self.budget(resource), retry_after(response.headers)
        if pause is None and budget.remaining == 0 and budget.resets_at is not None:
            return budget.used_up()
        if pause is None:
            pause = 60.0  # what GitHub asks for when it does not say
        until = clock.now() + int(pause) + 1
        error = budget.used_up(until)
        return _Again(error, pause) if pause <= PATIENCE else error

    def _refused(self, status: int, message: str, response: httpx.Response) -> ForgeError:
        host = self.endpoint.host
        if status == httpx.codes.UNAUTHORIZED:
            if not self._has_proof:
                return AccessDenied(f"{host} wants a token: set one in {self.endpoint.credential}.")
            return self._not_accepted()
        if status == httpx.codes.FORBIDDEN:
            return AccessDenied(self._denied(message, response))
        if status in (404, 410, 451):
            return RepositoryGone(
                f"{host} has no such repository, or it is private to the credential in use."
                " Correct its address, or give the token access."
            )
        return UnexpectedAnswer(
            f"{host} does not understand what it was asked ({status}): "
            f"{self.redacted(message)[:200] or 'no reason given'}",
            response.headers.get("x-github-request-id"),
        )

    def _not_accepted(self) -> CredentialRefused:
        host, ended = self.endpoint.host, self._budgets.ended()
        if ended is not None:
            return CredentialRefused(
                f"{host} does not accept {self.endpoint.proof}: it expired at {spoken(ended)}."
                " Make a new one and set it again."
            )
        return CredentialRefused(
            f"{host} does not accept {self.endpoint.proof}: it is mistyped, expired or revoked."
            " Make a new one and set it again."
        )

    def _denied(self, message: str, response: httpx.Response) -> str:
        host, proof = self.endpoint.host, self.endpoint.proof
        if "x-github-sso" in response.headers:
            return f"{host}: the organisation wants {proof} to be authorised for SSO."
        if self._has_proof:
            said = self.redacted(message)[:200]
            return f"{host} lets {proof} not read this: give it the right to. ({said})"
        return f"{host} does not show this without a token: set one in {self.endpoint.credential}."

    @property
    def _has_proof(self) -> bool:
        return bool(self.endpoint.token or self._token)

    def _wants_sign_in(self) -> AccessDenied:
        host, name = self.endpoint.host, self.endpoint.credential
        if self.endpoint.token:
            return AccessDenied(
                f"{host} sends us to its sign-in page although {name} is set: the token is not"
                " accepted there, or a proxy before the host wants its own sign-in."
            )
        return AccessDenied(
            f"{host} shows nothing without signing in: set a token in {name}. Until then only"
            " its git is read, if that is open."
        )

    def _unavailable(self, what: str) -> Unavailable:
        return Unavailable(f"{self.endpoint.host} {what}. It is asked again in the next pass.")

    def _spoken(self, error: Exception) -> str:
        text = self.redacted(str(error))[:200] or type(error).__name__
        if "CERTIFICATE" in text.upper():
            return N_("has a certificate that is not trusted here (set ca_bundle): {0}").format(
                text
            )
        return N_("cannot be reached ({0})").format(text)


def _patient(pause: float | None) -> float | None:
    return None if pause is None else min(pause, PATIENCE)


def _message(body: bytes) -> str:
    """What a refusal says, as one line of plain text."""
    try:
        said = json.loads(body[:100_000])["message"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return " ".join(str(said).split())


def _is_page(response: httpx.Response, body: bytes) -> bool:
    kind = response.headers.get("content-type", "")
    return "html" in kind or body.lstrip()[:1] == b"<"


def _headers(endpoint: Endpoint) -> dict[str, str]:
    headers = {"User-Agent": USER_AGENT, "Accept": "application/json", **endpoint.headers}
    if endpoint.token:
        headers[endpoint.header] = endpoint.scheme + endpoint.token
    return headers


def _lock_of(endpoint: Endpoint) -> threading.Lock:
    """The lock that everybody shares who uses this credential at this host."""
    proof = endpoint.credential if endpoint.is_app else endpoint.token
    credential = hashlib.sha256(f"{endpoint.base_url}\0{proof}".encode()).hexdigest()
    with _LOCKS_LOCK:
        return _LOCKS.setdefault(credential, threading.Lock())
