"""How tests read the test forge: a GitHub that is configured for it, and what is expected."""

from pathlib import Path

from collector.config.values import ForgeConfig
from collector.forges.github import GitHub
from tests import ietf_archive
from tests.forge.server import TOKEN, TestForge
from tests.forge.shelf import Shelf, plain
from tests.forge.world import Json, Repository, issue, pull, said

TLS, MLS = "tlswg/tls13-spec", "mlswg/mls-extensions"


def github(forge: TestForge, token: str | None = TOKEN) -> GitHub:
    """A fresh reader of the test forge, as a new process would have it."""
    return GitHub(ForgeConfig("github.com", "github", forge.base, "GITHUB_TOKEN", token))


def url(name: str) -> str:
    return f"https://github.com/{name}"


def states(shared_data: Path, name: str) -> list[Path]:
    """The dated states of a real repository."""
    return ietf_archive.states(shared_data / "github", name)


def expected(path: Path) -> tuple[object, object]:
    """What a state comes to, by the independent reading of its file."""
    archive = ietf_archive.read(path)
    items = {item.native_id: plain(item) for item in archive.items}
    return items, {r.native_id: r for r in archive.responses}


def collected(
    forge: TestForge, name: str, shelf: Shelf | None = None, *, full: bool = False
) -> Shelf:
    """What a pass over one repository leaves stored."""
    shelf = shelf or Shelf()
    return shelf.read(github(forge).pages(url(name), shelf.cursor, full=full))


def small(forge: TestForge, items: int = 30) -> Repository:
    """A repository of our own: half issues, half change requests, with comments and reviews."""
    found = forge.world.add(Repository("city", "app", license="EUPL-1.2"))
    for number in range(1, items + 1):
        day = f"2024-02-{number % 28 + 1:02d}"
        comments = [said(f"user{n}", f"{day}T1{n}:00:00Z") for n in range(number % 4)]
        changed = {"updatedAt": f"{day}T20:{number % 60:02d}:00Z", "comments": comments}
        if number % 2:
            found.issues.append(issue(number, **changed))
        else:
            found.pulls.append(pull(number, **changed, reviews=[review(number, day)]))
    return found


def review(number: int, day: str) -> Json:
    """An approving review with one comment."""
    at = f"{day}T18:00:00Z"
    return {
        "id": f"PRR_{number}", "author": "bob", "state": "APPROVED", "createdAt": at,
        "comments": [{"createdAt": at, "updatedAt": at}],
    }  # fmt: skip
