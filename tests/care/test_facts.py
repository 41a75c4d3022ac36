"""What is known of a person drives the rules, and is asked when they join (care rules, section 3)."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask

from backend.observations.codes import Code
from tests.alerts.people import Monitored, judge
from tests.alerts.test_alarms import press
from tests.care.conftest import OnList
from tests.caseload.conftest import TARGET, Desk, House
from tests.desk.acting import listed

Json = dict[str, Any]
# A fact, what is measured, and the rule's level with the fact and with its opposite (None: it raises nothing).
DRIVES: list[tuple[str, Json, Json, Mapping[Code, str], str, str | None, str | None]] = [
    ("immunosuppressed", {"immunosuppressed": True}, {"immunosuppressed": False}, {Code.TEMPERATURE: "38.0"},
     "temperature", "emergency", None),
    ("insulin", {"insulin": True, "sulfonylurea": False}, {"insulin": False, "sulfonylurea": False, "type1": False},
     {Code.GLUCOSE: "3.5"}, "glucose_low", "urgent", "soon"),
    ("sulfonylurea", {"insulin": False, "sulfonylurea": True}, {"insulin": False, "sulfonylurea": False},
     {Code.GLUCOSE: "3.5"}, "glucose_low", "urgent", "soon"),
    ("SGLT2 inhibitor", {"sglt2_inhibitor": True, "type1": False}, {"sglt2_inhibitor": False, "type1": False},
     {Code.GLUCOSE: "14.1"}, "glucose_high", "soon", None),
    ("usual blood pressure", {"usual_systolic_low": "110", "usual_systolic_high": "130"}, {},
     {Code.SYSTOLIC: "96", Code.DIASTOLIC: "62"}, "bp_low", "soon", None),
    ("dry weight", {"dry_weight": "70"}, {}, {Code.WEIGHT: "72.5"}, "dry_weight", "soon", None),
]  # fmt: skip


@pytest.mark.hazard("H13")
@pytest.mark.parametrize(
    ("with_it", "without", "measured", "rule", "level", "other"),
    [row[1:] for row in DRIVES], ids=[row[0] for row in DRIVES],
)  # fmt: skip
def test_a_fact_a_nurse_writes_down_changes_what_the_rule_says(
    app: Flask, desk: Desk, on_list: OnList, with_it: Json, without: Json, measured: Mapping[Code, str], rule: str,
    level: str | None, other: str | None,
) -> None:  # fmt: skip
    found = []
    for facts in (with_it, without):
        person = on_list()
        desk.change(person.patient, "/facts", facts)
        person.says(measured)
        judge(app)
        found.append(next((row.level for row in person.alerts() if row.rule == rule), None))
    assert found == [level, other]


@pytest.mark.hazard("H13")
@pytest.mark.parametrize(("thins", "said"), [(True, True), (False, False), (None, False)])
def test_an_anticoagulant_is_told_to_whoever_answers_a_fall(
    app: Flask, house: House, desk: Desk, on_list: OnList, thins: bool | None, said: bool
) -> None:
    person = on_list()
    desk.change(person.patient, "/facts", {"anticoagulant": thins})
    press(app, house.make.device("pendant"), person.patient)
    script = desk.read(f"/alerts/{listed(desk.browser)[0]['id']}")["fall_script"]
    assert any("takes a blood thinner" in line for line in script) is said


@pytest.mark.hazard("H13")
@pytest.mark.parametrize(("oxygen", "words"), [(True, "use now not known"), (False, "")])
def test_home_oxygen_whose_use_nobody_said_is_unknown_and_never_air(
    app: Flask, desk: Desk, on_list: OnList, oxygen: bool, words: str
) -> None:
    person = on_list()
    desk.change(person.patient, "/facts", {"home_oxygen": oxygen, "oxygen_litres": "2" if oxygen else None})
    person.measures("80")
    judge(app)
    (alert,) = [row for row in person.alerts() if row.rule == "spo2_low"]
    assert words in alert.reason
    assert "on air" not in alert.reason


@pytest.mark.hazard("H13")
@pytest.mark.parametrize(("value", "level"), [("90", None), ("88", None), ("83", "emergency")])
def test_a_target_of_88_to_92_agreed_at_joining_wins_over_the_pathways_own(
    app: Flask, house: House, desk: Desk, value: str, level: str | None
) -> None:
    facts = {"home_oxygen": False, "usual_spo2": "90"}
    draft = desk.join(facts=facts, pathways={"pathways": ["copd"], "limits": [TARGET]})
    desk.step(draft, "go-live")
    patient = house.make.find_patient(draft["patient"]["id"])
    person = Monitored(app, house.make, patient, house.team, house.make.practitioner())
    person.says({Code.SPO2: value, Code.OXYGEN_USE: "0"})
    judge(app)
    assert [row.level for row in person.alerts()] == ([] if level is None else [level])


ASKED: Json = {
    "immunosuppressed": True, "insulin": False, "sulfonylurea": True, "sglt2_inhibitor": False, "anticoagulant": True,
    "usual_systolic_low": "105", "usual_systolic_high": "130", "dry_weight": "71.5", "home_oxygen": True,
    "oxygen_litres": "1.5", "usual_spo2": "90",
}  # fmt: skip


@pytest.mark.hazard("H13")
def test_each_fact_is_asked_when_somebody_joins_and_stands_in_their_care(desk: Desk) -> None:
    draft = desk.step(desk.start(), "facts", ASKED)
    assert {fact: draft["steps"]["facts"][fact] for fact in ASKED} == ASKED
    joined = desk.join(facts=ASKED)
    kept = desk.care(joined["patient"]["id"])["facts"]
    assert {fact: kept[fact] for fact in ASKED} == ASKED
