"""What we ask of GitLab is what GitLab publishes that it answers."""

import pytest

from tests.forge import sample
from tests.forge.gitlab_description import VARIABLE, described, mistakes, reads
from tests.forge.gitlab_tests import on_loopback

SMALL = {
    "paths": {
        "/api/v4/projects/{id}/issues": {
            "get": {
                "parameters": [
                    {"name": "id", "in": "path"},
                    {"name": "updated_after", "in": "query"},
                    {"name": "labels[]", "in": "query"},
                ]
            }
        },
        "/api/v4/projects/{id}": {"put": {}},
    }
}


@pytest.mark.parametrize(
    ("path", "query", "wrong"),
    [
        ("/api/v4/projects/a%2Fb/issues", {"updated_after": "x", "labels": "y"}, 0),
        ("/api/v4/projects/a%2Fb/issues", {"since": "x"}, 1),
        ("/api/v4/projects/a%2Fb/notes", {}, 1),
        ("/api/v4/projects/a%2Fb", {}, 1),
    ],
)
def test_a_path_or_parameter_that_is_not_published_is_a_mistake(
    path: str, query: dict[str, str], wrong: int
) -> None:
    assert len(list(mistakes(reads(SMALL), path, query))) == wrong


def test_every_request_is_as_gitlab_publishes() -> None:
    if described() is None:
        pytest.skip(f"needs GitLab's API description ({VARIABLE} names its file)")
    with on_loopback() as host:
        for day in sample.DAYS:
            host.server.world.add(sample.state(day))
            url = host.url("city/app")
            list(host.forge().heartbeat([url]))
            list(host.forge().pages(url, None))
        list(host.forge().discover(host.url("city")))
        assert host.server.requests
