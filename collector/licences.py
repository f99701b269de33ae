"""Which licence does a text give, as an SPDX id, and has the OSI approved it?

No kept-up library tells it from the text without a database of hundreds of megabytes, so the
licences that public bodies use are known here by sentences that only they contain. A text that
none of them fits has no id: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_OSI_APPROVED = """
0BSD AAL AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 AGPL-3.0 APL-1.0 APSL-1.0 APSL-1.1 APSL-1.2
APSL-2.0 Apache-1.1 Apache-2.0 Artistic-1.0 Artistic-1.0-Perl Artistic-1.0-cl8 Artistic-2.0
BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause BSD-3-Clause-LBNL BSL-1.0
BlueOak-1.0.0 CAL-1.0 CAL-1.0-Combined-Work-Exception CATOSL-1.1 CDDL-1.0 CECILL-2.1
CERN-OHL-P-2.0 CERN-OHL-S-2.0 CERN-OHL-W-2.0 CNRI-Python CPAL-1.0 CPL-1.0 CUA-OPL-1.0 ECL-1.0
ECL-2.0 EFL-1.0 EFL-2.0 EPL-1.0 EPL-2.0 EUDatagrid EUPL-1.1 EUPL-1.2 Entessa Fair
Frameworx-1.0 GPL-2.0 GPL-3.0 HPND ICU IPA IPL-1.0 ISC Intel Jam LGPL-2.0 LGPL-2.1 LGPL-3.0
LPL-1.0 LPL-1.02 LPPL-1.3c LiLiQ-P-1.1 LiLiQ-R-1.1 LiLiQ-Rplus-1.1 MIT MIT-0 MIT-Modern-Variant
MPL-1.0 MPL-1.1 MPL-2.0 MPL-2.0-no-copyleft-exception MS-PL MS-RL MirOS Motosoto
MulanPSL-2.0 Multics NASA-1.3 NCSA NGPL NPOSL-3.0 NTP Naumen Nokia OCLC-2.0 OFL-1.1
OFL-1.1-RFN OFL-1.1-no-RFN OGTSL OLDAP-2.8 OLFL-1.3 OSC-1.0 OSET-PL-2.1 OSL-1.0 OSL-2.0
OSL-2.1 OSL-3.0 PHP-3.0 PHP-3.01 PostgreSQL Python-2.0 QPL-1.0 RPL-1.1 RPL-1.5 RPSL-1.0 RSCPL
SISSL SPL-1.0 SimPL-2.0 Sleepycat UCL-1.0 UPL-1.0 Unicode-3.0 Unicode-DFS-2016 Unlicense
VSL-1.0 W3C W3C-20150513 Watcom-1.0 WordNet Xnet ZPL-2.0 ZPL-2.1 Zlib wxWindows
"""
OSI_APPROVED = frozenset(_OSI_APPROVED.split())
"""From the SPDX licence list; GNU licences without their -only and -or-later."""

BESIDE_CODE = re.compile(r"^(CC0-1\.0|CC-BY(-SA)?-\d\.\d|OFL-1\.1|ODbL-1\.0|etalab-2\.0|FSFAP)$")
"""Licences of texts, pictures and configuration that stand beside a program's own."""

_MAY = "permission is hereby granted free of charge to any person obtaining a copy"
_BSD = "redistribution and use in source and binary forms with or without modification"
_ISC = "permission to use copy modify and or distribute this software for any purpose"

