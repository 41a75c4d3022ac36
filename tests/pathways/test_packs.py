"""A bad pack is refused in words, a good one passes its own examples, and two packs never merge silently."""

import json
from copy import deepcopy
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from flask import Flask
from jsonschema import Draft202012Validator

from backend.alerts.history import Facts, History
from backend.alerts.home import Home, MissedRow
from backend.alerts.judge import rules
from backend.core.db import transaction
from backend.core.errors import Conflict, Invalid
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading
from backend.pathways import service
from backend.pathways.limits import activation_problems, combine
from backend.pathways.pack import BadPackError, Example, Pack
from backend.pathways.pack_reader import read_pack
from backend.pathways.pack_schema import schema
from backend.pathways.vocabulary import CODES, FACTS
from tests.alerts.people import run
from tests.factories import Factory

SHIPPED = {path.stem: yaml.safe_load(path.read_text()) for path in sorted(service.PACKS.glob("*.yaml"))}
PACKS = {name: read_pack(body, name) for name, body in SHIPPED.items()}
FIRST_KIND = {
    path.stem: yaml.safe_load(path.read_text())
    for path in sorted(Path(__file__).with_name("first_kind").glob("*.yaml"))
}
FIRST = {name: read_pack(body, name) for name, body in FIRST_KIND.items()}
EXAMPLES = [(pack, example) for pack in (*PACKS.values(), *FIRST.values()) for example in pack.examples]
DAY = date(2026, 11, 2)


def test_the_eight_pathways_are_shipped() -> None:
    assert set(PACKS) == {
        "hypertension", "copd", "heart_failure", "diabetes", "frailty_falls", "discharge_reablement",
        "dementia_telecare", "low_mood",
    }  # fmt: skip
    assert all(pack.pathway == name and pack.version.startswith("2026.") for name, pack in PACKS.items())


def test_a_pack_can_name_every_code_and_every_fact_there_is() -> None:
    assert {code.value for code in Code} == CODES
    named = {one.name.replace("_", "-") for one in fields(Facts)}
    # The rest is no fact of the rules: a personal limit, why a sensor is allowed, a route that was proved.
    assert named - FACTS == {"birth-date"}
    assert FACTS - named == {"spo2-target", "least-restrictive-reason", "telecare-route"}


@pytest.mark.parametrize("rule", sorted(name for name in rules() if name.startswith("own_baseline_")))
def test_each_own_baseline_is_run_by_a_pack_with_an_example_of_its_own(rule: str) -> None:
    named = [pack for pack in PACKS.values() if rule in pack.rules]
    assert "discharge_reablement" in {pack.pathway for pack in named}
    assert any(example.rule == rule and example.level for pack in named for example in pack.examples)


@pytest.mark.parametrize("name", sorted(PACKS))
def test_every_rule_a_pack_runs_exists(name: str) -> None:
    assert set(PACKS[name].rules) <= set(rules())


@pytest.mark.parametrize("name", sorted(PACKS))
def test_every_rule_a_pack_sets_a_parameter_of_reads_it(name: str) -> None:
    for rule, parameters in PACKS[name].rules.items():
        source = Path(str(getattr(rules()[rule], "__file__", ""))).read_text()
        for parameter in parameters:
            assert f'"{parameter}"' in source, f"{rule} does not read {parameter}"


@pytest.mark.parametrize("name", sorted(PACKS))
def test_every_value_of_a_pack_names_its_source(name: str) -> None:
    pack = PACKS[name]
    said = [
        one.source for part in (pack.expected, pack.limits, pack.check_ins, pack.measures) for one in part
    ]
    assert all(said)
    if pack.missed:
        text = (service.PACKS / f"{name}.yaml").read_text()
        assert "Alongside default, not national guidance" in text.split("missed:")[0].splitlines()[-1]


