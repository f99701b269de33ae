"""Who looks at the pages, and what may they see?

``local``: whoever sits at this machine. ``public``: everybody, nothing derived from people, no
private repository. ``oidc``: who signed in at the provider. ``proxy``: whom the trusted proxy
in front names. Roles decide what the last two see beyond that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from collector.config.access_models import EVERYBODY, Roles, TrustedProxy
from dashboard.settings import Settings


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks. ``people``: sees what is derived from single people. ``names``: sees names.

    ``private``: sees private repositories. ``who``: whom we greet; empty where nobody signed in.
    """

    people: bool = False
    names: bool = False
    private: bool = False
    who: str = ""


PUBLIC = Reader()


def reader(
    settings: Settings, claims: Mapping[str, object] | None, headers: Mapping[str, str]
) -> Reader | None:
    """Who looks? None: nobody has signed in yet.

    ``claims``: what the provider says of who signed in, ``headers``: what came with the request.
    """
    match settings.access:
        case "local":
            return Reader(people=True, names=settings.named, private=True)
        case "oidc":
            return None if claims is None else _signed_in(settings, claims)
        case "proxy":
            return _announced(settings, headers)
    return PUBLIC


def _signed_in(settings: Settings, claims: Mapping[str, object]) -> Reader:
    given = claims.get(settings.role_claim, ())
    roles = [given] if isinstance(given, str) else given
    held = {str(role) for role in roles} if isinstance(roles, Iterable) else set()
    who = claims.get("name") or claims.get("preferred_username") or claims.get("email") or ""
    return _with_roles(settings, held, str(who))


def _announced(settings: Settings, headers: Mapping[str, str]) -> Reader | None:
    who = headers.get(settings.proxy.user_header, "").strip()
    given = headers.get(settings.proxy.roles_header, "").split(",")
    return _with_roles(settings, {role.strip() for role in given}, who) if who else None


def _with_roles(settings: Settings, held: set[str], who: str) -> Reader:
    def may(wanted: tuple[str, ...]) -> bool:
        return EVERYBODY in wanted or not held.isdisjoint(wanted)

    roles: Roles = settings.roles
    return Reader(may(roles.people), settings.named and may(roles.names), may(roles.private), who)


class ProxyOnly:
    """Lets nobody in but the trusted proxy, and through it only who has signed in there.

    Whoever reaches the port past the proxy could write its headers himself. ``open_to_all``:
    paths that tell nothing but that we live, for monitors. ``open_below``: where paths begin
    that everybody may ask for; who was not let in is then nobody, whatever his headers say.
    """

    def __init__(
        self,
        app: ASGIApp,
        proxy: TrustedProxy,
        open_to_all: frozenset[str],
        open_below: tuple[str, ...] = (),
    ) -> None:
        self.app = app
        self.open_below = open_below
        self.named = frozenset(
            each.lower().encode() for each in (proxy.user_header, proxy.roles_header)
        )
        self.open_to_all = open_to_all
        self.header = proxy.user_header
        self.trusted = [ip_network(each, strict=False) for each in proxy.trusted]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        guarded = scope["type"] in ("http", "websocket") and scope["path"] not in self.open_to_all
        if not guarded or self._is_let_in(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(self.open_below):
            kept = [each for each in scope["headers"] if each[0].lower() not in self.named]
            await self.app({**scope, "headers": kept}, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            refusal = PlainTextResponse(REFUSED, status_code=403)
            await refusal(scope, receive, send)

    def _is_let_in(self, scope: Scope) -> bool:
        peer = (scope.get("client") or ("",))[0]
        try:
            known = any(ip_address(peer) in network for network in self.trusted)
        except ValueError:  # a socket file has no address: only the proxy's group can reach it
            known = not peer
        return known and bool(Headers(scope=scope).get(self.header, "").strip())


class SignedInOnly:
    """Gives files that pages made only to who has signed in; the address alone opens none.

    ``known``: what the provider says of who signed in, by the cookies of a request.
    """

    def __init__(
        self,
        app: ASGIApp,
        below: str,
        known: Callable[[Mapping[str, str]], Mapping[str, object] | None],
    ) -> None:
        self.app = app
        self.below = below
        self.known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["path"].startswith(self.below)
        file = asked and scope["path"].endswith(TAKEN_AWAY)
        if file and self.known(HTTPConnection(scope).cookies) is None:
            await PlainTextResponse(REFUSED_FILE, status_code=401)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class Shut:
    """Answers nobody at addresses of the server that we do not offer: they ask for no sign-in."""

    def __init__(self, app: ASGIApp, paths: frozenset[str]) -> None:
        self.app = app
        self.paths = paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        shut = scope["type"] == "http" and scope["path"] in self.paths
        answer: ASGIApp = PlainTextResponse("Not found\n", status_code=404) if shut else self.app
        await answer(scope, receive, send)


TAKEN_AWAY = (".csv", ".json")
"""How files end that carry figures: the icon, for whoever is at the door, is none of them."""
REFUSED_FILE = "This file is for those who have signed in. Sign in, and take it from its page.\n"
REFUSED = (
    "This dashboard is open to those who sign in at the proxy in front of it. Open the address"
    " that your OSPO gave you.\n"
)
