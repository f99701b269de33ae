"""What does a repository's publiccode.yml say, and is it valid by its own version?

The file is hostile input: its size, depth and aliases are bounded, and only the few fields that
metrics use are kept. No name of a person and no address is among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from collector.accounts import without_mails
from collector.model import Phrase

LARGEST = 128 << 10
"""Ten times a real one: a hostile one of this size holds the parser for a second."""
MOST_ALIASES = 20
LONGEST = 300
MOST = 500

STATUSES = frozenset({"concept", "development", "beta", "stable", "obsolete"})
MAINTENANCE = frozenset({"internal", "contract", "community", "none"})
USER_OF_URL = re.compile(r"//[^/@\s]*@")
VERSION = re.compile(r"^0(\.\d+){0,2}$")

MANDATORY = (
    "name",
    "url",
    "platforms",
    "developmentStatus",
    "softwareType",
    "description",
    "legal.license",
    "maintenance.type",
    "localisation.localisationReady",
    "localisation.availableLanguages",
)
MANDATORY_UNTIL = {"releaseDate": 3, "categories": 4}
"""The last 0.x version that asked for them."""
IN_SOME_LANGUAGE = ("longDescription", "features")
MANDATORY_FOR = {
    "internal": "maintenance.contacts",
    "community": "maintenance.contacts",
    "contract": "maintenance.contractors",
}


@dataclass(frozen=True, slots=True)
class PublicCode:
    """What was read: the fields that metrics use, and what is wrong with the file."""

    data: Mapping[str, object] | None
    problems: tuple[str, ...]


def read_publiccode(content: bytes, url: str = "") -> PublicCode:
    """Read a publiccode.yml that was found in the repository at ``url``."""
    loaded = _load(content)
    if isinstance(loaded, str):
        return PublicCode(None, (loaded,))
    problems = [*_missing(loaded), *_wrong(loaded), *_elsewhere(loaded, url)]
    return PublicCode(_data(loaded), tuple(dict.fromkeys(problems)))


@dataclass(frozen=True, slots=True)
class Headlines:
    """What tells one repository from another: its name, its own address, what it is based on."""

    name: str | None = None
    url: str | None = None
    based_on: tuple[str, ...] = ()


_HEADLINE = re.compile(rb"(?m)^[\"']?(name|url|isBasedOn)[\"']?[ \t]*:.*(?:\r?\n(?:[ \t-].*)?)*")


def read_headlines(content: bytes) -> Headlines:
    """The three keys alone: a catalogue of twenty thousand files must not be parsed whole."""
    lines = [found[0] for found in _HEADLINE.finditer(content[:LARGEST])]
    loaded = _load(b"\n".join(lines)) if lines else {}
    if isinstance(loaded, str):
        return Headlines()
    name, url = _text(loaded.get("name")), _text(loaded.get("url"))
    return Headlines(name, url, tuple(_texts(loaded.get("isBasedOn"))))


def _load(content: bytes) -> dict[str, object] | str:
    """The file's mapping, or a sentence why there is none."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if len(content) > LARGEST:
        return str(Phrase("The file is larger than {most} KiB.", {"most": LARGEST >> 10}))
    if len(re.findall(rb"(?m)(?:^|[\s:,\[-])\*\w", content)) > MOST_ALIASES:
        return str(Phrase("The file has more than {most} aliases.", {"most": MOST_ALIASES}))
    try:
        loaded = YAML(typ="safe", pure=True).load(content.decode())
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = Phrase(
            "It is not valid YAML in line {line}.", {"line": mark.line + 1 if mark else 0}
        )
        return str(line if mark else Phrase("It is not valid YAML."))
    except (RecursionError, ValueError, TypeError, OverflowError, AttributeError, KeyError):
        return str(Phrase("It is not valid YAML in UTF-8."))
    if not isinstance(loaded, dict):
        return str(Phrase("It is not a YAML mapping."))
    return {str(key): value for key, value in loaded.items()}


def _at(loaded: Mapping[str, object], path: str) -> object:
    here: object = loaded
    for key in path.split("."):
        here = here.get(key) if isinstance(here, dict) else None
    return here


def _absent(value: object) -> bool:
    return value is None or value in ("", [], {})


def _is_missing(what: str) -> str:
    return str(Phrase("{what} is missing.", {"what": what}))


def _is_no_date(what: str) -> str:
    return str(Phrase("{what} is not a date.", {"what": what}))


def _missing(loaded: Mapping[str, object]) -> Iterable[str]:
    version = str(loaded.get("publiccodeYmlVersion", ""))
    if not version:
        yield _is_missing("publiccodeYmlVersion")
    elif not VERSION.match(version):
        wrong = Phrase(
            "publiccodeYmlVersion {version} is not a version of the standard.",
            {"version": version[:20]},
        )
        yield str(wrong)
    mandatory = [*MANDATORY]
    if VERSION.match(version) and version != "0":  # "0" is whatever is newest
        minor = int(version.split(".")[1])
        mandatory += [key for key, last in MANDATORY_UNTIL.items() if minor <= last]
    kind = MANDATORY_FOR.get(str(_at(loaded, "maintenance.type")))
    for path in [*mandatory, *([kind] if kind else [])]:
        if _absent(_at(loaded, path)):
            yield _is_missing(path)
    yield from _missing_inside(loaded)


