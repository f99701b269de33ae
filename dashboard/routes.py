"""What does the server give beside its pages? Open data, feed and badges, to whom may see them.

No page guards these addresses: each request is asked who it comes from, as a page asks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from collector.clock import now
from collector.errors import UserError
from collector.model import DAY, Instant
from dashboard import data, i18n, settings
from dashboard.access import PUBLIC, Reader, reader
from dashboard.open_data import OpenSource, opened
from dashboard.past import code
from dashboard.reports import apart, badge, export, feed
from dashboard.reports.making import FORMS
from dashboard.reports.making import Asked as Wanted
from dashboard.reports.package import package
from dashboard.reports.period import NoSuchMonth, period
from dashboard.reports.tables import BY_NAME
from dashboard.view import oldest_fresh

OPEN = ("/export/", "/badge/", "/feed.atom", "/report/")
"""Below these everybody is let in where `server.open_data` says so."""
TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json",
    "atom": "application/atom+xml; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
}
POLICIES = {
    "svg": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "html": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
}
"""What a document of ours may load when it is opened by itself: nothing."""
SIGN_IN = (
    "This is for those who have signed in: open the dashboard and sign in first. The OSPO can open"
    " badges and open data to everybody with `server: {open_data: true}`, see docs/open-data.md.\n"
)
INSIDE = "Only who signed in, or sits at the machine of the dashboard, sees more than open data.\n"
NOT_FOUND = "There is nothing of this name here. /export/datapackage.json lists what there is.\n"
PROBLEMS = {
    "missing": "The database cannot be read. `ospo-vitals doctor` says why.\n",
    "empty": "Nothing is collected yet. Start with: ospo-vitals collect\n",
    "older": "The database is older than this version. Run: ospo-vitals db upgrade\n",
    "newer": "The database is newer than this version. Update OSPO Vitals on this server.\n",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: for what, by whom, and through which door."""

    request: Request
    settings: settings.Settings
    source: data.Source
    translator: i18n.Translator
    open: bool
    """Whether it is answered with what everybody may see."""


