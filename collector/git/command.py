"""How is git started so that nothing foreign can steer it, and what do its failures mean?

Every git process of the collector starts here: no configuration but ours, no prompts, no hooks,
only the protocols that were admitted, and secrets in the environment, never in an argument.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

from collector.forge import (
    AccessDenied,
    ForgeError,
    RepositoryGone,
    Unavailable,
    UnexpectedAnswer,
)

PASSED_ON = frozenset(
    (
        *("PATH", "HOME", "USER", "TMPDIR", "SYSTEMROOT", "SSH_AUTH_SOCK"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR"),
        *("http_proxy", "https_proxy", "no_proxy", "all_proxy"),
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"),
    )
)
"""All that a git process may see of our environment."""

QUESTION_SECONDS = 120
"""``ls-remote`` answers within this time, or the host counts as down."""


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


@dataclass(frozen=True, slots=True)
class BrokenClone(Exception):
    """Our own copy is damaged; it is made anew once."""

    why: str


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


@dataclass(frozen=True, slots=True)
class Git:
    """Git, working for one repository: its URL, the folder of our clone, and how to read it."""

    url: str
    folder: Path
    options: GitOptions

    def ask(self, *words: str, stdin: bytes | None = None, seconds: int | None = None) -> bytes:
        """Run git with the network; its failure is raised as the host's."""
        done = self.attempt(*words, stdin=stdin, seconds=seconds)
        if done.returncode:
            raise self.failure(done.stderr, network=True)
        return done.stdout

    def local(self, *words: str, stdin: bytes | None = None) -> bytes:
        """Run git on the clone alone; its failure means that the clone is broken."""
        done = self.attempt(*words, stdin=stdin, network=False)
        if done.returncode:
            raise self.failure(done.stderr, network=False)
        return done.stdout

    def attempt(
        self,
        *words: str,
        stdin: bytes | None = None,
        network: bool = True,
        seconds: int | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git and give back whatever comes of it, in time."""
        limit = seconds or self.options.timeout_seconds
        try:
            return subprocess.run(
                [self.options.program, *words],
                input=b"" if stdin is None else stdin,
                capture_output=True,
                cwd="/",
                env=environment(self.url, self.folder, self.options, network=network),
                timeout=limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Unavailable(
                f"{_host(self.url)} did not finish answering within {limit} seconds. "
                "It is asked again at the next pass."
            ) from None
        except FileNotFoundError as missing:
            raise UnexpectedAnswer(
                f"git could not be started ({missing.strerror}): install git 2.31 or newer."
            ) from None

    def failure(self, stderr: bytes, *, network: bool) -> Exception:
        """Which error do these words of git stand for?"""
        words = stderr.decode(errors="replace")
        if _STORING.search(words) and _is_nearly_full(self.folder):
            words += "\nNo space left on device"  # git does not always say why it cannot write
        ours = "\n".join(line for line in words.splitlines() if not line.startswith("remote:"))
        broken = not network or _BROKEN.search(ours)
        if _FULL.search(words) or not broken:
            return translate(words, self.url, self.options)
        return BrokenClone(scrub(_last_line(words), self.url, self.options))

    @contextmanager
    def stream(self, *words: str) -> Iterator[IO[bytes]]:
        """Read git's output as it comes; leaving early ends git too."""
        import tempfile

        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                [self.options.program, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd="/",
                env=environment(self.url, self.folder, self.options, network=False),
            )
            output = process.stdout
            assert output is not None  # noqa: S101 - a pipe was asked for
            try:
                yield output
            except BaseException:
                process.kill()
                raise
            finally:
                output.close()
                code = process.wait()
            if code:
                errors.seek(0)
                raise self.failure(errors.read(65_536), network=False)


def _is_nearly_full(folder: Path) -> bool:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(there).free < _ROOM_NEEDED


def _host(url: str) -> str:
    """Who is asked, as a person would say it."""
    if "://" in url:
        return urlsplit(url).netloc.rpartition("@")[2] or bare_url(url)
    return url.partition(":")[0].rpartition("@")[2] if _SCP.match(url) else url


_SCP = re.compile(r"^[\w.-]+@[\w.-]+:")
_NO_ROOM = r"No space left on device|Disk quota exceeded|Out of diskspace|File too large"
_FULL = re.compile(rf"{_NO_ROOM}|unable to write|write error", re.I)
_STORING = re.compile(
    r"index-pack|unpack-objects|cannot store|unable to (create|write)|write error"
)
_ROOM_NEEDED = 16 << 20

_BROKEN = re.compile(
    r"is not a GIT packfile|packfile \S+ (cannot be accessed|is corrupt|does not match)|bad config"
    r"|loose object|object file \S+ is empty|not a git repository: '|bad signature|bad packed"
    r"|index file \S+ is (too small|corrupt)|reference broken|commit-graph (file|signature|chunk)"
)
"""Said of our own copy, not of the server (whose words begin with ``remote:``)."""


def scrub(words: str, url: str, options: GitOptions) -> str:
    """Take every credential out of a text that people will read."""
    secrets = {options.token or "", (authorization(url, options) or "").rpartition(" ")[2]}
    secrets.add(urlsplit(url).password or "" if "://" in url else "")
    for secret in filter(None, secrets):
        words = words.replace(secret, "***")
    return re.sub(r"://[^/\s@]+@", "://", words)


def _last_line(words: str) -> str:
    # A server's own words may hold a terminal's commands, or turn the direction of writing.
    plain = "".join(c if c.isprintable() or c == "\n" else " " for c in words)
    lines = [line.strip() for line in plain.split("\n") if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:", "remote:"))]
    return (fatal or lines or ["git said nothing"])[-1][:300]


_MEANINGS: tuple[tuple[str, type[ForgeError], str], ...] = (
    (
        _NO_ROOM,
        Unavailable,
        "The disk that holds the clones is full: make room, or set data_dir to a larger one.",
    ),
    (
        r"Could not resolve (host|hostname|proxy)|Name or service not known",
        Unavailable,
        "The host {host} does not exist or cannot be found: check the URL's spelling and DNS.",
    ),
    (
        r"certificate|SSL|TLS|gnutls|schannel",
        Unavailable,
        "{host} could not prove who it is (TLS): {said}. If the host has a certificate of its "
        "own, name it in ca_bundle under forges.",
    ),
    (
        r"Permission denied \(|Host key verification failed|no matching host key",
        AccessDenied,
        "{host} refused our ssh key, or is not in known_hosts: add the key there, or use https.",
    ),
    (
        r"Authentication failed|could not read (Username|Password)|terminal prompts disabled"
        r"|returned error: 40[13]|HTTP Basic: Access denied",
        AccessDenied,
        "{host} asks for a password for {url}: the repository is private or does not exist. "
        "Check the URL, or name a token for this host (token_env under forges).",
    ),
    (
        r"returned error: 4(04|10)|[Rr]epository .*not found|does not (appear to be|exist)"
        r"|not a git repository|[Nn]ot [Ff]ound",
        RepositoryGone,
        "There is no repository at {url} (any more): it was deleted, renamed or made private.",
    ),
    (
        r"returned error: 30\d|unable to update url base from redirection",
        UnexpectedAnswer,
        "{host} sends us elsewhere for {url}, and a token is not carried to another address: "
        "write the repository's new URL into the portfolio.",
    ),
    (
        r"returned error: (429|5\d\d)",
        Unavailable,
        "{host} answers with a failure of its own ({said}). It is asked again at the next pass.",
    ),
    (
        r"transport '\S+' not allowed|[Uu]nable to find remote helper",
        AccessDenied,
        "The URL {url} uses a protocol that is not admitted: use https or ssh.",
    ),
    (
        r"repository corruption|missing (blob|tree|commit|object)|unable to read|bad (tree|object)"
        r"|pack-objects died|inflate|did not send all necessary objects|bad pack header"
        r"|could not fetch",
        Unavailable,
        "The repository at {url} is damaged on its server ({said}): tell whoever runs {host}.",
    ),
    (
        r"dubious ownership",
        AccessDenied,
        "{url} belongs to another user of this machine, and git refuses to read it: run as that "
        "user, or copy it.",
    ),
    (
        r"timed out|[Tt]imeout|too slow|Operation too slow",
        Unavailable,
        "{host} answers too slowly or not at all. It is asked again at the next pass.",
    ),
    (
        r"Failed to connect|Connection (refused|reset|closed)|unable to connect|Couldn't connect"
        r"|hung up|early EOF|Empty reply|unreachable|RPC failed",
        Unavailable,
        "{host} cannot be reached ({said}). It is asked again at the next pass.",
    ),
)


def translate(words: str, url: str, options: GitOptions) -> ForgeError:
    """Turn what git says on failing into an error with a sentence that says what to do."""
    clean = scrub(words, url, options)
    said = _last_line(clean)
    for pattern, kind, sentence in _MEANINGS:
        if re.search(pattern, clean):
            return kind(sentence.format(host=_host(url), url=bare_url(url), said=said))
    return UnexpectedAnswer(f"git could not read {bare_url(url)}: {said}")
