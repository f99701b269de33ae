"""Which repository of GitHub does a URL name?"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from collector.forge import UnexpectedAnswer


def owner_and_name(url: str) -> tuple[str, str]:
    """The owner and the name in a repository's URL."""
    path = unquote(urlsplit(url).path).strip("/").removesuffix(".git")
    owner, slash, name = path.partition("/")
    if not slash or not owner or not name or "/" in name:
        raise UnexpectedAnswer(
            f"{url} names no repository of GitHub: write https://HOST/OWNER/NAME."
        )
    return owner, name
