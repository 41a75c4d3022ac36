"""A clock that is set forward and back again makes nobody wait longer for help (H09)."""

from datetime import time, timedelta

import pytest

from backend.escalation.jobs import keep_to_the_clock
from tests.alerts.test_alarms import press
from tests.escalation.stepped import Stepped
from tests.factories import Ref

HOUR_S = 3600


def looks(house: Stepped) -> None:
    """One round of the worker's look at the clock."""
    with house.worker.app_context():
        keep_to_the_clock()


def on_a_list(house: Stepped) -> tuple[Ref, Ref]:
    """A person on the list of a team with a duty manager."""
    person, manager = house.make.patient(), house.make.practitioner("duty-manager")
    # Never closed: an hour ahead would else be the hour in which a team goes home, with other steps.
    team = house.make.team([manager], [person], opens=time(0, 0, 1), closes=time(0, 0, 1))
    house.contact(manager)
    return person, team


def written(house: Stepped, person: Ref, to_kind: str, to_ref: str, template: str, level: str) -> None:
    """A message about somebody that is to go out now, by the clock as it stands."""
    house.run(
        "insert into communication (patient_id, to_kind, to_ref, template, facts, not_before) values"
        " (:p, :kind, :ref, :template, jsonb_build_object('level', cast(:level as text)), db_now())",
        p=person.id, kind=to_kind, ref=to_ref, template=template, level=level,
    )  # fmt: skip


@pytest.mark.hazard("H09")
def test_a_deadline_made_while_the_clock_was_an_hour_ahead_is_an_hour_nearer_once_it_is_right(
    house: Stepped,
) -> None:
    person, team = on_a_list(house)
    looks(house)
    house.step(hours=1)
    looks(house)
    alert = house.raises(person, team, level="emergency")
    house.tick()
    house.step(hours=-1)
    due = house.due_in(alert)
    assert due is not None
    assert due > HOUR_S - 60
    looks(house)
    due = house.due_in(alert)
    assert due is not None
    assert due < 130
    looks(house)
    again = house.due_in(alert)
    assert again is not None
    assert due - 60 < again <= due, "looking twice brings nothing nearer"


@pytest.mark.hazard("H09")
def test_a_clock_that_went_forward_and_back_while_no_worker_lived_is_seen_by_what_was_written_meanwhile(
    house: Stepped,
) -> None:
    person, team = on_a_list(house)
    looks(house)
    house.step(hours=1)
    # Nobody looks at the clock, and the gateway goes on: a press is an alert with its event and its message.
    press(house.make.app, patient=person)
    house.step(hours=-1)
    house.tick()
    waiting = "select not_before > db_now() + interval '50 minutes' as late from communication where state = 'waiting'"
    assert {row.late for row in house.run(waiting)} == {True}
    looks(house)
    house.step(seconds=60)
    assert house.run(f"{waiting} and not_before > db_now()") == []
    looks(house)
    house.tick()
    assert house.run("select 1 from communication where to_ref = :t and state = 'sent'", t=str(team.id)) != []


@pytest.mark.hazard("H09")
@pytest.mark.parametrize("level", ["emergency", "urgent", "soon", "routine", "info"])
def test_a_message_written_while_the_clock_was_ahead_goes_out_once_it_is_right(
    house: Stepped, level: str
) -> None:
    person, team = on_a_list(house)
    looks(house)
    house.step(hours=1)
    looks(house)
    written(house, person, "care-team", str(team.id), "alert-for-team", level)
    house.step(hours=-1)
    house.tick()
    assert [row.state for row in house.run("select state from communication")] == ["waiting"]
    looks(house)
    # As long as it was written after the last look at the clock, however slow the machine is.
    house.step(seconds=60)
    house.tick()
    assert [row.state for row in house.run("select state from communication")] == ["sent"]


def test_what_waits_for_somebodys_morning_still_waits_for_it_when_the_clock_is_right(house: Stepped) -> None:
    person, _ = on_a_list(house)
    looks(house)
    house.step(hours=1)
    looks(house)
    house.run(
        "insert into contact_preference (patient_id, channel, quiet_from, quiet_to) values (:p, 'sms',"
        " (db_now() at time zone 'Europe/London' - interval '6 hours')::time,"
        " (db_now() at time zone 'Europe/London' + interval '30 minutes')::time)",
        p=person.id,
    )
    written(house, person, "patient", str(person.public_id), "device-not-heard", "soon")
    house.tick()
    house.step(hours=-1)
    looks(house)
    # It comes up an hour too early, is looked at in the night and put off again.
    house.step(minutes=31)
    house.tick()
    (row,) = house.run("select state, attempts, not_before - db_now() as wait from communication")
    assert (row.state, row.attempts) == ("waiting", 0)
    assert timedelta(minutes=50) < row.wait < timedelta(minutes=60)


def test_a_clock_that_only_goes_on_changes_no_deadline(house: Stepped) -> None:
    person, team = on_a_list(house)
    alert = house.raises(person, team, level="urgent", ack=900)
    looks(house)
    house.step(seconds=30)
    looks(house)
    due = house.due_in(alert)
    assert due is not None
    assert 700 < due <= 870


@pytest.mark.hazard("H09")
def test_nothing_else_that_waits_waits_an_hour_longer_either(house: Stepped) -> None:
    """A repeat that was asked for, a hand-over, a recheck of a closed card too, and who was last heard."""
    person, team = on_a_list(house)
    nurse = house.make.practitioner()
    looks(house)
    house.step(hours=1)
    looks(house)
    alert = house.make.alert(person, closed_at=house.now())
    house.run("update alert set recheck_by = db_now() + interval '10 minutes' where id = :a", a=alert.id)
    house.run(
        "insert into evaluation_wait (patient_id, priority, codes, effective_from, not_before)"
        " values (:p, 1, '{1}', db_now(), db_now() + interval '10 minutes')",
        p=person.id,
    )
    house.run(
        "with made as (insert into desk_handover (public_id, from_id, care_team_id, due_at) values"
        " (gen_random_uuid(), :n, :t, db_now() + interval '15 minutes') returning id)"
        " insert into desk_handover_card (handover_id, alert_id, due_at)"
        " select id, :a, db_now() + interval '15 minutes' from made",
        n=nurse.id, t=team.id, a=alert.id,
    )  # fmt: skip
    house.run("insert into desk_heard (care_team_id, at) values (:t, db_now())", t=team.id)
    house.run("insert into desk_listening (instance, desks, teams, at) values ('gone', 1, '{}', db_now())")
    house.step(hours=-1)
    looks(house)
    (left,) = house.run(
        "select (select max(not_before) - db_now() from evaluation_wait) as repeat,"
        " (select max(due_at) - db_now() from desk_handover_card) as card,"
        " (select max(due_at) - db_now() from desk_handover) as handover,"
        " (select max(recheck_by) - db_now() from alert) as recheck,"
        " (select max(at) - db_now() from desk_heard) as heard,"
        " (select max(at) - db_now() from desk_listening) as listening"
    )
    for name in ("repeat", "card", "handover", "recheck"):
        assert timedelta() < getattr(left, name) < timedelta(minutes=30), name
    assert left.heard <= timedelta(0)
    assert left.listening <= timedelta(0)
