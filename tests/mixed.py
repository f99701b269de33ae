"""A portfolio of one project on GitHub, two GitLab hosts, Forgejo and a plain git host.

Each host is a server of its own on loopback, API and git at one address; the project and its
git are the same on all.
"""

import datetime
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.forge import sample
from tests.forge.forgejo_side import forgejo
from tests.forge.gitlab_host import gitlab
from tests.forge.hosts import github
from tests.forge.loopback import Loopback
from tests.forge.server import TestForge
from tests.gitmake import Maker
from tests.gitserver import GitServer, serve
from tests.whole import Whole, front

KINDS = {
    "on-github": "github",
    "on-gitlab": "gitlab",
    "on-another-gitlab": "gitlab",
    "on-forgejo": "forgejo",
    "on-git-alone": "git",
}
"""The projects, and what runs on the host of each."""


@dataclass
class Mixed(Whole):
    """The hosts, and a folder with a configuration that names a repository of each."""

    gits: dict[str, GitServer] = field(default_factory=dict)
    servers: dict[str, Loopback] = field(default_factory=dict)

    def address(self, project: str) -> str:
        """Where a project's host is."""
        return f"http://127.0.0.1:{self.gits[project].port}"

    def write(self, **kinds: str | None) -> None:
        """Write the configuration. ``kinds``: None where it does not say what runs there."""
        place = self.folder / "config"
        (place / "portfolios").mkdir(parents=True, exist_ok=True)
        said: dict[str, str | None] = {
            **KINDS,
            **{k.replace("_", "-"): v for k, v in kinds.items()},
        }
        forges = "".join(self._forge(project, kind) for project, kind in said.items())
        (place / "ospo-vitals.yaml").write_text(f"forges:\n{forges}")
        projects = "".join(
            f"  - id: {project}\n    repositories:"
            f" [{{url: '{self.address(project)}/{sample.NAME}'}}]\n"
            for project in KINDS
        )
        text = f"ospo: {{id: all}}\nprojects:\n{projects}"
        (place / "portfolios" / "all.yaml").write_text(text)

    def _forge(self, project: str, kind: str | None) -> str:
        base = self.address(project)
        keys = [f"host: '{base.removeprefix('http://')}'", f"base_url: '{base}'"]
        keys += [f"kind: {kind}"] if kind else []
        keys += ["token_env: FORGE_TOKEN"] if kind != "git" else []
        return f"  - {{{', '.join(keys)}}}\n"

    def show(self, day: str) -> None:
        """Let every forge serve the project as it stood at the start of a day."""
        for server in self.servers.values():
            server.world.add(sample.state(day))


@contextmanager
def mixed(folder: Path) -> Iterator[Mixed]:
    """All hosts for as long as a block lasts."""
    bare = _git(folder / "app")
    made = {"github": github, "gitlab": gitlab, "forgejo": forgejo}
    with ExitStack() as stack:
        gits, servers = {}, {}
        for project, kind in KINDS.items():
            root = folder / project / "city"
            root.mkdir(parents=True)
            (root / "app").symlink_to(bare)
            if kind in made:
                server = stack.enter_context(made[kind]()).server
                git = stack.enter_context(serve(root.parent, front(server)))
                server.base = server.world.web = f"http://127.0.0.1:{git.port}"
                servers[project] = server
            else:
                git = stack.enter_context(serve(root.parent))
            gits[project] = git
        first = servers["on-github"]
        assert isinstance(first, TestForge)
        yield Mixed(first, gits["on-github"], folder, gits=gits, servers=servers)
        assert not [each for server in servers.values() for each in server.mistakes]


def _git(place: Path) -> Path:
    """A git of some months' work by three people, with a licence and a tag."""
    maker = Maker(place)
    people = (b"Inge <inge@city.example>", b"Igor <igor@city.example>", b"Otto <otto@shop.example>")
    start = int(datetime.datetime(2023, 6, 1, tzinfo=datetime.UTC).timestamp())
    for number in range(60):
        files = {"README.md": b"# App\n", "LICENSE": b"MIT License\n"} if number == 0 else None
        maker.commit(
            [maker.made] if maker.made else [],
            time=start + number * 6 * 86_400,
            author=people[number % 7 % 3],
            files=files,
        )
    maker.tag("v1.0.0", 40, time=start + 41 * 6 * 86_400)
    return maker.write()
