"""Which licence a text gives, and whether it may be called open source."""

import pytest

from collector.licences import expression, of_text, of_texts, osi_approved, same

TEXTS = {
    "EUPL-1.2": "EUROPEAN UNION PUBLIC LICENCE v. 1.2\nEUPL © the European Union 2007, 2016\n"
    "Appendix: GNU General Public License (GPL) v. 2, v. 3; Mozilla Public Licence (MPL) v. 2",
    "EUPL-1.1": "European Union Public Licence V. 1.1\n\nEUPL (c) the European Community 2007",
    "AGPL-3.0-only": "GNU AFFERO GENERAL PUBLIC LICENSE\n  Version 3, 19 November 2007\n"
    "GNU General Public License",
    "GPL-3.0-only": "GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007\n use the GNU Lesser "
    "General Public License instead",
    "GPL-2.0-only": "GNU GENERAL PUBLIC LICENSE\nVersion 2, June 1991",
    "LGPL-2.1-only": "GNU LESSER GENERAL PUBLIC LICENSE\nVersion 2.1, February 1999",
    "MPL-2.0": 'Mozilla Public License Version 2.0\n1.4. "Covered Software"\n',
    "Apache-2.0": "# Apache License\n#   Version 2.0, January 2004\n# Grant of Copyright License.",
    "CC0-1.0": "Creative Commons Legal Code\n\nCC0 1.0 Universal",
    "CC-BY-4.0": "Creative Commons Attribution 4.0 International Public License",
    "CC-BY-SA-4.0": "Attribution-ShareAlike 4.0 International",
    "Unlicense": "This is free and unencumbered software released into the public domain.",
}


@pytest.mark.parametrize("spdx", TEXTS)
def test_each_licence_is_known_by_its_own_words(spdx: str) -> None:
    assert of_text(TEXTS[spdx].encode()) == spdx


@pytest.mark.parametrize(
    ("title", "spdx"),
    [
        ("OPENBARE LICENTIE VAN DE EUROPESE UNIE v. 1.2. EUPL © Europese Unie", "EUPL-1.2"),
        ("VEREJNÁ LICENCIA EURÓPSKEJ ÚNIE v. 1.2\nEUPL © Európska únia", "EUPL-1.2"),
        ("LICENCE PUBLIQUE DE L'UNION EUROPÉENNE v. 1.1 EUPL", "EUPL-1.1"),
        ("ΑΔΕΙΑ ΔΗΜΟΣΙΑΣ ΧΡΗΣΗΣ έκδοση 1.2 EUPL © Ευρωπαϊκή Ένωση 2007, 2016", "EUPL-1.2"),
    ],
)
def test_the_eupl_is_known_in_every_language(title: str, spdx: str) -> None:
    assert of_text(title.encode()) == spdx


def test_a_text_that_is_no_known_licence_gets_no_id() -> None:
    assert of_text(b"# License\n\nSee the guidelines for contributions.") is None
    assert of_text(b"All rights reserved.") is None
    assert of_text(b"\xff\x00" * 1000) is None


def test_a_header_says_it_too() -> None:
    header = b"// SPDX-" + b"License-Identifier: MIT OR Apache-2.0\n"
    assert of_text(header) == "MIT OR Apache-2.0"


def test_several_licence_files_make_one_expression() -> None:
    mit = (
        b"Permission is hereby granted, free of charge, to any person obtaining a copy. The above "
        b"copyright notice and this permission notice shall be included"
    )
    apache = TEXTS["Apache-2.0"].encode()
    assert of_texts({b"LICENSE-MIT": mit, b"LICENSE-APACHE": apache}) == "Apache-2.0 OR MIT"
    assert of_texts({b"EUPL-1.2.txt": b"x", b"CC0-1.0.txt": b"y"}) == "CC0-1.0 AND EUPL-1.2"
    lesser = b"GNU LESSER GENERAL PUBLIC LICENSE Version 3, 29 June 2007"
    gpl = TEXTS["GPL-3.0-only"].encode()
    assert of_texts({b"COPYING": gpl, b"COPYING.LESSER": lesser}) == "LGPL-3.0-only"


@pytest.mark.parametrize(
    ("words", "approved"),
    [
        ("EUPL-1.2", True),
        ("GPL-3.0-or-later", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", True),
        ("MIT OR CC-BY-NC-4.0", True),
        ("CC0-1.0 AND EUPL-1.2", True),
        ("CC0-1.0", False),
        ("CC-BY-4.0", False),
        ("MIT AND CC-BY-NC-4.0", False),
        ("BUSL-1.1", False),
        ("no licence at all", None),
        ("", None),
    ],
)
def test_open_source_is_what_the_osi_approved(words: str, approved: bool | None) -> None:
    assert osi_approved(words) is approved


def test_a_text_and_a_declaration_agree_whatever_they_say_of_later_versions() -> None:
    assert same("AGPL-3.0-only", "AGPL-3.0-or-later")
    assert not same("GPL-3.0-only", "GPL-2.0-or-later")


def test_a_hostile_expression_is_none() -> None:
    assert expression("(" * 300 + "MIT") is None
    assert expression("MIT AND") is None
