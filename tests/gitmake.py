"""Makes git repositories for tests with ``git fast-import``: any graph, any date, any bytes."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}
T0 = 1_500_000_000
LATER = 1_701_388_800
"""December 2023, for repositories that are measured: each month of a past takes its time."""


def git(repository: Path, *words: str, stdin: bytes = b"") -> bytes:
    done = subprocess.run(
        ["git", *words],
        cwd=repository,
        env=ENVIRONMENT,
        input=stdin,
        capture_output=True,
        check=False,
    )
    assert not done.returncode, done.stderr.decode(errors="replace")
    return done.stdout


@dataclass
class Maker:
    """One repository being made; commits are named by their number, from 1."""

    path: Path
    branch: str = "main"
    made: int = 0
    start: int = T0
    _script: list[bytes] = field(default_factory=list)

    def commit(
        self,
        parents: Sequence[int] = (),
        *,
        time: int | None = None,
        authored: int | None = None,
        author: bytes = b"Ada <ada@example.org>",
        committer: bytes | None = None,
        message: bytes = b"change\n",
        files: Mapping[str, bytes | None] | None = None,
        branch: str | None = None,
    ) -> int:
        """Add a commit to a branch; its parents are numbers, the first one first."""
        self.made += 1
        at = self.start + 3600 * self.made if time is None else time
        ref = f"refs/heads/{branch or self.branch}".encode()
        who = committer or author
        self._script.append(b"commit %s\nmark :%d\n" % (ref, self.made))
        self._script.append(
            b"author %s %d +0000\n" % (author, at if authored is None else authored)
        )
        self._script.append(b"committer %s %d +0000\n" % (who, at))
        self._script.append(b"data %d\n%s\n" % (len(message), message))
        for i, parent in enumerate(parents):
            self._script.append(b"%s :%d\n" % (b"merge" if i else b"from", parent))
        if not parents:
            self._script.insert(-4, b"reset %s\n" % ref)
        for name, content in (files or {}).items():
            if content is None:
                self._script.append(b"D %s\n" % name.encode())
            else:
                line = b"M 100644 inline %s\ndata %d\n%s\n"
                self._script.append(line % (name.encode(), len(content), content))
        return self.made

    def line(self, count: int) -> int:
        """Add so many commits, each upon the one before."""
        for _ in range(count):
            self.commit([self.made] if self.made else [])
        return self.made

    def branch_at(self, name: str, mark: int) -> None:
        self._script.append(b"reset refs/heads/%s\nfrom :%d\n\n" % (name.encode(), mark))

    def tag(self, name: str, mark: int, *, time: int | None = T0, message: bytes = b"v\n") -> None:
        self._script.append(b"tag %s\nfrom :%d\n" % (name.encode(), mark))
        if time is not None:
            self._script.append(b"tagger Ada <ada@example.org> %d +0000\n" % time)
        self._script.append(b"data %d\n%s\n" % (len(message), message))

    def write(self) -> Path:
        """Write everything added so far into the repository."""
        if not (self.path / "HEAD").exists():
            self.path.mkdir(parents=True)
            git(self.path, "init", "--quiet", "--bare", f"--initial-branch={self.branch}")
        marks = self.path / "marks"
        known = [f"--import-marks={marks}"] if marks.exists() else []
        script = b"".join(self._script) + b"done\n"
        words = ("fast-import", "--quiet", "--force", "--done", f"--export-marks={marks}")
        git(self.path, *words, *known, stdin=script)
        self._script.clear()
        return self.path

    def sha(self, mark: int) -> bytes:
        for line in (self.path / "marks").read_text().splitlines():
            number, _, sha = line.partition(" ")
            if number == f":{mark}":
                return bytes.fromhex(sha)
        raise LookupError(mark)
