"""GitHub's GraphQL: documents kept as files, failures that hide behind a 200, and their cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from collector.forge import (
    AccessDenied,
    ForgeError,
    RepositoryGone,
    Unavailable,
    UnexpectedAnswer,
)
from collector.forges.github.address import owner_and_name
from collector.forges.github.records import Json, instant
from collector.model import Instant
from collector.transport import Transport

FOLDER = Path(__file__).parent / "documents"
_DENIED = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES", "SAML_FORBIDDEN"})
_LIMITS = frozenset({"RATE_LIMITED", "RATE_LIMIT"})
_TOO_HEAVY = frozenset({"MAX_NODE_LIMIT_EXCEEDED", "RESOURCE_LIMITS_EXCEEDED", "TIMEOUT"})


class CursorLost(UnexpectedAnswer):
    """The host no longer knows the place where a list was to go on."""


class TooHeavy(Unavailable):
    """The host could not do this much at once: a smaller page may pass."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The data of a question, what of it failed, what it cost, and the host's own time."""

    data: Json
    errors: tuple[Json, ...]
    points: int
    date: Instant | None

    def failed(self, *path: str) -> Json | None:
        """The error that explains why this part of the data is missing."""
        for error in self.errors:
            if (error.get("path") or [])[: len(path)] == list(path):
                return error
        return None


@cache
def document(name: str) -> str:
    """A document by its file's name, with the shared fragments that it names, and no others."""
    return _with_fragments(_read(name))


def of_many(name: str, urls: Sequence[str], fragment: str) -> tuple[str, Json]:
    """A document that asks many repositories the same, as ``r0``, ``r1`` …; and their names."""
    pairs = enumerate(map(owner_and_name, urls))
    names = {f"{key}{n}": word for n, pair in pairs for key, word in zip("on", pair, strict=True)}
    parts = (
        f"r{n}: repository(owner: $o{n}, name: $n{n}) {{ ...{fragment} }}" for n in range(len(urls))
    )
    text = _read(name).replace("# names", " ".join(f"${each}: String!" for each in names))
    return _with_fragments(text.replace("# repositories", "\n".join(parts))), names


def _with_fragments(text: str) -> str:
    while missing := [n for n in re.findall(r"\.\.\.(\w+)", text) if f"fragment {n} " not in text]:
        text += "\n" + _shared()[missing[0]]
    return text


_FRAGMENT = re.compile(r"^fragment (\w+) .*?^}\n", re.DOTALL | re.MULTILINE)


@cache
def _shared() -> Mapping[str, str]:
    return {match[1]: match[0] for match in re.finditer(_FRAGMENT, _read("fragments"))}


@cache
def _read(name: str) -> str:
    text = (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")
    return re.sub(r"^\s*#(?! names| repositories).*\n", "", text, flags=re.MULTILINE)


class GraphQL:
    """Questions to one host's GraphQL."""

    def __init__(
        self, transport: Transport, path: str, note_cost: Callable[[int], None] = lambda _: None
    ) -> None:
        self._transport = transport
        self._path = path
        self._note_cost = note_cost

    def ask(
        self, text: str, variables: Mapping[str, Any] | None = None, *, parts: bool = False
    ) -> Reply:
        """Ask once. Parts may be missing: ``Reply.errors`` says which; a whole failure raises.

        With ``parts``, it is no failure either that every part is missing for a reason.
        """
        body = {"query": text, "variables": dict(variables or {})}
        try:
            answer = self._transport.post(self._path, body, resource="graphql", attempts=2)
        except Unavailable as error:
            raise TooHeavy(str(error)) from None
        reply = self._reply(answer.data, answer.date, answer.request_id)
        self._note_cost(reply.points)
        self._raise_whole_failures(reply, answer.request_id, parts)
        return reply

    def _reply(self, raw: object, date: Instant | None, request_id: str | None) -> Reply:
        if not isinstance(raw, dict) or not isinstance(raw.get("data") or {}, dict):
            raise UnexpectedAnswer(
                f"{self._host} answered something that is not GraphQL: check its base_url"
                " under forges:.",
                request_id,
            )
        data = raw.get("data") or {}
        errors = tuple(error for error in raw.get("errors") or () if isinstance(error, dict))
        rate = data.get("rateLimit") or {}
        if rate:
            budget = self._transport.budget("graphql")
            budget.learn(rate["remaining"], rate["limit"], instant(rate["resetAt"]))
        return Reply(data, errors, int(rate.get("cost", 0)), date)

    def _raise_whole_failures(self, reply: Reply, request_id: str | None, parts: bool) -> None:
        kinds = {str(error.get("type")) for error in reply.errors}
        if kinds & _LIMITS:
            raise self._transport.budget("graphql").used_up()
        if "INVALID_CURSOR_ARGUMENTS" in kinds:
            raise CursorLost(
                f"{self._host} no longer knows where the reading stopped; it begins again.",
                request_id,
            )
        if kinds & _TOO_HEAVY or (reply.errors and not reply.data and kinds == {"None"}):
            if any("exist on type" in str(error.get("message")) for error in reply.errors):
                raise UnexpectedAnswer(self._unknown_field(reply), request_id)
            raise TooHeavy(f"{self._host} could not answer so much at once.")
        known = [value for key, value in reply.data.items() if key != "rateLimit"]
        if reply.errors and not any(known) and not (parts and known):
            raise self.meaning(reply.errors[0])

    def meaning(self, error: Json) -> ForgeError:
        """What an error of a part means, as an error of ours."""
        kind = str(error.get("type"))
        if kind == "NOT_FOUND":
            return RepositoryGone(
                f"{self._host} has no such repository, or it is private to the token in use."
                " Correct its address, or give the token access."
            )
        if kind in _DENIED:
            said = self._transport.redacted(str(error.get("message")))[:200]
            return AccessDenied(
                f"{self._host} lets {self._transport.endpoint.proof} not read this:"
                f" give it the right to. ({said})"
            )
        return TooHeavy(f"{self._host} could not answer all that it was asked.")

    def _unknown_field(self, reply: Reply) -> str:
        said = self._transport.redacted(str(reply.errors[0].get("message")))[:200]
        return f"{self._host} is too old for what it is asked, or too new: {said}."

    @property
    def _host(self) -> str:
        return self._transport.endpoint.host
