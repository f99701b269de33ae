"""Where is what ships with the program: in a checkout beside it, in a wheel inside it?"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def shipped(path: str) -> Path:
    """The file or folder that a checkout has at its top (``config/…``, ``migrations``).

    A wheel carries it under ``collector/_data`` (``force-include`` in ``pyproject.toml``).
    Raises ``FileNotFoundError`` where the installation is incomplete.
    """
    for root in (PACKAGE / "_data", PACKAGE.parent):
        if (root / path).exists():
            return root / path
    raise FileNotFoundError(
        f"{path} is missing from this installation; install ospo-vitals again, whole"
    )
