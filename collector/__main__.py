"""``python -m collector`` is ``ospo-vitals``."""

from collector.cli import main

main()
