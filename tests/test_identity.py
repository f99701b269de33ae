"""Who is a human, and which traces are one person (C2, C3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.identity import (
    AccountRow,
    Alias,
    Noreply,
    Organisation,
    Pseudonyms,
    Resolution,
    Why,
    account_kind,
    account_row,
    affiliations,
    alias,
    names_ai,
    noreply,
    resolve,
)
from collector.model import Account, AccountKind, Span

KEY = Pseudonyms(b"k" * 32)
HUMAN, BOT, AI, DEPENDENCY = AccountKind


def trace(name: str, mail: str) -> AccountRow:
    return account_row(Account(name=name, mail=mail), KEY)


def forge(login: str, native_id: str | None = None, host: str = "github.com") -> AccountRow:
    return account_row(Account(host=host, native_id=native_id, login=login), KEY)


def together(resolution: Resolution, *rows: AccountRow) -> bool:
    return len({resolution.person[row.id] for row in rows}) == 1


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        (Account(name="Jana Botková", mail="botkova@example.sk"), HUMAN),
        (Account(name="Abbott", mail="talbot@robotics.example"), HUMAN),
        (Account(name="Robot Overlord", mail="bot.lover@example.sk"), HUMAN),
        (Account(host="github.com", login="dependabot", declared_bot=True), DEPENDENCY),
        (Account(host="github.com", login="city-helper", declared_bot=True), BOT),
        (Account(name="dependabot[bot]", mail="support@github.com"), DEPENDENCY),
        (Account(name="x", mail="49699333+dependabot[bot]@users.noreply.github.com"), DEPENDENCY),
        (Account(name="WhiteSource Renovate", mail="bot@renovateapp.com"), HUMAN),
        (Account(name="Anything[BOT]", mail="a@b.c"), BOT),
        (Account(name="x", mail="12345+renovate-bot@users.noreply.github.com"), DEPENDENCY),
        (Account(name="x", mail="renovate-bot@users.noreply.ghe.example.eu"), DEPENDENCY),
        (Account(login="project_42_bot", host="gitlab.com"), BOT),
        (Account(name="x", mail="group_7_bot_ab12@noreply.gitlab.example"), BOT),
        (Account(name="Group_7_Bot[bot]", mail="x@y.z"), BOT),
        (Account(name="GitHub-Actions", mail="a@b.c"), BOT),
        (Account(name="github-actions-fan", mail="a@b.c"), HUMAN),
        (Account(name="Claude", mail="noreply@anthropic.com"), AI),
        (Account(name="Some Model 4", mail="NoReply@Anthropic.com"), AI),
        (Account(name="Copilot", mail="198982749+Copilot@users.noreply.github.com"), AI),
        (Account(login="copilot-swe-agent[bot]", host="github.com", declared_bot=True), AI),
        (Account(name="Claudette", mail="claudette@example.fr"), HUMAN),
        (Account(), HUMAN),
    ],
)
def test_a_bot_is_known_by_its_whole_name_and_never_by_a_part_of_it(
    account: Account, kind: AccountKind
) -> None:
    assert account_kind(account) is kind


@pytest.mark.parametrize(
    ("pattern", "account", "kind"),
    [
        ("city-bot", Account(name="City-Bot"), BOT),
        ("*-deploy", Account(name="x", mail="web-deploy@city.example"), BOT),
        ("*-deploy", Account(name="web-deployer"), HUMAN),
        ("*robot*", Account(name="Jan", mail="jan@robotics.example"), HUMAN),
        ("ci@city.example", Account(name="Jan", mail="CI@city.example"), BOT),
        ("helper[bo]", Account(name="helperb"), HUMAN),
        ("helper[bo]", Account(name="helper[bo]"), BOT),
        ("city-renovate", Account(name="city-renovate"), DEPENDENCY),
    ],
)
def test_configuration_names_further_bots_by_glob(
    pattern: str, account: Account, kind: AccountKind
) -> None:
    assert account_kind(account, (pattern,)) is kind


def test_a_trailer_names_an_assistant_by_name_or_mail() -> None:
    assert names_ai("Claude Opus 4", "noreply@anthropic.com")
    assert names_ai("Cursor", "cursoragent@cursor.com")
    assert not names_ai("dependabot[bot]", "support@github.com")
    assert not names_ai("Jana", None)


@pytest.mark.parametrize(
    ("mail", "found"),
    [
        ("123+Jana@users.noreply.github.com", Noreply("github.com", "123", "jana")),
        ("jana@users.noreply.github.com", Noreply("github.com", None, "jana")),
        ("7-zip@users.noreply.github.com", Noreply("github.com", None, "7-zip")),
        ("9+x@users.noreply.ghe.example.eu", Noreply("ghe.example.eu", "9", "x")),
        ("42-jana-x@users.noreply.gitlab.com", Noreply("gitlab.com", "42", "jana-x")),
        ("jana@users.noreply.gitlab.com", Noreply("gitlab.com", None, "jana")),
        ("jana@example.sk", None),
        ("@users.noreply.github.com", None),
        (None, None),
    ],
)
def test_a_noreply_address_names_an_account(mail: str | None, found: Noreply | None) -> None:
    assert noreply(mail) == found


def test_a_stored_account_holds_no_mail() -> None:
    row = trace("Jana", "Jana.Nova@Bratislava.SK")
    assert "jana.nova" not in repr(row).lower()
    assert row.mail_domain == "bratislava.sk"
    assert row.mail_hash == trace("J", "jana.nova@bratislava.sk").mail_hash
    assert trace("Jana", "not an address").mail_hash is None


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("jana@example.sk", "…"),
        ("Jana <jana@example.sk>", "Jana <…>"),
        ("Jana@city jana@example.sk", "… …"),
        ("Jana", "Jana"),
    ],
)
def test_a_mail_that_stands_in_a_name_is_not_stored_either(name: str, kept: str) -> None:
    assert trace(name, "Jana@Example.sk").name == kept
    assert trace("x", "jana@example.sk@users.noreply.github.com").login is None


def test_the_number_of_an_account_survives_renaming_on_the_forge() -> None:
    assert forge("old", "7").id == forge("new", "7").id != forge("old", "8").id
    assert 0 <= forge("old", "7").id < 2**63


def test_the_same_mail_joins_and_the_same_name_does_not() -> None:
    one, two, other = (
        trace("Jana", "jana@x.sk"),
        trace("J. Nová", "JANA@x.sk"),
        trace("Jana", "jana@y.sk"),
    )
    resolution = resolve([one, two, other], KEY)
    assert together(resolution, one, two)
    assert not together(resolution, one, other)
    assert [merge.why for merge in resolution.merges] == [Why.MAIL]


def test_noreply_addresses_join_the_forge_account_by_its_number() -> None:
    account = forge("jana-new", "123")
    numbered = trace("Jana", "123+jana@users.noreply.github.com")
    bare = trace("jn", "jana@users.noreply.github.com")
    elsewhere = trace("Jana", "123+jana@users.noreply.ghe.example")
    resolution = resolve([account, numbered, bare, elsewhere], KEY)
    assert together(resolution, account, numbered, bare)
    assert not together(resolution, account, elsewhere)
    assert {merge.why for merge in resolution.merges} == {Why.NOREPLY}


def test_a_login_that_two_accounts_bore_joins_neither() -> None:
    one, two = forge("jana", "1"), trace("x", "2+jana@users.noreply.github.com")
    bare = trace("y", "jana@users.noreply.github.com")
    resolution = resolve([one, two, bare], KEY)
    assert len(set(resolution.person.values())) == 3


def test_mailmap_and_configuration_join() -> None:
    one, two, three = trace("a", "a@x.sk"), trace("b", "b@y.sk"), forge("cc", "5")
    jana = alias("jana", ["B@y.sk", "CC"], (), KEY)
    resolution = resolve([one, two, three], KEY, [jana], [(one.id, two.id)])
    assert together(resolution, one, two, three)
    assert [merge.why for merge in resolution.merges] == [Why.CONFIGURED, Why.MAILMAP]
    assert resolution.aliases == {resolution.person[one.id]: jana}


def test_a_merge_is_undone_by_naming_two_persons() -> None:
    one, two = trace("Jana", "office@city.sk"), trace("Peter", "office@city.sk")
    assert together(resolve([one, two], KEY), one, two)
    people = [
        alias("jana", ["Jana <office@city.sk>"], (), KEY),
        alias("peter", ["Peter <office@city.sk>"], (), KEY),
    ]
    assert not together(resolve([one, two], KEY, people), one, two)


def test_a_bot_never_joins_two_humans() -> None:
    one, two = trace("Jana", "shared@x.sk"), trace("P", "p@y.sk")
    bot = trace("deploy[bot]", "shared@x.sk")
    resolution = resolve([one, two, bot], KEY, (), [(bot.id, two.id), (bot.id, one.id)])
    assert bot.id not in resolution.person
    assert not together(resolution, one, two)
    assert resolution.bots == {bot.id: BOT}


def test_a_trace_of_an_account_that_the_forge_calls_a_bot_is_a_bot() -> None:
    declared = account_row(
        Account(host="github.com", native_id="5", login="city-helper", declared_bot=True), KEY
    )
    written = trace("City Helper", "5+city-helper@users.noreply.github.com")
    assert resolve([declared, written], KEY).bots == {declared.id: BOT, written.id: BOT}


names = st.sampled_from(["jana", "peter", "deploy[bot]", "claude"])
mails = st.sampled_from(
    ["a@x.sk", "b@x.sk", "1+jana@users.noreply.github.com", "jana@users.noreply.github.com", ""]
)
rows = st.one_of(
    st.builds(trace, names, mails),
    st.builds(forge, st.sampled_from(["jana", "peter"]), st.sampled_from(["1", "2", None])),
)
configured: st.SearchStrategy[Alias] = st.builds(
    lambda name, account: alias(name, [account], (), KEY),
    st.sampled_from(["p", "q"]),
    st.sampled_from(["jana", "a@x.sk", "b@x.sk"]),
)


stored = st.lists(rows, max_size=8, unique_by=lambda row: row.id)


@given(stored, st.lists(configured, max_size=2), st.data())
def test_the_order_of_accounts_and_links_does_not_matter(
    accounts: list[AccountRow], people: list[Alias], data: st.DataObject
) -> None:
    ids = [row.id for row in accounts] or [0]
    links = data.draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=4))
    shuffled = data.draw(st.permutations(accounts))
    again = resolve(shuffled, KEY, people, data.draw(st.permutations(links)))
    assert resolve(accounts, KEY, people, links) == again


@given(
    st.lists(
        st.builds(trace, st.just("Jana"), st.from_regex(r"[a-c]{1,3}@[xy]\.sk", fullmatch=True)),
        unique_by=lambda r: r.mail_hash,
    )
)
def test_never_by_name_alone(accounts: list[AccountRow]) -> None:
    assert len(set(resolve(accounts, KEY).person.values())) == len(accounts)


@given(stored)
def test_without_its_bots_the_same_people_are_found(accounts: list[AccountRow]) -> None:
    whole = resolve(accounts, KEY)
    people = [row for row in accounts if row.id in whole.person]
    assert resolve(people, KEY).person == whole.person


def test_affiliations_come_from_configuration_then_teams_then_mail_domains() -> None:
    span = Span(since=0, until=100)
    accounts = [forge("jana", "1"), trace("j", "1+jana@users.noreply.github.com")]
    peter, eva = trace("Peter", "peter@web.firm.eu"), forge("eva", "3")
    rows = [*accounts, peter, eva, trace("No", "no@body.eu")]
    jana = alias("jana", ["jana"], [("city", span)], KEY)
    bodies = [
        Organisation("city", ("city.sk",)),
        Organisation("firm", ("firm.eu",), frozenset({KEY.login_hash("EVA")})),
    ]
    resolution = resolve(rows, KEY, [jana])
    found = affiliations(rows, resolution, bodies, KEY)
    assert {(m.person, m.organisation, m.span, m.source) for m in found} == {
        (resolution.person[accounts[0].id], "city", span, "configuration"),
        (resolution.person[peter.id], "firm", Span(), "mail"),
        (resolution.person[eva.id], "firm", Span(), "configuration"),
    }


def test_mails_of_two_organisations_say_nothing() -> None:
    rows = [trace("a", "1+a@users.noreply.github.com"), trace("a", "a@city.sk")]
    rows += [trace("b", "a@firm.eu")]
    me = alias("a", ["a", "a@city.sk", "a@firm.eu"], (), KEY)
    bodies = [Organisation("city", ("city.sk",)), Organisation("firm", ("firm.eu",))]
    assert affiliations(rows, resolve(rows, KEY, [me]), bodies, KEY) == ()
