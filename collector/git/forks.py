"""How far has a fork drifted from its upstream? Asked of git, whose copy holds both."""

from __future__ import annotations

from collector.git.clone import UPSTREAM, Listing, local_refs
from collector.git.command import Git
from collector.model import ForkState


def fork_state(git: Git, head: bytes, above: Listing | None) -> ForkState | None:
    """Where the default branch stands to the upstream's; None: it has no upstream to compare."""
    if above is None or above.head is None:
        return None
    theirs = _their_head(git, above)
    tips = sorted(set(local_refs(git, UPSTREAM).values()))
    if theirs is None or not tips:
        return None
    ahead = _count(git, head.hex(), *(f"^{tip.decode()}" for tip in tips))
    behind = _count(git, theirs, f"^{head.hex()}")
    return ForkState(ahead, behind, _synced(git, head.hex(), theirs))


def _their_head(git: Git, above: Listing) -> str | None:
    """The upstream's default branch in our copy, which may be newer than the listing."""
    ours = local_refs(git, UPSTREAM)
    if above.branch is not None and (tip := ours.get(UPSTREAM + above.branch)):
        return tip.decode()
    listed = above.head.hex() if above.head else None
    return listed if listed and listed.encode() in ours.values() else None


def _count(git: Git, *revisions: str) -> int:
    """Commits, merges left out (C4)."""
    return int(git.local("rev-list", "--count", "--no-merges", *revisions, "--"))


def _synced(git: Git, ours: str, theirs: str) -> int | None:
    """When was the newest commit made that both have? None: they have none in common."""
    done = git.attempt("merge-base", "--all", ours, theirs, network=False)
    if done.returncode not in (0, 1):
        raise git.failure(done.stderr, network=False)
    bases = done.stdout.decode().split()
    if not bases:
        return None
    dates = git.local("log", "--no-walk", "--format=%ct", *bases, "--").split()
    return max(int(date) for date in dates)
