"""What concerns an OSPO as a whole: judgements of ours to confirm, finds to sort."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from collector.attention.situations import DECIDE, UNSORTED, Entry, Situation
from collector.judgement.status import Status
from collector.model import Instant, Phrase


def guesses(known: Iterable[Situation], as_of: Instant) -> Iterator[Entry]:
    """One entry per OSPO that has not said yet how bad it would be if its projects stopped."""
    guessed: dict[str, list[str]] = defaultdict(list)
    for one in known:
        live = one.judgement.status is not Status.RETIRED
        if live and one.judgement.criticality_guessed and not one.decided("criticality", as_of):
            guessed[one.project.ospo].append(one.project.id)
    for ospo, projects in sorted(guessed.items()):
        yield Entry(
            "criticality_guessed", DECIDE, ospo,
            Phrase(
                "How bad it would be if they stopped is our guess for {count} of its projects.",
                {"count": len(projects)},
            ),
            Phrase("What is urgent is ordered by it."),
            Phrase(
                "Please confirm: write criticality, from 1 to 10, into the portfolio file, "
                "first for {projects}.",
                {"projects": ", ".join(sorted(projects)[:3])},
            ),
            "OSPO lead", 2,
        )  # fmt: skip


def unsorted(found: Mapping[str, int]) -> Iterator[Entry]:
    """One entry per OSPO on whose shelf repositories lie that are in no project yet."""
    for ospo, count in sorted(found.items()):
        if count:
            yield Entry(
                "shelf", UNSORTED, ospo,
                Phrase("Repositories found that are in no project yet: {count}.", {"count": count}),
                Phrase("What is not sorted is not judged, and nobody is asked about it."),
                Phrase("Run: ospo-vitals sort. It proposes what to do with each."),
                "OSPO staff", 1,
            )  # fmt: skip
