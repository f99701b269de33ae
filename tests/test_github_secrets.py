"""No token reaches an output, a log line or the data folder, whatever the forge answers."""

import json
import secrets
from pathlib import Path

import pytest

from tests.forge import server
from tests.forge.reading import small
from tests.forge.server import Fault
from tests.whole import plain, whole_forge


def echoing(token: str) -> dict[str, Fault]:
    """Failures of a host that repeats the credential wherever it can."""
    said = f"Bad credentials: Bearer {token}"
    return {
        "401": server.json_fault(401, {"message": said}),
        "403": server.json_fault(403, {"message": said}),
        "404": server.json_fault(404, {"message": said}),
        "500": server.json_fault(500, {"message": said}),
        "redirect": Fault(302, b"", headers={"Location": f"http://{token}@other.example/{token}"}),
        "page": Fault(200, f"<html>{said}</html>".encode()),
        "forbidden": server.json_fault(
            200, {"data": None, "errors": [{"type": "FORBIDDEN", "message": said}]}
        ),
        "unknown field": server.json_fault(
            200, {"data": None, "errors": [{"message": f"Field '{token}' doesn't exist on type"}]}
        ),
        "truncated": Fault(200, json.dumps({"message": said}).encode()[:-1]),
        "request id": Fault(404, b"{}", headers={"X-GitHub-Request-Id": token}),
    }


@pytest.mark.parametrize("name", sorted(echoing("")))
def test_a_host_that_repeats_the_token_makes_nobody_see_it(tmp_path: Path, name: str) -> None:
    token = "ghp_" + secrets.token_hex(18)
    with whole_forge(tmp_path) as whole:
        whole.token = token
        whole.forge.tokens.add(token)
        plain(whole, small(whole.forge))
        whole.forge.fault = lambda asked: echoing(token)[name]
        commands = (("collect",), ("status", "--format", "json"), ("doctor",))
        said = [whole.said(*words) for words in commands]
        shown = "".join(each.out + each.err for each in said)
        assert token not in shown
        assert whole.secrets_stored(token) == []
