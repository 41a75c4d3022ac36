"""Down on the rota but reached by nothing is a gap; so are the hours of who was shut out; each on its own desk."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.core.config import Messaging
from backend.core.db import transaction
from backend.escalation.gaps import RULE, find_gaps
from tests.browsing import Browser
from tests.factories import Factory, Ref

Browse = Callable[..., Browser]


class Ward:
    """A team that watches somebody: a lead and a nurse, who has both duties now and tomorrow."""

    def __init__(self, make: Factory, browse: Browse, connection: Connection) -> None:
        self.make, self.browse, self.connection = make, browse, connection
        self.lead, self.nurse = make.practitioner("team-lead"), make.practitioner()
        self.patient = make.patient()
        self.team = make.team([self.lead, self.nurse], [self.patient])
        make.enrolment(self.patient, make.pathway("copd", {}))
        # One moment, or the clock leaves a gap between two shifts.
        self.now = connection.execute(text("select db_now()")).scalar_one()
        for role in ("on-call", "duty-manager"):
            for begins, ends in ((-2, 6), (6, 30)):
                self.duty(role, begins, ends)
        self.desk = browse(make.account(practitioner=self.lead), "team")

    def duty(self, role: str, begins: int, ends: int) -> None:
        self.connection.execute(
            text(
                "insert into rota_shift (care_team_id, role, practitioner_id, valid) values (:t, :r, :p,"
                " tstzrange(:n + :b * interval '1 hour', :n + :e * interval '1 hour'))"
            ),
            {"t": self.team.id, "r": role, "p": self.nurse.id, "b": begins, "e": ends, "n": self.now},
        )

    def reached_by(self, who: Ref, address: str = "07700 900123") -> None:
        self.connection.execute(
            text(
                "insert into practitioner_contact (practitioner_id, channel, address) values (:p, 'sms', :a)"
            ),
            {"p": who.id, "a": address},
        )

    def look(self) -> list[str]:
        with self.make.app.app_context(), transaction():
            find_gaps()
        return self.reasons()

    def reasons(self) -> list[str]:
        found = self.connection.execute(
            text("select reason from alert where rule = :r order by id"), {"r": RULE}
        )
        return list(found.scalars())


@pytest.fixture
def ward(make: Factory, browse: Browse, connection: Connection, app: Flask) -> Iterator[Ward]:
    before = app.config["MESSAGING"]
    app.config["MESSAGING"] = Messaging(sms_url="http://127.0.0.1:9")
    yield Ward(make, browse, connection)
    app.config["MESSAGING"] = before


@pytest.mark.hazard("H22")
def test_on_call_without_a_way_to_reach_them_is_a_gap(ward: Ward) -> None:
    (reason,) = ward.look()
    assert "There is no way to reach who is on call in the next 24 hours" in reason
    assert "There is no way to reach the duty manager in the next 24 hours" in reason
    assert "Nobody is on call" not in reason
    assert ward.nurse.name not in reason


def test_a_demo_that_calls_nobody_on_purpose_raises_no_card_and_a_service_does(
    ward: Ward, app: Flask
) -> None:
    app.config["MESSAGING"] = Messaging()
    ward.connection.execute(text("insert into heartbeat (name, at) values ('demo', db_now())"))
    assert ward.look() == []
    assert len(ward.desk.get("/rota").get_json()["unreachable"]) == 4
    ward.connection.execute(text("delete from heartbeat where name = 'demo'"))
    assert len(ward.look()) == 1


def test_who_can_be_reached_leaves_no_gap(ward: Ward) -> None:
    ward.reached_by(ward.nurse)
    assert ward.look() == []
    assert ward.desk.get("/rota").get_json()["unreachable"] == []


def test_the_rota_says_who_of_the_next_day_cannot_be_reached(ward: Ward) -> None:
    rota = ward.desk.get("/rota").get_json()
    assert {one["practitioner"]["id"] for one in rota["unreachable"]} == {str(ward.nurse.public_id)}
    assert len(rota["unreachable"]) == 4
    assert rota["gaps"] == []


def test_a_gap_stands_on_its_own_teams_desk_and_no_other(ward: Ward, make: Factory, browse: Browse) -> None:
    ward.look()
    stranger = make.practitioner()
    make.team([stranger], [make.patient()])
    other = browse(make.account(practitioner=stranger), "team")
    (row,) = ward.desk.get("/worklist").get_json()["rows"]
    assert row["title"] == "Gap in the rota"
    assert other.get("/worklist").get_json()["rows"] == []
    path = f"/alerts/{row['id']}/claim"
    assert other.post(path, {}, If_Match='W/"1"').status_code == 404
    assert other.get(f"/alerts/{row['id']}").status_code == 404
    assert ward.desk.post(path, {}, If_Match='W/"1"').status_code == 200


@pytest.mark.hazard("H22")
def test_who_is_shut_out_is_off_the_rota_and_the_gap_is_told_at_once(
    ward: Ward, make: Factory, browse: Browse
) -> None:
    ward.reached_by(ward.nurse)
    assert ward.look() == []
    ward.connection.execute(
        text(
            "insert into push_subscription (practitioner_id, endpoint, p256dh, auth) values (:p, 'https://x', '', '')"
        ),
        {"p": ward.nurse.id},
    )
    make.account(practitioner=ward.nurse)
    admin = browse(make.account(practitioner=make.practitioner("administrator")), "team")
    path = f"/staff/{ward.nurse.public_id}/disable"
    assert admin.post(path, {"why": "left"}, If_Match='W/"1"').status_code == 200
    (reason,) = ward.reasons()
    assert "Nobody is on call in the next 24 hours" in reason
    assert "There is no duty manager in the next 24 hours" in reason
    rota = ward.desk.get("/rota").get_json()
    assert rota["on_now"] == []
    # What they did until now stays on record.
    kept = ward.connection.execute(text("select count(*) from rota_shift where upper(valid) <= db_now()"))
    assert kept.scalar_one() == 2
    counted = ward.connection.execute(text("select count(*) from push_subscription"))
    assert counted.scalar_one() == 0


@pytest.mark.hazard("H22")
def test_who_leaves_a_team_has_no_duty_there_beyond_it_and_the_gap_is_told_at_once(
    ward: Ward, make: Factory, browse: Browse
) -> None:
    ward.reached_by(ward.nurse)
    assert ward.look() == []
    make.account(practitioner=ward.nurse)
    admin = browse(make.account(practitioner=make.practitioner("administrator")), "team")
    until = ward.now + timedelta(hours=8)
    asked = {"team_id": str(ward.team.public_id), "from": None, "until": until.isoformat()}
    path = f"/staff/{ward.nurse.public_id}/teams"
    answer = admin.post(path, asked, If_Match='W/"1"')
    assert answer.status_code == 200, answer.get_data(as_text=True)
    (reason,) = ward.reasons()
    assert "Nobody is on call from" in reason
    assert "There is no duty manager from" in reason
    rota = ward.desk.get("/rota").get_json()
    assert len(rota["on_now"]) == 2
    assert {gap["from"] for gap in rota["gaps"]} == {f"{until:%Y-%m-%dT%H:%M:%S}.{until:%f}Z"}
    ends = ward.connection.execute(text("select distinct upper(valid) from rota_shift order by 1")).scalars()
    assert list(ends) == [ward.now + timedelta(hours=6), until]


@pytest.mark.hazard("H22")
def test_a_duty_of_who_is_of_the_team_no_more_is_a_gap_whoever_ended_it(ward: Ward) -> None:
    ward.reached_by(ward.nurse)
    ward.connection.execute(
        text(
            "update care_team_member set valid = tstzrange(lower(valid), db_now()) where practitioner_id = :p"
        ),
        {"p": ward.nurse.id},
    )
    (reason,) = ward.look()
    assert "Nobody is on call in the next 24 hours" in reason
    rota = ward.desk.get("/rota").get_json()
    assert rota["on_now"] == []
    assert {gap["role"] for gap in rota["gaps"]} == {"on-call", "duty-manager"}


def test_a_gap_that_grows_is_said_on_the_card_that_stands(ward: Ward, make: Factory, browse: Browse) -> None:
    (before,) = ward.look()
    make.account(practitioner=ward.nurse)
    admin = browse(make.account(practitioner=make.practitioner("administrator")), "team")
    admin.post(f"/staff/{ward.nurse.public_id}/disable", {"why": "left"}, If_Match='W/"1"')
    (after,) = ward.reasons()
    assert "no way to reach" in before
    assert "Nobody is on call" in after
