"""Which projects does the demonstration hold, and what would their portfolio files say?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from collector.demo.lives import Life, allot
from collector.demo.names import BODIES, PLACES, Body, Place, project_name, slug
from collector.demo.people import Setting, Team, team
from collector.model import DAY, Instant

HOST = "forge.example"
PLAIN_HOST = "git.example"
YEAR = 365 * DAY

Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Plan:
    """One invented project: who it is, which life it leads, who works on it."""

    id: str
    name: str
    area: str
    body: Body
    place: Place
    town: str
    supplier: str
    host: str
    repositories: tuple[tuple[str, str], ...]
    """(name, role)"""
    life: Life
    team: Team
    span: tuple[Instant, Instant]
    seed: str

    def random(self, purpose: str) -> Random:
        """Chance of its own for each purpose, so that one more draw changes nothing else."""
        return Random(f"{self.seed}:{purpose}")  # noqa: S311 - repeatable

    def url(self, repository: str) -> str:
        """Where a repository would live, if the host existed (RFC 2606 keeps it from doing so)."""
        return f"https://{self.host}/{self.body.id}/{repository}"


def plans(projects: int, years: int, seed: int, as_of: Instant) -> tuple[Plan, ...]:
    """So many projects over so many years, the same for the same arguments."""
    bodies = BODIES[: max(1, min(len(BODIES), projects // 8))]
    taken: set[str] = set()
    found = []
    for number, life in enumerate(allot(projects)):
        body = bodies[number % len(bodies)]
        random = Random(f"{seed}:{number}")  # noqa: S311 - the same demonstration every time
        town = random.choice(PLACES[body.place].towns)
        shift = 3 * BODIES.index(body)
        name, area = project_name(PLACES[body.place], town, number // len(bodies), shift)
        if slug(name) in taken:
            name = f"{name} ({town})"
        called = _Called(_free(slug(name), body, taken), name, area, town)
        found.append(_plan(called, body, life, (years, as_of), random))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Called:
    id: str
    name: str
    area: str
    town: str


def _plan(
    called: _Called, body: Body, life: Life, reach: tuple[int, Instant], random: Random
) -> Plan:
    place = PLACES[body.place]
    supplier = random.choice(place.suppliers)
    host = PLAIN_HOST if random.random() < 0.06 else HOST
    span = _span(life, reach, random)
    domains = (f"{body.id}.example", f"{slug(supplier)}.example")
    return Plan(
        id=called.id,
        name=called.name,
        area=called.area,
        body=body,
        place=place,
        town=called.town,
        supplier=supplier,
        host=host,
        repositories=_repositories(called.id, random),
        life=life,
        team=team(life, Setting(place, host, domains, span), random),
        span=span,
        seed=f"{random.random()}",
    )


def _free(key: str, body: Body, taken: set[str]) -> str:
    """An id that nobody has yet: the name's, else with its body, else with a number."""
    for tried in (key, f"{key}-{body.id}"):
        if tried not in taken:
            taken.add(tried)
            return tried
    number = 2
    while f"{key}-{body.id}-{number}" in taken:
        number += 1
    taken.add(f"{key}-{body.id}-{number}")
    return f"{key}-{body.id}-{number}"


def _span(life: Life, reach: tuple[int, Instant], random: Random) -> tuple[Instant, Instant]:
    years, as_of = reach
    if life.months:
        return as_of - int(random.uniform(*life.months) * 30) * DAY, as_of
    age = years * random.choice((1.0, 1.0, 1.0, random.uniform(0.6, 1.0)))
    return as_of - int(age * 365) * DAY, as_of


def _repositories(key: str, random: Random) -> tuple[tuple[str, str], ...]:
    luck = random.random()
    if luck < 0.8:
        return ((key, "code"),)
    if luck < 0.93:
        return ((key, "code"), (f"{key}-docs", "docs"))
    return ((f"{key}-frontend", "code"), (f"{key}-backend", "code"))


def portfolio(body: Body, found: tuple[Plan, ...]) -> Entry:
    """A body's portfolio file, as YAML would give it."""
    place = PLACES[body.place]
    ospo: dict[str, object] = {
        "id": body.id,
        "name": body.name,
        "archetype": body.archetype,
        "country": place.country,
        "language": place.language,
        "contact": f"ospo@{body.id}.example",
    }
    if body.archetype == "association":
        ospo["members"] = place.towns
    return {"ospo": ospo, "projects": tuple(_project(plan) for plan in found if plan.body is body)}


