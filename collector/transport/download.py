"""Lists that may be long: kept in a file while they are read, and asked for only if they moved."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

import httpx

from collector.forge import UnexpectedAnswer
from collector.transport.http import Transport

LARGEST_FILE = 512 * 2**20
LONGEST_DOWNLOAD = 900.0
"""Seconds that a long list may take."""
IN_MEMORY = 2**20

Validators = Mapping[str, str]
"""What a host gave along with a document: ``etag``, ``last-modified``."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read whole. ``file`` stands at its beginning."""

    file: IO[bytes]
    url: str
    validators: Validators


class Downloads(Transport):
    """A host that documents of any length are read from, one at a time."""

    _downloading = False

    def document(self, path: str, before: Validators | None = None) -> Document | None:
        """Read a document. None: it is as it was when the host gave ``before``."""
        named = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
        headers = {named[key]: value for key, value in (before or {}).items() if key in named}
        # Whatever is said of its kind: lists are offered as text, CSV or bytes.
        request = self._client.build_request(
            "GET", self.absolute(path), headers={**headers, "Accept": "*/*"}
        )
        self._downloading = True
        try:
            answer = self._ask(request, "core")
        finally:
            self._downloading = False
        if answer.unchanged:
            return None
        given = {key: answer.headers[key] for key in named if answer.headers.get(key)}
        return Document(answer.data, answer.url, given)

    def _read(self, response: httpx.Response) -> bytes:
        if not self._downloading or response.status_code != httpx.codes.OK:
            return super()._read(response)
        # Whoever reads the document closes it.
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        began, size = time.monotonic(), 0
        for chunk in response.iter_bytes():
            self._file.write(chunk)
            size += len(chunk)
            if size > LARGEST_FILE or time.monotonic() - began > LONGEST_DOWNLOAD:
                raise UnexpectedAnswer(
                    f"{self.endpoint.host} sends a list without an end; the rest was not read."
                )
        self._file.seek(0)
        return b""

    def _parsed(self, response: httpx.Response, body: bytes) -> Any:
        if self._downloading and response.status_code == httpx.codes.OK:
            return self._file
        return super()._parsed(response, body)
