"""What is written down of a person, who is monitored, and who may decide for them (care rules, section 6)."""

from typing import Any

import pytest
from flask import Flask

from backend.access.documents import KINDS
from tests.alerts.people import Monitored, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.care.conftest import OnList
from tests.caseload.conftest import CAPACITY, CONSENT, NEEDS, PROXY, Desk, House
from tests.desk.acting import listed
from tests.factories import Factory

STATUSES = {"referred": False, "awaiting-kit": False, "live": True, "paused": False, "ended": False}
POINTER = {
    "dated": "2026-05-01", "original_at": "Blue folder in the kitchen", "ceiling": "Hospital, not intensive care",
    "verified_by": "A doctor", "verified_on": "2026-05-02",
}  # fmt: skip


@pytest.mark.hazard("H03")
@pytest.mark.parametrize("status", STATUSES)
def test_only_live_counts_as_monitored_and_each_page_of_a_person_says_which(
    house: House, desk: Desk, on_list: OnList, status: str
) -> None:
    person = on_list(status=status)
    id_ = str(person.patient.public_id)
    monitored = STATUSES[status]
    (row,) = [one for one in desk.read("/caseload")["rows"] if one["patient"]["id"] == id_]
    assert (row["status"], row["monitored"]) == (status, monitored)
    care = desk.care(id_)
    assert (care["status"], care["monitored"]) == (status, monitored)
    assert desk.read(f"/patients/{id_}/record")["patient"]["status"] == status
    own: Browser = house._browse(house.make.account(patient=person.patient))
    home = own.get(f"/patients/{id_}/home").get_json()
    assert (home["status"], home["monitored"]) == (status, monitored)


@pytest.mark.parametrize("lacks", ["decision", "evidence", "granted_by", "review_on"])
@pytest.mark.parametrize("basis", ["invitation", "lpa-health-and-welfare", "deputy", "best-interests"])
def test_nobody_acts_for_a_person_without_the_decision_its_evidence_by_whom_and_a_review(
    desk: Desk, on_list: OnList, basis: str, lacks: str
) -> None:
    person = on_list()
    said = PROXY | {"basis": basis}
    del said[lacks]
    refused = desk.change(person.patient, "/proxies", said, status=422)
    assert set(refused["errors"]) == {lacks}
    assert desk.care(person.patient)["proxies"] == []


def test_each_need_and_who_can_decide_is_asked_when_somebody_joins(desk: Desk) -> None:
    needs = NEEDS | {"sight": "Large print", "interpreter": True}
    capacity = CAPACITY | {"decision": "Being monitored at home"}
    draft = desk.fill(desk.start(), needs=needs, consent=CONSENT | {"capacity": capacity})
    kept = draft["steps"]["needs"]
    assert {name: kept[name] for name in ("language", "interpreter", "hearing", "sight")} == {
        "language": "cy", "interpreter": True, "hearing": "Loud, left ear", "sight": "Large print",
    }  # fmt: skip
    care = desk.care(desk.step(draft, "register")["patient"]["id"])
    assert care["needs"]["sight"] == "Large print"
    assert [(one["outcome"], one["decision"]) for one in care["capacity"]] == [
        ("lacks", "Being monitored at home")
    ]


@pytest.mark.parametrize("kit", ["door-sensor", "location-tracker"])
def test_a_sensor_that_watches_where_somebody_goes_needs_the_reason_why_nothing_milder_does(
    desk: Desk, make: Factory, kit: str
) -> None:
    draft = desk.join()
    device = make.device(kit).name
    assert desk.step(draft, "kit", {"device": device}, status=422)["code"] == "least-restrictive"
    said = {"device": device, "least_restrictive_because": "Leaves at night, and asked for it"}
    assert [one["device_id"] for one in desk.step(draft, "kit", said)["kit"]] == [device]


@pytest.mark.parametrize("kind", KINDS)
def test_a_pointer_to_a_plan_stands_on_the_card_and_changes_no_alarm(
    app: Flask, house: House, desk: Desk, on_list: OnList, kind: str
) -> None:
    clocks = []
    for pointed in (False, True):
        person = on_list()
        if pointed:
            desk.change(person.patient, "/documents", POINTER | {"kind": kind})
        press(app, house.make.device("pendant"), person.patient)
        clocks.append(clock_of(person))
        (row,) = [
            one for one in listed(desk.browser) if one["patient"]["id"] == str(person.patient.public_id)
        ]
        shown: list[dict[str, Any]] = desk.read(f"/alerts/{row['id']}")["facts"]["documents"]
        said = {name: POINTER[name] for name in ("dated", "original_at", "ceiling", "verified_by")}
        assert shown == ([{"kind": kind} | said] if pointed else [])
    assert clocks[0] == clocks[1] == ("emergency", 60, 180, True)


def clock_of(person: Monitored) -> tuple[str, int, int, bool]:
    """Level, seconds to acknowledge and to contact, and whether it climbs."""
    (row,) = run(person.app, "select level, extract(epoch from acknowledge_by - opened_at) as ack,"
                             " extract(epoch from contact_by - acknowledge_by) as contact,"
                             " rung_due_at is not null as climbs from alert where patient_id = :p",
                 p=person.patient.id)  # fmt: skip
    return row.level, int(row.ack), int(row.contact), row.climbs
