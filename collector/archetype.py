"""What does each kind of body look at first? The six archetypes of PRODUCT.md, as data.

An archetype changes the order of what is shown, never a value, a threshold or a judgement.
Pages ask ``archetype(key)`` and show ``first`` in its order; whatever else there is comes after.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from collector.model import N_, Phrase


class Kind(StrEnum):
    """What a key names: a metric of the registry, an essential check, or a facet."""

    METRIC = "metric"
    CHECK = "check"
    FACET = "facet"


class Facet(StrEnum):
    """What is seen of a portfolio as a whole, beside metrics and checks of its projects."""

    STATUS = "status"
    """How many projects have which status?"""
    ATTENTION = "attention"
    """What is to be decided and answered?"""
    UNSORTED = "unsorted"
    """Which repositories belong to no project yet?"""
    PUBLISHERS = "publishers"
    """Which bodies publish, and how many projects each?"""
    MEMBERS = "members"
    """Which members does the association have (``ospo.members``), and which take part?"""
    SERVICES = "services"
    """Which projects are a running service (``service``), and do they answer?"""


FACETS = {
    Facet.STATUS: N_("projects by status"),
    Facet.ATTENTION: N_("what to decide and to answer"),
    Facet.UNSORTED: N_("repositories not sorted yet"),
    Facet.PUBLISHERS: N_("bodies that publish"),
    Facet.MEMBERS: N_("members and their part"),
    Facet.SERVICES: N_("running services"),
}
"""The words people read; those of metrics and checks stand in their registries."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that is shown early, and why it matters to this kind of body."""

    kind: Kind
    key: str
    why: Phrase


@dataclass(frozen=True, slots=True)
class Archetype:
    """A kind of body: the question it has, what it sees first, its official checklists first.

    ``first`` is in order. ``packs`` are keys of rule packs (METRICS.md), the nearest first.
    """

    key: str
    words: str
    question: Phrase
    first: tuple[Shown, ...]
    packs: tuple[str, ...]

    def keys(self, kind: Kind) -> tuple[str, ...]:
        """Which metrics, checks or facets come first, in order?"""
        return tuple(shown.key for shown in self.first if shown.kind is kind)


def _metric(key: str, why: Phrase) -> Shown:
    return Shown(Kind.METRIC, key, why)


def _check(key: str, why: Phrase) -> Shown:
    return Shown(Kind.CHECK, key, why)


def _facet(facet: Facet, why: Phrase) -> Shown:
    return Shown(Kind.FACET, facet.value, why)


