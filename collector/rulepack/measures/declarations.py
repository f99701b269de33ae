"""What is declared: licence, money, project page, logo, plans."""

from __future__ import annotations

from collector.licences import osi_approved
from collector.metric import Better, Metric, Value, unknown
from collector.metrics.facts import declared, declared_list, declared_text, main_files, publiccode
from collector.metrics.sources import from_git
from collector.model import Activity, Instant


@from_git
def open_licence(activity: Activity, as_of: Instant) -> Value:
    """Is its licence approved by the OSI?"""
    fact = main_files(activity, as_of).get("LICENSE")
    if fact is not None and (not fact.place or not fact.readable or fact.spdx is None):
        return unknown("which licence it is could not be told")
    approved = osi_approved(fact.spdx or "") if fact is not None else False
    if approved is None:
        return unknown("whether the OSI approved its licence could not be told")
    return Value(float(approved), parts={"spdx": fact.spdx if fact else None})


def funded(activity: Activity, as_of: Instant) -> Value:
    """Does anybody pay for it, as declared?"""
    current = sorted(
        {
            each.party
            for each in (*activity.project.funding, *activity.project.contracts)
            if each.span.holds(as_of)
        }
    )
    named = [name for name in declared_list(activity, as_of, "funded_by") if name]
    found = [*current, *map(str, named)]
    ended = bool(activity.project.funding or activity.project.contracts)
    if not found and not ended:
        return unknown("neither the portfolio file nor publiccode.yml says who pays for it")
    return Value(float(bool(found)), n=len(found), parts={"by": [*found]})


def _of_publiccode(activity: Activity, as_of: Instant, key: str) -> Value:
    fact = publiccode(activity, as_of)
    if fact is None:
        return unknown("there is no publiccode.yml that could say so")
    if not fact.readable:
        return unknown("the server would not give publiccode.yml")
    said = declared_text(activity, as_of, key)
    return Value(1.0, parts={"place": said}) if said else unknown("publiccode.yml names none")


@from_git
def project_page(activity: Activity, as_of: Instant) -> Value:
    """Has it a page beside its repository?"""
    if activity.project.service:
        return Value(1.0, parts={"place": activity.project.service})
    return _of_publiccode(activity, as_of, "landing_url")


@from_git
def logo(activity: Activity, as_of: Instant) -> Value:
    """Has it a logo, as declared?"""
    return _of_publiccode(activity, as_of, "logo")


@from_git
def roadmap(activity: Activity, as_of: Instant) -> Value:
    """Are its plans public, in a file or behind a link?"""
    fact = main_files(activity, as_of).get("ROADMAP")
    if fact is not None and fact.place:
        return Value(1.0, parts={"place": fact.place})
    said = declared(activity, as_of, "roadmap")
    if isinstance(said, str) and said:
        return Value(1.0, parts={"place": said})
    return unknown("the folder could not be read") if fact is not None else Value(0.0)


MEASURES = (
    Metric(
        "open_licence",
        "Open licence",
        "May everybody use it?",
        "yes/no",
        Better.HIGHER,
        "OSI",
        open_licence,
        "the licence found in the main repository is approved by the OSI",
    ),
    Metric(
        "funded",
        "Funded",
        "Does anybody pay for it?",
        "yes/no",
        Better.HIGHER,
        "code.gouv.fr",
        funded,
        "a contract or funding of the portfolio file that holds at the date, or fundedBy of "
        "publiccode.yml",
        needs=("git", "configuration"),
    ),
    Metric(
        "project_page",
        "Project page",
        "Is there a page beside the repository?",
        "yes/no",
        Better.HIGHER,
        "code.gouv.fr",
        project_page,
        "a service in the portfolio file, or landingURL of publiccode.yml",
        needs=("git", "configuration"),
    ),
    Metric(
        "logo",
        "Logo",
        "Has it a logo?",
        "yes/no",
        Better.HIGHER,
        "code.gouv.fr",
        logo,
        "logo of publiccode.yml",
    ),
    Metric(
        "roadmap",
        "Roadmap",
        "Are its plans public?",
        "yes/no",
        Better.HIGHER,
        "code.gouv.fr",
        roadmap,
        "a ROADMAP in the main repository, or roadmap of publiccode.yml",
    ),
)
