"""Rule packs and what-ifs, measured and stored on each database, and read back as pages do."""

from pathlib import Path

from sqlalchemy import Engine

from collector import measure
from collector.config import rulepack_file
from collector.identity import Organisation
from collector.rulepack import Answer, Checklists, from_json
from collector.rulepack.reading import read_pack
from collector.shipped import shipped
from collector.store import read
from collector.store.checklists import (
    pack_counts,
    pack_history_of,
    pack_results_of,
    what_if_choices,
    what_if_of,
)
from collector.store.read_activity import Who
from collector.whatif import from_json as outcome_from
from tests.stores import DAY, KEY, START, commit, portfolio, put_git, reading

AS_OF = START + 400 * DAY
FIRM = Who(KEY, organisations=(Organisation("firm", ("example.sk",)),))


def lists(*answers: Answer) -> Checklists:
    folder = Path(shipped("config/rulepacks")).parent
    return Checklists(tuple(map(read_pack, rulepack_file.packs(folder))), answers)


def measured(engine: Engine, asked: Checklists, as_of: int = AS_OF) -> int:
    state = read.project_states(engine)[0]
    task = measure.task(state, repr(asked), (), asked, as_of)
    assert task is not None
    measure.measure_all(engine, [task], FIRM, as_of)
    return state.id


def test_what_packs_and_what_ifs_came_to_is_read_back_whole(engine: Engine) -> None:
    put_git(engine, portfolio(engine)[0], reading(commit(n, day=n * 13) for n in range(1, 31)))
    project = measured(engine, lists())
    counts = pack_counts(engine, "city", True)
    assert {(each.projects, each.sample) for each in counts} == {(1, project)}
    assert not pack_counts(engine, "elsewhere", True)
    levels = {each.pack: each.level for each in counts}
    assert levels["openssf-maintained"] is None
    results = {each["pack"]: from_json(each) for each in pack_results_of(engine, project)}
    assert set(results) == set(levels)
    assert {pack: result.level for pack, result in results.items()} == levels
    months = [at for pack, at, _ in pack_history_of(engine, project) if pack == "os2-level"]
    assert months == sorted(set(months))
    assert len(months) >= 12
    assert what_if_choices(engine) == (("supplier:firm", 1),)
    found = outcome_from(what_if_of(engine, "supplier:firm")[0])
    assert (found.project, found.nobody, found.regular) == ("app", True, (1, 0))
    assert what_if_of(engine, "supplier:other") == ()


def test_an_answer_changes_what_is_stored_and_a_pack_that_is_gone_leaves(engine: Engine) -> None:
    put_git(engine, portfolio(engine)[0], reading(commit(n, day=n * 13) for n in range(1, 31)))
    measured(engine, lists())
    yes = Answer("os2-level/F3", "yes", AS_OF - DAY)
    project = measured(engine, lists(yes))
    stored = {each["pack"]: from_json(each) for each in pack_results_of(engine, project)}
    rule = next(rule for rule in stored["os2-level"].rules if rule.id == "F3")
    assert rule.answered
    fewer = Checklists(lists().packs[:1])
    measured(engine, fewer)
    assert {each.pack for each in pack_counts(engine, "city", True)} == {fewer.packs[0].id}
    assert {pack for pack, _, _ in pack_history_of(engine, project)} == {fewer.packs[0].id}
