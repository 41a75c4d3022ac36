"""A bad pack is refused in words, a good one passes its own examples, and two packs never merge silently."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from backend.alerts.history import History
from backend.alerts.judge import rules
from backend.core.db import transaction
from backend.core.errors import Conflict, Invalid
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading
from backend.pathways import service
from backend.pathways.limits import activation_problems, combine
from backend.pathways.pack import CODES, BadPackError, Example, Pack, read_pack
from tests.alerts.people import run
from tests.factories import Factory

SHIPPED = {path.stem: yaml.safe_load(path.read_text()) for path in sorted(service.PACKS.glob("*.yaml"))}
PACKS = {name: read_pack(body, name) for name, body in SHIPPED.items()}
EXAMPLES = [(name, example) for name, pack in PACKS.items() for example in pack.examples]
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_a_pack_can_name_every_code_there_is() -> None:
    assert {code.value for code in Code} == CODES


@pytest.mark.parametrize("name", sorted(PACKS))
def test_every_rule_a_pack_runs_exists(name: str) -> None:
    assert set(PACKS[name].rules) <= set(rules())


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[example.say for _, example in EXAMPLES])
def test_a_pack_does_what_its_own_examples_say(name: str, example: Example) -> None:
    readings = [
        Reading(Code(code), Decimal(value), Code(code).unit, START + timedelta(minutes=entry["minute"]))
        for entry in example.readings
        for code, value in entry.items()
        if code != "minute"
    ]
    limits = {
        Code(code): Limit(Decimal(one["low"]), Decimal(one["high"]), "example", personal=True)
        for code, one in example.limits.items()
    }
    history = History(tuple(readings), readings[-1].effective_at, limits=limits)
    found = rules()[example.rule].evaluate(history)
    assert (found.severity.value if found and found.recheck_at is None else None) == example.level


BREAKAGES: list[tuple[str, Any, str]] = [
    ("title", None, "'title' must be words"),
    ("colour", "blue", "'colour' is not something a pack can say"),
    ("expected", [], "'expected' must be a list of entries"),
    ("expected", [{"kind": "mood", "times": ["08:00"], "source": "x"}], "'kind' must be one of"),
    ("expected", [{"kind": "spo2", "times": ["8 am"], "source": "x"}], "is not a time of day"),
    ("limits", [{"code": "spo2", "low": 88, "source": "x"}], "must be a number in quotes"),
    ("limits", [{"code": "spo2", "source": "x"}], "needs a low, a high or both"),
    ("limits", [{"code": "spo2", "low": "93", "high": "88", "source": "x"}], "low is above high"),
    ("limits", [{"code": "spo2", "low": "88"}], "'source' must be words"),
    ("escalation", [{"after_minutes": 9, "to": "team"}, {"after_minutes": 1, "to": "team"}], "must climb"),
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


def test_loading_twice_stores_a_version_once_and_a_silent_change_is_refused(
    app: Flask, tmp_path: Path
) -> None:
    for name, body in SHIPPED.items():
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(body))
    with app.app_context(), transaction():
        assert sorted(service.load_packs(tmp_path)) == ["copd 2026.1", "hypertension 2026.1"]
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


# The clocks went back on 25 October 2026: nine in the morning is 08:00 UTC before and 09:00 UTC after.
@pytest.mark.parametrize(
    ("now", "taken", "due"),
    [
        ("2026-10-24T06:00", None, "2026-10-24T08:00"),
        ("2026-10-25T07:00", None, "2026-10-25T09:00"),
        ("2026-10-25T09:30", "2026-10-25T08:50", "2026-10-26T09:00"),
        ("2026-10-25T14:59", None, "2026-10-25T09:00"),
        ("2026-10-25T15:01", None, "2026-10-26T09:00"),
    ],
)
def test_the_next_reading_keeps_to_the_clock_on_the_wall(now: str, taken: str | None, due: str) -> None:
    from backend.pathways.schedule import next_reading

    at = datetime.fromisoformat(now + "+00:00")
    last = {} if taken is None else {"spo2": datetime.fromisoformat(taken + "+00:00")}
    found = next_reading(PACKS["copd"].expected, last, at)
    assert found is not None
    assert found.due_at == datetime.fromisoformat(due + "+00:00")
