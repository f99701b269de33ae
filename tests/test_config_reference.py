"""What is generated from the models is shipped as generated, and agrees with the rest."""

import json
import random
import re
from pathlib import Path

import pytest

from collector import cron
from collector.config import reference as config_reference
from collector.config import rulepack_file
from collector.config.forms import cron as admitted
from collector.metric import Better
from collector.metric_keys import HIGH_IS_GOOD, LOW_IS_GOOD, METRIC_KEYS
from collector.metrics import METRICS
from collector.problem import Mistake
from collector.shipped import shipped

ROOT = Path(__file__).parent.parent
WORDS = """* */5 0 7 3 59 60 24 1-5 5-1 mon sun sat-sun fri-mon mon-fri jan dec-jan 1/2 */0 */99
a 1- 6-0 0-7 7-7 1,2 1,,2 L ? 1-5/2 */7 */6 31 12 -1 mon-5 sun-7 5/7 jan/3 */30 */12"""
AGAIN = "run: python -m collector.config.reference"


@pytest.mark.parametrize("name", ["ospo-vitals", "portfolio", "rulepack"])
def test_the_shipped_schema_is_the_models(name: str) -> None:
    text = shipped(f"config/schema/{name}.schema.json").read_text("utf-8")
    assert text == config_reference.json_schema(name), AGAIN


def test_the_packs_that_ship_are_marked_as_they_are_and_each_bears_its_name() -> None:
    assert shipped(rulepack_file.GOOD).read_text("utf-8") == rulepack_file.marks(), AGAIN
    found = rulepack_file.packs(shipped("config"))
    files = shipped("config/rulepacks").glob("*.yaml")
    assert {pack.id for pack in found} == {path.stem for path in files}


def test_the_documentation_of_the_configuration_is_current() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert text == config_reference.document(text), AGAIN


@pytest.mark.parametrize("name", ["ospo-vitals", "portfolio", "rulepack"])
def test_every_key_has_a_description_and_every_reference_a_target(name: str) -> None:
    schema = json.loads(config_reference.json_schema(name))
    for definition in (schema, *schema["definitions"].values()):
        assert definition["additionalProperties"] is False
        for key, entry in definition["properties"].items():
            # a reference to a mapping is described by the mapping itself
            assert "description" in entry or "$ref" in json.dumps(entry), key
    for target in re.findall(r'"#/definitions/(\w+)"', json.dumps(schema)):
        assert target in schema["definitions"]


@pytest.mark.parametrize("file", sorted((ROOT / "config").rglob("*.yaml")), ids=lambda p: p.name)
def test_shipped_files_tell_editors_where_their_schema_is(file: Path) -> None:
    found = re.match(r"# yaml-language-server: \$schema=(\S+)\n", file.read_text("utf-8"))
    assert found
    assert (file.parent / found[1]).is_file()


def test_every_metric_of_the_registry_can_be_named_in_configuration() -> None:
    assert {metric.key for metric in METRICS} <= set(METRIC_KEYS)
    assert len(set(METRIC_KEYS)) == len(METRIC_KEYS)


def test_a_cron_expression_that_is_admitted_can_be_scheduled() -> None:
    chosen = random.Random(1)
    words = WORDS.split()
    for _ in range(1500):
        fields = ["*"] * 5
        fields[chosen.randrange(5)] = chosen.choice(words)
        line = " ".join(fields)
        assert _admitted(line) == _scheduled(line), line


def _admitted(line: str) -> bool:
    try:
        admitted(line)
    except Mistake:
        return False
    return True


def _scheduled(line: str) -> bool:
    try:
        cron.slots(line, "UTC")
    except cron.NotCron:
        return False
    return True


def test_configuration_knows_of_which_metrics_more_or_less_is_better() -> None:
    told = {
        better: {metric.key for metric in METRICS if metric.better is better} for better in Better
    }
    assert (told[Better.HIGHER], told[Better.LOWER]) == (HIGH_IS_GOOD, LOW_IS_GOOD)
