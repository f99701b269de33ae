"""``doctor``: every precondition tested, each failure with its remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from collector import doctor as test
from collector.commands.paper import paper, say
from collector.config import Config, load
from collector.config.values import ForgeConfig
from collector.doctor import Finding
from collector.errors import ConfigurationError, UserError


def doctor() -> int:
    """Print what holds and what does not; 1 if anything that is needed does not."""
    console, failed = paper(), 0
    for finding in test.gather(_checks()):
        failed += finding.needed and not finding.holds
        mark = "ok  " if finding.holds else "FAIL" if finding.needed else "note"
        first, *more = finding.seen.splitlines() or [""]
        say(console, f"{mark}  {finding.what}: {first}")
        for line in more:
            say(console, line, 6)
        if not finding.holds and finding.remedy:
            say(console, finding.remedy, 6)
    say(console, "Nothing is to be mended." if not failed else f"{failed} to mend, as said above.")
    return 1 if failed else 0


def _checks() -> Iterator[Callable[[], Finding]]:
    yield test.python_version
    yield test.git_version
    yield test.pdf_reports
    try:
        config = load()
    except ConfigurationError as error:
        text = str(error)
        yield lambda: Finding("configuration", False, text, "Mend it, then: ospo-vitals check")
        return
    seen = "\n".join([f"{config.folder} is valid", *(f"warning: {one}" for one in config.warnings)])
    yield lambda: Finding("configuration", True, seen)
    yield partial(test.writable, config.data_dir)
    yield partial(test.disk_space, config.data_dir)
    yield partial(test.key_is_private, config.data_dir / "keys" / "pseudonyms.key")
    yield partial(_database, config.database_url)
    yield from _hosts(config)


def _database(url: str) -> Finding:
    from collector.store import migrate
    from collector.store.engine import connect

    shown = url.rpartition("@")[2]
    if url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).exists():
        return Finding("database", True, "not made yet; the first pass makes it")
    try:
        found = migrate.state(connect(url, read_only=True))
    except UserError as error:
        return Finding("database", False, str(error))
    remedy = {
        migrate.Tables.OLDER: "Run: ospo-vitals db upgrade",
        migrate.Tables.NEWER: "It is of a newer version: install that, or name another database.",
    }.get(found, "")
    return Finding("database", not remedy, f"{shown} ({found.value})", remedy)


def _kind(url: str, host: str) -> Finding:
    """What was found out about a host of which configuration does not say what runs there."""
    from collector.store import hosts, migrate
    from collector.store.engine import connect

    what, found = f"what runs on {host}", None
    if _database(url).seen.endswith(f"({migrate.Tables.CURRENT.value})"):
        found = hosts.remembered(connect(url, read_only=True)).get(host)
    if found is None:
        return Finding(what, True, "not asked yet; the first pass asks")
    return Finding(what, True, found.kind or found.why or "")


def _hosts(config: Config) -> Iterator[Callable[[], Finding]]:
    """Each host of the portfolio, and what proves there who we are, where it is named."""
    for host in sorted({each.host for each in config.repositories if each.host}):
        forge = config.forge(host)
        base = urlsplit(forge.base_url if forge else f"https://{host}")
        port = base.port or (80 if base.scheme == "http" else 443)
        proxied = bool(forge and forge.proxy) or "https_proxy" in config.environment
        yield partial(test.host_answers, host, port, through_proxy=proxied)
        if not config.says_kind(host):
            yield partial(_kind, config.database_url, host)
        urls = [each.url for each in config.repositories if each.host == host]
        for own in dict.fromkeys(forge.of(url) for url in urls) if forge else ():
            yield from _credential(own, needed=not own.built_in)


def _credential(forge: ForgeConfig, *, needed: bool) -> Iterator[Callable[[], Finding]]:
    """The token or the App that some repositories of a host are read with."""
    if forge.app:
        is_there = forge.app.private_key is not None
        yield partial(
            test.app_key, forge.host, forge.app.id, forge.app.key_place, is_there=is_there
        )
    elif forge.token_env:
        is_set = bool(forge.token)
        yield partial(test.token_present, forge.host, forge.token_env, is_set=is_set, needed=needed)
