"""What are invented bodies, services and people called? Believable names; nobody real is meant."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Place:
    """A country's way of naming: its towns, services, families and firms."""

    country: str
    language: str
    towns: tuple[str, ...]
    services: tuple[tuple[str, str], ...]
    """(name, area of public service)"""
    variants: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    suppliers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """An invented body with an OSPO. ``place`` is its country's row in ``PLACES``."""

    id: str
    name: str
    archetype: str
    place: str


def _services(*pairs: str) -> tuple[tuple[str, str], ...]:
    return tuple((name.strip(), area.strip()) for name, area in (p.split("|") for p in pairs))


PLACES: dict[str, Place] = {
    "SK": Place(
        "SK",
        "sk",
        ("Jasenová Lúka", "Horné Brezany", "Podlesie nad Vodou", "Nová Kamenica", "Dolný Javorník"),
        _services(
            "Parkovacie karty|mobility",
            "Úradná tabuľa|transparency",
            "Odvoz odpadu|environment",
            "Podnety občanov|participation",
            "Rozpočet obce|transparency",
            "Zápis do škôl|education",
            "Mestské konto|e-services",
            "Registratúra|administration",
            "Mapa zelene|environment",
            "Kalendár podujatí|culture",
            "Stavebné konania|planning",
            "Cestovné poriadky|mobility",
            "Prenájom sál|culture",
            "Katalóg dát|open data",
            "Hlasovanie zastupiteľstva|transparency",
        ),
        ("", "portál", "API", "mobil", "dizajn", "import", "mapa", "notifikácie", "štatistika"),
        ("Jana", "Martin", "Zuzana", "Peter", "Lucia", "Tomáš", "Katarína", "Michal", "Eva", "Ján"),
        ("Brezanský", "Lúčna", "Horniak", "Javorská", "Podhorec", "Mlynár", "Vrbová", "Kamenár"),
        ("Lipka Soft", "Dátový mlyn", "Tri duby IT"),
    ),
    "CZ": Place(
        "CZ",
        "cs",
        ("Lipovany", "Nové Podhoří", "Březová Louka", "Kamenný Brod nad Lesem", "Horní Javory"),
        _services(
            "Úřední deska|transparency",
            "Rozklikávací rozpočet|transparency",
            "Parkovací zóny|mobility",
            "Svoz odpadu|environment",
            "Hlášení závad|participation",
            "Zápisy do školek|education",
            "Spisová služba|administration",
            "Mapa památek|culture",
            "Participativní rozpočet|participation",
            "Otevřená data|open data",
            "Rezervace termínů|e-services",
            "Jízdní řády|mobility",
            "Územní plán|planning",
            "Portál občana|e-services",
            "Evidence dotací|administration",
        ),
        ("", "portál", "API", "mobil", "design systém", "import", "mapy", "statistiky", "doplněk"),
        ("Jakub", "Tereza", "Lukáš", "Markéta", "Ondřej", "Lenka", "Vojtěch", "Alena", "Pavel"),
        (
            "Podhorský",
            "Lipová",
            "Březina",
            "Javůrková",
            "Kamenický",
            "Loučný",
            "Sádlová",
            "Mlejnek",
        ),
        ("Sova Systémy", "Otevřená dílna", "Severní most"),
    ),
    "RO": Place(
        "RO",
        "ro",
        ("Stejăreni", "Valea Teilor", "Poiana Cireșului", "Brădet pe Deal", "Izvoru Lung"),
        _services(
            "Programări online|e-services",
            "Monitorizare buget|transparency",
            "Sesizări cetățeni|participation",
            "Harta spitalelor|health",
            "Voluntari|civic",
            "Registru de petiții|administration",
            "Transport urban|mobility",
            "Catalog școlar|education",
            "Date deschise|open data",
            "Ajutor de urgență|civic",
            "Declarații de avere|transparency",
            "Alegeri locale|civic",
            "Formulare|e-services",
            "Calitatea aerului|environment",
            "Consultare publică|participation",
        ),
        ("", "portal", "API", "mobil", "componente", "import", "hartă", "notificări", "statistici"),
        ("Andreea", "Mihai", "Ioana", "Radu", "Elena", "Cristian", "Ana", "Bogdan", "Larisa"),
        (
            "Stejaru",
            "Teișanu",
            "Cireșan",
            "Brădeanu",
            "Izvoreanu",
            "Podaru",
            "Morăreanu",
            "Lunganu",
        ),
        ("Fagure Digital", "Pod de Lemn Software", "Trei Cireși"),
    ),
    "IT": Place(
        "IT",
        "it",
        ("Montefiorello", "Borgo Querciano", "Pratolungo Alto", "Rocca Salicina", "Valdolmo"),
        _services(
            "Albo pretorio|transparency",
            "Sportello online|e-services",
            "Pagamenti|e-services",
            "Bilancio aperto|transparency",
            "Mensa scolastica|education",
            "Anagrafe|administration",
            "Mappa dei cantieri|planning",
            "Segnalazioni|participation",
            "Protocollo|administration",
            "Catalogo dei dati|open data",
            "Biblioteche|culture",
            "Mobilità dolce|mobility",
            "Qualità dell'aria|environment",
            "Bandi e gare|transparency",
            "Prenotazioni|e-services",
        ),
        ("", "portale", "API", "app", "design", "connettore", "mappe", "notifiche", "statistiche"),
        ("Giulia", "Marco", "Chiara", "Luca", "Francesca", "Davide", "Sara", "Matteo", "Elisa"),
        ("Quercetti", "Fiorelli", "Salicini", "Pratolungo", "Olmari", "Roccanera", "Vallestri"),
        ("Ginestra Software", "Ponte Nuovo Sistemi", "Cooperativa Trifoglio"),
    ),
    "FR": Place(
        "FR",
        "fr",
        ("Clairval-sur-Lys", "Montbrillant-le-Haut", "Saint-Aubrac", "Vieuxchêne", "Pont-Marsault"),
        _services(
            "Démarches en ligne|e-services",
            "Budget participatif|participation",
            "Cantine scolaire|education",
            "Permis de construire|planning",
            "Signalements|participation",
            "Données ouvertes|open data",
            "Délibérations|transparency",
            "Marchés publics|transparency",
            "Annuaire des services|administration",
            "Vélos en libre service|mobility",
            "Qualité de l'eau|environment",
            "Subventions|administration",
            "Médiathèques|culture",
            "Aides sociales|social",
            "Emploi local|employment",
        ),
        (
            "",
            "portail",
            "API",
            "mobile",
            "composants",
            "connecteur",
            "cartes",
            "alertes",
            "mesures",
        ),
        ("Camille", "Julien", "Manon", "Nicolas", "Claire", "Antoine", "Sophie", "Hugo", "Léa"),
        (
            "Duchêne",
            "Marsault",
            "Clairval",
            "Brissac",
            "Aubrac",
            "Vieuxpont",
            "Lysandre",
            "Montclair",
        ),
        ("Atelier du Hêtre", "Coopérative Passerelle", "Grange Numérique"),
    ),
}

