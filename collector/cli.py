"""The commands."""


def main() -> None:
    """Start the command line."""
