"""Who acts behind an account: a human or a bot, and what is stored of it (C2).

Accounts become keyed hashes here, and nowhere else; mails are never stored in clear.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from collector.model import Account, AccountKind

DEPENDENCY_BOTS = frozenset(
    {"dependabot", "dependabot-preview", "renovate", "renovate-bot", "greenkeeper", "snyk-bot"}
)
BOTS = DEPENDENCY_BOTS | {
    "github-actions",
    "weblate",
    "pre-commit-ci",
    "allcontributors",
    "semantic-release-bot",
    "codecov",
    "imgbot",
    "mergify",
    "bors",
    "transifex-integration",
    "crowdin-bot",
}
AI_ASSISTANTS = frozenset(
    {
        "copilot",
        "copilot-swe-agent",
        "claude",
        "cursor",
        "cursoragent",
        "devin-ai-integration",
        "codex",
        "gemini-code-assist",
        "copilot-pull-request-reviewer",
        "coderabbitai",
        "sourcery-ai",
        "qodo-merge-pro",
    }
)
AI_MAILS = frozenset({"noreply@anthropic.com"})
SUFFIX = "[bot]"
GITLAB_BOT = re.compile(r"(?:project|group)_.*_bot.*", re.DOTALL)
NOREPLY = "users.noreply."
MAIL = re.compile(r"[^\s@<>]{0,256}@[^\s@<>]{1,256}")


# ---------------------------------------------------------------- pseudonyms


class Pseudonyms:
    """Keyed hashes: without the key nobody can find a trace by guessing names or mails."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def account_id(self, account: Account) -> int:
        """Which number stands for this account in all facts? The same one in every pass."""
        if account.host:
            return self._hash("account", account.host, account.native_id or lower(account.login))
        return self._hash("trace", account.name or "", lower(account.mail))

    def mail_hash(self, mail: str) -> int:
        """The number of an e-mail address, whatever its case."""
        return self._hash("mail", mail.strip().lower())

    def login_hash(self, login: str) -> int:
        """The number of a login, whatever its case and host."""
        return self._hash("login", login.strip().lower())

    def _hash(self, *words: str) -> int:
        message = "\0".join(words).encode("utf-8", "surrogatepass")
        return int.from_bytes(hmac.digest(self._key, message, "sha256")[:8]) >> 1


def lower(text: str | None) -> str:
    """A name, login or mail as it is compared."""
    return (text or "").strip().lower()


# ---------------------------------------------------------------- noreply addresses


@dataclass(frozen=True, slots=True)
class Noreply:
    """What a forge's noreply address says: whose account it is, on which host."""

    host: str
    native_id: str | None
    login: str


def noreply(mail: str | None) -> Noreply | None:
    """Which forge account does this mail address name? None: it is not a noreply address.

    ``12345+login@users.noreply.HOST`` and ``login@users.noreply.HOST`` (GitHub),
    ``12345-login@users.noreply.HOST`` (GitLab).
    """
    local, _, domain = lower(mail).rpartition("@")
    if not local or "@" in local or not domain.startswith(NOREPLY):
        return None
    host = domain.removeprefix(NOREPLY)
    mark = "-" if "gitlab" in host else "+"
    number, found, login = local.partition(mark)
    if found and login and number.isascii() and number.isdigit():
        return Noreply(host, number, login)
    return Noreply(host, None, local)


# ---------------------------------------------------------------- humans, bots, AI agents


def account_kind(account: Account, bots: Sequence[str] = ()) -> AccountKind:
    """Is this a human? By the whole name, login or local part; "bot" within a name is no sign."""
    names = {_bare(name) for name in _identifiers(account)}
    if names & AI_ASSISTANTS or lower(account.mail) in AI_MAILS:
        return AccountKind.AI
    if not (account.declared_bot or _is_bot(account, tuple(bots))):
        return AccountKind.HUMAN
    if names & DEPENDENCY_BOTS or any("renovate" in name for name in names):
        return AccountKind.DEPENDENCY_BOT
    return AccountKind.BOT


def names_ai(name: str | None, mail: str | None) -> bool:
    """Does a trailer with this name and mail name a known AI assistant?"""
    return account_kind(Account(name=name, mail=mail)) is AccountKind.AI


def _identifiers(account: Account) -> set[str]:
    """All that may name a bot: whole name, login, local part, the login in a noreply address."""
    address = noreply(account.mail)
    names = {lower(account.name), lower(account.login), lower(account.mail).rpartition("@")[0]}
    if address:
        names.add(address.login)
    return names - {""}


def _bare(name: str) -> str:
    return name.removesuffix(SUFFIX)


def _is_bot(account: Account, bots: tuple[str, ...]) -> bool:
    names = _identifiers(account)
    return (
        any(name.endswith(SUFFIX) or _bare(name) in BOTS for name in names)
        or any(GITLAB_BOT.fullmatch(name) for name in names)
        or _configured_bot(names, lower(account.mail), bots)
    )


def _configured_bot(names: set[str], mail: str, bots: tuple[str, ...]) -> bool:
    for_names, for_mails = _globs(bots)
    return any(for_names.fullmatch(name) for name in names) or bool(for_mails.fullmatch(mail))


@lru_cache(maxsize=64)
def _globs(bots: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """One expression for names, one for whole mails (patterns with an @)."""
    mails = [pattern for pattern in bots if "@" in pattern]
    return _any_of([pattern for pattern in bots if "@" not in pattern]), _any_of(mails)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    # Brackets are letters here, not a class: people write "city-deploy[bot]".
    parts = [
        re.escape(pattern.strip().lower()).replace(r"\*", ".*").replace(r"\?", ".")
        for pattern in patterns
    ]
    return re.compile("|".join(parts) if parts else r"(?!)", re.DOTALL)


# ---------------------------------------------------------------- rows of the accounts table


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as stored: what identity needs of it, and no mail in clear.

    ``host``, ``native_id`` and ``login`` of a git trace are those of its noreply address.
    """

    id: int
    host: str = ""
    native_id: str | None = None
    login: str | None = None
    name: str | None = None
    kind: AccountKind = AccountKind.HUMAN
    mail_hash: int | None = None
    mail_domain: str | None = None


def without_mails(text: str | None) -> str | None:
    """A name in which no mail address stands in clear: some write theirs there."""
    return MAIL.sub("…", text) if text and "@" in text else text


def account_row(account: Account, pseudonyms: Pseudonyms, bots: Sequence[str] = ()) -> AccountRow:
    """What is stored of an account, so that its mail need not be."""
    address = noreply(account.mail) if not account.host else None
    local, at, domain = lower(account.mail).rpartition("@")
    is_mail = bool(local and at and domain)
    return AccountRow(
        id=pseudonyms.account_id(account),
        host=address.host if address else account.host,
        native_id=address.native_id if address else account.native_id,
        login=address.login if address else account.login,
        name=without_mails(account.name),
        kind=account_kind(account, bots),
        mail_hash=pseudonyms.mail_hash(account.mail or "") if is_mail else None,
        mail_domain=domain if is_mail else None,
    )
