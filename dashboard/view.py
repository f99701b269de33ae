"""What does every page begin with? Its language, colours and settings, the date of its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urlencode

import streamlit as st

from collector.clock import now as clock_now
from collector.cron import slots
from collector.model import DAY, Instant
from dashboard import data, i18n
from dashboard.access import PUBLIC, Reader, reader
from dashboard.components.html import Html, join, tag
from dashboard.open_data import opened
from dashboard.settings import Settings
from dashboard.theme import Palette, palette

STALE_AFTER = 2 * DAY
"""Where no schedule is configured, figures older than twice a day are called old."""


DATES = ("at", "as_of")
"""How the address asks for the past: by month, for a figure also by day."""


@dataclass(frozen=True, slots=True)
class View:
    """What a page is given to work with."""

    settings: Settings
    translator: i18n.Translator
    palette: Palette
    state: data.State
    now: Instant
    reader: Reader = PUBLIC
    let_in: bool = True
    """False: nobody has signed in yet; no page is shown."""
    past: Instant | None = None
    """The date of the page, where the reader has chosen one that is over."""
    not_a_month: str = ""
    """What the address asks for instead of a month of which something is known."""

    @property
    def source(self) -> data.Source:
        """The door to the database, at the pass the whole page is drawn from."""
        assert self.state.source is not None  # noqa: S101 - pages run only when there is one
        return self.state.source

    def project(self, key: str, **query: str) -> str:
        """Give the address of a project's page, at the same date as this one."""
        at = {"at": f"{datetime.fromtimestamp(self.past, UTC):%Y-%m}"} if self.past else {}
        return f"project?{urlencode({'p': key, **query, **at})}"

    @property
    def names(self) -> Mapping[str, str]:
        """What organisations are called, those of configuration and the OSPOs themselves."""
        ospos = {row.key: row.name for row in self.source.ospos()}
        return {**self.settings.organisations, **ospos}

    @property
    def shows_people(self) -> bool:
        """May this reader see what is derived from single persons? Not in open data."""
        return self.reader.people


def open_view(settings: Settings) -> View:
    """Find out who looks, in which language and appearance, and what there is to see."""
    accepted = st.context.headers.get("Accept-Language", "")
    language = i18n.choose(_asked(), accepted, settings.language)
    colours = palette(st.context.theme.type)
    who = reader(settings, _claims(settings), st.context.headers)
    shown = who or PUBLIC
    state = data.look(settings.database_url, private=shown.private)
    if not shown.people:
        state = opened(state)
    translator = replace(i18n.translator(language), names=settings.organisations)
    return View(settings, translator, colours, state, clock_now(), shown, who is not None)


def _claims(settings: Settings) -> Mapping[str, object] | None:
    """What the provider says of who signed in; None: nobody has."""
    if settings.access != "oidc" or not st.user.get("is_logged_in", False):
        return None
    return dict(st.user.to_dict())


def _asked() -> str | None:
    """Find the language asked for: here, before in this window, or at an earlier visit."""
    asked = st.query_params.get("lang")
    if asked in i18n.languages():
        st.session_state["lang"] = asked
    kept = st.session_state.get("lang")
    return str(kept) if kept else st.context.cookies.get("lang")


def show(*parts: object) -> None:
    """Put markup of our own making on the page."""
    made = join(*parts)
    if made:
        st.html(made)


def begin(view: View, title: object, purpose: object = "", *below: object) -> None:
    """Write the title, what the page is for, how fresh and complete its figures are."""
    told = tag("p", purpose, cls="ov-purpose") if purpose else ""
    show(tag("h1", title), told, _as_of(view), *below, *_banners(view))


def _as_of(view: View) -> Html:
    _ = view.translator.text
    if view.state.source is None:
        return Html("")
    collected, known, newest = view.source.collected()
    parts = []
    if newest:
        parts.append(_("Data as of {day}", day=view.translator.day(view.past or newest)))
    if view.past is None:
        parts.append(collected_words(collected, known, view.translator))
    return tag("p", *(tag("span", part) for part in parts), cls="ov-asof")


