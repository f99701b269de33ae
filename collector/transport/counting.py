"""What did a thing cost? Requests are counted where they are sent, and noted for whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from collector.forge import Cost
from collector.transport.http import Transport

_Thing = TypeVar("_Thing")


def counted(transport: Transport, cost: Cost, things: Iterator[_Thing]) -> Iterator[_Thing]:
    """Pass things on, and note the requests that each took."""
    while True:
        before = transport.sent()
        try:
            thing = next(things)
        except StopIteration:
            return
        finally:
            cost.requests += transport.sent() - before
        yield thing
