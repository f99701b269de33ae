"""The house keeps its shape."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_package_of_the_road_can_be_imported() -> None:
    subprocess.run(
        [sys.executable, "-W", "error", "-c", "import collector, collector.model, dashboard"],
        cwd=ROOT,
        check=True,
    )