def collected_words(collected: int, known: int, translator: i18n.Translator) -> str:
    """Say how many of the known repositories were read."""
    return translator.plural(
        "{collected} of {n} repository collected",
        "{collected} of {n} repositories collected",
        known,
        collected=translator.number(collected, 0),
    )


def _banners(view: View) -> list[Html]:
    if view.state.source is None:
        return []
    made = [_demonstration(view), _running(view), _stale(view)]
    if view.past is not None:
        made = [_demonstration(view), _past(view, view.past)]
    elif view.not_a_month:
        made.append(_no_month(view))
    return [banner for banner in made if banner]


def _demonstration(view: View) -> Html:
    _ = view.translator.text
    said = demonstration(view)
    if not said:
        return Html("")
    reason = " ".join(
        map(view.translator.told, view.source.freshness.meta.get("demo_reason", "").splitlines())
    )
    why = (
        _("It is shown because nothing could be read: {reason}", reason=reason)
        if reason
        else _("You opened it with: ospo-vitals demo")
    )
    shown = [tag("b", _("Demonstration.")), " ", said, " ", why]
    return tag("div", *shown, cls="ov-note", role="note")


def demonstration(view: View) -> str:
    """Say that everything is made up, where it is; empty where it is not."""
    notes = view.source.freshness.meta
    if not notes.get("demo") and not notes.get("demo_reason"):
        return ""
    return view.translator.text(
        "This is a demonstration: every project, person and figure here is made up. "
        "It says nothing about any real project."
    )


def _past(view: View, at: Instant) -> Html:
    _ = view.translator.text
    said = _("This is the past: how it stood at the start of {day}.", day=view.translator.day(at))
    more = _(
        "What happened later is left out. What is not dated (names, who owns what, which projects "
        "there are) is as today."
    )
    query = urlencode({key: st.query_params[key] for key in st.query_params if key not in DATES})
    back = tag("a", _("Back to today"), href=f"?{query}")
    return tag("div", tag("b", said), " ", more, " ", back, cls="ov-note ov-warn", role="note")


def _no_month(view: View) -> Html:
    said = view.translator.text(
        "“{asked}” is no month of which anything is known (write it as 2025-03). You see today.",
        asked=view.not_a_month,
    )
    return tag("div", said, cls="ov-note ov-warn", role="note")


def _running(view: View) -> Html:
    _ = view.translator.text
    since = view.source.freshness.running_since
    if since is None or view.now - since > DAY:
        return Html("")
    said = _(
        "A collection is running since {moment}. You see the figures of the pass before; "
        "new ones appear when it is finished.",
        moment=view.translator.moment(since, view.settings.timezone),
    )
    return tag("div", said, cls="ov-note", role="note")


def _stale(view: View) -> Html:
    _ = view.translator.text
    finished = view.source.freshness.finished
    if finished is None or finished >= oldest_fresh(view.settings, view.now):
        return Html("")
    if view.source.freshness.meta.get("demo"):
        return Html("")
    said = _(
        "These figures are old: the newest finished pass was {ago}. Is the scheduled collection "
        "still running?",
        ago=view.translator.ago(finished, view.now),
    )
    more = tag("a", _("See what failed and why"), href="data")
    return tag("div", tag("b", said), " ", more, cls="ov-note ov-warn", role="note")


def oldest_fresh(settings: Settings, now: Instant) -> Instant:
    """Since when must a pass have finished? Old is what is older than twice the schedule."""
    at = _last_but_one(settings.collect_schedule, settings.timezone, now - now % 300)
    return now - STALE_AFTER if at is None else at


@lru_cache(maxsize=64)
def _last_but_one(expression: str, timezone: str, now: Instant) -> Instant | None:
    try:
        timetable = slots(expression, timezone)
    except ValueError:
        return None
    last = timetable.before(now)
    return None if last is None else timetable.before(last - 1)


def empty(view: View, title: str, *said: object) -> None:
    """Say that there is nothing to see, why, and what to do next."""
    body = [part if isinstance(part, Html) else tag("p", part) for part in said]
    show(tag("section", tag("h2", title), *body, cls="ov-empty"))


def command(text: str) -> Html:
    """Show a command the reader can type."""
    return tag("p", tag("code", text))