Made = Callable[[Asked], "Answer | Response"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent; ``name``: that of the file where it is kept. ``also``: what it depends on."""

    body: Callable[[], str | bytes | Iterable[str]]
    kind: str
    name: str = ""
    status: int = 200
    also: str = ""


def routes(below: str) -> list[Route]:
    """List the addresses, below the path that the server stands at."""
    return [
        Route(f"{below}/export/{export.PACKAGE}", _answering(_package)),
        Route(f"{below}/export/project/{{key}}.json", _answering(_project)),
        Route(f"{below}/export/{{name}}.{{form}}", _answering(_table)),
        Route(f"{below}/feed.atom", _answering(_feed)),
        Route(f"{below}/badge/{{key}}.svg", _answering(_badge, of_door=True)),
        Route(f"{below}/report/{{of}}/{{key}}.{{form}}", _answering(_report, of_door=True)),
    ]


def _package(asked: Asked) -> Answer:
    licence = asked.settings.data_license
    made = lambda: package(asked.source, licence if asked.open else "")  # noqa: E731
    return Answer(made, "json", export.PACKAGE)


def _table(asked: Asked) -> Answer | Response:
    table = BY_NAME.get(asked.request.path_params["name"])
    form = asked.request.path_params["form"]
    if table is None or form not in ("csv", "json"):
        return _said(NOT_FOUND, 404)
    return Answer(lambda: export.lines(table, asked.source, form), form, f"{table.name}.{form}")


def _project(asked: Asked) -> Answer | Response:
    row = asked.source.project(asked.request.path_params["key"])
    if row is None:
        return _said(NOT_FOUND, 404)
    return Answer(lambda: export.project(asked.source, row), "json", f"{row.key}.json")


def _feed(asked: Asked) -> Answer | Response:
    ospo = asked.request.query_params.get("ospo", "")
    if ospo and ospo not in {one.key for one in asked.source.ospos()}:
        return _said(NOT_FOUND, 404)
    made = lambda: feed.feed(asked.source, asked.settings, asked.translator, ospo)  # noqa: E731
    return Answer(made, "atom")


def _badge(asked: Asked) -> Answer:
    """A project's status; of an unknown one a picture too, since a page shows it as one."""
    row = asked.source.project(asked.request.path_params["key"])
    if row is None:
        return Answer(lambda: badge.unknown(asked.translator), "svg", status=404)
    old = oldest_fresh(asked.settings, now())
    stale = (row.measured_at or 0) < old
    made = lambda: badge.badge(row, asked.translator, old)  # noqa: E731
    return Answer(made, "svg", also=f"{stale}")


def _report(asked: Asked) -> Answer | Response:
    """The month's report, as the reader may see it: the whole one, or open data."""
    of, key, form = (str(asked.request.path_params[name]) for name in ("of", "key", "form"))
    known = {
        "ospo": lambda: key in {one.key for one in asked.source.ospos()},
        "project": lambda: asked.source.project(key) is not None,
    }
    if of not in known or form not in FORMS or not known[of]():
        return _said(NOT_FOUND, 404)
    query, at = asked.request.query_params, now()
    wanted = Wanted(**{of: key}, month=query.get("month"), language=query.get("lang"))
    try:
        chosen = period(asked.source, wanted.month, at)
    except NoSuchMonth as error:
        return _said(f"{error}\n", 404)
    name = "" if form == "html" else f"{key}-{code(chosen.month)}.{form}"
    also = f"{wanted} {at // DAY}"
    return Answer(lambda: _drawn(asked, wanted, form, at), form, name, also=also)


def _drawn(asked: Asked, wanted: Wanted, form: str, at: Instant) -> bytes:
    """Make a report, or give what was made of it in this pass and on this day."""
    source = asked.source
    people = not isinstance(source, OpenSource)
    given = (wanted.ospo, wanted.project, wanted.month, wanted.language, form, at // DAY)
    job = apart.Job(asked.settings, wanted, form, at, people, source.private)
    draws = form != "md"  # text alone costs next to nothing
    return source.kept("report", given, partial(apart.made, job) if draws else job.done)


def _answering(made: Made, *, of_door: bool = False) -> Callable[..., object]:
    """Answer requests; ``of_door``: by what the reader may see, not by open data."""

    async def answer(request: Request) -> Response:
        return await run_in_threadpool(_answered, request, made, of_door)

    return answer


def _answered(request: Request, made: Made, of_door: bool) -> Response:
    chosen = settings.current()
    who = reader(chosen, signed_in(chosen, request.cookies), request.headers)
    if who is None and not chosen.open_data:
        return _said(SIGN_IN, 401 if chosen.access == "oidc" else 403)
    inside = "internal" in request.query_params
    if inside and (who is None or chosen.access == "public"):
        return _said(INSIDE, 403)
    seen = (who or PUBLIC) if inside or of_door else PUBLIC
    state = data.look(chosen.database_url, private=seen.private)
    if state.source is None:
        return _said(PROBLEMS[state.problem or "missing"], 503)
    source = (state if seen.people else opened(state)).source
    assert source is not None  # noqa: S101 - it was there before it was opened
    language = request.query_params.get("lang")
    translator = i18n.translator(i18n.choose(language, "", chosen.language))
    asked = Asked(request, chosen, source, translator, not inside)
    found = made(asked)
    return found if isinstance(found, Response) else _sent(asked, found, seen)


def _sent(asked: Asked, answer: Answer, seen: Reader) -> Response:
    headers = _headers(asked, answer)
    fresh = asked.source.freshness
    if fresh.running_since is None and answer.status == 200:  # figures change while one runs
        given = (fresh.stamp, fresh.finished, seen.people, seen.private, asked.translator.language,
                 answer.also, asked.request.url.path, asked.open, asked.settings.url)  # fmt: skip
        headers["ETag"] = f'W/"{hashlib.sha256(repr(given).encode()).hexdigest()[:32]}"'
        if headers["ETag"] in asked.request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
    kind = TYPES[answer.kind]
    if asked.request.method == "HEAD":
        told = Response(status_code=answer.status, headers=headers, media_type=kind)
        del told.headers["Content-Length"]  # nobody has counted
        return told
    try:
        body = answer.body()
    except UserError as error:
        return _said(f"{error}\n", 503)
    if isinstance(body, str | bytes):
        return Response(body, answer.status, headers, kind)
    return StreamingResponse(body, answer.status, headers, kind)


def _headers(asked: Asked, answer: Answer) -> dict[str, str]:
    """Who may keep it, for how long, and which other pages may read it."""
    access = asked.settings.access
    # A page from elsewhere must not read what stands on this machine, whatever is configured.
    # A report of who signed in is whole: it is for that reader alone.
    opened_up = asked.settings.open_data and access != "local" and answer.kind not in FORMS
    everybodys = asked.open and (access == "public" or opened_up)
    badge_of_reader = answer.kind == "svg" and access != "public"
    kept = "public, max-age=300" if everybodys and not badge_of_reader else "private, no-cache"
    made = {"Cache-Control": kept, "X-Content-Type-Options": "nosniff"}
    if everybodys:
        made["Access-Control-Allow-Origin"] = "*"
        made["Cross-Origin-Resource-Policy"] = "cross-origin"
    if answer.kind in POLICIES:
        made["Content-Security-Policy"] = POLICIES[answer.kind]
    if answer.name:
        made["Content-Disposition"] = f'attachment; filename="{answer.name}"'
    return made


def _said(sentence: str, status: int) -> Response:
    return PlainTextResponse(sentence, status, {"Cache-Control": "no-store"})


def signed_in(chosen: settings.Settings, cookies: Mapping[str, str]) -> Mapping[str, object] | None:
    """What the provider says of who signed in, by Streamlit's signed cookie; None: nobody has.

    The cookie is looked at as the pages' own connection looks at it: signature, age, origin.
    """
    if chosen.access != "oidc" or chosen.sign_in is None:
        return None
    from streamlit.auth_util import get_cookie_with_chunks
    from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

    secret = chosen.sign_in.cookie_secret

    def one(name: str) -> bytes | None:
        given = cookies.get(name)
        return decode_signed_value(secret, name, given) if given else None

    try:
        found = get_cookie_with_chunks(one, COOKIE)
        told = json.loads(found) if found else None
    except (ValueError, TypeError):
        return None
    ours = urlsplit(chosen.sign_in.redirect)
    if not isinstance(told, dict) or told.get("origin") != f"{ours.scheme}://{ours.netloc}":
        return None
    return told if told.get("is_logged_in") is True else None


COOKIE = "_streamlit_user"
