"""An administrator makes accounts for a GP practice's staff, who write with the people registered there."""

from collections.abc import Callable

import pytest

from tests.browsing import Browser
from tests.caseload.conftest import Desk, House
from tests.caseload.test_staff import NEW, PASSWORD, do
from tests.factories import Factory, Ref

Browse = Callable[..., Browser]


@pytest.fixture
def admin(house: House) -> Desk:
    """An administrator, in no team."""
    return house.desk("administrator")


@pytest.fixture
def surgery(make: Factory) -> Ref:
    """A GP practice."""
    return make.organization("gp-practice", name="Lantern Field Surgery")


def test_an_administrator_makes_an_account_for_a_practice_and_it_sees_no_list_and_no_record(
    house: House, admin: Desk, browse: Browse, surgery: Ref
) -> None:
    choices = admin.read("/staff")
    assert "practice" in choices["roles"]
    assert [one["name"] for one in choices["practices"]] == ["Lantern Field Surgery"]
    new = NEW | {"role": "practice", "practice_id": str(surgery.public_id)}
    row = admin.send("/staff", new).get_json()
    assert (row["role"], row["teams"], row["practice"]["name"]) == ("practice", [], "Lantern Field Surgery")
    code = admin.send(f"/staff/{row['id']}/pairing-codes").get_json()["code"]
    browser = browse(None, "team")
    browser.csrf = browser.post("/pairing", {"code": code, "password": PASSWORD}).get_json()["csrf"]
    patient = house.patient(gp_practice_id=surgery.id)
    assert browser.get("/worklist").status_code == 403
    assert browser.get("/caseload").status_code == 403
    for path in ("record", "series?kind=spo2", "care", "phones"):
        assert browser.get(f"/patients/{patient.public_id}/{path}").status_code == 404


@pytest.mark.parametrize("wrong", [
    {"role": "practice"}, {"role": "nurse", "practice_id": "surgery"}, {"role": "practice", "practice_id": "team"},
    {"role": "practice", "practice_id": "nowhere"},
])  # fmt: skip
def test_practice_staff_have_a_practice_and_no_team_and_nobody_else_has_one(
    house: House, admin: Desk, surgery: Ref, wrong: dict[str, str]
) -> None:
    ids = {"surgery": str(surgery.public_id), "nowhere": "8a0e4f0e-7b5c-4a53-9f0d-0d5f4a1c2b3e"}
    sent: dict[str, object] = {**NEW, **wrong}
    if wrong.get("practice_id") == "team":
        sent |= {"practice_id": ids["surgery"], "teams": [{"team_id": str(house.team.public_id)}]}
    elif "practice_id" in wrong:
        sent |= {"practice_id": ids[wrong["practice_id"]]}
    assert admin.send("/staff", sent).status_code == 422


def test_practice_staff_are_put_in_no_team_and_change_into_nobody_else(
    house: House, admin: Desk, surgery: Ref
) -> None:
    row = admin.send("/staff", NEW | {"role": "practice", "practice_id": str(surgery.public_id)}).get_json()
    assert do(admin, row, "/teams", {"team_id": str(house.team.public_id)}, 409)["code"] == "practice-role"
    assert do(admin, row, "", {"display_name": "Jo Lark", "role": "nurse"}, 409)["code"] == "practice-role"
