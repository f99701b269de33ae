"""A host that is down is noticed once, not by every repository it holds."""

from collector.run import HOST_IS_DOWN_AFTER, Hosts


def test_a_host_is_down_after_some_repositories_failed_for_its_sake() -> None:
    hosts = Hosts()
    for _ in range(HOST_IS_DOWN_AFTER):
        assert not hosts.is_down("git.example")
        hosts.failed("git.example")
    assert hosts.is_down("git.example")
    assert not hosts.is_down("other.example")


def test_a_host_whose_git_gave_no_answer_is_silent_until_it_answers() -> None:
    hosts = Hosts()
    assert not hosts.is_silent("git.example")
    hosts.failed("git.example")
    assert hosts.is_silent("git.example")
    hosts.answered("git.example")
    assert not hosts.is_silent("git.example")
