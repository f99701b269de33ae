"""Has a repository another address now than the one under which it is configured?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit


def new_address(url: str, canonical: str | None) -> str | None:
    """The address to which its forge moved it; None: it is where it was.

    Only an address on the same host is believed: a forge's answer must not send us elsewhere.
    """
    here, there = urlsplit(url), urlsplit(canonical or "")
    path = there.path.removesuffix("/").removesuffix(".git")
    if here.netloc.casefold() != there.netloc.casefold() or not re.fullmatch(r"(/[\w.-]+)+", path):
        return None
    if here.path.removesuffix("/").removesuffix(".git").casefold() == path.casefold():
        return None
    return urlunsplit((here.scheme, here.netloc, path, "", ""))
