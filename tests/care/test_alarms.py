"""Alarms are never held, and a tap does not stop them (care rules, sections 1 and 2)."""

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask

from backend.alerts.levels import Hours, Severity, clock_for
from backend.observations.reading import AlarmKind
from tests.alerts.people import Monitored, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.care.conftest import OnList
from tests.caseload.conftest import CAPACITY, Desk, House, ahead
from tests.desk.acting import did, listed
from tests.escalation.stepped import Stepped
from tests.escalation.test_climbing import cast
from tests.factories import Factory
from tests.messages.catchers import Provider

# A pressed pendant, a fall, smoke, carbon monoxide: seconds to acknowledge and, after a claim, seconds to a contact.
ALARMS = {"sos": (60, 180), "fall": (60, 180), "smoke": (120, 600), "co": (120, 600)}
RANGE = {"kind": "pause", "reason": "At her sister's"}


def bring_into(state: str, person: Monitored, desk: Desk, house: House) -> None:
    """What a desk does about somebody before they press."""
    if state == "paused":
        desk.change(person.patient, "/pauses", RANGE | {"until": ahead(days=7)})
    elif state == "in hospital":
        desk.change(person.patient, "/pauses", RANGE | {"kind": "admission", "until": ahead(days=7)})
    elif state == "died":
        desk.change(person.patient, "/death", {"died_on": "2026-11-20"})
    elif state == "lacks capacity":
        desk.change(person.patient, "/capacity", CAPACITY)
    elif state == "consent withdrawn":
        person.run("update consent set revoked_at = db_now() where patient_id = :p", p=person.patient.id)
    elif state == "end of life":
        line = {
            "line_name": "Line",
            "line_phone": "01632 960400",
            "reason": "Agreed",
            "review_on": "2099-01-01",
        }
        house.desk("team-lead").change(person.patient, "/end-of-life", line)
        house.desk("clinician").change(person.patient, "/end-of-life/sign")
    else:
        person.run("update enrolment set status = :s where patient_id = :p", s=state, p=person.patient.id)


@pytest.mark.hazard("H28")
@pytest.mark.parametrize(
    "state", ["paused", "in hospital", "died", "lacks capacity", "consent withdrawn", "end of life", "awaiting-kit",
              "referred", "ended"],
)  # fmt: skip
def test_an_alarm_is_an_emergency_on_the_desk_whatever_a_desk_did_before(
    app: Flask, house: House, desk: Desk, on_list: OnList, state: str
) -> None:
    pressed: dict[str, str] = {}
    for kind in ALARMS:
        person = on_list()
        device = house.make.device("telecare-unit")
        house.make.wears(person.patient, device)
        bring_into(state, person, desk, house)
        press(app, device, person.patient, kind=AlarmKind(kind))
        pressed[str(person.patient.public_id)] = kind
        (stored,) = run(app, "select extract(epoch from acknowledge_by - opened_at) as s, rung_due_at = acknowledge_by"
                             " as climbs from alert where patient_id = :p and closed_at is null",
                        p=person.patient.id)  # fmt: skip
        assert (int(stored.s), stored.climbs) == (ALARMS[kind][0], True), kind
    rows = listed(desk.browser)
    assert {row["patient"]["id"]: row["rule"] for row in rows} == pressed
    assert {(row["level"], row["state"]) for row in rows} == {("emergency", "open")}


@pytest.mark.hazard("H22")
@pytest.mark.parametrize("kind", ALARMS)
def test_claiming_an_alarm_starts_its_second_clock(
    app: Flask, make: Factory, person: Monitored, nurse: Browser, kind: str
) -> None:
    press(app, make.device("telecare-unit"), person.patient, kind=AlarmKind(kind))
    did(nurse, listed(nurse)[0], "claim")
    (alert,) = person.alerts()
    assert (alert.rung_due_at - alert.claimed_at).total_seconds() == ALARMS[kind][1]


@pytest.mark.hazard("H22")
@pytest.mark.parametrize("kind", ALARMS)
def test_a_claim_without_a_contact_keeps_no_alarm_from_the_alarm_centre(
    ladder: Stepped, sms: Provider, kind: str
) -> None:
    who = cast(ladder)
    alert = ladder.raises(who.patient, who.team, rule=kind, kind="alarm", level="emergency")
    ladder.claimed(alert, who.nurse, ALARMS[kind][1])
    # Whoever has it speaks to nobody: who is on call, the manager and the alarm centre are told all the same.
    for _ in range(4):
        ladder.step(minutes=11)
        ladder.settle()
    told = [place for _, place, _, outcome in ladder.steps(alert) if outcome == "told"]
    assert {"assigned", "on-call", "duty-manager", "alarm-centre"} <= set(told)
    assert ladder.view(alert).end is not None


SCRIPT = {
    "head injury": "hit your head",
    "anticoagulant": "blood thinner",
    "time on the floor": "on the floor",
    "able to get up": "get up",
}


@pytest.mark.parametrize("thins", [None, True])
@pytest.mark.parametrize("kind", ["sos", "fall"])
def test_the_card_of_a_fall_asks_head_anticoagulant_time_on_the_floor_and_getting_up(
    app: Flask, make: Factory, person: Monitored, nurse: Browser, kind: str, thins: bool | None
) -> None:
    known = '{"anticoagulant": true}' if thins else "{}"
    run(app, "update patient set facts = cast(:f as jsonb) where id = :p", f=known, p=person.patient.id)
    press(app, make.device("pendant"), person.patient, kind=AlarmKind(kind))
    card = nurse.get(f"/alerts/{listed(nurse)[0]['id']}").get_json()
    assert len(card["fall_script"]) == len(SCRIPT)
    for asked, words in SCRIPT.items():
        (line,) = [one for one in card["fall_script"] if words in one]
        assert line.startswith("On record") is (thins is True and asked == "anticoagulant"), asked


WATCHED = Hours(time(8), time(20), "Europe/London")
# Minutes to acknowledge and then to contact: between 8am and 8pm, and at 3am, when what can wait begins at 8am.
CLOCKS = {
    ("emergency", 12): (2, 10), ("emergency", 3): (2, 10), ("urgent", 12): (15, 60), ("urgent", 3): (30, 60),
    ("soon", 12): (240, 24 * 60), ("soon", 3): (5 * 60 + 240, 24 * 60),
    ("routine", 12): (24 * 60, 72 * 60), ("routine", 3): (29 * 60, 72 * 60),
}  # fmt: skip


@pytest.mark.hazard("H22")
@pytest.mark.parametrize(("level", "hour"), CLOCKS)
def test_every_level_has_a_time_to_acknowledge_and_a_time_to_contact_in_hours_and_out(
    level: str, hour: int
) -> None:
    clock = clock_for("spo2_low", Severity(level), datetime(2026, 11, 2, hour, tzinfo=UTC), WATCHED)
    expected = CLOCKS[level, hour]
    assert (clock.acknowledge, clock.contact) == tuple(timedelta(minutes=minutes) for minutes in expected)
