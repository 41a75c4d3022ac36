"""The ladder in the database: 60 seconds, the second clock, no reply, snoozing, hours, and every channel failing."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

import pytest
from sqlalchemy import text

from backend.core.db import db, transaction
from backend.escalation import climbing, starting
from backend.escalation.climbing import take_due
from backend.escalation.jobs import climb
from backend.escalation.service import start_now
from tests.escalation.stepped import Stepped
from tests.factories import Ref
from tests.messages.catchers import Provider

ROUND_THE_CLOCK = {"opens": time(0, 0, 1), "closes": time(0, 0, 1)}


@dataclass(frozen=True)
class Cast:
    """A person, their team and who is on which duty."""

    patient: Ref
    team: Ref
    nurse: Ref
    on_call: Ref
    manager: Ref


def cast(house: Stepped, *, reachable: bool = True, **team: Any) -> Cast:
    make = house.make
    nurse, on_call, manager = (make.practitioner() for _ in range(3))
    patient = make.patient()
    made = make.team([nurse, on_call, manager], [patient], **(team or ROUND_THE_CLOCK))
    house.on_rota(made, on_call, "on-call", 400)
    house.on_rota(made, manager, "duty-manager", 400)
    if reachable:
        for who in (nurse, on_call, manager):
            house.contact(who)
    return Cast(patient, made, nurse, on_call, manager)


@pytest.mark.hazard("H22")
@pytest.mark.parametrize("rule", ["sos", "fall"])
def test_a_pendant_or_fall_nobody_acknowledges_steps_after_60_seconds(
    house: Stepped, sms: Provider, rule: str
) -> None:
    who = cast(house)
    alert = house.raises(who.patient, who.team, rule=rule, kind="alarm", level="emergency")
    house.step(seconds=45)
    house.tick()
    assert house.steps(alert) == []
    house.step(seconds=16)
    house.tick()
    house.tick()
    assert house.steps(alert) == [(1, "on-call", "sms", "told")]
    house.step(seconds=61)
    house.settle()
    house.step(seconds=61)
    house.settle()
    assert [step[:2] for step in house.steps(alert)] == [
        (1, "on-call"), (2, "duty-manager"), (3, "alarm-centre"),
    ]  # fmt: skip
    assert len(sms.caught) == 3
    view = house.view(alert)
    assert view.end is not None
    assert view.end.startswith("Nobody has reached the person. The alarm centre or duty line has been told")
    assert view.steps[-1]["at"] is None
    assert house.due_in(alert) == pytest.approx(600, abs=30)


@pytest.mark.hazard("H22")
def test_the_ladder_goes_on_after_a_claim_until_a_contact_is_recorded(house: Stepped, sms: Provider) -> None:
    who = cast(house)
    alert = house.raises(who.patient, who.team, rule="sos", kind="alarm", level="emergency")
    house.claimed(alert, who.nurse, 180)
    house.step(seconds=170)
    house.tick()
    assert house.steps(alert) == []
    house.step(seconds=15)
    house.settle()
    assert house.steps(alert) == [(0, "assigned", "sms", "told"), (1, "on-call", "sms", "told")]
    (row,) = house.run("select phase from escalation_step where alert_id = :a limit 1", a=alert)
    assert row.phase == "contact"
    # A call without a reply is a note on the card and leaves the clock as it is.
    house.run("insert into alert_event (alert_id, kind, words) values (:a, 'contact', 'No reply')", a=alert)
    house.step(seconds=65)
    house.settle()
    assert house.steps(alert)[-1] == (2, "duty-manager", "sms", "told")
    house.run("update alert set contacted_at = db_now(), rung_due_at = null where id = :a", a=alert)
    house.step(hours=3)
    house.settle()
    assert len(house.steps(alert)) == 4
    assert house.view(alert).next_at is None
    assert house.view(alert).end is None


def test_a_snooze_waits_and_an_emergency_never_does(house: Stepped, sms: Provider) -> None:
    who = cast(house)
    urgent = house.raises(who.patient, who.team, level="urgent")
    emergency = house.raises(who.patient, who.team, level="emergency", rule="bp_severe")
    house.run("update alert set snoozed_until = db_now() + interval '50 minutes'")
    house.step(minutes=20)
    house.tick()
    assert house.steps(urgent) == []
    assert house.steps(emergency) != []
    house.step(minutes=31)
    house.tick()
    assert house.steps(urgent) != []


@pytest.mark.parametrize("level", ["urgent", "emergency"])
def test_red_never_waits_for_hours_and_begins_at_once_when_nobody_sits_at_the_list(
    house: Stepped, sms: Provider, level: str
) -> None:
    who = cast(house, **closed_now(house))
    alert = house.raises(who.patient, who.team, level=level, ack=1800)
    house.tick()
    assert [step[:2] for step in house.steps(alert)] == [(1, "on-call")]
    # It began once; the next step has its own time.
    house.tick()
    assert len(house.steps(alert)) == 1


def test_what_is_milder_waits_until_the_team_opens(house: Stepped, sms: Provider) -> None:
    who = cast(house, **closed_now(house))
    alert = house.raises(who.patient, who.team, level="soon", rule="bp_high")
    house.step(minutes=5)
    house.tick()
    assert house.steps(alert) == []
    wait = house.due_in(alert)
    assert wait is not None
    assert 3600 < wait < 24 * 3600
    house.step(seconds=wait + 1)
    house.tick()
    assert [step[:2] for step in house.steps(alert)] == [(1, "duty-manager")]


@pytest.mark.hazard("H22")
def test_whose_team_of_today_is_closed_is_not_waited_for_though_the_team_of_then_is_open(
    house: Stepped, sms: Provider
) -> None:
    then, now = cast(house), cast(house, **closed_now(house))
    alert = house.raises(then.patient, then.team, level="urgent", rule="spo2_low", ack=900)
    house.run("update caseload set care_team_id = :t where patient_id = :p", t=now.team.id, p=then.patient.id)
    house.tick()
    assert [step[1] for step in house.steps(alert)] == ["on-call"]


def closed_now(house: Stepped) -> dict[str, Any]:
    """Hours of a team that opens in six hours for an hour."""
    hour = (house.now().hour + 6) % 24
    return {"opens": time(hour), "closes": time((hour + 1) % 24), "time_zone": "UTC"}


@pytest.mark.hazard("H22")
@pytest.mark.parametrize("level", ["urgent", "emergency"])
@pytest.mark.parametrize("rule", ["sos", "spo2_low"])
def test_with_every_channel_failing_a_red_alert_still_reaches_a_stated_end(
    house: Stepped, sms: Provider, level: str, rule: str
) -> None:
    who = cast(house)
    sms.answer = (400, {}, b"")
    alert = house.raises(who.patient, who.team, level=level, rule=rule)
    house.step(seconds=61)
    house.settle()
    assert {step[3] for step in house.steps(alert)} == {"failed"}
    assert house.steps(alert)[-1][1] == "alarm-centre"
    view = house.view(alert)
    assert view.end is not None
    assert "could not be told: ring them" in view.end
    assert view.undelivered
    assert house.events(alert)["message-failed"] == 3
    # And it is not over: it is tried again every ten minutes for as long as it is open.
    before = len(house.steps(alert))
    house.step(minutes=11)
    house.settle()
    assert len(house.steps(alert)) == before + 1


@pytest.mark.hazard("H22")
def test_with_nothing_configured_at_all_it_says_so_and_ends_at_once_at_the_top(house: Stepped) -> None:
    who = cast(house, reachable=False)
    alert = house.raises(who.patient, who.team, level="emergency")
    house.step(seconds=61)
    house.tick()
    assert house.steps(alert) == [
        (1, "on-call", "none", "not-configured"),
        (2, "duty-manager", "none", "not-configured"),
        (3, "alarm-centre", "none", "not-configured"),
    ]
    assert "No way to reach the alarm centre or a duty line is set up" in str(house.view(alert).end)


@pytest.mark.hazard("H04")
def test_a_message_that_can_never_arrive_makes_the_ladder_go_on_at_once_and_stands_on_the_card(
    house: Stepped, sms: Provider
) -> None:
    who = cast(house)
    alert = house.raises(who.patient, who.team, level="urgent", ack=900)
    house.run(
        "insert into communication (alert_id, patient_id, to_kind, to_ref, template, channel, facts)"
        " values (:a, :p, 'care-team', :t, 'no-such-template', 'best', '{}')",
        a=alert, p=who.patient.id, t=str(who.team.id),
    )  # fmt: skip
    house.tick()
    assert house.steps(alert) == []
    house.settle()
    assert house.steps(alert) == [(1, "on-call", "sms", "told")]
    assert house.events(alert)["message-failed"] == 1
    assert house.run("select 1 from alert where rule = 'communication_failed'") == []


def test_a_nudge_that_can_never_arrive_has_a_card_of_its_own_once(house: Stepped, sms: Provider) -> None:
    who = cast(house)
    for _ in range(2):
        house.run(
            "insert into communication (patient_id, to_kind, to_ref, template, channel, facts)"
            " values (:p, 'patient', :r, 'please-measure-again', 'email', '{}')",
            p=who.patient.id, r=str(who.patient.public_id),
        )  # fmt: skip
        house.settle()
    (row,) = house.run("select * from alert where rule = 'communication_failed'")
    assert (row.kind, row.level, row.patient_id, row.care_team_id) == (
        "technical", "soon", who.patient.id, who.team.id,
    )  # fmt: skip
    assert "could not be delivered" in row.reason
    told = house.run("select to_kind from communication where alert_id = :a", a=row.id)
    assert {one.to_kind for one in told} == {"care-team"}


def test_an_unassigned_alarm_climbs_to_the_duty_line(house: Stepped, sms: Provider) -> None:
    alert = house.raises(None, None, device="test-pendant-9", rule="sos", kind="alarm", level="emergency")
    house.step(seconds=61)
    house.settle()
    assert house.steps(alert)[-1] == (3, "alarm-centre", "sms", "told")


def test_a_canary_pages_nobody(house: Stepped, sms: Provider) -> None:
    who = cast(house)
    alert = house.raises(who.patient, who.team, level="emergency", is_canary=True)
    house.run("update alert set rung_due_at = db_now()")
    house.step(minutes=30)
    house.tick()
    assert house.steps(alert) == []


@pytest.mark.hazard("H24")
def test_desks_that_do_not_listen_start_the_ladder_of_what_nobody_has(house: Stepped, sms: Provider) -> None:
    who = cast(house)
    open_, mine = (
        house.raises(who.patient, who.team, rule=rule, ack=900) for rule in ("spo2_low", "bp_severe")
    )
    house.claimed(mine, who.nurse, 3600)
    with house.worker.app_context(), transaction():
        assert start_now([open_, mine]) == 1
    with house.worker.app_context(), transaction():
        assert start_now([open_, mine]) == 0
    house.tick()
    assert [step[:2] for step in house.steps(open_)] == [(1, "on-call")]
    assert house.steps(mine) == []


@pytest.mark.hazard("H04")
def test_a_crash_before_the_commit_leaves_the_row_due_and_tells_nobody(house: Stepped, sms: Provider) -> None:
    who = cast(house)
    alert = house.raises(who.patient, who.team)
    house.step(seconds=61)

    def dies() -> None:
        with transaction():
            take_due()
            raise ZeroDivisionError

    with house.worker.app_context(), pytest.raises(ZeroDivisionError):
        dies()
    assert house.steps(alert) == []
    assert house.run("select 1 from communication") == []
    house.tick()
    assert len(house.steps(alert)) == 1


@pytest.mark.hazard("H07")
def test_two_workers_take_each_step_once_and_ring_nobody_twice(house: Stepped, sms: Provider) -> None:
    who = cast(house)
    alerts = [house.raises(who.patient, who.team, rule=f"rule_{n}", level="urgent") for n in range(60)]
    house.step(seconds=61)

    def work() -> None:
        with house.worker.app_context():
            climb()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(len(house.steps(alert)) for alert in alerts) == [1] * 60
    house.settle()
    # Sixty alerts say one thing to who is on call: that something waits. At most one ring a worker.
    assert 1 <= len(sms.caught) <= 2
    rung = house.run("select distinct rung from alert where id = any(:a)", a=alerts)
    assert [row.rung for row in rung] == [1]


def test_a_pathway_that_wants_it_sooner_than_the_time_to_acknowledge_is_heard(
    house: Stepped, sms: Provider
) -> None:
    who = cast(house)
    pack = {
        "pathway": "quick", "version": "1", "locality": "", "title": "Quick", "reason": "r", "author": "a",
        "for_whom": "w", "source": "s", "kit": ["scale"],
        "expected": [{"kind": "weight", "times": ["08:00"], "source": "s"}],
        "rules": [{"id": "spo2_low"}],
        "advice": {light: {"signs": ["s"], "do": ["d"], "call": "c"} for light in ("green", "amber", "red")},
        "escalation": [{"after_minutes": 0, "to": "team"}, {"after_minutes": 5, "to": "duty-manager"}],
        "missed": [{"due_readings": 1, "do": "nudge"}],
        "examples": [{"say": "x", "rule": "spo2_low", "readings": [{"minute": 0, "spo2": "90"}]}],
    }  # fmt: skip
    house.make.enrolment(who.patient, house.make.pathway("quick", pack))
    alert = house.raises(who.patient, who.team, level="urgent", ack=900)
    house.tick()
    wait = house.due_in(alert)
    assert wait is not None
    assert wait <= 300
    house.step(seconds=301)
    house.tick()
    assert [step[:2] for step in house.steps(alert)] == [(1, "duty-manager")]


@pytest.mark.hazard("H22")
def test_whoever_has_left_the_team_is_on_no_rung_of_it_whatever_the_rota_says(
    house: Stepped, sms: Provider
) -> None:
    """They could open nothing, and their telephone would count as somebody who was told."""
    who = cast(house)
    house.run("update care_team_member set valid = tstzrange(lower(valid), db_now()) where practitioner_id = :p",
              p=who.on_call.id)  # fmt: skip
    alert = house.raises(who.patient, who.team, rule="sos", kind="alarm", level="emergency")
    house.step(seconds=61)
    house.settle()
    assert [step for step in house.steps(alert) if step[3] == "told"] == [(2, "duty-manager", "sms", "told")]


@pytest.mark.hazard("H22")
def test_one_alert_that_cannot_climb_keeps_no_other_from_climbing(
    house: Stepped, sms: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, other = cast(house), cast(house)
    bad = house.raises(who.patient, who.team, level="emergency")
    good = house.raises(other.patient, other.team, level="emergency")
    real = climbing.ladders_of

    def spoilt(rows: Sequence[Any]) -> Mapping[int, Any]:
        if any(row.id == bad for row in rows):
            db.session.execute(text("select 1 / 0"))
        return real(rows)

    monkeypatch.setattr(climbing, "ladders_of", spoilt)
    house.step(seconds=61)
    house.tick()
    assert house.steps(good)
    assert house.steps(bad) == []
    monkeypatch.undo()
    house.step(seconds=61)
    house.tick()
    assert house.steps(bad), "it waits a minute and is tried again"


def test_in_a_storm_every_fresh_red_is_looked_at_and_not_the_same_few(
    house: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "BATCH", 2)
    who = cast(house)
    alerts = [house.raises(who.patient, who.team, rule=f"r{n}", level="urgent", ack=900) for n in range(5)]
    looked: list[int] = []

    def notes(rows: Sequence[Any]) -> Mapping[int, Any]:
        looked.extend(row.id for row in rows)
        return climbing.ladders_of(rows)

    monkeypatch.setattr(starting, "ladders_of", notes)
    with house.worker.app_context(), transaction():
        starting.start_by_pathway()
    assert looked == alerts
