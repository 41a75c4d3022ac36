"""A reading that belongs to nobody is given to a person, enters the record with who said so, and comes out again."""

import pytest

from tests.alerts.people import judge
from tests.factories import since
from tests.quarantine.desk_of import Desk

HAZARD = pytest.mark.hazard("H01")


@HAZARD
def test_a_reading_of_unbound_kit_is_given_to_a_person_and_marked_with_who_said_so(desk: Desk) -> None:
    device = desk.make.device()
    body = desk.sends(device, 91)
    message = desk.only()
    # When the nurse says whose it is
    done = desk.gives(message, desk.rose)
    # Then it is in that record as of its time, and in nobody else's
    assert (done["stored"], done["waiting"], done["refused"]) == (1, 0, 0)
    (point,) = desk.record_of(desk.rose)[0]
    assert point["values"] == {"spo2": "91"}
    assert point["effective_at"][:19] == body["taken"][:19]
    assert desk.record_of(desk.fern)[0] == []
    # And it says who said so and why, to whoever reads the record
    (line,) = [
        one
        for one in desk.ok("GET", f"/patients/{desk.rose.public_id}/record")["timeline"]
        if one["kind"] == "device"
    ]
    assert desk.nurse.name in line["words"]
    assert "She told me it was hers" in line["words"]
    assert desk.held() == []
    assert desk.held(state="resolved")[0]["resolution"] == "attributed"


@HAZARD
def test_given_to_the_wrong_person_it_is_taken_back_and_given_to_the_right_one(desk: Desk) -> None:
    device = desk.make.device()
    desk.sends(device, 91)
    message = desk.only()
    before = desk.record_of(desk.rose)
    desk.gives(message, desk.rose)
    # When it is undone
    desk.undoes(desk.undo_of(message))
    # Then the record is as it was, and the message waits again
    assert desk.record_of(desk.rose) == before
    assert desk.only() == message
    # And it can be given to the right person, though its id is known
    assert desk.gives(message, desk.fern)["stored"] == 1
    assert desk.record_of(desk.rose) == before
    assert [point["values"] for point in desk.record_of(desk.fern)[0]] == [{"spo2": "91"}]
    # Both records keep the trace
    words = [one["words"] for one in desk.ok("GET", f"/patients/{desk.rose.public_id}/record")["timeline"]]
    assert any("given to this person" in one for one in words)
    assert any("taken back" in one for one in words)


def test_the_same_reading_is_never_given_twice(desk: Desk) -> None:
    device = desk.make.device()
    desk.sends(device)
    message = desk.only()
    path, body = (
        f"/quarantine/{message}/attribution",
        {"patient_id": str(desk.rose.public_id), "reason": "hers"},
    )
    assert desk.browser.post(path, body).status_code == 200
    # Somebody else is faster than the gateway, then slower than it
    second = desk.browser.post(path, body | {"patient_id": str(desk.fern.public_id)})
    assert (second.status_code, second.get_json()["code"]) == (422, "waiting-already")
    desk.gateway_replays()
    third = desk.browser.post(path, body | {"patient_id": str(desk.fern.public_id)})
    assert (third.status_code, third.get_json()["code"]) == (422, "not-attributable")
    assert desk.record_of(desk.fern)[0] == []


@HAZARD
def test_without_consent_nothing_is_given_at_the_desk_or_by_the_gateway(desk: Desk) -> None:
    device, stranger = desk.make.device(), desk.make.patient()
    desk.make.team([desk.nurse], [stranger])
    desk.sends(device)
    message = desk.only()
    path = f"/quarantine/{message}/attribution"
    asked = {"patient_id": str(stranger.public_id), "reason": "hers"}
    refused = desk.browser.post(path, asked)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "no-consent")
    # When the consent began after the reading was taken, only the gateway can know
    desk.make.monitoring_consent(stranger, since(minutes=1))
    done = desk.gives(message, stranger)
    assert (done["refused"], done["reasons"][0]["reason"]) == (1, "no-consent")
    assert desk.only() == message
    assert desk.rows("select 1 from observation where patient_id = :id", id=stranger.id) == []


@HAZARD
def test_only_ones_own_people_can_be_chosen(desk: Desk) -> None:
    device, other = desk.make.device(), desk.make.patient()
    desk.make.monitoring_consent(other)
    desk.make.team([desk.make.practitioner()], [other])
    desk.sends(device)
    message = desk.only()
    refused = desk.browser.post(
        f"/quarantine/{message}/attribution", {"patient_id": str(other.public_id), "reason": "hers"}
    )
    assert refused.status_code == 404
    found = desk.ok("POST", f"/quarantine/{message}/people", {"words": other.name.split()[1]})["people"]
    assert found == []
    (rose,) = desk.ok("POST", f"/quarantine/{message}/people", {"words": "rose"})["people"]
    # A name stands in no address
    assert desk.browser.get(f"/quarantine/{message}/people?words=rose").status_code in (404, 405)
    assert (rose["id"], rose["wore"]) == (str(desk.rose.public_id), False)


def test_who_wore_the_device_before_is_offered_first(desk: Desk) -> None:
    device = desk.make.device()
    desk.make.wears(desk.fern, device, since(minutes=2))
    desk.sends(device, ago=30)
    offered = desk.ok("POST", f"/quarantine/{desk.only()}/people", {})["people"]
    assert [(one["display_name"], one["wore"]) for one in offered] == [(desk.fern.name, True)]


def test_a_refusal_for_another_reason_is_nobodys_to_give(desk: Desk) -> None:
    device = desk.make.device()
    desk.sends(device, m=[{"k": "spo2", "val": 91, "u": "kPa"}])
    message = desk.only()
    assert desk.ok("GET", f"/quarantine/{message}")["may_attribute"] is False
    refused = desk.browser.post(
        f"/quarantine/{message}/attribution", {"patient_id": str(desk.rose.public_id), "reason": "hers"}
    )
    assert refused.get_json()["code"] == "not-attributable"


@pytest.mark.hazard("H11")
def test_a_given_reading_is_judged_as_of_its_time_and_the_alert_says_when_it_is_withdrawn(desk: Desk) -> None:
    desk.watches(desk.rose, "88", "92")
    device = desk.make.device()
    desk.sends(device, 82, ago=90, came=1)
    message = desk.only()
    desk.gives(message, desk.rose)
    judge(desk.app)
    # Then the rule has run as of the time of measurement
    (row,) = desk.alerts_of(desk.rose)
    assert (row["late"], row["level"]) == (True, "emergency")
    assert "withdrawn" not in row["reason"]
    correction = desk.undo_of(message)
    changed = desk.ok("GET", f"/corrections/{correction}/difference")
    assert [(one["wholly"], one["state"]) for one in changed["alerts"]] == [(True, "open")]
    assert [one["level"] for one in changed["only_with"]] == ["emergency"]
    assert changed["only_without"] == []
    # When it is taken back, the alert stays and is marked, for the team and for the person
    desk.undoes(correction)
    judge(desk.app)
    (row,) = desk.alerts_of(desk.rose)
    assert row["state"] == "open"
    assert row["reason"].endswith("The reading behind this was withdrawn")
    home = desk.phone_of(desk.rose).get(f"/patients/{desk.rose.public_id}/home").get_json()
    assert home["alerts"][0]["reason"].endswith("The reading behind this was withdrawn")
