"""How much memory do the real commands take for a repository of a million commits?

Run ``python -m benchmarks.road [commits] [folder]``. The repository is made with
``git fast-import``; ``collect`` reads it into an empty database (peak until the reading is
written: < 250 MB) and measures it, ``measure`` measures it again in a process of its own
(< 600 MB). Peaks are the kernel's, of the command's process alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.walk import make

WALKING, MEASURING = 250, 600
ROOT = Path(__file__).parent.parent


def peak(process: subprocess.Popen[bytes]) -> int:
    """The most memory the process has taken so far, in megabytes; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except OSError:
        return 0
    found = next((line for line in lines if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(found.split()[1]) >> 10


def command(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "OSPO_VITALS_CONFIG": str(folder / "config"),
    }
    with said(folder).open("wb") as errors:
        words = (sys.executable, "-m", "collector", *words)
        return subprocess.Popen(words, cwd=ROOT, env=environment, stderr=errors)


def said(folder: Path) -> Path:
    return folder / "stderr"


def followed(folder: Path, *words: str) -> tuple[int, int]:
    """A command's peaks when a reading was written (it says so on stderr), and at its end."""
    process = command(folder, *words)
    read = last = 0
    while process.poll() is None:
        last = max(last, peak(process))
        if not read and "read for the first time" in said(folder).read_text():
            read = last
        time.sleep(0.02)
    assert process.returncode == 0, said(folder).read_text()
    return read, last


def configure(folder: Path, repository: Path) -> None:
    portfolios = folder / "config" / "portfolios"
    portfolios.mkdir(parents=True)
    (folder / "config" / "ospo-vitals.yaml").write_text("allow_local: true\n")
    (portfolios / "big.yaml").write_text(
        f"ospo: {{id: big}}\nprojects: [{{id: big, repositories: [{{url: {repository}}}]}}]\n"
    )


def main(commits: int = 1_000_000, repositories: Path | None = None) -> dict[str, object]:
    """Measure, and say whether the targets are met."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        repository = make(repositories or folder, commits).folder
        configure(folder, repository)
        began = time.perf_counter()
        walking, collecting = followed(folder, "collect")
        collected = time.perf_counter()
        _, measuring = followed(folder, "measure")
        ended = time.perf_counter()
        size = (folder / "data" / "vitals.db").stat().st_size >> 20
    return {
        "commits": commits,
        "walking_mb": walking,
        "walking_met": walking < WALKING,
        "collect_mb": collecting,
        "measuring_mb": measuring,
        "measuring_met": max(measuring, collecting) < MEASURING,
        "collect_seconds": round(collected - began, 1),
        "measure_seconds": round(ended - collected, 1),
        "database_mb": size,
    }


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    where = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    print(json.dumps(main(count, where), indent=1))
