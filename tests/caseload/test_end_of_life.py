"""A signed end-of-life plan: no alert of a vital sign, the palliative line's words, and alarms and worries as ever."""

from collections.abc import Callable

import pytest
from flask import Flask

from backend.observations.codes import Code
from tests.alerts.clock.stepped import PACKS
from tests.alerts.people import Monitored, judge
from tests.browsing import Browser
from tests.caseload.conftest import House

LINE = {
    "line_name": "Test Hospice line", "line_phone": "01632 960400", "reason": "Agreed at home",
    "review_on": "2099-01-01",
}  # fmt: skip


@pytest.fixture
def person(app: Flask, house: House) -> Monitored:
    """Somebody live on COPD's shipped words."""
    make = house.make
    patient = make.patient()
    make.caseload(house.team, patient)
    make.monitoring_consent(patient)
    make.enrolment(patient, make.pathway("copd", PACKS["copd"]))
    return Monitored(app, make, patient, house.team, make.practitioner())


def sign(house: House, person: Monitored) -> None:
    house.desk("team-lead").change(person.patient, "/end-of-life", LINE)
    house.desk("clinician").change(person.patient, "/end-of-life/sign")


@pytest.mark.hazard("H13")
def test_vital_signs_raise_nothing_once_a_plan_is_signed_and_do_again_once_it_is_stopped(
    app: Flask, house: House, person: Monitored
) -> None:
    house.desk("team-lead").change(person.patient, "/end-of-life", LINE)
    house.desk("clinician").change(person.patient, "/end-of-life/sign")
    person.measures("70", ago=2)
    person.says({Code.TEMPERATURE: "39.5"}, ago=1)
    judge(app)
    assert person.alerts() == []
    assert person.waits() == []
    house.desk("clinician").change(person.patient, "/end-of-life/stop", {"why": "Better"})
    person.measures("70")
    judge(app)
    assert "spo2_low" in {row.rule for row in person.alerts()}


@pytest.mark.hazard("H13")
def test_a_plan_with_one_signature_changes_no_rule(app: Flask, house: House, person: Monitored) -> None:
    house.desk("team-lead").change(person.patient, "/end-of-life", LINE)
    person.measures("70")
    judge(app)
    assert [row.rule for row in person.alerts()] == ["spo2_low"]


@pytest.mark.hazard("H13")
def test_alarms_worries_and_a_hypo_go_on_under_an_end_of_life_plan(
    app: Flask, house: House, person: Monitored
) -> None:
    sign(house, person)
    person.says({Code.FALL: "1"})
    person.says({Code.CONCERN: "1"})
    person.says({Code.GLUCOSE: "2.5"})
    judge(app)
    assert {row.rule for row in person.alerts()} == {"fall_seen", "concern", "glucose_danger"}


@pytest.mark.hazard("H13")
def test_the_palliative_line_stands_in_the_place_of_999(
    app: Flask, house: House, person: Monitored, browse: Callable[..., Browser]
) -> None:
    own = browse(person.make.account(patient=person.patient))
    person.measures("70")
    judge(app)
    before = own.get(f"/patients/{person.patient.public_id}/home").get_json()["advice"]
    assert "999" in " ".join(before["words"])
    assert before["line"] is None
    sign(house, person)
    after = own.get(f"/patients/{person.patient.public_id}/home").get_json()["advice"]
    assert after["line"] == {"name": "Test Hospice line", "phone": "01632 960400"}
    assert after["words"] == ["Call Test Hospice line on 01632 960400, day or night. They know your wishes."]
