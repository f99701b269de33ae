"""A whole forge on loopback, API and git at one address, and the program's commands run on it."""

import json
import os
import shutil
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.forge.loopback import Loopback
from tests.forge.server import TOKEN, running
from tests.forge.world import Repository
from tests.gitmake import LATER, Maker
from tests.gitserver import GitServer, Handler, serve
from tests.program import Said, in_process

ROOT = Path(__file__).parent.parent
Rows = dict[str, list[tuple[Any, ...]]]


def front(forge: Loopback) -> type[Handler]:
    """Who answers: the test forge below /api/, git everywhere else."""

    class Front(Handler):
        def _answer(self, body: bytes) -> None:
            if not self.path.startswith("/api/"):
                return super()._answer(body)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, out, extra, fault = forge.respond(self.command, self.path, headers, body)
            if fault and fault.drop:
                self.close_connection = True
                return None
            return self._send(status, {"Content-Type": "application/json", **extra}, out)

    return Front


@dataclass
class Whole:
    """The forge, its git, and a folder with a configuration that names repositories of both."""

    forge: Any
    git: GitServer
    folder: Path
    kind: str = "github"
    token: str | None = TOKEN
    name: str | None = None
    """The host's name, where it is not reached by its address."""
    variables: dict[str, str] = field(default_factory=dict)
    """Further variables of the environment."""

    @property
    def host(self) -> str:
        return self.base.partition("://")[2]

    @property
    def base(self) -> str:
        return f"https://{self.name}" if self.name else f"http://127.0.0.1:{self.git.port}"

    def url(self, name: str) -> str:
        return f"{self.base}/{name}"

    def git_of(self, name: str, bare: Path | None = None) -> None:
        """Serve a repository's git: this one, or one commit by somebody unknown to the forge."""
        place = self.git.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if bare is not None:
            place.symlink_to(bare)
            return
        maker = Maker(place, start=LATER)
        maker.commit(author=b"Nobody <nobody@example.org>", files={"README.md": b"hello\n"})
        maker.write()

    def configure(self, *names: str, settings: str = "", forge: str = "") -> None:
        """One project per repository, named by what follows the slash; more keys of the forge."""
        place = self.folder / "config"
        (place / "portfolios").mkdir(parents=True, exist_ok=True)
        (place / "ospo-vitals.yaml").write_text(
            f"forges:\n  - {{host: '{self.host}', kind: {self.kind}, base_url: '{self.base}',"
            f" token_env: FORGE_TOKEN{forge}}}\n{settings}"
        )
        projects = "".join(
            f"  - id: {name.partition('/')[2]}\n    repositories: [{{url: '{self.url(name)}'}}]\n"
            for name in names
        )
        text = f"ospo: {{id: all}}\nprojects:\n{projects}"
        (place / "portfolios" / "all.yaml").write_text(text)

    @property
    def environment(self) -> dict[str, str]:
        """The machine's own, with the configuration's place and the token."""
        found = {**os.environ, "OSPO_VITALS_CONFIG": str(self.folder / "config")}  # noqa: TID251
        found.pop("FORGE_TOKEN", None)
        found |= self.variables
        return found if self.token is None else {**found, "FORGE_TOKEN": self.token}

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A command, as people start it."""
        return subprocess.Popen(
            [sys.executable, "-m", "collector", *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, exit: int = 0) -> tuple[str, str]:
        """What a command prints and says on its way; it must end as expected."""
        said = self.said(*words)
        assert said.code == exit, f"{said.code}: {said.err}{said.out}"
        return said.out, said.err

    def said(self, *words: str) -> Said:
        """What a command says, however it ends."""
        return in_process(self.environment, *words)

    def status(self) -> dict[str, Any]:
        """What ``status`` says of each repository, by project."""
        said = self.said("status", "--format", "json")
        assert said.code in (0, 1), said.err
        return {row["project"]: row for row in json.loads(said.out)["repositories"]}

    def values(self, day: str, project: str) -> dict[str, Any]:
        """What ``metrics`` says of a project at a date."""
        said, _ = self.run("metrics", "--format", "json", "--as-of", day, "--project", project)
        return {row["metric"]: row["value"] for row in json.loads(said)}

    def rows(self) -> Rows:
        """Every fact that is stored as existing, whatever its repository's number is."""
        with sqlite3.connect(self.folder / "data" / "vitals.db") as database:
            return {name: sorted(database.execute(text), key=str) for name, text in FACTS.items()}

    def budgets(self) -> list[tuple[str, str]]:
        """The credentials and resources of which is known what is left."""
        with sqlite3.connect(self.folder / "data" / "vitals.db") as database:
            return database.execute("SELECT credential, resource FROM budgets").fetchall()

    def an_hour_passes(self) -> None:
        """What the forges said of their budgets ends now, as the forge's own budget does."""
        with sqlite3.connect(self.folder / "data" / "vitals.db") as database:
            database.execute("UPDATE budgets SET resets_at = 1")

    def nights_pass(self, nights: int = 30) -> None:
        """As if the forges had been read last so many nights ago; after a month all is swept."""
        with sqlite3.connect(self.folder / "data" / "vitals.db") as database:
            seconds = nights * 86_400
            database.execute(
                "UPDATE repositories SET forge_read_until = forge_read_until - ?", [seconds]
            )

    def collected_afresh(self) -> Rows:
        """The facts of a first collection of all there is now; what is stored stays."""
        data, aside = self.folder / "data", self.folder / "aside"
        data.rename(aside)
        shutil.copytree(aside / "keys", data / "keys")
        self.run("collect")
        found = self.rows()
        shutil.rmtree(data)
        aside.rename(data)
        return found

    def secrets_stored(self, *secrets: str) -> list[str]:
        """Which of these stand anywhere in the data folder?"""
        files = [path for path in (self.folder / "data").rglob("*") if path.is_file()]
        return [each for each in secrets for path in files if each.encode() in path.read_bytes()]

    def fresh(self) -> None:
        """Forget the database and the clones; the key of the pseudonyms stays."""
        for path in (self.folder / "data").glob("vitals.db*"):
            path.unlink()
        shutil.rmtree(self.folder / "data" / "clones")