ARCHETYPES: tuple[Archetype, ...] = (
    Archetype(
        "national-government",
        N_("national government"),
        Phrase("Who publishes what, and can others find and trust it?"),
        (
            _facet(Facet.PUBLISHERS, Phrase("A state publishes through many bodies.")),
            _metric("publiccode_valid", Phrase("A catalogue can only list what describes itself.")),
            _metric(
                "declared_vs_observed", Phrase("Whoever reads a catalogue relies on what it says.")
            ),
            _check("license", Phrase("Without an open licence no other body may take it over.")),
            _metric("users", Phrase("Published software pays off where others use it.")),
            _metric("lifecycle", Phrase("A catalogue must say what is retired.")),
            _facet(Facet.UNSORTED, Phrase("New repositories appear that nobody has announced.")),
        ),
        ("codegouv-awesome", "opencode-maintenance"),
    ),
    Archetype(
        "institution-centric",
        N_("one large institution"),
        Phrase("On which suppliers do we depend, and is what we run safe?"),
        (
            _check("contract_end", Phrase("When a contract ends, the people who know it may go.")),
            _metric(
                "top_supplier_share", Phrase("What one supplier alone understands is not ours.")
            ),
            _metric("owner_share", Phrase("Own people who work on it can judge the supplier.")),
            _check(
                "vulnerabilities", Phrase("A known vulnerability must be closed, or explained.")
            ),
            _check("bot_updates", Phrase("Updates that wait become vulnerabilities.")),
            _check("default_branch_red", Phrase("Failing checks hide the next fault.")),
            _check("four_eyes", Phrase("An auditor asks whether a second person saw each change.")),
            _check("license", Phrase("Publication needs a licence that holds in law.")),
        ),
        ("opencode-security", "openssf-maintained", "opencode-maintenance"),
    ),
    Archetype(
        "local-government",
        N_("city or municipality"),
        Phrase("Can our small team carry it, and does anybody else use it?"),
        (
            _check("regular_committers", Phrase("A city's team is small: one departure counts.")),
            _check("work_left_share", Phrase("What was written by those who left must be learnt.")),
            _metric("users", Phrase("Each other city that uses it can share the work.")),
            _facet(Facet.SERVICES, Phrase("Citizens see the service, not the repository.")),
            _check("outsiders_answered", Phrase("Another city that asks is a possible partner.")),
            _metric("contributing_public_bodies", Phrase("Reuse lasts where others contribute.")),
            _check("contract_end", Phrase("Much of a city's work is done by suppliers.")),
        ),
        ("chaoss-starter", "opencode-maintenance"),
    ),
    Archetype(
        "association",
        N_("association of public bodies"),
        Phrase("Do the members carry it together, in work and in money?"),
        (
            _facet(Facet.MEMBERS, Phrase("The members decide, pay and use.")),
            _metric(
                "contributing_public_bodies",
                Phrase("What several public bodies work on does not hang on one of them."),
            ),
            _check("funding_end", Phrase("Shared money must be agreed again before it ends.")),
            _check("paid", Phrase("Everybody's project is easily nobody's expense.")),
            _metric("elephant_factor", Phrase("Half of the work should not be one member's.")),
            _metric("users", Phrase("Members who use a project have a reason to fund it.")),
            _metric("top_supplier_share", Phrase("A common supplier is a common dependence.")),
        ),
        ("os2-level", "chaoss-starter"),
    ),
    Archetype(
        "academic",
        N_("university or research body"),
        Phrase("What happens when the grant ends?"),
        (
            _check(
                "funding_end", Phrase("Most research software loses its people with its grant.")
            ),
            _check("paid", Phrase("After a grant somebody must pay, or say that nobody does.")),
            _check("regular_committers", Phrase("Doctoral students and contracts come and go.")),
            _metric("new_contributors", Phrase("A project outlives its grant through new people.")),
            _metric("contributor_retention", Phrase("Those who stay carry the knowledge on.")),
            _metric("release_frequency", Phrase("Research can be repeated from versions.")),
            _check("community_files", Phrase("Who finds it must know how to use and cite it.")),
        ),
        ("chaoss-starter", "openssf-maintained"),
    ),
    Archetype(
        "support-function",
        N_("support for other bodies' projects"),
        Phrase("Which of so many projects need us now, and do the services run?"),
        (
            _facet(Facet.ATTENTION, Phrase("A large portfolio must be worked through in order.")),
            _facet(Facet.STATUS, Phrase("What is left alone must be seen among many.")),
            _facet(Facet.UNSORTED, Phrase("On a shared platform new projects appear every week.")),
            _facet(Facet.SERVICES, Phrase("A hosted service is noticed as soon as it stops.")),
            _metric("service_answered", Phrase("Those who are supported expect it to answer.")),
            _check("care", Phrase("A project without care needs a decision, not a report.")),
            _check(
                "default_branch_red", Phrase("Failing checks are the first thing to help with.")
            ),
            _check("oldest_outsider_waiting", Phrase("Whoever waits will stop asking.")),
        ),
        ("opencode-maintenance", "opencode-security"),
    ),
)

GENERAL = Archetype(
    "",
    N_("public body"),
    Phrase("Where do we stand, and what must be decided?"),
    (
        _facet(Facet.STATUS, Phrase("First it must be known what lives.")),
        _facet(Facet.ATTENTION, Phrase("Then what is to be done.")),
        _check("care", Phrase("A project that nobody looks after needs a decision.")),
        _check("regular_committers", Phrase("What hangs on one person ends with one departure.")),
        _check("license", Phrase("Without an open licence nobody may use it.")),
    ),
    ("chaoss-starter",),
)
"""For a body whose portfolio file names no archetype."""

BY_KEY = {one.key: one for one in ARCHETYPES}
KEYS: tuple[str, ...] = tuple(BY_KEY)


def archetype(key: str | None) -> Archetype:
    """What does this kind of body see first? Without a key, or with an unknown one: the general."""
    return BY_KEY.get(key or "", GENERAL)
