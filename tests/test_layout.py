"""The house keeps its shape (DESIGN.md 1, 2, 14, 15)."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parent.parent
LONGEST_FUNCTION, LONGEST_FILE, USUAL_FUNCTION, MOST_FUNCTIONS = 60, 400, 10, 35
GROWN: dict[str, int] = {}
"""Files beyond the limit, with the length they may not exceed until they are split."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    """Every file of the two packages."""
    return sorted(f for name in ("collector", "dashboard") for f in (ROOT / name).rglob("*.py"))


@cache
def functions() -> tuple[tuple[str, int], ...]:
    """Each function with its place and its number of lines, docstring and comments included."""
    return tuple(_functions())


def _functions() -> Iterator[tuple[str, int]]:
    for file in sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, Function):
                place = f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
                yield place, (node.end_lineno or node.lineno) - node.lineno + 1


def test_every_package_of_the_road_can_be_imported() -> None:
    subprocess.run(
        [sys.executable, "-W", "error", "-c", "import collector, collector.model, dashboard"],
        cwd=ROOT,
        check=True,
    )


def test_no_function_is_longer_than_a_screen() -> None:
    long = [f"{place}: {lines} lines" for place, lines in functions() if lines > LONGEST_FUNCTION]
    assert not long, "split these:\n" + "\n".join(long)


def test_no_file_is_longer_than_a_sitting() -> None:
    long = [
        f"{file.relative_to(ROOT)}: {lines} lines"
        for file in sources()
        if (lines := len(file.read_text(encoding="utf-8").splitlines()))
        > GROWN.get(str(file.relative_to(ROOT)), LONGEST_FILE)
    ]
    assert not long, "split these:\n" + "\n".join(long)


def test_functions_are_small_on_the_whole() -> None:
    lengths = [lines for _, lines in functions()]
    assert median(lengths) <= USUAL_FUNCTION
    assert quantiles(lengths, n=20)[-1] <= MOST_FUNCTIONS


FOLDERS = (
    "collector/metrics",
    "collector/forges",
    "collector/catalogues",
    "collector/lookups",
    "dashboard/pages",
)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_of_a_folder_stands_in_its_registry(folder: str) -> None:
    """One thing per file: its folder's ``__init__`` names it, or it helps one that is named."""
    files = [f for f in sorted((ROOT / folder).glob("*.py")) if f.name != "__init__.py"]
    files += [f.parent for f in sorted((ROOT / folder).glob("*/__init__.py"))]
    if not files:
        pytest.skip(f"{folder} holds nothing yet")
    registry = (ROOT / folder / "__init__.py").read_text(encoding="utf-8")
    package = folder.replace("/", ".")
    helpers = {name for file in files if file.is_file() for name in _imported(file, package)}
    forgotten = [f.stem for f in files if f.stem not in registry and f.stem not in helpers]
    assert not forgotten, f"not named in {folder}/__init__.py: {forgotten}"


def _imported(file: Path, package: str) -> Iterator[str]:
    """The siblings that a file imports."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package + "."):
            yield str(node.module).removeprefix(package + ".")