BODIES: tuple[Body, ...] = (
    Body("jasenova-luka", "Mesto Jasenová Lúka", "local-government", "SK"),
    Body("otevrene-podhori", "Otevřené Podhoří, spolek obcí", "association", "CZ"),
    Body("cod-pentru-oras", "Cod pentru Oraș", "support-function", "RO"),
    Body("servizi-comuni", "Agenzia Servizi Comuni", "national-government", "IT"),
    Body("emploi-clairval", "Régie Emploi Clairval", "institution-centric", "FR"),
    Body("univerzita-kamenica", "Univerzita Nová Kamenica", "academic", "SK"),
    Body("lipovany", "Město Lipovany", "local-government", "CZ"),
    Body("code-commun", "Mission Code Commun", "national-government", "FR"),
    Body("montefiorello", "Comune di Montefiorello", "local-government", "IT"),
    Body("stejareni", "Primăria Stejăreni", "local-government", "RO"),
)


def slug(text: str) -> str:
    """An id of lower-case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def project_name(place: Place, town: str, number: int, shift: int) -> tuple[str, str]:
    """The name and area of a body's n-th project: services first, then their parts, then towns.

    ``shift``: the service it begins with, so that bodies of one country differ.
    """
    count = len(place.services)
    service, area = place.services[(number + shift) % count]
    variant = place.variants[number // count % len(place.variants)]
    elsewhere = number // (count * len(place.variants))
    name = f"{service} – {variant}" if variant else service
    return (f"{name} {town} {elsewhere + 1}" if elsewhere else name), area


def person_name(place: Place, random: Random) -> str:
    """A given and a family name."""
    return f"{random.choice(place.given)} {random.choice(place.family)}"
