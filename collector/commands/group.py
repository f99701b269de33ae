"""How commands are found by their words, and how Ctrl-C ends any of them."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import Any

import typer
from typer.core import TyperGroup

from collector import __version__


def say_version(asked: bool) -> None:
    """Print which version this is, where that is asked, and end."""
    if asked:
        print(f"ospo-vitals {__version__}")
        raise typer.Exit


class Commands(TyperGroup):
    """The commands; a word that is none of them is told, with what is really near."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; Ctrl-C ends it with a sentence, wherever it comes."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            print("Stopped. Nothing is lost; start again to go on.", file=sys.stderr)
            raise typer.Exit(130) from None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Which command is asked for? Raises ``UsageError``."""
        word = args[0]
        if self.get_command(ctx, word) is None and not word.startswith("-"):
            near = get_close_matches(word, self.list_commands(ctx), 1, 0.7)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"There is no command {word!r} in this version.{hint}")
        return super().resolve_command(ctx, args)
