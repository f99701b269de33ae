"""The loader of the real GitHub records."""

from pathlib import Path

from collector.model import ChangeRequest, EventKind
from tests import ietf_archive


def test_every_item_and_response_of_the_real_archive_is_read(shared_data: Path) -> None:
    newest = ietf_archive.states(shared_data / "github", "tlswg/tls13-spec")[-1]
    archive = ietf_archive.read(newest)
    change_requests = [i for i in archive.items if isinstance(i, ChangeRequest)]
    kinds = [response.kind for response in archive.responses]
    assert (len(archive.items), len(change_requests)) == (1444, 998)
    assert kinds.count(EventKind.MERGED) == 725
    assert kinds.count(EventKind.COMMENT) == 2363
    assert len({r.native_id for r in archive.responses}) == len(archive.responses)
