"""The server counts the desks that listen; a room without ears starts the ladder (care.md 7)."""

from datetime import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backend.app import create_app
from backend.core.db import db
from backend.core.live import hub
from backend.desk.jobs import hear_for_the_room
from backend.desk.listening import Desks, Listening, listening, nobody_at_all, unheard
from tests.alerts.people import Monitored, run
from tests.browsing import Browser
from tests.conftest import Database
from tests.desk.acting import listed
from tests.device_gateway.rig import until
from tests.factories import Factory, Ref

ALWAYS: dict[str, Any] = {"opens": time(0), "closes": time(0)}


def hears(app: Flask, ago: str, team: Ref, desks: int = 1) -> None:
    """A process wrote so long ago that desks of a team listen."""
    run(app, "insert into desk_listening (instance, desks, teams, at)"
             " values ('p' || :ago, :n, jsonb_build_object(cast(:t as text), :n), db_now() - cast(:ago as interval))",
        ago=ago, n=desks, t=str(team.id))  # fmt: skip
    run(app, "insert into desk_heard (care_team_id, at) values (:t, db_now() - cast(:ago as interval))"
             " on conflict (care_team_id) do update set at = greatest(desk_heard.at, excluded.at)",
        t=team.id, ago=ago)  # fmt: skip


@pytest.fixture
def staffed(app: Flask, person: Monitored) -> Monitored:
    """A team that watches round the clock."""
    run(app, "update care_team set opens = '00:00', closes = '00:00' where id = :t", t=person.team.id)
    return person


def test_desks_are_counted_over_every_process_that_wrote_lately(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    other = make.team()
    hears(app, "5 seconds", person.team)
    hears(app, "20 seconds", other, desks=2)
    hears(app, "31 seconds", person.team)
    body = nurse.get("/worklist").get_json()
    assert (body["listening"], body["desks"], body["listening_team"]) == (3, 3, 1)


@pytest.mark.parametrize(
    ("ago", "starts"), [("30 seconds", False), ("45 seconds", False), ("61 seconds", True), (None, True)]
)
@pytest.mark.hazard("H24")
def test_a_minute_without_a_listening_desk_in_staffed_hours_starts_the_ladder_of_unclaimed_reds(
    app: Flask, make: Factory, staffed: Monitored, ago: str | None, starts: bool
) -> None:
    """care.md 7: none for 60 s in staffed hours starts the ladder."""
    if ago is not None:
        hears(app, ago, staffed.team)
    for rule, level in (("red", "urgent"), ("mild", "soon")):
        make.alert(staffed.patient, rule=rule, level=level, care_team_id=staffed.team.id)
    run(app, "update alert set rung_due_at = db_now() + interval '10 minutes'")
    with app.app_context():
        hear_for_the_room()
    due = {
        row.rule: row.is_due for row in run(app, "select rule, rung_due_at <= db_now() as is_due from alert")
    }
    assert due == {"red": starts, "mild": False}
    assert ("unheard" in staffed.events()) is starts


@pytest.mark.hazard("H24")
def test_whose_team_changed_since_is_heard_by_the_team_of_today(
    app: Flask, make: Factory, staffed: Monitored
) -> None:
    """The ladder climbs by today's team, so its desk is the one that has to listen."""
    new = make.team(**ALWAYS)
    make.alert(staffed.patient, care_team_id=staffed.team.id)
    run(app, "update alert set rung_due_at = db_now() + interval '10 minutes'")
    run(app, "update caseload set care_team_id = :t where patient_id = :p", t=new.id, p=staffed.patient.id)
    hears(app, "1 second", new)
    with app.app_context():
        hear_for_the_room()
    assert staffed.events() == []
    run(app, "delete from desk_heard where care_team_id = :t", t=new.id)
    hears(app, "2 seconds", staffed.team)
    with app.app_context():
        hear_for_the_room()
    assert staffed.events() == ["unheard"]


def test_another_teams_desk_does_not_hear_for_this_one(app: Flask, make: Factory, staffed: Monitored) -> None:
    hears(app, "1 second", make.team(**ALWAYS))
    make.alert(staffed.patient, care_team_id=staffed.team.id)
    run(app, "update alert set rung_due_at = db_now() + interval '10 minutes'")
    with app.app_context():
        hear_for_the_room()
    assert staffed.events() == ["unheard"]


def test_outside_staffed_hours_and_for_what_somebody_has_nothing_changes(
    app: Flask, make: Factory, person: Monitored
) -> None:
    run(app, "update care_team set opens = (db_now() at time zone 'Europe/London' + interval '1 hour')::time,"
             " closes = (db_now() at time zone 'Europe/London' + interval '2 hours')::time")  # fmt: skip
    make.alert(person.patient, care_team_id=person.team.id)
    run(app, "update alert set rung_due_at = db_now() + interval '10 minutes'")
    with app.app_context():
        hear_for_the_room()
    assert person.events() == []
    run(app, "update care_team set opens = '00:00', closes = '00:00'")
    run(app, "update alert set owner_id = :n, claimed_at = db_now()", n=person.nurse.id)
    with app.app_context():
        hear_for_the_room()
    assert person.events() == []


@pytest.mark.hazard("H24")
@pytest.mark.parametrize(("ago", "checking"), [("5 seconds", True), ("61 seconds", False), (None, False)])
@pytest.mark.hazard("H02")
@pytest.mark.hazard("H09")
def test_an_empty_list_says_when_it_was_checked_and_whether_anybody_checks(
    app: Flask, nurse: Browser, ago: str | None, checking: bool
) -> None:
    run(app, "delete from heartbeat where name in ('worker', 'rules')")
    if ago is not None:
        run(app, "insert into heartbeat (name, at) values ('worker', clock_timestamp() - cast(:ago as interval))",
            ago=ago)  # fmt: skip
    assert listed(nurse) == []
    body = nurse.get("/worklist").get_json()
    assert body["checking"] is checking
    assert (body["last_checked"] is not None) is (ago is not None)


def test_a_process_writes_who_sits_down_and_who_gets_up(flow_database: Database, tmp_path: Path) -> None:
    app = create_app(flow_database.config(tmp_path))
    make = Factory(app)
    team = make.team()
    room = Desks(app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""))

    def written() -> list[tuple[int, dict[str, int]]]:
        return [(row.desks, row.teams) for row in run(app, "select desks, teams from desk_listening")]

    with room.seat([team.id]):
        until(lambda: written() == [(1, {str(team.id): 1})], 120)
        with room.seat([team.id]):
            until(lambda: written() == [(2, {str(team.id): 2})], 120)
    until(lambda: written() == [(0, {})], 120)
    assert [row.care_team_id for row in run(app, "select care_team_id from desk_heard")] == [team.id]
    with app.app_context():
        hub().stop()
        db.engine.dispose()


def test_a_time_that_is_yet_to_come_is_no_desk_that_listens(
    app: Flask, make: Factory, staffed: Monitored
) -> None:
    """The clock was an hour ahead when it was written, and is right again."""
    hears(app, "-59 minutes", staffed.team)
    with app.app_context():
        assert listening(staffed.team.id) == Listening(0, 0)
        assert unheard([staffed.team.id]) == [staffed.team.id]
        assert nobody_at_all()
    hears(app, "-5 seconds", other := make.team())
    with app.app_context():
        assert listening(other.id) == Listening(1, 1), "two machines are never quite at one time"
