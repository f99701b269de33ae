"""Who works on an invented project? Teams whose seats change hands, outsiders, and bots."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from collector.demo.lives import Life
from collector.demo.names import Place, person_name, slug
from collector.model import DAY, Account, Instant

DEPENDENCY_BOT = Account(
    name="renovate[bot]", mail="29139614+renovate[bot]@users.noreply.github.com"
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a trace in git and an account on the forge."""

    git: Account
    forge: Account


@dataclass(frozen=True, slots=True)
class Team:
    """Seats with their share of the work, each taken by one person after the other."""

    seats: tuple[tuple[tuple[Instant, Person], ...], ...]
    """Per seat: (until when, who)."""
    shares: tuple[float, ...]
    outsiders: tuple[Person, ...]
    bot: Person

    def worker(self, at: Instant, random: Random) -> Person:
        """Who does a piece of work at a time?"""
        seat = random.choices(self.seats, self.shares)[0]
        return next(person for until, person in seat if at < until)

    def other(self, at: Instant, not_this: Person, random: Random) -> Person | None:
        """A colleague who was there at a time; None: nobody else was."""
        present = [next(p for until, p in seat if at < until) for seat in self.seats]
        colleagues = [person for person in present if person is not not_this]
        return random.choice(colleagues) if colleagues else None

    def everybody(self) -> list[Person]:
        """All who ever had a seat."""
        return [person for seat in self.seats for _, person in seat]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a project lives. ``domains``: mail domains of the owning body and its supplier."""

    place: Place
    host: str
    domains: tuple[str, str]
    span: tuple[Instant, Instant]


def team(life: Life, setting: Setting, random: Random) -> Team:
    """A project's people."""
    size = random.randint(*life.people)
    leader = 1.0 if size == 1 else life.leader
    shares = (leader, *((1 - leader) / (size - 1) for _ in range(size - 1)))
    makers = _Makers(setting.place, setting.host, random)
    seats = tuple(
        _seat(makers, setting.domains[random.random() < life.supplier], setting.span)
        for _ in range(size)
    )
    outsiders = tuple(makers.person("post.example") for _ in range(random.randint(3, 12)))
    bot = Person(
        DEPENDENCY_BOT,
        Account(host=setting.host, native_id="7", login="renovate[bot]", declared_bot=True),
    )
    return Team(seats, shares, outsiders, bot)


def _seat(
    makers: _Makers, domain: str, span: tuple[Instant, Instant]
) -> tuple[tuple[Instant, Person], ...]:
    """One person after the other, each for one to five years."""
    found: list[tuple[Instant, Person]] = []
    until = span[0]
    while until <= span[1] + 60 * DAY:  # what began in the last month may end after it
        until += int(makers.random.uniform(1, 5) * 365 * DAY)
        found.append((until, makers.person(domain)))
    return tuple(found)


@dataclass(slots=True)
class _Makers:
    """Gives people names and numbers of their own."""

    place: Place
    host: str
    random: Random
    made: int = 0

    def person(self, domain: str) -> Person:
        self.made += 1
        name = person_name(self.place, self.random)
        login = f"{slug(name)}-{self.random.randint(10, 99_999)}"
        number = str(self.random.randint(10_000, 99_999_999))
        return Person(
            Account(name=name, mail=f"{login}@{domain}"),
            Account(host=self.host, native_id=number, login=login, name=name),
        )
