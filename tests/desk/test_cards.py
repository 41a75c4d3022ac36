"""Cards: what joins one, whose it is then, what stands on it, and what comes next (care.md 2 and 7)."""

import pytest
from flask import Flask

from tests.alerts.people import Monitored, judge, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.desk.acting import ask, did, listed
from tests.factories import Factory


def test_related_findings_stand_on_one_card_with_the_worst_in_its_words(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    person.measures("86", ago=6)
    person.measures("86", ago=1)
    judge(app)
    press(app, make.device("pendant"), person.patient)
    (row,) = listed(nurse)
    assert (row["level"], row["rule"]) == ("emergency", "sos")
    assert [one["rule"] for one in row["findings"]] == ["sos", *(one["rule"] for one in row["findings"][1:])]
    assert any(one["rule"].startswith("spo2") for one in row["findings"][1:])
    assert row["id"] == str(person.alerts()[0].public_id)


@pytest.mark.hazard("H23")
def test_what_joins_a_card_one_has_is_not_acknowledged_by_having_it(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    person.measures("86", ago=6)
    person.measures("86", ago=1)
    judge(app)
    claimed = did(nurse, listed(nurse)[0], "claim")
    press(app, make.device("pendant"), person.patient)
    (row,) = listed(nurse)
    assert (row["state"], row["owner"]["me"], row["new_findings"]) == ("open", True, 1)
    assert row["version"] > claimed["version"]
    assert row["next_action"]["what"] == "claim"
    again = did(nurse, row, "claim")
    assert (again["state"], again["new_findings"]) == ("claimed", 0)
    assert all(alert.claimed_at is not None for alert in person.alerts())


@pytest.mark.hazard("H23")
def test_a_contact_or_a_close_of_a_card_that_something_joined_meanwhile_is_refused(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    """H23: nobody closes, or reports a contact about, what they have not seen."""
    person.measures("86", ago=6)
    person.measures("86", ago=1)
    judge(app)
    row = did(nurse, listed(nurse)[0], "claim")
    press(app, make.device("pendant"), person.patient)
    reached = {"to": "person", "how": "call", "result": "reached"}
    for what, body in (("contact", reached), ("close", {"outcome": "advice", "confirm": True})):
        answer = ask(nurse, row, what, body)
        assert (answer.status_code, answer.get_json()["code"]) == (412, "changed-meanwhile")
        assert answer.get_json()["current"]["new_findings"] == 1
    assert all(alert.closed_at is None and alert.contacted_at is None for alert in person.alerts())


def test_closing_closes_every_finding_of_the_card(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    person.measures("86", ago=6)
    person.measures("86", ago=1)
    judge(app)
    press(app, make.device("pendant"), person.patient)
    did(nurse, listed(nurse)[0], "close", {"outcome": "visit", "confirm": True})
    assert listed(nurse) == []
    assert {alert.outcome for alert in person.alerts()} == {"visit"}


def test_the_id_of_any_finding_finds_its_card(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    person.measures("86", ago=6)
    person.measures("86", ago=1)
    judge(app)
    press(app, make.device("pendant"), person.patient)
    (row,) = listed(nurse)
    answer = nurse.get(f"/alerts/{row['findings'][0]['id']}")
    assert answer.get_json()["row"]["id"] == row["id"]


def test_the_card_says_what_whoever_rings_has_to_know(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    """care.md 7: why in words, age of data, language, hearing, lives alone, key safe, target, last three outcomes."""
    run(app, "update patient set lives_alone = true, key_safe_reference = 'KS 12', second_phone = '01632 960002',"
             " facts = '{\"anticoagulant\": true}' where id = :p", p=person.patient.id)  # fmt: skip
    run(app, "insert into patient_needs (patient_id, language, interpreter, hearing, rescue_pack)"
             " values (:p, 'pa', true, 'Hearing aid, left', true)", p=person.patient.id)  # fmt: skip
    run(app, "insert into care_document (patient_id, kind, dated, original_at, verified_by, verified_on)"
             " values (:p, 'respect', current_date, 'In the hall', 'GP', current_date)",
        p=person.patient.id)  # fmt: skip
    for n in range(4):
        make.alert(person.patient, rule=f"old_{n}", title=f"Old {n}")
        run(app, "update alert set closed_at = now() - :n * interval '1 day', outcome = 'advice',"
                 " rung_due_at = null where rule = :r", n=n + 1, r=f"old_{n}")  # fmt: skip
    person.measures("86", ago=6)
    person.measures("86", ago=1)
    judge(app)
    press(app, make.device("pendant"), person.patient)
    (row,) = listed(nurse)
    assert row["reason"]
    assert row["patient"]["language"] == "pa"
    oxygen = next(one for one in row["findings"] if one["rule"] == "spo2_low")
    assert [entry["value"] for entry in oxygen["evidence"]] == ["86", "86"]
    card = nurse.get(f"/alerts/{row['id']}").get_json()
    facts = card["facts"]
    assert (facts["language"], facts["interpreter"], facts["hearing"]) == ("pa", True, "Hearing aid, left")
    assert (facts["lives_alone"], facts["key_safe_reference"], facts["rescue_pack"]) == (True, "KS 12", True)
    assert (facts["oxygen_target"]["low"], facts["oxygen_target"]["high"]) == ("88", "92")
    assert facts["oxygen_target"]["personal"]
    assert facts["documents"][0]["kind"] == "respect"
    assert facts["second_number"] == "01632 960002"
    assert [one["title"] for one in card["last_outcomes"]] == ["Old 0", "Old 1", "Old 2"]
    assert any("blood thinner" in line and "On record" in line for line in card["fall_script"])
    assert len(card["outcomes"]) == 10


def test_who_else_is_worried_stands_on_the_card(make: Factory, person: Monitored, nurse: Browser) -> None:
    make.alert(person.patient)
    make.alert(person.patient, rule="concern", title="Test Carer is worried", reason="Not herself today")
    row = next(one for one in listed(nurse) if one["rule"] == "spo2_low")
    card = nurse.get(f"/alerts/{row['id']}").get_json()
    assert [one["who"] for one in card["worried"]] == ["Test Carer is worried"]


def test_taking_a_card_from_a_colleague_is_asked_for_and_kept(
    make: Factory, person: Monitored, nurse: Browser, colleague: Browser
) -> None:
    make.alert(person.patient)
    row = did(nurse, listed(nurse)[0], "claim")
    refused = ask(colleague, row, "claim")
    assert (refused.status_code, refused.get_json()["code"]) == (412, "already-claimed")
    taken = did(colleague, row, "claim", {"take_over": True})
    assert taken["owner"]["me"]
    log = colleague.get(f"/alerts/{row['id']}").get_json()["log"]
    assert [one["kind"] for one in log] == ["claim", "claim"]


def test_a_message_to_the_person_travels_without_its_words(
    app: Flask, make: Factory, browse: "object", person: Monitored, nurse: Browser
) -> None:
    assert callable(browse)
    make.alert(person.patient)
    did(nurse, listed(nurse)[0], "message", {"words": "Please rest and measure again at four."})
    (told,) = run(app, "select template, facts from communication where patient_id = :p", p=person.patient.id)
    assert told.template == "message-from-team"
    assert "rest" not in str(told.facts)
    own = browse(make.account(patient=person.patient))
    (message,) = own.get(f"/patients/{person.patient.public_id}/desk-messages").get_json()["messages"]
    assert (message["words"], message["from"]) == (
        "Please rest and measure again at four.",
        person.nurse.name,
    )


def test_a_note_stands_on_the_card_and_not_on_the_time_line(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    make.alert(person.patient)
    row = did(nurse, listed(nurse)[0], "note", {"note": "Daughter is on her way"})
    assert nurse.get(f"/alerts/{row['id']}").get_json()["log"][0]["note"] == "Daughter is on her way"
    assert [one.words for one in run(app, "select words from alert_event")] == ["Note added"]
