"""The rota: who may change it, a week of it, who has a duty now, and gaps found a day ahead."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from backend.escalation.gaps import RULE
from backend.escalation.jobs import look_for_gaps
from backend.escalation.rota import gaps
from tests.alerts.people import run
from tests.browsing import Browser
from tests.escalation.stepped import Stepped
from tests.factories import Factory, Ref

Browse = Callable[..., Browser]
T0 = datetime(2026, 11, 23, tzinfo=UTC)


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("spans", "left"),
    [
        ([], [(0, 24)]),
        ([(0, 24)], []),
        ([(-5, 30)], []),
        ([(0, 8), (8, 24)], []),
        ([(0, 8), (9, 24)], [(8, 9)]),
        ([(2, 8)], [(0, 2), (8, 24)]),
        ([(2, 20), (4, 6)], [(0, 2), (20, 24)]),
        ([(6, 10), (0, 7)], [(10, 24)]),
        ([(0, 12), (12, 23.999)], [(23.999, 24)]),
        ([(30, 40)], [(0, 24)]),
    ],
)
def test_a_gap_is_what_nobody_is_down_for(
    spans: list[tuple[float, float]], left: list[tuple[float, float]]
) -> None:
    found = gaps([(at(a), at(b)) for a, b in spans], at(0), at(24))
    assert found == [(at(a), at(b)) for a, b in left]


@dataclass(frozen=True)
class Desk:
    """A team, its lead signed in, and one of its nurses."""

    team: Ref
    lead: Browser
    nurse: Ref
    nurses: Browser


@pytest.fixture
def desk(make: Factory, browse: Browse) -> Desk:
    lead, nurse = make.practitioner("team-lead"), make.practitioner()
    team = make.team([lead, nurse])
    return Desk(
        team, browse(make.account(practitioner=lead), "team"), nurse,
        browse(make.account(practitioner=nurse), "team"),
    )  # fmt: skip


def shift(who: Ref, start: datetime, hours: float, role: str = "on-call") -> dict[str, str]:
    return {
        "role": role,
        "practitioner_id": str(who.public_id),
        "from": start.isoformat(),
        "to": (start + timedelta(hours=hours)).isoformat(),
    }


def test_a_shift_is_written_down_seen_by_everybody_and_taken_out(desk: Desk) -> None:
    now = datetime.now(UTC)
    made = desk.lead.post("/rota", shift(desk.nurse, now - timedelta(hours=1), 12))
    assert made.status_code == 201, made.get_data(as_text=True)
    row = made.get_json()
    assert row["practitioner"] == {"id": str(desk.nurse.public_id), "name": desk.nurse.name}
    seen = desk.nurses.get("/rota").get_json()
    assert [one["id"] for one in seen["on_now"]] == [row["id"]]
    assert row["id"] in [one["id"] for one in seen["rows"]]
    assert seen["may_change"] is False
    assert {gap["role"] for gap in seen["gaps"]} == {"on-call", "duty-manager"}
    assert [one["id"] for one in desk.nurses.get("/rota/now").get_json()["rows"]] == [row["id"]]
    assert desk.lead.delete(f"/rota/{row['id']}").status_code == 204
    assert desk.lead.get("/rota").get_json()["on_now"] == []
    assert desk.lead.delete(f"/rota/{row['id']}").status_code == 404


def test_a_week_is_monday_to_monday_on_the_teams_own_wall(desk: Desk) -> None:
    summer = desk.lead.get("/rota?day=2026-07-01").get_json()
    assert (summer["from"], summer["to"]) == ("2026-06-28T23:00:00Z", "2026-07-05T23:00:00Z")
    change = desk.lead.get("/rota?day=2026-10-25").get_json()
    assert (change["from"], change["to"]) == ("2026-10-18T23:00:00Z", "2026-10-26T00:00:00Z")


def test_only_a_lead_or_the_duty_manager_changes_the_rota(desk: Desk, make: Factory, browse: Browse) -> None:
    refused = desk.nurses.post("/rota", shift(desk.nurse, T0, 12))
    assert (refused.status_code, refused.get_json()["code"]) == (403, "role")
    manager = make.practitioner("duty-manager")
    make.membership(desk.team, manager)
    allowed = browse(make.account(practitioner=manager), "team")
    made = allowed.post("/rota", shift(desk.nurse, T0, 12))
    assert made.status_code == 201
    assert desk.nurses.delete(f"/rota/{made.get_json()['id']}").status_code == 403


def test_another_teams_rota_is_neither_seen_nor_changed(desk: Desk, make: Factory, browse: Browse) -> None:
    other = make.practitioner("team-lead")
    make.team([other])
    theirs = browse(make.account(practitioner=other), "team")
    row = desk.lead.post("/rota", shift(desk.nurse, T0, 12)).get_json()
    assert theirs.get("/rota?day=2026-11-23").get_json()["rows"] == []
    assert theirs.delete(f"/rota/{row['id']}").status_code == 404
    assert theirs.post("/rota", shift(desk.nurse, T0, 12)).get_json()["code"] == "not-in-team"


def test_a_shift_that_cannot_be_is_refused_in_words(desk: Desk) -> None:
    assert desk.lead.post("/rota", shift(desk.nurse, T0, -1)).get_json()["code"] == "shift-times"
    assert desk.lead.post("/rota", shift(desk.nurse, T0, 15 * 24)).get_json()["code"] == "shift-times"
    assert desk.lead.post("/rota", shift(desk.nurse, T0, 12, "night-watch")).status_code == 422
    desk.lead.post("/rota", shift(desk.nurse, T0, 12))
    twice = desk.lead.post("/rota", shift(desk.nurse, T0 + timedelta(hours=6), 12))
    assert (twice.status_code, twice.get_json()["code"]) == (409, "shift-overlaps")
    # Two duties of one person at one time are two rows.
    assert desk.lead.post("/rota", shift(desk.nurse, T0, 12, "duty-manager")).status_code == 201


def watched_team(house: Stepped) -> tuple[Ref, Ref]:
    nurse, patient = house.make.practitioner(), house.make.patient()
    team = house.make.team([nurse], [patient])
    house.make.enrolment(patient, house.make.pathway("copd", {}))
    house.contact(nurse)
    return team, nurse


def look(house: Stepped) -> list[str]:
    house.settings(sms_url="http://127.0.0.1:9")
    with house.worker.app_context():
        look_for_gaps()
    return [row.reason for row in run(house.make.app, "select reason from alert where rule = :r", r=RULE)]


@pytest.mark.hazard("H22")
def test_a_gap_is_found_a_day_ahead_and_is_one_card_a_team_a_day(house: Stepped) -> None:
    team, nurse = watched_team(house)
    house.on_rota(team, nurse, "on-call", 20)
    house.on_rota(team, nurse, "duty-manager", 400)
    (reason,) = look(house)
    assert reason.startswith(f"{team.name}: Nobody is on call from ")
    assert reason.endswith("Until it is filled the alarm centre or duty line is called")
    assert look(house) == [reason]
    run(house.make.app, "update alert set closed_at = db_now(), outcome = 'no-change'")
    house.step(hours=20)
    assert len(look(house)) == 1
    house.step(hours=5)
    assert len(look(house)) == 2
    told = house.run("select to_kind, to_ref from communication")
    assert {(row.to_kind, row.to_ref) for row in told} == {("care-team", str(team.id))}


def test_an_empty_rota_is_said_in_words_and_a_full_one_raises_nothing(house: Stepped) -> None:
    team, _ = watched_team(house)
    full, other = watched_team(house)
    for role in ("on-call", "duty-manager"):
        house.on_rota(full, other, role)
    assert look(house) == [
        f"{team.name}: Nobody is on call in the next 24 hours. There is no duty manager in the next 24 hours."
        " Until it is filled the alarm centre or duty line is called"
    ]


def test_a_team_that_watches_nobody_is_not_asked_for_a_rota(house: Stepped) -> None:
    house.make.team([house.make.practitioner()], [house.make.patient()])
    assert look(house) == []
