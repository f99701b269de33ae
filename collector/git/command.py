"""How is git started so that nothing foreign can steer it?

Every git process of the collector starts here, in the environment that ``options`` makes.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from collector.forge import Interrupted, Unavailable, UnexpectedAnswer
from collector.git.meanings import BROKEN, FULL, STORING, host_of, last_line, scrub, translate
from collector.git.options import GitOptions, bare_url, environment

QUESTION_SECONDS = 120
"""``ls-remote`` answers within this time, or the host counts as down."""

_ROOM_NEEDED = 16 << 20


@dataclass(frozen=True, slots=True)
class BrokenClone(Exception):
    """Our own copy is damaged; it is made anew once."""

    why: str


@dataclass(frozen=True, slots=True)
class Git:
    """Git, working for one repository: its URL, the folder of our clone, and how to read it."""

    url: str
    folder: Path
    options: GitOptions

    def ask(self, *words: str, stdin: bytes | None = None, seconds: int | None = None) -> bytes:
        """Run git with the network; its failure is raised as the host's."""
        done = self.attempt(*words, stdin=stdin, seconds=seconds)
        if done.returncode:
            raise self.failure(done.stderr, network=True)
        return done.stdout

    def local(self, *words: str, stdin: bytes | None = None) -> bytes:
        """Run git on the clone alone; its failure means that the clone is broken."""
        done = self.attempt(*words, stdin=stdin, network=False)
        if done.returncode:
            raise self.failure(done.stderr, network=False)
        return done.stdout

    def attempt(
        self,
        *words: str,
        stdin: bytes | None = None,
        network: bool = True,
        seconds: int | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git and give back whatever comes of it, in time."""
        limit = seconds or self.options.timeout_seconds
        try:
            done = subprocess.run(
                [self.options.program, *words],
                input=b"" if stdin is None else stdin,
                capture_output=True,
                cwd="/",
                env=environment(self.url, self.folder, self.options, network=network),
                timeout=limit,
                check=False,
            )
            _not_interrupted(done.returncode, self.url)
            return done
        except subprocess.TimeoutExpired:
            raise Unavailable(
                f"{host_of(self.url)} did not finish answering within {limit} seconds. "
                "It is asked again at the next pass."
            ) from None
        except FileNotFoundError as missing:
            raise UnexpectedAnswer(
                f"git could not be started ({missing.strerror}): install git 2.31 or newer."
            ) from None

    def failure(self, stderr: bytes, *, network: bool) -> Exception:
        """Which error do these words of git stand for?"""
        words = stderr.decode(errors="replace")
        if STORING.search(words) and _is_nearly_full(self.folder):
            words += "\nNo space left on device"  # git does not always say why it cannot write
        ours = "\n".join(line for line in words.splitlines() if not line.startswith("remote:"))
        broken = not network or BROKEN.search(ours)
        if FULL.search(words) or not broken:
            return translate(words, self.url, self.options)
        return BrokenClone(scrub(last_line(words), self.url, self.options))

    @contextmanager
    def stream(self, *words: str) -> Iterator[IO[bytes]]:
        """Read git's output as it comes; leaving early ends git too."""
        import tempfile

        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                [self.options.program, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd="/",
                env=environment(self.url, self.folder, self.options, network=False),
            )
            output = process.stdout
            assert output is not None  # noqa: S101 - a pipe was asked for
            try:
                yield output
            except BaseException:
                process.kill()
                raise
            finally:
                output.close()
                code = process.wait()
            _not_interrupted(code, self.url)
            if code:
                errors.seek(0)
                raise self.failure(errors.read(65_536), network=False)


def _not_interrupted(code: int, url: str) -> None:
    if code in (-signal.SIGINT, -signal.SIGTERM):
        raise Interrupted(f"Reading {bare_url(url)} was interrupted. The next pass reads it.")


def _is_nearly_full(folder: Path) -> bool:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(there).free < _ROOM_NEEDED