def history_of(pack: Pack, example: Example) -> History:
    start = datetime.combine(DAY, example.start, ZoneInfo("Europe/London")).astimezone(UTC)
    readings = tuple(
        Reading(Code(code), Decimal(value), Code(code).unit, start + timedelta(minutes=entry["minute"]))
        for entry in example.readings
        for code, value in entry.items()
        if code != "minute"
    )
    limits = {
        Code(code): Limit(Decimal(one["low"]), Decimal(one["high"]), "example", personal=True)
        for code, one in example.limits.items()
    }
    last = max((one.effective_at for one in readings), default=start)
    as_of = last if example.as_of is None else start + timedelta(minutes=example.as_of)
    facts: dict[str, Any] = {
        name: Decimal(v) if isinstance(v, str) else v for name, v in example.facts.items()
    }
    return History(
        readings, as_of, limits=limits, facts=Facts(**facts), home=home_of(pack, example, as_of),
        parameters=pack.rules[example.rule],
    )  # fmt: skip


def home_of(pack: Pack, example: Example, as_of: datetime) -> Home:
    if example.missed:
        said = example.missed
        since = as_of - timedelta(hours=said["hours"])
        rungs: Any = tuple(
            (one.due_readings, None if one.after_hours is None else float(one.after_hours), one.do)
            for one in pack.missed
        )
        return Home(missed=(MissedRow(said["kind"], since, said["count"], rungs),))
    if example.quiet_hours is not None:
        return Home(last_sign_at=as_of - timedelta(hours=example.quiet_hours))
    return Home()


@pytest.mark.parametrize(
    ("pack", "example"), EXAMPLES, ids=[f"{pack.pathway}: {example.say}" for pack, example in EXAMPLES]
)
@pytest.mark.hazard("H13")
def test_a_pack_does_what_its_own_examples_say(pack: Pack, example: Example) -> None:
    found = rules()[example.rule].evaluate(history_of(pack, example))
    assert (found.severity.value if found and found.recheck_at is None else None) == example.level


def test_the_schema_an_editor_checks_with_is_the_readers_own() -> None:
    written = json.loads((service.PACKS / "pack.schema.json").read_text())
    assert written == schema()
    Draft202012Validator.check_schema(written)


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_shipped_pack_passes_the_schema(name: str) -> None:
    assert [error.message for error in Draft202012Validator(schema()).iter_errors(SHIPPED[name])] == []


def test_a_pack_of_the_first_kind_that_somebody_is_on_still_reads() -> None:
    copd = FIRST["copd"]
    assert (copd.version, copd.check_ins, copd.stop) == ("2026.1", (), None)
    assert (
        copd.ladder("urgent")
        == copd.ladder("routine")
        == ((0, "team"), (15, "on-call"), (60, "duty-manager"))
    )
    assert [rung.do for rung in copd.missed] == ["nudge", "nudge-and-contact", "task"]


BREAKAGES: list[tuple[str, Any, str]] = [
    ("title", None, "'title' must be words"),
    ("colour", "blue", "'colour' is not something a pack can say"),
    ("expected", {}, "'expected' must be a list of entries"),
    ("expected", [{"kind": "mood", "times": ["08:00"], "source": "x"}], "'kind' must be one of"),
    ("expected", [{"kind": "spo2", "times": ["8 am"], "source": "x"}], "is not a time of day"),
    ("limits", [{"code": "spo2", "low": 88, "source": "x"}], "must be a number in quotes"),
    ("limits", [{"code": "spo2", "source": "x"}], "needs a low, a high or both"),
    ("limits", [{"code": "spo2", "low": "93", "high": "88", "source": "x"}], "low is above high"),
    ("limits", [{"code": "spo2", "low": "88"}], "'source' must be words"),
    (
        "escalation",
        {"urgent": [{"after_minutes": 9, "to": "team"}, {"after_minutes": 1, "to": "team"}]},
        "must climb",
    ),
    ("escalation", {"urgent": []}, "'emergency' needs a ladder"),
    ("missed", [{"due_readings": 1, "after_hours": "4", "do": "nudge"}], "say either"),
    ("missed", [{"due_readings": 1, "do": "task"}, {"due_readings": 2, "do": "nudge"}], "must climb"),
    ("stop", None, "'stop' is missing"),
    ("aim", None, "'aim' must be words"),
    ("facts_needed", ["shoe-size"], "is none of"),
    ("check_ins", [{"id": "kccq", "at": "10:00", "source": "x"}], "'id' must be one of"),
    ("rules", [{"id": "spo2_low", "parameters": {"a": "1"}}], "'source' must be words"),
    ("schema", 3, "'schema' must be 2"),
    ("advice", {"green": {}}, "'amber' is missing"),
    ("examples", [{"say": "s", "rule": "x", "readings": [{"minute": 0}]}], "which is not in rules"),
]


