"""Where a repository is: which URLs are admitted, and when do two of them mean the same?

Everything here is hostile input that ends up on git's command line, so a URL is taken apart
and admitted form by form; what is not known to be harmless is refused with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from collector.problem import Mistake, nearest

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?")
_SCP = re.compile(r"(?:([A-Za-z0-9_][\w.-]*)@)?([A-Za-z0-9][A-Za-z0-9.-]*):(?!//)([^\\]+)")
_HELPER = re.compile(r"[A-Za-z0-9+.-]*::")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_USER = re.compile(r"[A-Za-z0-9_][\w.-]*")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_SCHEMES = ("https", "http", "ssh", "file")
_NO_HOSTS = frozenset((*_SCHEMES, "git", "ftp", "sftp", "data", "javascript", "mailto"))
_TWO_PARTS = frozenset({"github", "forgejo", "gitea"})
"""Forges whose repositories are always ``owner/name``."""
_PAGES = frozenset(
    {"tree", "blob", "issues", "pulls", "pull", "releases", "wiki", "src", "commits"}
)


@dataclass(frozen=True, slots=True)
class Host:
    """A host as addresses need it: what runs there, and where."""

    name: str
    kind: str
    base_url: str


@dataclass(frozen=True, slots=True)
class Address:
    """A repository's place. ``url`` is what git is given; equal ``key``: the same repository.

    ``host`` is empty for a folder of this machine. ``path`` has no leading slash, no ``.git``.
    """

    url: str
    key: str
    host: str
    kind: str
    path: str
    local: bool = False

    @property
    def name(self) -> str:
        """The repository's own name: the last part of its path."""
        return self.path.rpartition("/")[2]


def address(
    url: str, hosts: Mapping[str, Host], *, base: Path | None = None, allow_local: bool = False
) -> Address:
    """Where is this repository? Raises ``Mistake`` with what is wrong and what to do."""
    _harmless(url)
    scheme, colon, _ = url.partition("://")
    if colon and scheme.lower() in ("https", "http", "ssh"):
        return _from_url(url, hosts)
    if colon and scheme.lower() == "file":
        return _local(unquote(urlsplit(url).path), base, allow_local)
    if colon:
        near = nearest(scheme, _SCHEMES)
        raise Mistake(
            f"the protocol {scheme[:20]!r} is not used here; write https:// or ssh://",
            near and url.replace(scheme, near, 1),
        )
    return _short(url, hosts, base, allow_local)


def _harmless(url: str) -> None:
    if not url:
        raise Mistake("the URL is empty")
    if url.startswith("-"):
        raise Mistake("a URL must not begin with '-': git would take it for an option")
    if _CONTROL.search(unquote(url)) or "\\" in url:
        raise Mistake("a URL must not contain spaces, control characters or backslashes")
    if _HELPER.match(url):
        raise Mistake("git's transport helpers (ext::, fd:: …) run commands and are refused")
    if len(url) > 2000:
        raise Mistake("a URL must not be longer than 2,000 characters")


def _short(url: str, hosts: Mapping[str, Host], base: Path | None, allow_local: bool) -> Address:
    """What has no ``scheme://``: a folder, ``git@host:path``, or a scheme that was forgotten."""
    if not url.startswith((".", "/", "~")) and not _DRIVE.match(url):
        first = url.partition("/")[0].lower()
        if first in hosts or (first.startswith("www.") and first[4:] in hosts):
            raise Mistake("the URL has no protocol", f"https://{url.lower().removeprefix('www.')}")
        found = _SCP.fullmatch(url)
        if found:
            return _over_ssh(found, url, hosts)
    return _local(url, base, allow_local)


def _over_ssh(found: re.Match[str], url: str, hosts: Mapping[str, Host]) -> Address:
    user, host, path = found.groups()
    if user is None and host.lower() in _NO_HOSTS:
        near = f"https://{path.lstrip('/')}" if host.lower() in _SCHEMES else None
        raise Mistake(f"after {host}: a URL goes on with two slashes", near)
    if path.startswith("-"):
        raise Mistake("the path must not begin with '-'")
    return _address(
        url,
        host.lower(),
        path.lstrip("/"),
        hosts,
        prefix=f"{user or ''}{'@' * bool(user)}{host.lower()}:",
    )


def _from_url(url: str, hosts: Mapping[str, Host]) -> Address:
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2].lower()
        _ = parts.port
    except ValueError as error:
        raise Mistake(f"this is not a URL: {error}") from error
    scheme = parts.scheme.lower()
    user = _user(scheme, parts.username, parts.password)
    if not _HOST.fullmatch(host):
        raise Mistake("the URL names no valid host; it looks like https://host/owner/repository")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise Mistake(
            "a repository's URL has no '?' or '#'", url.partition("?")[0].partition("#")[0]
        )
    host = host.removesuffix({"https": ":443", "http": ":80", "ssh": ":22"}[scheme])
    if scheme == "http":
        _only_where_configured(host, hosts, url)
    prefix = f"{scheme}://{user}{host}/"
    known = host if scheme != "ssh" or host in hosts else host.rpartition(":")[0] or host
    return _address(url, known, parts.path.lstrip("/"), hosts, prefix=prefix)


