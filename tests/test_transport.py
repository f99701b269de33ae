"""HTTP as every forge needs it: bounded, discreet, and never to private places unasked."""

import pytest
import stamina

from collector import clock
from collector.forge import AccessDenied, RateLimited, Unavailable, UnexpectedAnswer
from collector.transport import USER_AGENT, Transport
from collector.transport.endpoint import Answer, Endpoint
from collector.transport.limits import Budget, http_date, retry_after
from collector.transport.network import is_public, public_addresses
from tests.forge.reading import github, small, url
from tests.forge.server import TOKEN, TestForge, json_fault


def transport(forge: TestForge, **facts: object) -> Transport:
    settings = {"allow_private": True, **facts}
    return Transport(Endpoint("forge.city", f"{forge.base}/api/v3", **settings))  # type: ignore[arg-type]


def test_requests_name_the_program_and_its_address(github_forge: TestForge) -> None:
    small(github_forge)
    list(github(github_forge).heartbeat([url("city/app")]))
    assert github_forge.requests[0].headers["user-agent"] == USER_AGENT
    assert "https://" in USER_AGENT


def test_a_private_address_is_asked_only_where_configuration_names_the_host(
    github_forge: TestForge,
) -> None:
    with pytest.raises(AccessDenied, match="private address"):
        transport(github_forge, allow_private=False).get("repos/city/app")
    assert not github_forge.requests


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fe80::1%eth0",
     "::ffff:10.0.0.1", "0.0.0.1", "100.64.0.1", "224.0.0.1", "fd00::1", "2002:a00:1::"],
)  # fmt: skip
def test_private_addresses_are_known_in_every_notation(address: str) -> None:
    assert not is_public(address)


def test_public_addresses_are_public() -> None:
    assert is_public("140.82.121.4")
    assert is_public("2606:4700::1111")
    assert public_addresses("140.82.121.4", 443) == ["140.82.121.4"]


@pytest.mark.parametrize("elsewhere", ["http://169.254.169.254/x", "https://evil.example/x"])
def test_a_redirect_or_a_link_to_another_host_is_not_followed(
    github_forge: TestForge, elsewhere: str
) -> None:
    github_forge.faults[1] = json_fault(301, {}, Location=elsewhere)
    with pytest.raises(UnexpectedAnswer, match="another host, which is not followed"):
        transport(github_forge, token="secret").get("repos/city/app")
    link = f'<{elsewhere}>; rel="next"'
    github_forge.forget()
    github_forge.faults[1] = json_fault(200, [], Link=link)
    with pytest.raises(UnexpectedAnswer, match="another host"):
        list(transport(github_forge).pages("repos/city/app/issues"))
    assert len(github_forge.requests) == 1


def test_a_redirect_in_a_circle_ends(github_forge: TestForge) -> None:
    github_forge.fault = lambda asked: json_fault(302, {}, Location=asked.path)
    with pytest.raises(UnexpectedAnswer, match="in a circle"):
        transport(github_forge).get("repos/city/app")


def test_an_unchanged_document_comes_back_as_unchanged(github_forge: TestForge) -> None:
    small(github_forge)
    here = transport(github_forge)
    first = here.get("repos/city/app")
    again = here.get("repos/city/app", etag=first.etag)
    assert not first.unchanged
    assert again.unchanged
    assert again.data is None


def test_an_answer_without_end_is_cut(
    github_forge: TestForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.transport.http.LARGEST_ANSWER", 1000)
    github_forge.faults[1] = json_fault(200, ["x" * 5000])
    with pytest.raises(UnexpectedAnswer, match="to one question"):
        transport(github_forge).get("repos/city/app")


def test_a_token_stands_in_no_message(github_forge: TestForge) -> None:
    said = json_fault(403, {"message": "the token s3cret at https://me:pw@host is bad"})
    github_forge.faults[1] = said
    with pytest.raises(AccessDenied) as denied:
        transport(github_forge, token="s3cret", credential="CITY_TOKEN").get("repos/city/app")
    assert "s3cret" not in str(denied.value)
    assert "pw" not in str(denied.value)
    assert "s3cret" not in repr(Endpoint("h", "https://h", "s3cret"))


def test_a_host_that_is_not_there_is_unavailable() -> None:
    nowhere = Transport(Endpoint("forge.city", "http://127.0.0.1:9", allow_private=True))
    with stamina.set_testing(True), pytest.raises(Unavailable, match="cannot be reached"):
        nowhere.get("x")


def test_the_next_page_is_found_in_its_header() -> None:
    link = '<https://h/a?page=2>; rel="prev", </b?page=3>; rel="next"'
    assert Answer(200, {"link": link}, [], "https://h/a").next == "https://h/b?page=3"
    assert Answer(200, {}, [], "https://h/a").next is None


def test_a_pause_may_be_seconds_or_a_date() -> None:
    dates = {
        "date": "Mon, 01 Jan 2024 00:00:00 GMT",
        "retry-after": "Mon, 01 Jan 2024 00:01:00 GMT",
    }
    assert retry_after(dates) == 60
    assert retry_after({"retry-after": "7"}) == 7
    assert retry_after({"retry-after": "soon"}) is None
    assert http_date("never") is None


def test_a_host_that_says_nothing_of_limits_has_none() -> None:
    budget = Budget("h")
    budget.note({})
    budget.check(10**6)


@pytest.mark.parametrize(("renewed_in", "goes_on"), [(30, True), (3600, False)])
def test_a_budget_that_is_renewed_in_a_moment_is_waited_for_and_a_later_one_ends_the_reading(
    github_forge: TestForge, monkeypatch: pytest.MonkeyPatch, renewed_in: int, goes_on: bool
) -> None:
    start, asked = clock.now(), iter(range(10**6))
    monkeypatch.setattr(clock, "now", lambda: start + 10 * next(asked))
    small(github_forge)
    here = transport(github_forge, token=TOKEN)
    here.budget().learn(0, 100, start + renewed_in)
    if goes_on:
        assert here.get("repos/city/app").status == 200
    else:
        with pytest.raises(RateLimited, match="goes on after"):
            here.get("repos/city/app")
        assert not github_forge.requests