_URL = "(SELECT url FROM repositories r WHERE r.id = repository_id)"
FACTS = {
    "items": f"""SELECT {_URL}, native_id, kind, number, author, created, updated, draft,
        merge_commit, labels, title FROM items WHERE vanished_at IS NULL""",
    "responses": f"""SELECT {_URL}, native_id, item, kind, at, actor, actor_given, verdict
        FROM responses WHERE vanished_at IS NULL""",
    "releases": f"""SELECT {_URL}, native_id, tag, published, prerelease, author
        FROM releases WHERE vanished_at IS NULL""",
    "commits": f"SELECT {_URL}, sha, author, arrival, files_changed FROM commits",
    "tags": f"SELECT {_URL}, name, sha, time FROM tags",
    "files": f"SELECT {_URL}, key, since, until, place, spdx FROM files",
    "accounts": "SELECT id, host, native_id, login, kind, mail_hash, mail_domain FROM accounts",
    "repositories": """SELECT url, state, error, head, forge_marker, facts, totals, forge_lacks,
        git_error, forge_error FROM repositories""",
    "values": """SELECT key, metric, as_of, value, state, n, p90, coverage, parts, version
        FROM metric_values m JOIN projects p ON p.id = m.project_id""",
    "history": """SELECT key, metric, as_of, value, state, n, p90
        FROM metric_history m JOIN projects p ON p.id = m.project_id""",
    "standing": """SELECT key, as_of, status, reason
        FROM status_history m JOIN projects p ON p.id = m.project_id""",
}


@contextmanager
def whole_forge(
    folder: Path,
    forge_of: Callable[[], Any] = running,
    kind: str = "github",
    *,
    name: str | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Whole]:
    """A forge with git for as long as a block lasts; by a name and over TLS if so."""
    (folder / "git").mkdir()
    with forge_of() as forge, serve(folder / "git", front(forge), tls) as git:
        whole = Whole(forge, git, folder, kind, name=name)
        forge.base = forge.world.web = whole.base
        yield whole
        assert not forge.mistakes


def plain(whole: Whole, *repositories: Repository) -> None:
    """Configure these repositories, each with a git of one commit."""
    for each in repositories:
        whole.forge.world.add(each)
        whole.git_of(each.full_name)
    whole.configure(*(each.full_name for each in repositories))
