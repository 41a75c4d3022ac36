"""What happens when nothing comes, and what a pause is (care rules, section 5)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from backend.escalation.jobs import climb
from backend.observations.codes import Code
from backend.observations.reading import AlarmKind
from tests.alerts.clock.stepped import PACKS, on_pathway, signs, step, step_to
from tests.alerts.people import judge, run
from tests.alerts.test_alarms import press
from tests.care.conftest import OnList
from tests.caseload.conftest import Desk, House, ahead
from tests.desk.acting import listed
from tests.factories import Factory

NOON = datetime(2080, 11, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock(app: Flask) -> Iterator[None]:
    """The clock is right again at the end."""
    yield
    run(app, "select set_config('alongside.clock_offset', '', false)")


@pytest.mark.hazard("H03")
def test_a_day_without_a_sign_climbs_the_ladder_until_somebody_has_spoken_to_the_person(
    app: Flask, make: Factory, clock: None
) -> None:
    step_to(app, NOON)
    run(app, "select ensure_partitions(1, 0, :at)", at=NOON)
    person = on_pathway(app, make, "frailty_falls", lives_alone=True)
    person.run("update enrolment set valid = '[2020-01-01,)' where patient_id = :p", p=person.patient.id)
    signs(app)
    step(app, hours=24, seconds=5)
    signs(app)
    (alert,) = person.alerts()
    assert (alert.rule, alert.level, alert.rung_due_at == alert.acknowledge_by) == ("no_sign", "urgent", True)
    for _ in range(3):
        step(app, hours=2)
        with app.app_context():
            climb()
    steps = run(app, "select distinct place from escalation_step where alert_id = :a", a=alert.id)
    assert "alarm-centre" in {one.place for one in steps}
    person.run("update alert set contacted_at = db_now(), rung_due_at = null where id = :a", a=alert.id)
    before = len(run(app, "select 1 from escalation_step where alert_id = :a", a=alert.id))
    step(app, hours=9)
    with app.app_context():
        climb()
    assert len(run(app, "select 1 from escalation_step where alert_id = :a", a=alert.id)) == before


@pytest.mark.hazard("H03")
@pytest.mark.parametrize("pathway", sorted(PACKS))
def test_what_is_done_about_a_missed_reading_stands_in_the_pathway(pathway: str) -> None:
    """Of a long-term condition: a nudge, at the second due reading a contact, then a task. A ward: four hours."""
    steps = [
        (one.get("due_readings") or f"{one['after_hours']} h", one["do"]) for one in PACKS[pathway]["missed"]
    ]
    runs = "readings_missed" in {one["id"] for one in PACKS[pathway]["rules"]}
    if pathway == "discharge_reablement":
        assert steps == [(1, "nudge"), ("4 h", "same-day-call")]
    elif pathway in ("copd", "diabetes", "heart_failure", "hypertension"):
        assert [one[1] for one in steps] == ["nudge", "nudge-and-contact", "task"]
        assert [one[0] for one in steps[:2]] == [1, 2]
    else:
        assert steps == []
    assert runs is bool(steps)


@pytest.mark.hazard("H28")
def test_a_pause_is_of_one_person_and_the_alarms_of_the_household_go_on(
    app: Flask, house: House, desk: Desk, on_list: OnList
) -> None:
    away, home = on_list("copd"), on_list("copd")
    unit = house.make.device("telecare-unit")
    for slot, one in enumerate((away, home)):
        house.make.wears(one.patient, unit, slot=slot)
    until = {"kind": "pause", "reason": "At her sister's", "until": ahead(days=7)}
    desk.change(away.patient, "/pauses", until)
    for one in (away, home):
        one.says({Code.SPO2: "80"})
    judge(app)
    assert (away.alerts(), [row.rule for row in home.alerts()]) == ([], ["spo2_low"])
    press(app, unit, away.patient, kind=AlarmKind.SMOKE)
    assert ("smoke", "emergency") in [(row["rule"], row["level"]) for row in listed(desk.browser)]


@pytest.mark.hazard("H28")
@pytest.mark.parametrize("kind", ["pause", "admission"])
def test_an_admission_and_a_pause_leave_the_enrolment_as_it_was(
    app: Flask, desk: Desk, on_list: OnList, kind: str, step_time: Callable[[str], None]
) -> None:
    person = on_list()
    asked = {"kind": kind, "reason": "A new hip", "until": ahead(days=5)}
    paused = desk.change(person.patient, "/pauses", asked)
    assert (paused["status"], [one["status"] for one in paused["enrolments"]]) == ("paused", ["paused"])
    back = desk.change(person.patient, f"/pauses/{paused['pauses'][0]['id']}/end", {"discharged": True})
    assert (back["status"], [one["id"] for one in back["enrolments"]]) == (
        "live", [one["id"] for one in paused["enrolments"]],
    )  # fmt: skip
