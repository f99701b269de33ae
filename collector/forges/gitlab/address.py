"""Which project or group of a GitLab does a URL name?"""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

from collector.forge import UnexpectedAnswer


def full_path(url: str, base_url: str) -> str:
    """The whole path in a URL (``group/subgroup/project``), below where this GitLab lives."""
    path = unquote(urlsplit(url).path).strip("/").removesuffix(".git").partition("/-/")[0]
    root = urlsplit(base_url).path.strip("/")
    return path.removeprefix(f"{root}/") if root else path


def project_path(url: str, base_url: str) -> str:
    """The path of a project; it has a namespace at least."""
    path = full_path(url, base_url)
    if "/" not in path:
        raise UnexpectedAnswer(
            f"{url} names no project of GitLab: write https://HOST/GROUP/PROJECT."
        )
    return path


def quoted(path: str) -> str:
    """A path as the API takes it in the place of an id."""
    return quote(path, safe="")
