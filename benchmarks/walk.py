"""How fast and how lean is the walk of a million commits, against ``git log`` itself?

Run ``python -m benchmarks.walk [commits] [pairs]``. The repository is made with
``git fast-import``: merges, 500 authors, trailers on every third commit. Each pair runs raw
``git log`` with the same fields into a pipe that is read and thrown away, then our walk, in
alternating order; a figure is given per pair. Memory is the peak of the walking process alone,
measured by the kernel; that of its git child is said beside it.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from collector.git.command import Git
from collector.git.options import GitOptions, environment
from collector.git.walk import CHUNK, log_words, walk

TARGET, MEGABYTES = 1.5, 250


def script(commits: int) -> Iterator[bytes]:
    """A fast-import stream: a side branch of 9 commits is merged every 20."""
    for i in range(1, commits + 1):
        who = b"Developer %d <dev%d@example.org>" % (i * 7919 % 500, i * 7919 % 500)
        message = b"Change number %d\n\nSome words that say why, over\ntwo lines.\n" % i
        if i % 3 == 0:
            message += b"\nCo-authored-by: Developer %d <dev%d@example.org>\n" % (i % 500, i % 500)
        at = 1_000_000_000 + i * 300
        yield b"commit refs/heads/main\nmark :%d\nauthor %s %d +0000\n" % (i, who, at)
        yield b"committer %s %d +0000\ndata %d\n%s\n" % (who, at, len(message), message)
        if i > 1:
            yield b"from :%d\n" % (max(i - 10, 1) if i % 20 == 10 else i - 1)
        if i % 20 == 10:
            yield b"merge :%d\n" % (i - 1)


def make(folder: Path, commits: int) -> Git:
    """The repository, packed, with the graph file that a fetch of ours leaves."""
    repository = folder / f"walk-{commits}.git"
    git = Git(str(repository), repository, GitOptions(allow_local=True))
    if not (repository / "done").exists():
        repository.mkdir(parents=True)
        git.local("init", "--quiet", "--bare", "--initial-branch=main", str(repository))
        command = ["git", "-C", str(repository), "fast-import", "--quiet"]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as importing:
            assert importing.stdin
            importing.stdin.writelines(script(commits))
        git.local("commit-graph", "write", "--reachable", "--split", "--no-progress")
        (repository / "done").touch()
    return git


def head_of(git: Git) -> bytes:
    return bytes.fromhex(git.local("rev-parse", "refs/heads/main").decode().strip())


def raw(git: Git) -> float:
    """Seconds that git log takes to say the same fields into a pipe."""
    begun = time.perf_counter()
    seen = environment(git.url, git.folder, git.options, network=False)
    command = ["git", *log_words(head_of(git), ())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=seen) as process:
        assert process.stdout
        while process.stdout.read(CHUNK):
            pass
    return time.perf_counter() - begun


def ours(git: Git) -> tuple[float, int]:
    """Seconds and commits of our walk, in this process."""
    begun = time.perf_counter()
    count = sum(1 for _ in walk(git, head_of(git)))
    return time.perf_counter() - begun, count


def memory(git: Git) -> dict[str, float]:
    """Peak memory of a process that only walks, and of its git child (megabytes)."""
    words = [sys.executable, "-m", "benchmarks.walk", "--walk-only", str(git.folder)]
    return {key: float(value) for key, value in json.loads(subprocess.check_output(words)).items()}


def walk_only(folder: Path) -> None:
    git = Git(str(folder), folder, GitOptions(allow_local=True))
    _, count = ours(git)
    peak = {
        "collector_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "git_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "commits": count,
    }
    sys.stdout.write(json.dumps(peak))


def main(commits: int = 1_000_000, pairs: int = 3, folder: Path | None = None) -> dict[str, object]:
    """Measure, and say whether the targets are met."""
    with tempfile.TemporaryDirectory() as temporary:
        git = make(folder or Path(temporary), commits)
        raw(git)
        rows = []
        for pair in range(pairs):
            ways = (raw, ours) if pair % 2 == 0 else (ours, raw)
            took = {way.__name__: way(git) for way in ways}
            walked = took["ours"]
            assert isinstance(walked, tuple)
            assert walked[1] == commits
            assert isinstance(took["raw"], float)
            rows.append((took["raw"], walked[0], walked[0] / took["raw"]))
        peak = memory(git)
    ratio = statistics.median(row[2] for row in rows)
    return {
        "commits": commits,
        "git_log_seconds": [round(row[0], 2) for row in rows],
        "walk_seconds": [round(row[1], 2) for row in rows],
        "ratio_median": round(ratio, 2),
        "ratio_met": ratio <= TARGET,
        "commits_per_second": round(commits / min(row[1] for row in rows)),
        "collector_peak_mb": round(peak["collector_mb"]),
        "git_child_peak_mb": round(peak["git_mb"]),
        "memory_met": peak["collector_mb"] < MEGABYTES,
    }


if __name__ == "__main__":
    if "--walk-only" in sys.argv:
        walk_only(Path(sys.argv[-1]))
    else:
        numbers = [int(word) for word in sys.argv[1:3]]
        sys.stdout.write(json.dumps(main(*numbers), indent=1) + "\n")
