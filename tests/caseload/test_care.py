"""What is known of a person, who may act for them, and plans that point and never order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.access.needs import needs_of
from backend.alerts.subjects import people
from backend.core.db import transaction
from tests.browsing import Browser
from tests.caseload.conftest import CAPACITY, CONTACTS, NEEDS, PROXY, Desk, House, ahead, press
from tests.factories import Factory

POINTER = {
    "kind": "respect", "dated": "2026-05-01", "original_at": "Blue folder in the kitchen",
    "ceiling": "Hospital, not intensive care", "verified_by": "A doctor", "verified_on": "2026-05-02",
}  # fmt: skip
LINE = {
    "line_name": "Hospice line", "line_phone": "01632 960400", "reason": "Comfort at home",
    "review_on": "2026-12-24",
}  # fmt: skip


def test_needs_contacts_and_oxygen_are_there_for_whoever_rings(
    app: Flask, house: House, nurse: Desk, connection: Connection
) -> None:
    patient = house.patient()
    nurse.change(patient, "/needs", NEEDS)
    nurse.change(patient, "/contacts", CONTACTS)
    nurse.change(patient, "/facts", {"home_oxygen": True, "oxygen_litres": "2"})
    nurse.change(patient, "/documents", POINTER)
    connection.execute(
        text(
            "insert into alert_limit (patient_id, code, low, high, set_by) values (:id, 5, 88, 92, 'Dr Test')"
        ),
        {"id": patient.id},
    )
    with app.app_context(), transaction():
        known = needs_of([patient.id])[patient.id]
    assert (known.language, known.interpreter, known.rescue_pack, known.sight) == ("cy", True, True, None)
    assert str(known.oxygen_litres) == "2"
    assert [str(end) for end in known.oxygen_target or ()] == ["88", "92"]
    assert [one.relation for one in known.contacts] == ["next-of-kin", "key-holder"]
    assert known.documents[0].original_at == "Blue folder in the kitchen"


def test_who_is_named_again_stays_the_same_person_and_who_is_left_out_goes(house: House, nurse: Desk) -> None:
    patient = house.patient()
    before = nurse.change(patient, "/contacts", CONTACTS)["contacts"]
    after = nurse.change(patient, "/contacts", CONTACTS | {"contacts": CONTACTS["contacts"][1:]})["contacts"]
    assert [(one["id"], one["person"]) for one in after] == [(before[1]["id"], before[1]["person"])]


def test_two_who_change_one_persons_care_do_not_overwrite_each_other(house: House, nurse: Desk) -> None:
    patient = house.patient()
    seen = nurse.care(patient)["version"]
    nurse.change(patient, "/needs", NEEDS)
    answer = nurse.send(f"/patients/{patient.public_id}/needs", {"language": "en"}, seen)
    assert (answer.status_code, answer.get_json()["code"]) == (412, "changed-meanwhile")
    assert nurse.care(patient)["needs"]["language"] == "cy"


@pytest.mark.parametrize("basis", ["lpa-health-and-welfare", "deputy", "best-interests"])
def test_a_say_that_rests_on_incapacity_stands_only_while_capacity_is_lacking(
    house: House,
    nurse: Desk,
    browse: Callable[..., Browser],
    make: Factory,
    connection: Connection,
    basis: str,
) -> None:
    patient = house.patient()
    nurse.change(patient, "/proxies", PROXY | {"basis": basis})
    carer = connection.execute(
        text("select id, public_id from related_person order by id desc limit 1")
    ).one()
    phone = browse(make.account(carer=type(patient)(carer.id, carer.public_id)))

    def sees() -> int:
        return phone.get(f"/patients/{patient.public_id}/home").status_code

    assert (sees(), phone.get("/session").get_json()["patients"]) == (404, [])
    assert nurse.care(patient)["proxies"][0]["stands"] is False
    nurse.change(patient, "/capacity", CAPACITY)
    assert (sees(), nurse.care(patient)["proxies"][0]["stands"]) == (200, True)
    assert len(phone.get("/session").get_json()["patients"]) == 1
    nurse.change(patient, "/capacity", CAPACITY | {"outcome": "has"})
    assert sees() == 404


@pytest.mark.parametrize(
    ("assessed", "stands"),
    [
        ([{}], True),
        # Worded alike is the same decision, and another decision is another.
        ([{"decision": " being  Monitored. "}], True),
        ([{"decision": "Managing money"}], False),
        ([{"review_on": "2026-10-31"}], False),
        # Which was made last counts, and not which was typed in last.
        ([{"outcome": "has", "assessed_on": "2026-10-20"}, {"assessed_on": "2026-01-05"}], False),
        ([{"outcome": "has", "assessed_on": "2026-01-05"}, {}], True),
        ([{}, {"outcome": "has"}], False),
        # What is to be reviewed leaves no older one standing.
        ([{}, {"assessed_on": "2026-10-20", "review_on": "2026-10-31"}], False),
        ([{}, {"outcome": "fluctuates", "assessed_on": "2026-10-20"}], False),
    ],
)
def test_capacity_is_lacking_by_the_assessment_made_last_of_that_very_decision(
    house: House, nurse: Desk, assessed: list[dict[str, str]], stands: bool
) -> None:
    patient = house.patient()
    nurse.change(patient, "/proxies", PROXY)
    for one in assessed:
        nurse.change(patient, "/capacity", CAPACITY | one)
    [proxy] = nurse.care(patient)["proxies"]
    assert proxy["stands"] is stands
    assert stands or "no assessment that stands says so of “Being monitored”" in proxy["why_not"]


def test_an_assessment_of_a_day_to_come_is_refused(house: House, nurse: Desk) -> None:
    body = CAPACITY | {"assessed_on": ahead(days=3)[:10]}
    assert nurse.change(house.patient(), "/capacity", body, status=422)["code"] == "assessed-on"


def test_an_invitation_stands_by_itself_and_can_be_withdrawn(house: House, nurse: Desk) -> None:
    patient = house.patient()
    [proxy] = nurse.change(patient, "/proxies", PROXY | {"basis": "invitation"})["proxies"]
    assert proxy["stands"] is True
    assert nurse.change(patient, f"/proxies/{proxy['id']}/end", {"why": "Her wish"})["proxies"] == []


def test_a_do_not_resuscitate_pointer_never_lowers_the_response_to_an_alarm(
    app: Flask, house: House, nurse: Desk, connection: Connection
) -> None:
    clocks = []
    for kind in (None, "dnacpr"):
        patient, kit = house.patient(), house.make.device("pendant")
        house.make.wears(patient, kit)
        if kind is not None:
            nurse.change(patient, "/documents", POINTER | {"kind": kind})
        press(app, kit, patient)
        row = connection.execute(
            text(
                "select level, kind, acknowledge_by - opened_at as ack, contact_by - opened_at as contact"
                " from alert where patient_id = :id"
            ),
            {"id": patient.id},
        ).one()
        clocks.append(tuple(row))
    assert clocks[0] == clocks[1]
    assert clocks[0][:3] == ("emergency", "alarm", timedelta(seconds=60))


def test_an_end_of_life_plan_needs_two_different_people_and_a_clinician(app: Flask, house: House) -> None:
    patient = house.patient()
    lead, clinician = house.desk("team-lead"), house.desk("clinician")
    assert lead.change(patient, "/end-of-life", LINE)["end_of_life"]["counts"] is False
    assert lead.change(patient, "/end-of-life/sign", status=412)["code"] == "same-person"
    second = house.desk("team-lead", another=True)
    assert second.change(patient, "/end-of-life/sign", status=412)["code"] == "needs-clinician"
    with app.app_context(), transaction():
        assert people([patient.id])[patient.id].facts.end_of_life is None
        assert needs_of([patient.id])[patient.id].palliative_line is None
    assert clinician.change(patient, "/end-of-life/sign")["end_of_life"]["counts"] is True
    with app.app_context(), transaction():
        assert people([patient.id])[patient.id].facts.end_of_life is True
        line = needs_of([patient.id])[patient.id].palliative_line
    assert line is not None
    assert line.phone == "01632 960400"
    assert clinician.change(patient, "/end-of-life/stop", {"why": "Better"})["end_of_life"] is None
    with app.app_context(), transaction():
        assert people([patient.id])[patient.id].facts.end_of_life is None


def test_facts_written_anew_leave_the_signed_plan_alone(app: Flask, house: House, nurse: Desk) -> None:
    patient = house.patient()
    house.desk("team-lead").change(patient, "/end-of-life", LINE)
    house.desk("clinician").change(patient, "/end-of-life/sign")
    nurse.change(patient, "/facts", {"insulin": True})
    with app.app_context(), transaction():
        facts = people([patient.id])[patient.id].facts
    assert (facts.end_of_life, facts.insulin, facts.sulfonylurea) == (True, True, None)


def test_a_nurse_signs_no_end_of_life_plan(house: House, nurse: Desk) -> None:
    patient = house.patient()
    assert nurse.change(patient, "/end-of-life", LINE, status=404)["code"] == "no-record"


def test_the_caseload_says_who_is_watched_and_whose_review_is_due(
    house: House, nurse: Desk, step_time: Callable[[str], None]
) -> None:
    live, waiting = house.patient(), house.patient(status="awaiting-kit")
    nurse.change(live, "/reviews", {"note": "Well", "next_due": ahead(days=30)[:10]})
    page = nurse.read("/caseload")
    rows = {row["patient"]["id"]: row for row in page["rows"]}
    assert rows[str(live.public_id)]["monitored"] is True
    assert rows[str(waiting.public_id)]["monitored"] is False
    assert {one["status"]: one["count"] for one in page["counts"]}["awaiting-kit"] == 1
    assert rows[str(live.public_id)]["review_overdue"] is False
    step_time("32 days")
    overdue = nurse.read("/caseload?status=live")["rows"]
    assert [row["review_overdue"] for row in overdue] == [True]
    assert nurse.change(live, "/reviews", {"next_due": ahead(days=3)[:10]}, status=422)["code"] == "next-due"


def test_somebody_is_found_by_a_part_of_name_or_number_that_is_in_no_address(
    house: House, nurse: Desk, connection: Connection
) -> None:
    patient = house.patient(family_name="Sorrel")
    house.patient()
    number = connection.execute(
        text("select nhs_number from patient where id = :id"), {"id": patient.id}
    ).scalar_one()
    for q in ("sorr", f"{number[:3]} {number[3:6]} {number[6:]}", "test sorrel"):
        found = nurse.send("/caseload/search", {"q": q}).get_json()["rows"]
        assert [row["patient"]["id"] for row in found] == [str(patient.public_id)]
