"""A store in memory: what the written pages of one repository come to, by the store's rules."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from collector.forge import Page
from collector.model import Account, ChangeRequest, Issue, Release, Response


@dataclass
class Shelf:
    cursor: str | None = None
    complete: bool = False
    items: dict[str, Issue] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)
    releases: dict[str, Release] = field(default_factory=dict)
    pages: int = 0

    def write(self, page: Page) -> None:
        """One transaction."""
        self.pages += 1
        self.items |= {i.native_id: i for i in (*page.issues, *page.change_requests)}
        whole, given = set(page.complete_items), {r.native_id for r in page.responses}
        for name in [n for n, r in self.responses.items() if r.item in whole and n not in given]:
            del self.responses[name]
        self.responses |= {r.native_id: r for r in page.responses}
        self.releases |= {r.native_id: r for r in page.releases}
        if page.existing is not None:
            self._keep(page.existing)
        if page.existing_releases is not None:
            kept = page.existing_releases
            self.releases = {n: r for n, r in self.releases.items() if n in kept}
        self.cursor, self.complete = page.cursor, page.last

    def read(self, pages: Iterable[Page]) -> "Shelf":
        for page in pages:
            self.write(page)
        return self

    def _keep(self, existing: frozenset[str]) -> None:
        self.items = {n: i for n, i in self.items.items() if n in existing}
        self.responses = {n: r for n, r in self.responses.items() if r.item in existing}

    def facts(self) -> tuple[object, object, object]:
        """All that is stored, to be compared."""
        return self.items, self.responses, self.releases

    def by_login(self) -> tuple[dict[str, Issue], dict[str, Response]]:
        """The same with accounts by login alone and without titles and drafts."""
        items = {name: plain(item) for name, item in self.items.items()}
        responses = {
            name: replace(response, actor=_bare(response.actor))
            for name, response in self.responses.items()
        }
        return items, responses


def plain(item: Issue) -> Issue:
    labels = tuple(sorted(item.labels))
    plain = replace(item, author=_bare(item.author), labels=labels, title=None)
    return replace(plain, draft=False) if isinstance(plain, ChangeRequest) else plain


def _bare(account: Account | None) -> Account | None:
    return account and Account(host=account.host, login=account.login)
