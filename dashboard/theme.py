"""How does it look? One place for colours: Streamlit's theme, our style sheet, the charts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one appearance. Text colours reach 4.5:1, shapes 3:1 on ``background``."""

    background: str
    surface: str
    text: str
    muted: str
    line: str
    primary: str
    categories: tuple[str, ...]
    statuses: dict[str, str]


LIGHT = Palette(
    background="#ffffff",
    surface="#f3f6fa",
    text="#111111",
    muted="#4a5563",
    line="#d3dae4",
    primary="#0b4f9e",
    categories=("#0072b2", "#b35900", "#00795a", "#a3487f", "#5b6b7f"),
    statuses={
        "active": "#00795a",
        "quiet": "#3b86b8",
        "new": "#5a4fcf",
        "slowing": "#b87400",
        "at_rest": "#6f7886",
        "abandoned": "#c4410c",
        "unknown": "#7b8593",
        "retired": "#5b6470",
    },
)
DARK = Palette(
    background="#0f141b",
    surface="#18202b",
    text="#eef2f7",
    muted="#aab6c5",
    line="#334052",
    primary="#7fb5ff",
    categories=("#62b5ea", "#e69f00", "#3fc79a", "#dd94bf", "#9aa8ba"),
    statuses={
        "active": "#3fc79a",
        "quiet": "#62b5ea",
        "new": "#a79bff",
        "slowing": "#f0b030",
        "at_rest": "#97a3b3",
        "abandoned": "#ff8352",
        "unknown": "#7e8a9a",
        "retired": "#a5afbc",
    },
)


STRENGTHS = (0.2, 0.42, 0.68, 1.0)


def shades(colours: Palette) -> list[str]:
    """Give the primary colour from weak to strong, for classes that follow each other."""
    return [mixed(colours.primary, colours.background, strength) for strength in STRENGTHS]


def in_turn(colours: Palette) -> list[str]:
    """Give every colour of an appearance, in one order for all of them."""
    single = [colours.background, colours.surface, colours.text, colours.muted, colours.line]
    return [*single, *shades(colours), *colours.categories, *colours.statuses.values()]


def mixed(colour: str, ground: str, strength: float) -> str:
    """Give a colour laid over a ground, as strong as asked (0 to 1)."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(a * strength + b * (1 - strength)):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def palette(kind: str | None) -> Palette:
    """Give the colours of the appearance the reader has chosen."""
    return DARK if kind == "dark" else LIGHT


def streamlit_options() -> dict[str, str]:
    """Give the theme as Streamlit's own options, light and dark."""
    options: dict[str, str] = {"theme.baseRadius": "0.4rem"}
    for name, colours in (("light", LIGHT), ("dark", DARK)):
        options |= {
            f"theme.{name}.primaryColor": colours.primary,
            f"theme.{name}.backgroundColor": colours.background,
            f"theme.{name}.secondaryBackgroundColor": colours.surface,
            f"theme.{name}.textColor": colours.text,
            f"theme.{name}.linkColor": colours.primary,
            f"theme.{name}.borderColor": colours.line,
        }
    return options


@cache
def style_sheet() -> str:
    """Give our style sheet with the colours filled in; it follows the appearance by itself."""
    pairs = {
        name: (getattr(LIGHT, name), getattr(DARK, name))
        for name in ("background", "surface", "text", "muted", "line", "primary")
    }
    pairs |= {key: (LIGHT.statuses[key], DARK.statuses[key]) for key in LIGHT.statuses}
    variables = "".join(
        f"--ov-{name.replace('_', '-')}:light-dark({light},{dark});"
        for name, (light, dark) in pairs.items()
    )
    css = (ASSETS / "style.css").read_text(encoding="utf-8")
    return f"<style>.stApp{{{variables}}}{css}</style>"