# In this order: a later licence may be named inside an earlier one's text (EUPL's annex names
# the GPL, the GPL's preamble the LGPL), never the other way round.
_FINGERPRINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("EUPL-1.2", (r"\beupl\b", r"\bv? ?1 2\b|2007 2016|v1 2\b")),
    ("EUPL-1.1", (r"\beupl\b", r"\bv? ?1 1\b|v1 1\b")),
    ("EUPL-1.0", (r"\beupl\b", r"\bv? ?1 0\b|v1 0\b")),
    ("AGPL-3.0-only", (r"gnu affero general public license version 3 19 november 2007",)),
    ("LGPL-3.0-only", (r"gnu lesser general public license version 3 29 june 2007",)),
    ("LGPL-2.1-only", (r"gnu lesser general public license version 2 1 february 1999",)),
    ("LGPL-2.0-only", (r"gnu library general public license version 2 june 1991",)),
    ("GPL-3.0-only", (r"gnu general public license version 3 29 june 2007",)),
    ("GPL-2.0-only", (r"gnu general public license version 2 june 1991",)),
    ("MPL-2.0", (r"mozilla public license", r"version 2 0", r"covered software")),
    ("MPL-1.1", (r"mozilla public license", r"version 1 1", r"covered code")),
    ("Apache-2.0", (r"apache license", r"version 2 0", r"grant of (copyright|patent) license")),
    ("EPL-2.0", (r"eclipse public license v(ersion)? 2 0",)),
    ("EPL-1.0", (r"eclipse public license v(ersion)? 1 0",)),
    ("CECILL-2.1", (r"cecill", r"(version|v) ?2 1")),
    ("BSL-1.0", (r"boost software license version 1 0",)),
    ("Artistic-2.0", (r"artistic license 2 0", r"perl foundation|definitions")),
    ("OFL-1.1", (r"sil open font license", r"version 1 1")),
    ("OSL-3.0", (r"open software license", r"v(ersion)? ?3 0")),
    ("UPL-1.0", (r"universal permissive license", r"version 1 0")),
    ("MulanPSL-2.0", (r"mulan ?psl ?v?2|mulanpsl2",)),
    ("ODbL-1.0", (r"open database license", r"odbl")),
    ("etalab-2.0", (r"licence ouverte", r"version 2 0")),
    ("OGL-UK-3.0", (r"open government licence v3 0",)),
    ("CC0-1.0", (r"cc0 1 0 universal|creative commons zero",)),
    ("CC-BY-NC-SA-4.0", (r"attribution noncommercial sharealike 4 0",)),
    ("CC-BY-NC-ND-4.0", (r"attribution noncommercial noderivatives 4 0",)),
    ("CC-BY-NC-4.0", (r"attribution noncommercial 4 0",)),
    ("CC-BY-ND-4.0", (r"attribution noderivatives 4 0",)),
    ("CC-BY-SA-4.0", (r"attribution sharealike 4 0",)),
    ("CC-BY-4.0", (r"attribution 4 0 international",)),
    ("CC-BY-SA-3.0", (r"attribution sharealike 3 0",)),
    ("CC-BY-3.0", (r"attribution 3 0",)),
    ("Unlicense", (r"free and unencumbered software released into the public domain",)),
    ("Zlib", (r"this software is provided as is without any express", r"altered source versions")),
    ("BSD-4-Clause", (_BSD, r"all advertising materials mentioning")),
    ("BSD-3-Clause", (_BSD, r"be used to endorse or promote products|neither the name")),
    ("BSD-2-Clause", (_BSD, r"redistributions in binary form")),
    ("MIT", (_MAY, r"the above copyright notice and this permission notice")),
    ("MIT-0", (_MAY, r"the software is provided as is")),
    ("ISC", (_ISC, r"provided that the above copyright notice")),
    ("0BSD", (_ISC, r"the author disclaims all warranties")),
)
_COMPILED = tuple((spdx, tuple(map(re.compile, marks))) for spdx, marks in _FINGERPRINTS)
_HEADER = re.compile(r"SPDX-Licen[cs]e-Identifier:[ \t]*([A-Za-z0-9.+() -]{1,200})")
_TITLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (spdx, re.compile(pattern))
    for spdx, pattern in (
        ("EUPL-1.2", r"^(the )?eupl 1 2$"),
        ("Apache-2.0", r"apache org licenses license 2 0"),
        ("MIT", r"^(the )?mit license$"),
        ("GPL-3.0-or-later", r"gnu general public license .{0,200}version 3 .{0,80}any later"),
        ("GPL-2.0-or-later", r"gnu general public license .{0,200}version 2 .{0,80}any later"),
        ("AGPL-3.0-or-later", r"affero general public license .{0,200}version 3 .{0,80}any later"),
    )
)
_GPL_FAMILY = re.compile(r"^((?:A|L)?GPL-\d\.\d)(?:-only|-or-later|\+)?$")
_RESTRICTED = re.compile(
    r"functional source license|business source license|server side public license|elastic license"
    r"|commons clause|used for good not evil|confluent community"
    r"|licensed for use in the design construction operation or maintenance of any nuclear"
    r"|no military license|polyform|parity public license|solderpad hardware|licen[cs]e libre du"
)
"""Licences that quote a free one, or add a condition to it, and are another."""
LONGEST = 200_000
TITLE = 2_000