@pytest.mark.parametrize(("name", "value", "words"), BREAKAGES)
def test_a_bad_pack_is_refused_in_words(name: str, value: Any, words: str) -> None:
    body = deepcopy(SHIPPED["copd"])
    body[name] = value
    with pytest.raises(BadPackError) as refused:
        read_pack(body, "copd.yaml")
    assert any(words in problem for problem in refused.value.problems), refused.value.problems


@pytest.mark.hazard("H14")
def test_loading_twice_stores_a_version_once_and_a_silent_change_is_refused(
    app: Flask, tmp_path: Path
) -> None:
    for name, body in SHIPPED.items():
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(body))
    with app.app_context(), transaction():
        stored = sorted(f"{name} {body['version']}" for name, body in SHIPPED.items())
        assert sorted(service.load_packs(tmp_path)) == stored
        assert service.load_packs(tmp_path) == []
    (tmp_path / "copd.yaml").write_text(yaml.safe_dump(SHIPPED["copd"] | {"title": "Lungs"}))
    with app.app_context(), pytest.raises(Invalid, match="pack-changed"), transaction():
        service.load_packs(tmp_path)


def with_limit(pathway: str, low: str) -> Pack:
    limit = {"code": "spo2", "low": low, "high": "98", "source": f"source of {pathway}"}
    return read_pack(SHIPPED["copd"] | {"pathway": pathway, "title": pathway, "limits": [limit]}, pathway)


@pytest.mark.hazard("H13")
def test_packs_that_disagree_give_no_limit_and_block_until_a_clinician_chooses() -> None:
    packs = [with_limit("one", "88"), with_limit("two", "94")]
    combined = combine(packs, 70)
    assert combined.limits == {}
    assert set(combined.conflicts) == {"spo2"}
    facts = frozenset({"usual-spo2", "home-oxygen", "spo2-target"})
    (problem,) = activation_problems(packs, 70, frozenset(), facts)
    assert "disagree on spo2: 88 to 98 (source of one) and 94 to 98 (source of two)" in problem
    assert activation_problems(packs, 70, frozenset({"spo2"}), facts) == []
    assert combine([with_limit("one", "94"), with_limit("two", "94")], 70).limits["spo2"].low == Decimal(94)


@pytest.mark.hazard("H13")
def test_copd_cannot_go_live_without_its_facts_and_goes_live_with_them(app: Flask, make: Factory) -> None:
    person = make.patient()
    make.enrolment(person, make.pathway("copd", SHIPPED["copd"]), "awaiting-kit")
    with app.app_context(), pytest.raises(Conflict, match="cannot-go-live") as refused, transaction():
        service.activate(person.id, 70, frozenset(), frozenset())
    assert "COPD needs spo2 target" in refused.value.detail
    with app.app_context(), transaction():
        facts = frozenset({"usual-spo2", "home-oxygen"})
        assert len(service.activate(person.id, 70, frozenset({"spo2"}), facts)) == 1
    assert run(app, "select status from enrolment where patient_id = :p", p=person.id)[0].status == "live"


@pytest.mark.parametrize(("age", "high"), [(79, "135"), (80, "145"), (45, "135")])
def test_a_home_target_follows_age_and_an_unknown_age_has_none(age: int, high: str) -> None:
    assert combine([PACKS["hypertension"]], age).limits["systolic"].high == Decimal(high)
    assert "systolic" not in combine([PACKS["hypertension"]], None).limits


def test_advice_is_the_plans_own_words_for_a_red_and_an_amber(app: Flask, make: Factory) -> None:
    person = make.patient()
    make.enrolment(person, make.pathway("copd", SHIPPED["copd"]))
    with app.app_context():
        red = service.advice(person.id, "emergency", "spo2_low")
        amber = service.advice(person.id, "urgent")
        assert service.advice(person.id, "soon") is None
        assert service.titles(person.id)[0]["title"] == "COPD"
    assert red is not None
    assert amber is not None
    assert red["call"] == "999"
    assert "Call your team today" in amber["words"][-1]