def _user(scheme: str, user: str | None, password: str | None) -> str:
    if password is not None or (user is not None and scheme != "ssh"):
        raise Mistake(
            "credentials must not stand in a URL; name a variable in the host's `token_env` instead"
        )
    if user is None:
        return ""
    if not _USER.fullmatch(user):
        raise Mistake("the user name in this URL has characters that are not admitted")
    return f"{user}@"


def _only_where_configured(host: str, hosts: Mapping[str, Host], url: str) -> None:
    configured = hosts.get(host)
    if configured is None or not configured.base_url.startswith("http://"):
        raise Mistake(
            "http:// is not encrypted and is accepted only where `forges` gives this host a"
            " base_url with http://",
            "https" + url[4:],
        )


def _address(url: str, host: str, path: str, hosts: Mapping[str, Host], *, prefix: str) -> Address:
    """The address of a path on a host, after what that kind of forge says of its paths."""
    configured = hosts.get(host)
    kind = configured.kind if configured else "git"
    clean = re.sub(r"/{2,}", "/", path).rstrip("/")
    short = clean.removesuffix(".git").rstrip("/")
    parts = short.split("/")
    if not short or any(part in (".", "..") for part in unquote(short).split("/")):
        raise Mistake("the URL names no repository")
    if prefix.startswith("ssh://") and path.startswith("-"):
        raise Mistake("the path must not begin with '-'")
    _is_repository(kind, parts, prefix)
    compared = short.lower() if kind != "git" else short
    return Address(
        url=prefix + (short if kind != "git" else clean),
        key=f"{host}/{compared}",
        host=host,
        kind=kind,
        path=short,
    )


def _is_repository(kind: str, parts: list[str], prefix: str) -> None:
    """On a forge whose paths are known, a page or an organisation is not a repository."""
    if kind == "git":
        return
    if len(parts) < 2:
        raise Mistake(
            "this is an organisation or group, not a repository; put it under `discover:`"
        )
    if "-" in parts[1:] and kind == "gitlab":
        near = prefix + "/".join(parts[: parts.index("-", 1)])
        raise Mistake("this is a page of a repository", near)
    if kind in _TWO_PARTS and len(parts) > 2 and parts[2] in _PAGES:
        raise Mistake("this is a page of a repository", prefix + "/".join(parts[:2]))
    if kind == "github" and len(parts) > 2:
        raise Mistake("a GitHub repository is owner/name", prefix + "/".join(parts[:2]))


def _local(path: str, base: Path | None, allow_local: bool) -> Address:
    if not allow_local:
        raise Mistake(
            "this is a path of this machine or no URL at all; write https://host/owner/repository,"
            " or set `allow_local: true` in ospo-vitals.yaml to admit paths and file://"
        )
    folder = Path(path).expanduser()
    whole = Path(folder if folder.is_absolute() or base is None else base / folder)
    text = str(whole.resolve() if base is not None else whole)
    return Address(
        text, text.removesuffix(".git"), "", "git", text.removesuffix(".git"), local=True
    )


def organisation(url: str, hosts: Mapping[str, Host]) -> tuple[str, str]:
    """Which host and path does a `discover` URL name? Raises ``Mistake`` if it can list nothing."""
    _harmless(url)
    parts = urlsplit(url)
    host = parts.netloc.lower()
    if parts.scheme not in ("https", "http") or "@" in host or not _HOST.fullmatch(host):
        raise Mistake("an organisation is named as https://host/organisation")
    if parts.scheme == "http":
        _only_where_configured(host, hosts, url)
    if host not in hosts or hosts[host].kind == "git":
        raise Mistake(
            "nothing is known of this host; say under `forges` what runs there",
            nearest(host, hosts),
        )
    path = parts.path.strip("/")
    if not path or (hosts[host].kind in _TWO_PARTS and "/" in path):
        near = f"{parts.scheme}://{host}/{path.split('/')[0]}" if path else None
        raise Mistake("this names no organisation or group", near)
    return host, path


def list_address(source: str, hosts: Mapping[str, Host]) -> None:
    """Can a list be read from this address or file? Raises ``Mistake`` where not."""
    if "://" not in source:
        return
    _harmless(source)
    parts = urlsplit(source)
    host = parts.netloc.lower()
    if parts.scheme not in ("https", "http") or "@" in host or not _HOST.fullmatch(host):
        raise Mistake("a list is named as https://host/path, or as a file of this machine")
    if parts.scheme == "http":
        _only_where_configured(host, hosts, source)
