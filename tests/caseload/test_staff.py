"""An administrator makes accounts and opens no record; a password is chosen with a one-time code."""

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import Connection, text

from tests.browsing import Browser
from tests.caseload.conftest import Desk, House

NEW = {"display_name": "Jo Lark", "role": "clinician", "username": "jo.lark", "teams": []}
PASSWORD = "a long enough password"

Browse = Callable[..., Browser]


@pytest.fixture
def admin(house: House) -> Desk:
    """An administrator, in no team."""
    return house.desk("administrator")


def row_of(admin: Desk, username: str) -> dict[str, object]:
    """Somebody on the list of staff."""
    return next(row for row in admin.read("/staff")["rows"] if row["username"] == username)


def do(
    admin: Desk, row: dict[str, object], path: str, body: Mapping[str, object], status: int = 200
) -> dict[str, object]:
    """A change of somebody's account at the version that stands."""
    version = next(one["version"] for one in admin.read("/staff")["rows"] if one["id"] == row["id"])
    answer = admin.send(f"/staff/{row['id']}{path}", dict(body), version)
    assert answer.status_code == status, answer.get_data(as_text=True)
    done: dict[str, object] = answer.get_json()
    return done


def test_somebody_new_chooses_a_password_with_a_code_and_works_in_their_team(
    house: House, admin: Desk, browse: Browse
) -> None:
    team = str(house.team.public_id)
    answer = admin.send("/staff", NEW | {"teams": [{"team_id": team}]})
    row = answer.get_json()
    assert (answer.status_code, row["has_password"], row["teams"][0]["until"]) == (201, False, None)
    made = admin.send(f"/staff/{row['id']}/pairing-codes").get_json()
    assert made["link"].split("#")[1] == made["code"].replace("-", "")
    browser = browse(None, "team")
    paired = browser.post("/pairing", {"code": made["code"], "password": PASSWORD})
    assert (paired.status_code, paired.get_json()["username"]) == (200, "jo.lark")
    assert paired.get_json()["role"] == "clinician"
    assert browser.get("/caseload").status_code == 200
    assert row_of(admin, "jo.lark")["has_password"] is True
    assert browse(None, "team").sign_in("jo.lark", PASSWORD).status_code == 200


def test_who_is_shut_out_is_out_at_once_and_everywhere(
    house: House, admin: Desk, nurse: Desk, connection: Connection
) -> None:
    username = connection.execute(
        text(
            "select a.username from account a join practitioner p on p.id = a.practitioner_id where p.role = 'nurse'"
        )
    ).scalar_one()
    assert nurse.browser.get("/caseload").status_code == 200
    row = do(admin, row_of(admin, username), "/disable", {"why": "left"})
    assert row["disabled_at"] is not None
    assert nurse.browser.get("/caseload").status_code == 401
    assert nurse.browser.sign_in(username).status_code == 401
    do(admin, row, "/enable", {})
    assert nurse.browser.sign_in(username).status_code == 200


def test_an_administrator_opens_no_record_and_no_list_of_people(house: House, admin: Desk) -> None:
    patient = house.patient()
    for path in ("/caseload", "/worklist"):
        assert admin.browser.get(path).status_code == 403
    assert admin.browser.get(f"/patients/{patient.public_id}/care").status_code == 404
    assert admin.browser.get(f"/patients/{patient.public_id}/record").status_code == 404


def test_nor_when_in_a_team(house: House, make_admin_in_team: Desk) -> None:
    patient = house.patient()
    answer = make_admin_in_team.browser.get("/caseload")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not-for-administrators")
    assert make_admin_in_team.browser.get(f"/patients/{patient.public_id}/care").status_code == 404


@pytest.fixture
def make_admin_in_team(house: House, browse: Browse) -> Desk:
    """An administrator whom somebody put into a team all the same."""
    person = house.make.practitioner(role="administrator")
    house.make.membership(house.team, person)
    return Desk(browse(house.make.account(practitioner=person), "team"))


@pytest.mark.parametrize("role", ["nurse", "team-lead", "clinician", "duty-manager", "installer"])
def test_nobody_else_makes_accounts(house: House, role: str) -> None:
    desk = house.desk(role)
    assert desk.browser.get("/staff").status_code == 403
    assert desk.send("/staff", NEW).status_code == 403


def test_an_administrator_always_remains_and_nobody_changes_their_own_role(house: House, admin: Desk) -> None:
    mine = next(row for row in admin.read("/staff")["rows"] if row["role"] == "administrator")
    body = {"display_name": "Now a nurse", "role": "nurse"}
    assert do(admin, mine, "", body, status=412)["code"] == "own-role"
    assert do(admin, mine, "/disable", {"why": "left"}, status=412)["code"] == "last-administrator"


def test_a_user_name_that_is_taken_or_unusable_is_refused(admin: Desk) -> None:
    admin.send("/staff", NEW)
    assert admin.send("/staff", NEW).get_json()["code"] == "username-taken"
    assert admin.send("/staff", NEW | {"username": "jo lark"}).get_json()["code"] == "username"
    assert admin.send("/staff", NEW | {"role": "canary-watcher", "username": "other"}).status_code == 422


def test_a_membership_that_ends_takes_the_caseload_away(
    house: House, admin: Desk, nurse: Desk, connection: Connection
) -> None:
    house.patient()
    assert len(nurse.read("/caseload")["rows"]) == 1
    row = next(one for one in admin.read("/staff")["rows"] if one["role"] == "nurse")
    now = connection.execute(
        text("select to_char(db_now(), 'YYYY-MM-DD\"T\"HH24:MI:SS.USOF:00')")
    ).scalar_one()
    do(admin, row, "/teams", {"team_id": str(house.team.public_id), "until": now})
    assert nurse.browser.get("/caseload").status_code == 403
