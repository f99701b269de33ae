"""A host that is asked what it is: whatever it answers is an answer, a refusal too."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import httpx

from collector.transport.endpoint import Answer
from collector.transport.http import Transport


class Probe(Transport):
    """Asks each question once, and takes pages and refusals for what they are."""

    def look(self, path: str) -> Answer:
        """What stands at a path. ``data`` is None where that is no JSON."""
        request = self._client.build_request("GET", self.absolute(path))
        return self._ask(request, "core", attempts=1)

    def _answer(self, response: httpx.Response, body: bytes, resource: str) -> Answer:
        data: Any = None
        with suppress(ValueError, RecursionError):  # a page of some other program
            data = json.loads(body)
        return Answer(response.status_code, response.headers, data, str(response.url))
