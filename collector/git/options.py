"""How is one repository to be read, and what may git see and obey of what is around it?

No configuration but ours, no prompts, no hooks, only the protocols that were admitted, and
secrets in the environment, never in an argument.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

PASSED_ON = frozenset(
    (
        *("PATH", "HOME", "USER", "TMPDIR", "SYSTEMROOT", "SSH_AUTH_SOCK"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR"),
        *("http_proxy", "https_proxy", "no_proxy", "all_proxy"),
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"),
    )
)
"""All that a git process may see of our environment."""


def nobody(_name: str | None, _mail: str | None) -> bool:
    """Name no AI assistant: the default where nobody says who they are."""
    return False


@dataclass(frozen=True, slots=True)
class GitOptions:
    """How one repository is to be read.

    ``environment`` is the process's own (only ``PASSED_ON`` of it reaches git). ``names_ai``
    says whether a trailer's (name, mail) is a known AI assistant (C2). ``upstream`` is the
    declared upstream's URL. ``allow_http`` and ``allow_local`` admit http:// and paths.
    """

    names_ai: Callable[[str | None, str | None], bool] = nobody
    upstream: str | None = None
    token: str | None = None
    token_user: str = "x-access-token"  # noqa: S105 - a name, not a secret
    proxy: str | None = None
    ca_bundle: Path | None = None
    allow_http: bool = False
    allow_local: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: int = 3600
    full: bool = False
    exact_trees: int = 5_000
    program: str = "git"

    def __repr__(self) -> str:
        """Show which repository options these are, without the token."""
        return f"GitOptions(upstream={self.upstream!r})"


def environment(url: str, folder: Path, options: GitOptions, *, network: bool) -> dict[str, str]:
    """Which environment does git get, for the network or for local work only?"""
    kept = {k: v for k, v in options.environment.items() if k in PASSED_ON}
    kept.setdefault("PATH", "/usr/local/bin:/usr/bin:/bin")
    kept |= {
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=20"
        " -oServerAliveInterval=15 -oServerAliveCountMax=4",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_DIR": str(folder),
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ALLOW_PROTOCOL": _protocols(options) if network else "none",
    }
    return kept | _as_configuration(_settings(url, options, network=network))


def _protocols(options: GitOptions) -> str:
    http = ("http",) if options.allow_http else ()
    local = ("file",) if options.allow_local else ()
    return ":".join(("https", "ssh", *http, *local))


def _settings(url: str, options: GitOptions, *, network: bool) -> list[tuple[str, str]]:
    settings = [
        ("core.hooksPath", "/dev/null"),
        ("core.fsmonitor", "false"),
        ("core.alternateRefsCommand", "true"),
        ("credential.helper", ""),
        ("log.mailmap", "false"),
        ("log.showSignature", "false"),
        ("i18n.logOutputEncoding", "UTF-8"),
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
        ("fetch.unpackLimit", "1"),
        ("fetch.writeCommitGraph", "false"),
        ("fetch.recurseSubmodules", "false"),
        ("protocol.version", "2"),
        ("safe.directory", "*"),
    ]
    return settings + _network_settings(url, options) if network else settings


def _network_settings(url: str, options: GitOptions) -> list[tuple[str, str]]:
    settings = [("http.lowSpeedLimit", "1000"), ("http.lowSpeedTime", "60")]
    for remote in ("origin", "upstream"):
        # Never in the clone's own configuration: to local commands an object that was not
        # fetched is simply missing, and never asked for one by one.
        settings.append((f"remote.{remote}.promisor", "true"))
        settings.append((f"remote.{remote}.partialclonefilter", "tree:0"))
    if options.proxy:
        settings.append(("http.proxy", options.proxy))
    if options.ca_bundle:
        settings.append(("http.sslCAInfo", str(options.ca_bundle)))
    if header := authorization(url, options):
        # A redirect must not carry the token to another host: none is followed with it.
        settings.append((f"http.{_origin(url)}/.extraHeader", header))
        settings.append(("http.followRedirects", "false"))
    return settings


def authorization(url: str, options: GitOptions) -> str | None:
    """Which header proves who we are? A token, or the user and password of the URL itself."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        return None
    pair = f"{options.token_user}:{options.token}" if options.token else ""
    if not pair and "@" in parts.netloc:
        pair = parts.netloc.rpartition("@")[0]
    return f"Authorization: Basic {b64encode(pair.encode()).decode()}" if pair else None


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _as_configuration(settings: Sequence[tuple[str, str]]) -> dict[str, str]:
    numbered = {"GIT_CONFIG_COUNT": str(len(settings))}
    for i, (key, value) in enumerate(settings):
        numbered |= {f"GIT_CONFIG_KEY_{i}": key, f"GIT_CONFIG_VALUE_{i}": value}
    return numbered


def bare_url(url: str) -> str:
    """Which URL may be stored and shown: the one without a password in it."""
    parts = urlsplit(url)
    if parts.scheme in {"http", "https"} and "@" in parts.netloc:
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return url
