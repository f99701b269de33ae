"""What do git's words mean when it fails, in a sentence that says what to do?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from collector.forge import (
    AccessDenied,
    ForgeError,
    NoRoom,
    RepositoryGone,
    Unavailable,
    UnexpectedAnswer,
)
from collector.git.options import GitOptions, authorization, bare_url


def host_of(url: str) -> str:
    """Who is asked, as a person would say it."""
    if "://" in url:
        return urlsplit(url).netloc.rpartition("@")[2] or bare_url(url)
    return url.partition(":")[0].rpartition("@")[2] if _SCP.match(url) else url


_SCP = re.compile(r"^[\w.-]+@[\w.-]+:")
NO_ROOM = r"No space left on device|Disk quota exceeded|Out of diskspace|File too large"
FULL = re.compile(rf"{NO_ROOM}|unable to write|write error", re.I)
STORING = re.compile(r"index-pack|unpack-objects|cannot store|unable to (create|write)|write error")
BROKEN = re.compile(
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


def last_line(words: str) -> str:
    """What did git say in the end, in one line that steers no terminal?"""
    # A server's own words may hold a terminal's commands, or turn the direction of writing.
    plain = "".join(c if c.isprintable() or c == "\n" else " " for c in words)
    lines = [line.strip() for line in plain.split("\n") if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:", "remote:"))]
    said = (fatal or lines or ["git said nothing"])[-1]
    return re.sub(r"^fatal: (unable to access '[^']*': )?| after \d+ ms", "", said)[:300]


_MEANINGS: tuple[tuple[str, type[ForgeError], str], ...] = (
    (
        NO_ROOM,
        NoRoom,
        "The disk that holds the clones is full: make room, or set data_dir to a larger one.",
    ),
    (
        r"Could not resolve (host|hostname|proxy)|Name or service not known",
        Unavailable,
        "The host {host} does not exist or cannot be found: check the URL's spelling, this "
        "machine's network and DNS.",
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
        r"|pack-objects died|inflate|did not send all necessary objects"
        r"|could not fetch",
        UnexpectedAnswer,
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
        r"bad pack header|early EOF|unexpected disconnect",
        Unavailable,
        "{host} broke off its answer ({said}). It is asked again at the next pass.",
    ),
    (
        r"Failed to connect|Connection (refused|reset|closed)|unable to connect|Couldn't connect"
        r"|hung up|Empty reply|unreachable|RPC failed",
        Unavailable,
        "{host} cannot be reached ({said}). It is asked again at the next pass.",
    ),
)


def translate(words: str, url: str, options: GitOptions) -> ForgeError:
    """Turn what git says on failing into an error with a sentence that says what to do."""
    clean = scrub(words, url, options)
    said = last_line(clean)
    for pattern, kind, sentence in _MEANINGS:
        if re.search(pattern, clean):
            return kind(sentence.format(host=host_of(url), url=bare_url(url), said=said))
    return UnexpectedAnswer(f"git could not read {bare_url(url)}: {said}")
