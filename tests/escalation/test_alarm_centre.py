"""An alarm centre and a GP practice are told by reference and never by name; where none can be told, it is said."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text

from backend.core.outbox import Message
from backend.messages.outgoing import NO_WAY
from tests.browsing import Browser
from tests.escalation.stepped import Stepped
from tests.escalation.test_climbing import cast
from tests.factories import Factory, Ref
from tests.messages.catchers import Provider
from tests.messages.test_delivery import tell

Browse = Callable[..., Browser]


def centre(house: Stepped, number: str | None = "01632 960777") -> Ref:
    """An alarm centre, with a number that takes text messages if any."""
    made = house.make.organization("alarm-centre", name="Beacon Alarm Centre")
    if number is not None:
        house.run(
            "insert into organization_contact (organization_id, channel, address) values (:o, 'sms', :a)",
            o=made.id, a=number,
        )  # fmt: skip
    return made


def climbs_to_the_top(house: Stepped, patient: Ref, team: Ref) -> int:
    alert = house.raises(patient, team, rule="sos", kind="alarm", level="emergency")
    for _ in range(3):
        house.step(seconds=61)
        house.settle()
    return alert


def texts(sms: Provider) -> list[tuple[str, str]]:
    said = [json.loads(one.body) for one in sms.caught]
    return [(one["to"], one["text"]) for one in said]


@pytest.mark.hazard("H22")
def test_the_last_rung_texts_the_alarm_centre_and_the_duty_line_by_reference_and_not_by_name(
    house: Stepped, sms: Provider
) -> None:
    who, made = cast(house), centre(house)
    alert = climbs_to_the_top(house, who.patient, who.team)
    assert house.steps(alert)[-2:] == [(3, "alarm-centre", "sms", "told")] * 2
    by_number = dict(texts(sms))
    assert {"+441632960777", "+441632960999"} <= set(by_number)
    (row,) = house.run("select a.public_id, p.family_name from alert a join patient p on p.id = a.patient_id")
    said = by_number["+441632960777"]
    assert said.endswith(f"Call the team now. Reference {row.public_id}.")
    assert row.family_name not in said
    assert f"Alarm centre: {made.name}, told by text message" in [
        step["words"] for step in house.view(alert).steps
    ]


def test_of_two_alarm_centres_the_teams_own_is_called(house: Stepped, sms: Provider) -> None:
    who, other, own = cast(house), centre(house, "01632 960666"), centre(house)
    alert = climbs_to_the_top(house, who.patient, who.team)
    # Nobody said whose each is: the duty line alone is called.
    assert {number for number, _ in texts(sms)} == {"+447700900123", "+441632960999"}
    house.run("update care_team set alarm_centre_id = :o where id = :t", o=own.id, t=who.team.id)
    house.step(minutes=11)
    house.settle()
    assert house.steps(alert)[-1] == (3, "alarm-centre", "sms", "told")
    assert "+441632960777" in {number for number, _ in texts(sms)}
    assert other.id != own.id
    assert "+441632960666" not in {number for number, _ in texts(sms)}


@pytest.mark.hazard("H22")
def test_an_alarm_centre_without_a_way_is_a_failed_step_and_the_card_says_so_beforehand(
    house: Stepped,
) -> None:
    house.settings(sms_url="http://127.0.0.1:9")
    who = cast(house, reachable=False)
    centre(house, None)
    alert = house.raises(who.patient, who.team, rule="sos", kind="alarm", level="emergency")
    (coming,) = house.view(alert).steps
    assert (coming["outcome"], coming["at"]) == ("next-no-way", None)
    assert coming["words"] == (
        "Alarm centre or duty line next: no way to reach anybody as on call or duty manager;"
        " no way to reach the alarm centre or duty line is set up. Ring them yourself"
    )
    house.step(seconds=61)
    house.settle()
    assert [step[1:] for step in house.steps(alert)] == [
        ("on-call", "none", "not-configured"), ("duty-manager", "none", "not-configured"),
        ("alarm-centre", "none", "not-configured"),
    ]  # fmt: skip
    view = house.view(alert)
    assert "Beacon Alarm Centre, failed: no way to reach them" in view.steps[-2]["words"]
    assert view.undelivered
    assert "No way to reach the alarm centre or a duty line is set up: ring them" in str(view.end)


@pytest.mark.hazard("H22")
def test_a_rung_that_nobody_can_be_reached_on_is_said_before_its_time_comes(
    house: Stepped, sms: Provider
) -> None:
    who = cast(house)
    house.run("delete from practitioner_contact where practitioner_id = :p", p=who.on_call.id)
    alert = house.raises(who.patient, who.team, rule="sos", kind="alarm", level="emergency")
    (coming,) = house.view(alert).steps
    assert (coming["outcome"], coming["words"]) == (
        "next", "Duty manager next: no way to reach anybody as on call",
    )  # fmt: skip
    house.contact(who.on_call)
    assert house.view(alert).steps[0]["words"] == "On call next"


@pytest.mark.hazard("H22")
def test_a_practice_is_told_by_text_and_one_without_a_way_is_a_card_for_the_team(
    house: Stepped, sms: Provider
) -> None:
    who = cast(house)
    reached, other = (house.make.organization("gp-practice") for _ in range(2))
    house.run(
        "insert into organization_contact (organization_id, channel, address) values (:o, 'sms', '01632 960555')",
        o=reached.id,
    )
    facts = {"leaving": "0b6c1d52", "patient": "p"}
    tell(
        house.worker,
        *(
            Message("organization", str(one.public_id), "person-died", facts, who.patient.id)
            for one in (reached, other)
        ),
    )
    house.settle()
    assert texts(sms)[0] == (
        "+441632960555",
        "Alongside: there is a notice about a person of yours. Call the team. Reference 0b6c1d52.",
    )
    rows = house.run("select state, last_error from communication where to_kind = 'organization' order by id")
    assert [(row.state, row.last_error) for row in rows] == [("sent", None), ("failed", NO_WAY)]
    (card,) = house.run("select title, reason, care_team_id from alert where rule = 'communication_failed'")
    assert (card.title, card.care_team_id) == ("Message not delivered", who.team.id)
    assert card.reason.startswith(
        "A message to the GP practice or the alarm centre could not be delivered: no way"
    )


@pytest.fixture
def admin(make: Factory, browse: Browse) -> Browser:
    return browse(make.account(practitioner=make.practitioner("administrator")), "team")


def test_an_administrator_writes_down_how_an_alarm_centre_is_reached_and_whose_it_is(
    admin: Browser, make: Factory, browse: Browse, connection: Connection
) -> None:
    nurse = make.practitioner()
    team = make.team([nurse], [make.patient()])
    made = admin.post(
        "/organizations", {"kind": "alarm-centre", "name": "Beacon", "email": "desk@example.org"}
    )
    assert made.status_code == 201, made.get_data(as_text=True)
    row = made.get_json()
    assert (row["sms"], row["email"], row["teams"]) == (None, "desk@example.org", [])
    path = f"/organizations/{row['id']}/reach"
    asked = {"sms": "01632 960777", "email": "", "team_ids": [str(team.public_id)]}
    after = admin.post(path, asked).get_json()
    assert (after["sms"], after["email"]) == ("01632 960777", None)
    assert after["teams"] == [{"id": str(team.public_id), "name": team.name}]
    assert admin.get("/organizations").get_json()["rows"] == [after]
    assert admin.post(path, {"sms": "ring us"}).get_json()["errors"]["sms"]
    assert browse(make.account(practitioner=nurse), "team").get("/organizations").status_code == 403
    # Numbers stand in no audit event.
    told = connection.execute(
        text("select detail::text from audit_event where entity = 'organization'")
    ).scalars()
    assert not any("960777" in one for one in told)


def test_only_an_alarm_centre_takes_a_teams_alarms_and_a_code_is_here_once(
    admin: Browser, make: Factory
) -> None:
    team = make.team()
    asked = {"kind": "gp-practice", "name": "Lantern", "ods_code": "qz0007"}
    made = admin.post("/organizations", asked).get_json()
    assert made["ods_code"] == "QZ0007"
    assert admin.post("/organizations", asked).get_json()["code"] == "known-code"
    refused = admin.post(f"/organizations/{made['id']}/reach", {"team_ids": [str(team.public_id)]})
    assert refused.get_json()["code"] == "teams"


def test_the_rota_says_whether_anybody_is_reached_at_the_end_of_every_ladder(
    app: object, make: Factory, browse: Browse, admin: Browser
) -> None:
    nurse = make.practitioner()
    make.team([nurse], [make.patient()])
    desk = browse(make.account(practitioner=nurse), "team")
    assert desk.get("/rota").get_json()["last_rung"] == {"alarm_centre": False, "reached": False}
    admin.post("/organizations", {"kind": "alarm-centre", "name": "Beacon"})
    assert desk.get("/rota").get_json()["last_rung"] == {"alarm_centre": True, "reached": False}