def _missing_inside(loaded: Mapping[str, object]) -> Iterable[str]:
    for contractor in _dicts(_at(loaded, "maintenance.contractors")):
        for key in ("name", "until"):
            if _absent(contractor.get(key)):
                yield _is_missing(f"maintenance.contractors: {key}")
    for contact in _dicts(_at(loaded, "maintenance.contacts")):
        if _absent(contact.get("name")):
            yield _is_missing("maintenance.contacts: name")
    yield from _missing_words(loaded.get("description"))


def _missing_words(description: object) -> Iterable[str]:
    """A short description stands in each language, the long one and features in one or more."""
    if not isinstance(description, dict):
        return
    languages = list(description.items())[:50]
    for language, text in languages:
        if not isinstance(text, dict) or _absent(text.get("shortDescription")):
            yield _is_missing(f"description.{_text(str(language)[:20])}.shortDescription")
    for key in IN_SOME_LANGUAGE:
        if not any(isinstance(text, dict) and text.get(key) is not None for _, text in languages):
            what = {"what": f"description: {key}"}
            yield str(Phrase("{what} is missing in every language.", what))


def _wrong(loaded: Mapping[str, object]) -> Iterable[str]:
    from collector.licences import expression

    for path, known in (("developmentStatus", STATUSES), ("maintenance.type", MAINTENANCE)):
        value = _at(loaded, path)
        if not _absent(value) and str(value) not in known:
            given = {"what": path, "value": repr(_text(value)), "known": ", ".join(sorted(known))}
            yield str(Phrase("{what}: {value} is none of {known}.", given))
    license_ = _at(loaded, "legal.license")
    if not _absent(license_) and expression(str(license_)[:LONGEST]) is None:
        said = {"value": repr(_text(license_))}
        yield str(Phrase("legal.license: {value} is not an SPDX expression.", said))
    for path in ("releaseDate",):
        if not _absent(_at(loaded, path)) and _date(_at(loaded, path)) is None:
            yield _is_no_date(path)
    for contractor in _dicts(_at(loaded, "maintenance.contractors")):
        if not _absent(contractor.get("until")) and _date(contractor["until"]) is None:
            yield _is_no_date("maintenance.contractors: until")


def _elsewhere(loaded: Mapping[str, object], url: str) -> Iterable[str]:
    said = loaded.get("url")
    if url and isinstance(said, str) and same_repository(said, url) is False:
        yield str(Phrase("url names another repository ({url}).", {"url": _text(said) or ""}))


def same_repository(one: str, other: str) -> bool | None:
    """Are two URLs the same repository? None: one of them is a path of a machine."""
    pair = _location(one), _location(other)
    return None if None in pair else pair[0] == pair[1]


def _location(url: str) -> tuple[str, str] | None:
    scp = re.match(r"^(?:[\w.-]+@)?([\w.-]+):(?!//)([^\\]+)$", url)
    try:
        parts = urlsplit(f"ssh://{scp[1]}/{scp[2]}" if scp else url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if not host or parts.scheme == "file":
        return None
    path = parts.path.strip("/").lower().removesuffix(".git").rstrip("/")
    return host, path


def _data(loaded: Mapping[str, object]) -> dict[str, object]:
    contractors = [
        {"name": _text(each.get("name")), "until": _date(each.get("until"))}
        for each in _dicts(_at(loaded, "maintenance.contractors"))
    ]
    found: dict[str, object] = {
        "version": _text(loaded.get("publiccodeYmlVersion")),
        "name": _text(loaded.get("name")),
        "url": _text(loaded.get("url")),
        "development_status": _text(loaded.get("developmentStatus")),
        "software_type": _text(loaded.get("softwareType")),
        "software_version": _text(loaded.get("softwareVersion")),
        "release_date": _date(loaded.get("releaseDate")),
        "license": _text(_at(loaded, "legal.license")),
        "maintenance_type": _text(_at(loaded, "maintenance.type")),
        "contractors": contractors,
        "contacts": len(_dicts(_at(loaded, "maintenance.contacts"))),
        "used_by": _texts(loaded.get("usedBy")),
        "funded_by": [_text(each.get("name")) for each in _dicts(loaded.get("fundedBy"))],
        "based_on": _texts(loaded.get("isBasedOn")),
        "landing_url": _text(loaded.get("landingURL")),
        "logo": _text(loaded.get("logo")),
        "roadmap": _text(loaded.get("roadmap")),
    }
    return {key: value for key, value in found.items() if not _absent(value)}


def _dicts(value: object) -> list[dict[str, object]]:
    rows = value if isinstance(value, list) else []
    return [row for row in rows[:MOST] if isinstance(row, dict)]


def _text(value: object) -> str | None:
    if value is None or isinstance(value, (dict, list)):
        return None
    plain = "".join(c for c in str(value)[:LONGEST] if c.isprintable()).strip()
    return without_mails(USER_OF_URL.sub("//", plain))


def _texts(value: object) -> list[str]:
    rows = value if isinstance(value, list) else [value]
    return [text for row in rows[:MOST] if (text := _text(row))]


def _date(value: object) -> str | None:
    """A date as ISO text, or None where there is none."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value).strip()[:10]).isoformat()
    except ValueError:
        return None