@lru_cache(maxsize=4096)
def of_text(content: bytes) -> str | None:
    """The SPDX id (or expression) of one licence file; None: not one we know."""
    words = content[:LONGEST].decode(errors="replace")
    plain = normal(words)
    if _RESTRICTED.search(plain):
        return None
    for spdx, marks in _COMPILED:
        # The EUPL is known by its title: other licences name it among those they go with.
        where = plain[:TITLE] if spdx.startswith("EUPL") else plain
        if all(mark.search(where) for mark in marks):
            return spdx
    if header := _HEADER.search(words):
        return expression(header[1])
    return next((spdx for spdx, title in _TITLES if title.search(plain)), None)


def normal(words: str) -> str:
    """A text without case, punctuation, comment signs and line breaks."""
    return " ".join(re.findall(r"[^\W_]+", words.casefold()))


def of_texts(texts: Mapping[bytes, bytes]) -> str | None:
    """The expression of a repository's licence files, by file name."""
    found = {_of_file(name, content) for name, content in texts.items()} - {None}
    ids = sorted(str(spdx) for spdx in found)
    if any(spdx.startswith("LGPL-3") for spdx in ids):
        # The LGPL 3 is an addition to the GPL 3, whose text has to stand beside it.
        ids = [spdx for spdx in ids if not spdx.startswith("GPL-3")]
    if len(ids) < 2:
        return ids[0] if ids else None
    chosen = all(re.search(rb"licen[cs]e[-_.](mit|apache)", name.lower()) for name in texts)
    return (" OR " if chosen else " AND ").join(
        f"({spdx})" if " " in spdx else spdx for spdx in ids
    )


def _of_file(name: bytes, content: bytes) -> str | None:
    """What a file says, or else what its name says (REUSE: ``LICENSES/<id>.txt``)."""
    return of_text(content) or _of_name(name)


def _of_name(name: bytes) -> str | None:
    stem = name.decode(errors="replace").removesuffix(".txt")
    return expression(stem) if stem.rpartition("/")[2] in _licensing().known_symbols else None


@lru_cache(maxsize=1)
def _licensing():  # type: ignore[no-untyped-def]
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()  # type: ignore[no-untyped-call]


@lru_cache(maxsize=4096)
def expression(words: str) -> str | None:
    """A valid SPDX expression in its canonical form, or None."""
    from license_expression import ExpressionError

    try:
        parsed = _licensing().parse(words.strip(), validate=True)
    except (ExpressionError, ValueError, AttributeError, TypeError):
        return None
    return str(parsed) if parsed is not None else None


def family(spdx: str) -> str:
    """An id without -only or -or-later, which the text of a licence does not tell."""
    match = _GPL_FAMILY.match(spdx)
    return match[1] if match else spdx


def same(one: str, other: str) -> bool:
    """Do two expressions name the same licences, as far as a licence file can tell?"""
    return _families(one) == _families(other)


def _families(words: str) -> frozenset[str]:
    names = re.findall(r"[A-Za-z0-9.+-]+", words)
    return frozenset(family(name) for name in names if name not in {"AND", "OR", "WITH"})


@lru_cache(maxsize=4096)
def osi_approved(words: str) -> bool | None:
    """May it be called open source? None: not a valid expression.

    Of a choice (OR) one suffices; of a set (AND) each must be approved, but for those that
    stand beside code (texts, pictures), as long as one is.
    """
    from license_expression import ExpressionError

    try:
        parsed = _licensing().parse(words, validate=True)
    except (ExpressionError, ValueError, AttributeError, TypeError):
        return None
    return _approved(parsed) if parsed is not None else None


def _approved(node: object) -> bool:
    parts = list(getattr(node, "args", ()))
    if type(node).__name__ == "OR":
        return any(_approved(part) for part in parts)
    if type(node).__name__ == "AND":
        code = [part for part in parts if not BESIDE_CODE.match(str(part))]
        return bool(code) and all(_approved(part) for part in code)
    return family(str(node).partition(" WITH ")[0]) in OSI_APPROVED
