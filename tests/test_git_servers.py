"""What servers do to us, and what we keep: over real HTTP with ``git http-backend``."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collector import git
from collector.forge import AccessDenied, ForgeError, RepositoryGone, Unavailable, UnexpectedAnswer
from collector.git.meanings import scrub, translate
from collector.git.options import GitOptions, environment
from collector.model import GitReading
from tests.gitmake import T0, Maker
from tests.gitmake import git as run
from tests.gitserver import GitServer, serve

OPTIONS = git.GitOptions(allow_local=True, allow_http=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    root = tmp_path / "server"
    root.mkdir()
    with serve(root) as running:
        yield running


@pytest.fixture
def made(server: GitServer) -> Maker:
    """Five commits, a README and a tag, on a server."""
    made = Maker(server.root / "r.git")
    made.commit(files={"README.md": b"# R\n", "src/a.py": b"a = 1\n"})
    made.line(4)
    made.tag("v1.0.0", 3, time=T0 + 5)
    made.write()
    return made


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return tmp_path / "clones" / "r.git"


def read(
    server: GitServer, clone: Path, cursor: str | None = None, **changed: object
) -> GitReading:
    options = replace(OPTIONS, **changed)  # type: ignore[arg-type]
    reading = git.read(server.url("r.git"), clone, cursor, options, "id")
    assert isinstance(reading, GitReading)
    return replace(reading, commits=tuple(reading.commits))


def shas(reading: GitReading) -> set[str]:
    return {commit.sha.hex() for commit in reading.commits}


def branch(made: Maker, name: str = "main") -> set[str]:
    return set(run(made.path, "rev-list", name).decode().split())


def test_an_unchanged_repository_is_asked_one_question_and_nothing_is_fetched(
    server: GitServer, made: Maker, clone: Path
) -> None:
    first = read(server, clone)
    server.requests.clear()
    again = git.read(server.url("r.git"), clone, first.cursor, OPTIONS, "id")
    assert again == git.Unchanged(first.cursor, again.bytes_received)
    # Protocol 2 asks one question in two requests: what can you do, what do you have?
    assert [request.split("?")[0] for request in server.requests] == [
        "GET /r.git/info/refs",
        "POST /r.git/git-upload-pack",
    ]


def test_a_clone_holds_commits_and_the_few_trees_that_matter(
    server: GitServer, made: Maker, clone: Path
) -> None:
    reading = read(server, clone)
    kinds = run(clone, "cat-file", "--batch-all-objects", "--batch-check=%(objecttype)")
    assert sorted(kinds.decode().split()) == ["commit"] * 5 + ["tag", "tree"]
    assert reading.bytes_received > 500


def test_new_commits_alone_are_given_after_the_first_reading(
    server: GitServer, made: Maker, clone: Path
) -> None:
    first = read(server, clone)
    old = branch(made)
    made.line(2)
    made.write()
    second = read(server, clone, first.cursor)
    assert (first.replaces, second.replaces) == (True, False)
    assert shas(second) == branch(made) - old


def test_only_new_tags_give_no_commit_and_all_tags(
    server: GitServer, made: Maker, clone: Path
) -> None:
    first = read(server, clone)
    made.tag(
        "v1.1.0", 5, message=b"v\n-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n"
    )
    made.tag("v1.0.1", 4, time=None)
    made.write()
    run(made.path, "tag", "light", "main~3")
    second = read(server, clone, first.cursor)
    assert (second.commits, second.replaces) == ((), False)
    tags = {tag.name: tag for tag in second.tags}
    assert set(tags) == {"v1.0.0", "v1.0.1", "v1.1.0", "light"}
    assert [name for name, tag in tags.items() if tag.signed] == ["v1.1.0"]
    assert tags["v1.0.0"].time == T0 + 5
    assert tags["light"].time == T0 + 3600 * 2
    assert tags["v1.0.1"].time == T0 + 3600 * 4
    assert tags["v1.0.0"].commit == made.sha(3)


def test_a_rewritten_history_replaces_what_was_known(
    server: GitServer, made: Maker, clone: Path
) -> None:
    first = read(server, clone)
    made.commit([2], message=b"other\n")
    made.write()
    second = read(server, clone, first.cursor)
    assert second.replaces
    assert shas(second) == branch(made)


def test_a_changed_identity_rule_reads_all_again_without_a_fetch(
    server: GitServer, made: Maker, clone: Path
) -> None:
    first = read(server, clone)
    server.requests.clear()
    reading = git.read(server.url("r.git"), clone, first.cursor, OPTIONS, "other rules")
    assert isinstance(reading, GitReading)
    assert reading.replaces
    assert len(list(reading.commits)) == 5
    assert len(server.requests) == 2


def test_a_renamed_default_branch_is_followed(server: GitServer, made: Maker, clone: Path) -> None:
    first = read(server, clone)
    run(made.path, "branch", "-m", "main", "trunk")
    run(made.path, "symbolic-ref", "HEAD", "refs/heads/trunk")
    made.branch = "trunk"
    made.line(1)
    made.write()
    second = read(server, clone, first.cursor)
    assert (second.default_branch, second.replaces, len(shas(second))) == ("trunk", False, 1)
    assert b"refs/heads/main" not in run(clone, "for-each-ref")


def test_a_head_that_points_nowhere_leads_to_the_usual_branch(
    server: GitServer, made: Maker, clone: Path
) -> None:
    run(made.path, "symbolic-ref", "HEAD", "refs/heads/nowhere")
    assert read(server, clone).default_branch == "main"


def test_a_detached_head_is_read_where_it_stands(
    server: GitServer, made: Maker, clone: Path
) -> None:
    made.commit([2], branch="aside")
    made.write()
    run(made.path, "update-ref", "--no-deref", "HEAD", made.sha(6).hex())
    run(made.path, "update-ref", "-d", "refs/heads/aside")
    reading = read(server, clone)
    assert (reading.head, reading.default_branch) == (made.sha(6), None)


def test_an_empty_repository_is_empty_and_then_unchanged_and_then_grows(
    server: GitServer, clone: Path
) -> None:
    made = Maker(server.root / "r.git")
    made.write()
    empty = read(server, clone)
    assert (empty.head, empty.commits, empty.tags) == (None, (), ())
    url = server.url("r.git")
    assert isinstance(git.read(url, clone, empty.cursor, OPTIONS, "id"), git.Unchanged)
    made.line(2)
    made.write()
    assert len(shas(read(server, clone, empty.cursor))) == 2


def test_pull_request_refs_are_never_fetched(server: GitServer, made: Maker, clone: Path) -> None:
    made.commit([2], branch="theirs")
    made.write()
    run(made.path, "update-ref", "refs/pull/1/head", made.sha(6).hex())
    run(made.path, "update-ref", "-d", "refs/heads/theirs")
    read(server, clone)
    assert made.sha(6).hex().encode() not in run(clone, "rev-list", "--all")


def test_a_server_that_ignores_the_filter_is_read_all_the_same(
    server: GitServer, made: Maker, clone: Path
) -> None:
    server.filters = False
    reading = read(server, clone)
    assert shas(reading) == branch(made)
    assert [fact.key for fact in reading.files] == ["README"]


def test_a_shallow_server_gives_an_incomplete_history_and_says_so(
    server: GitServer, made: Maker, clone: Path
) -> None:
    shallow = server.root / "s.git"
    run(server.root, "clone", "-q", "--bare", "--depth=2", made.path.as_uri(), str(shallow))
    reading = git.read(server.url("s.git"), clone, None, OPTIONS, "id")
    assert isinstance(reading, GitReading)
    assert (len(list(reading.commits)), reading.complete) == (2, False)


def test_a_repository_with_sha256_names_is_read(server: GitServer, clone: Path) -> None:
    path = server.root / "r.git"
    path.mkdir()
    run(path, "init", "-q", "--bare", "--object-format=sha256", "--initial-branch=main")
    made = Maker(path)
    made.commit(files={"README.md": b"x"})
    made.line(2)
    made.write()
    reading = read(server, clone)
    assert {len(commit.sha) for commit in reading.commits} == {32}
    assert [fact.key for fact in reading.files] == ["README"]


def test_stale_locks_and_half_a_pack_of_a_killed_git_are_cleared(
    server: GitServer, made: Maker, clone: Path
) -> None:
    first = read(server, clone)
    for name in ("shallow.lock", "packed-refs.lock", "config.lock", "refs/heads/main.lock"):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).touch()
    (clone / "objects/pack/tmp_pack_abc").write_bytes(b"half")
    half = clone.with_name(clone.name + ".killed.new")
    half.mkdir()
    made.line(1)
    made.write()
    assert len(shas(read(server, clone, first.cursor))) == 1
    assert not list(clone.rglob("*.lock")) + list(clone.rglob("tmp_*"))


@pytest.mark.parametrize("damage", ["HEAD", "config", "pack"])
def test_a_broken_copy_is_fetched_again(
    server: GitServer, made: Maker, clone: Path, damage: str
) -> None:
    first = read(server, clone)
    victims = clone.glob("objects/pack/*.pack") if damage == "pack" else [clone / damage]
    for victim in victims:
        victim.chmod(stat.S_IRUSR | stat.S_IWUSR)
        victim.write_bytes(b"\0" * 20)
    made.line(1)
    made.write()
    second = read(server, clone, first.cursor)
    assert shas(second) <= branch(made)
    assert len(run(clone, "rev-list", "main").split()) == 6


def test_a_copy_of_another_url_is_not_mistaken_for_this_one(
    server: GitServer, made: Maker, clone: Path
) -> None:
    other = Maker(server.root / "o.git")
    other.line(3)
    other.write()
    first = git.read(server.url("o.git"), clone, None, OPTIONS, "id")
    reading = read(server, clone, first.cursor)
    assert reading.replaces
    assert shas(reading) == branch(made)


def test_a_token_is_sent_to_its_host_and_stands_nowhere_on_disk(
    server: GitServer, made: Maker, clone: Path
) -> None:
    server.password = "x-access-token:s3cr3t-token"
    reading = read(server, clone, token="s3cr3t-token")
    assert len(shas(reading)) == 5
    stored = b"".join(p.read_bytes() for p in clone.rglob("*") if p.is_file())
    assert b"s3cr3t" not in stored
    assert "s3cr3t" not in repr(replace(OPTIONS, token="s3cr3t-token"))


def test_a_token_is_not_carried_to_another_address(
    server: GitServer, made: Maker, clone: Path
) -> None:
    server.moved = {"/old": server.url("r.git").replace("127.0.0.1", "localhost")}
    with pytest.raises(UnexpectedAnswer, match="new URL"):
        git.read(server.url("old"), clone, None, replace(OPTIONS, token="t0ken"), "id")
    assert len([a for a in server.authorizations if a]) == 1


def test_a_moved_repository_is_followed_without_a_token(
    server: GitServer, made: Maker, clone: Path
) -> None:
    server.moved = {"/old": server.url("r.git")}
    reading = git.read(server.url("old"), clone, None, OPTIONS, "id")
    assert isinstance(reading, GitReading)
    assert len(list(reading.commits)) == 5


def failure(url: str, clone: Path, options: git.GitOptions = OPTIONS) -> ForgeError:
    with pytest.raises(ForgeError) as caught:
        git.read(url, clone, None, options, "id")
    assert not clone.exists()
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, AccessDenied, "token"),
        (403, AccessDenied, "token"),
        (404, RepositoryGone, "deleted, renamed or made private"),
        (410, RepositoryGone, "deleted"),
        (429, Unavailable, "asked again"),
        (502, Unavailable, "asked again"),
    ],
)
def test_each_refusal_is_a_sentence_that_says_what_to_do(
    server: GitServer, clone: Path, status: int, kind: type[ForgeError], words: str
) -> None:
    server.status = status
    error = failure(server.url("r.git"), clone)
    assert type(error) is kind
    assert words in str(error)


def test_a_repository_that_is_not_there_is_gone(server: GitServer, clone: Path) -> None:
    assert isinstance(failure(server.url("none.git"), clone), RepositoryGone)
    assert isinstance(failure(str(server.root / "none.git"), clone), RepositoryGone)


def test_a_private_repository_asks_for_a_password_and_nobody_is_prompted(
    server: GitServer, made: Maker, clone: Path
) -> None:
    server.password = "a:b"
    error = failure(server.url("r.git"), clone)
    assert isinstance(error, AccessDenied)
    assert "password" in str(error)
    wrong = failure(server.url("r.git"), clone, replace(OPTIONS, token="s3cr3t"))
    assert isinstance(wrong, AccessDenied)
    assert "s3cr3t" not in str(wrong)


def test_a_host_that_is_not_there_is_said_to_be_so(clone: Path) -> None:
    assert "does not exist" in str(failure("https://no-such-host.invalid/x/y", clone))
    assert "cannot be reached" in str(failure("http://127.0.0.1:9/x/y", clone))


def test_an_answer_cut_short_leaves_no_copy(server: GitServer, made: Maker, clone: Path) -> None:
    server.truncate = 1500
    made.commit([5], message=os.urandom(4000).hex().encode())
    made.write()
    assert isinstance(failure(server.url("r.git"), clone), Unavailable)
    assert list(clone.parent.iterdir()) == []


@pytest.mark.parametrize(
    "url",
    ["ext::sh -c 'touch pwned'", "--upload-pack=touch pwned", "fd::17", "file:///etc", "-x"],
)
def test_no_url_starts_a_program_or_reads_a_file_that_was_not_admitted(
    tmp_path: Path, clone: Path, url: str
) -> None:
    failure(url, clone, git.GitOptions())
    assert not list(tmp_path.rglob("pwned"))


def test_plain_http_and_paths_are_refused_unless_admitted(
    server: GitServer, made: Maker, clone: Path
) -> None:
    for url in (server.url("r.git"), str(made.path)):
        assert "not admitted" in str(failure(url, clone, git.GitOptions()))


def test_git_sees_only_the_environment_it_needs(tmp_path: Path) -> None:
    options = replace(OPTIONS, environment={"PATH": "/bin", "GITHUB_TOKEN": "x", "GIT_DIR": "/y"})
    seen = environment("https://h/x", tmp_path, options, network=True)
    assert "GITHUB_TOKEN" not in seen
    assert seen["GIT_DIR"] == str(tmp_path)


def test_credentials_are_taken_out_of_every_error() -> None:
    url = "https://user:hunter2@example.org/x"
    options = replace(OPTIONS, token="tok-123")
    words = scrub(f"fatal: {url}: tok-123 hunter2 https://a:b@c/", url, options)
    assert not any(secret in words for secret in ("hunter2", "tok-123", "a:b"))


def test_commits_of_a_declared_upstream_are_left_out(
    server: GitServer, made: Maker, clone: Path, tmp_path: Path
) -> None:
    shutil.copytree(made.path, server.root / "up.git")
    upstream = Maker(server.root / "up.git", made=5)
    made.line(2)
    made.write()
    options = replace(OPTIONS, upstream=server.url("up.git"))
    first = git.read(server.url("r.git"), clone, None, options, "id")
    assert isinstance(first, GitReading)
    assert {commit.sha for commit in first.commits} == {made.sha(6), made.sha(7)}
    run(upstream.path, "fetch", "-q", str(made.path), "main")
    run(upstream.path, "update-ref", "refs/heads/main", made.sha(6).hex())
    second = git.read(server.url("r.git"), clone, first.cursor, options, "id")
    assert isinstance(second, GitReading)
    assert second.replaces
    assert {commit.sha for commit in second.commits} == {made.sha(7)}


def test_a_full_disk_is_said_and_leaves_nothing(made: Maker, clone: Path, tmp_path: Path) -> None:
    program = tmp_path / "git"
    program.write_text(
        '#!/bin/sh\ncase "$1" in fetch) echo "fatal: write error: No space left on device" >&2;'
        ' exit 128;; esac\nexec git "$@"\n'
    )
    program.chmod(0o755)
    error = failure(str(made.path), clone, replace(OPTIONS, program=str(program)))
    assert "disk" in str(error)
    assert "data_dir" in str(error)


def test_repositories_are_read_side_by_side_without_mixing(
    server: GitServer, tmp_path: Path
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def read_one(number: int) -> int:
        made = Maker(server.root / f"{number}.git")
        made.line(number)
        made.write()
        url = server.url(f"{number}.git")
        reading = git.read(url, tmp_path / f"{number}", None, OPTIONS, "id")
        assert isinstance(reading, GitReading)
        return len(list(reading.commits))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read_one, range(1, 9))) == list(range(1, 9))


def test_a_pass_killed_while_it_fetches_leaves_nothing_half_made(
    server: GitServer, made: Maker, clone: Path, tmp_path: Path
) -> None:
    slow = tmp_path / "git"
    slow.write_text(
        f'#!/bin/sh\ncase "$1" in fetch) touch {tmp_path}/begun; sleep 60;; esac\nexec git "$@"\n'
    )
    slow.chmod(0o755)
    program = (
        "import sys; from pathlib import Path; from collector import git\n"
        "o = git.GitOptions(allow_http=True, program=sys.argv[3])\n"
        "git.read(sys.argv[1], Path(sys.argv[2]), None, o, 'id')"
    )
    words = [sys.executable, "-c", program, server.url("r.git"), str(clone), str(slow)]
    with subprocess.Popen(words, start_new_session=True) as process:
        while not (tmp_path / "begun").exists() and process.poll() is None:
            threading.Event().wait(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    assert not clone.exists()
    assert shas(read(server, clone)) == branch(made)
    assert [path.name for path in clone.parent.iterdir()] == [clone.name]


def test_a_server_s_words_cannot_steer_the_terminal_that_shows_them() -> None:
    words = "remote: \x1b]0;mine\x07\u202edenied\nfatal: \x1b[31mno\x9b2J way\r\n"
    said = str(translate(words, "https://example.org/a/b", GitOptions()))
    assert said.isprintable()
    assert "no" in said