def organisations() -> Iterator[Entry]:
    """The bodies and the suppliers, with the mail domains of their people."""
    for body in BODIES:
        domains = (f"{body.id}.example",)
        yield {"id": body.id, "name": body.name, "kind": "public-body", "domains": domains}
    for place in PLACES.values():
        for firm in place.suppliers:
            domains = (f"{slug(firm)}.example",)
            yield {"id": slug(firm), "name": firm, "kind": "supplier", "domains": domains}


def _project(plan: Plan) -> Entry:
    entry: dict[str, object] = {
        "id": plan.id,
        "name": plan.name,
        "area": plan.area,
        "rhythm": plan.life.rhythm,
        "stage": "development" if plan.life.months else "production",
        "owner": plan.body.id,
        "maintainers": tuple(seat[-1][1].forge.login for seat in plan.team.seats),
        "repositories": tuple(
            {"url": plan.url(name), "role": role, "main": place == 0 and role == "code"}
            for place, (name, role) in enumerate(plan.repositories)
        ),
    }
    if plan.life.rhythm == "seasonal":
        entry["season"] = ("01-01/05-31",)
    return entry | _use(plan) | _money(plan) | _steering(plan)


def _use(plan: Plan) -> dict[str, object]:
    """Who uses it, whether it runs as a service, and how bad it would be if it stopped."""
    random, found = plan.random("use"), dict[str, object]()
    used = random.random() < plan.life.used
    if used:
        found["users"] = tuple(_user(plan, town, random) for town in _towns(plan, random))
        if random.random() < 0.7:
            found["service"] = f"https://{plan.id}.{plan.body.id}.example"
    if random.random() < 0.65:
        found["criticality"] = random.randint(5, 9) if used else random.randint(2, 6)
    return found


def _towns(plan: Plan, random: Random) -> list[str]:
    return random.sample(plan.place.towns, random.randint(1, 3))


def _user(plan: Plan, town: str, random: Random) -> Entry:
    as_of = plan.span[1]
    since = as_of - random.randint(100, 1500) * DAY
    confirmed = as_of - random.randint(20, 600) * DAY
    return {"name": town, "since": day(since), "confirmed": day(max(since, confirmed))}


def _money(plan: Plan) -> dict[str, object]:
    """Its contract and its funding, by the life it leads."""
    random, as_of = plan.random("money"), plan.span[1]
    found = dict[str, object]()
    days = {"current": (400, 900), "ending": (25, 170), "ended": (-500, -200)}
    if plan.life.contract in days:
        until = as_of + random.randint(*days[plan.life.contract]) * DAY
        term = {"from": day(until - random.choice((2, 3, 4)) * YEAR), "until": day(until)}
        found["contracts"] = ({"supplier": slug(plan.supplier), **term},)
    if random.random() < 0.25:
        until = as_of + random.randint(-100, 800) * DAY
        amount = f"{random.randint(2, 40) * 5000} EUR"
        grant = {"source": "demo-programme", "kind": "grant", "amount": amount}
        found["funding"] = ({**grant, "from": day(until - 2 * YEAR), "until": day(until)},)
    return found


def _steering(plan: Plan) -> dict[str, object]:
    """Goals and decisions, where somebody steers."""
    random, as_of = plan.random("steering"), plan.span[1]
    found = dict[str, object]()
    if random.random() < 0.2:
        by = day(as_of + random.randint(-60, 300) * DAY)
        goal = {"metric": "first_answer_wait", "target": 72, "by": by}
        found["goals"] = ({**goal, "agreed_with": "steering group"},)
    if random.random() < 0.15 and not plan.life.months:
        made = as_of - random.randint(20, 300) * DAY
        kind = random.choice(("fix", "fund", "accept"))
        decision = {"date": day(made), "about": "regular_committers", "decision": kind}
        found["decisions"] = ({**decision, "review_on": day(made + 365 * DAY)},)
    return found


def day(at: Instant) -> str:
    """An instant's day, as configuration writes it."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()
