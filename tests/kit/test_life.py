"""The life of kit over HTTP: from stock to a person and back, and never past clean, check and wipe."""

import pytest

from backend.kit.life import NEXT, STATES, STEPS
from tests.kit.conftest import House, new_id


def test_the_table_of_states_names_every_state_and_leads_back_to_stock_only_by_cleaned_and_checked() -> None:
    assert set(NEXT) == set(STATES)
    assert {state for state, following in NEXT.items() if "in-stock" in following} == {"checked"}
    assert {state for state, following in NEXT.items() if "checked" in following} == {"cleaned"}
    assert NEXT["scrapped"] == ()


def test_new_kit_goes_into_stock_and_is_listed(house: House) -> None:
    name = new_id()
    body = {"kind": "pulse-oximeter", "device_id": name, "model": "m-1", "batch": "B-1", "serial": "S-9"}
    made = house.nurse.browser.post("/kit", body)
    assert (made.status_code, made.get_json()["state"]) == (201, "in-stock")
    assert house.nurse.browser.post("/kit", body).get_json()["code"] == "device-id-taken"
    page = house.nurse.browser.get(f"/kit?q={name[4:]}").get_json()
    assert [row["device_id"] for row in page["rows"]] == [name]
    assert {"state": "in-stock", "count": 1} in page["counts"]
    assert house.nurse.read(made.get_json()["id"])["history"][0]["kind"] == "registered"


@pytest.mark.parametrize("name", ["al-gateway-obs", "short", "UPPER-CASE", "with/slash/in"])
def test_an_id_that_could_be_anothers_account_or_topic_is_refused(house: House, name: str) -> None:
    answer = house.nurse.browser.post("/kit", {"kind": "scale", "device_id": name})
    assert answer.status_code == 422


def test_kit_that_somebody_had_is_not_given_to_another_before_it_is_clean_checked_and_wiped(
    house: House,
) -> None:
    kit, first, second = house.make.device(), *house.people[:2]
    bound = house.give(kit, first)
    assert (bound["state"], bound["address"]) == ("issued", "0 Test Row")
    house.nurse.do(kit, "/state", to="live")
    refused = house.nurse.send(kit, "/state", {"to": "in-stock"})
    assert (refused.status_code, refused.get_json()["code"]) == (412, "not-allowed-from-here")
    house.nurse.do(kit, "/state", to="to-collect")
    assert house.nurse.send(kit, "/state", {"to": "collected"}).get_json()["current"] == {
        "missing": ["still-worn"]
    }
    wearer = house.nurse.read(kit)["wearers"][0]
    house.nurse.send(kit, f"/wearers/{wearer['id']}/end", {}, wearer["version"])
    house.nurse.do(kit, "/state", to="collected")
    give = {"patient_id": str(second.public_id)}
    assert house.nurse.send(kit, "/wearers", give).get_json()["code"] == "not-for-people"
    house.nurse.do(kit, "/state", to="cleaned")
    house.nurse.do(kit, "/state", to="checked", wiped=False)
    not_wiped = house.nurse.send(kit, "/state", {"to": "in-stock"})
    assert (not_wiped.get_json()["code"], not_wiped.get_json()["current"]) == (
        "not-ready",
        {"missing": ["wipe"]},
    )
    house.nurse.do(kit, "/state", to="cleaned")
    house.nurse.do(kit, "/state", to="checked", wiped=True)
    in_stock = house.nurse.do(kit, "/state", to="in-stock")
    assert in_stock["address"] is None
    assert house.give(kit, second)["wearers"][0]["patient"]["id"] == str(second.public_id)


def test_in_stock_without_the_round_of_cleaning_kit_of_another_person_needs_a_reason(house: House) -> None:
    kit, first, second = house.make.device(), *house.people[:2]
    house.give(kit, first)
    give = {"patient_id": str(second.public_id)}
    assert house.nurse.send(kit, "/hand-over", give).get_json()["code"] == "not-cleaned"
    done = house.nurse.do(kit, "/hand-over", **give, without_cleaning_because="One household")
    assert [one["patient"]["id"] for one in done["wearers"]] == [give["patient_id"]]
    assert [one["patient"]["id"] for one in done["past_wearers"]] == [str(first.public_id)]
    assert done["past_wearers"][0]["until"] == done["wearers"][0]["from"]


def test_telecare_is_not_live_before_every_step_and_the_24_hour_route_are_proved(house: House) -> None:
    kit = house.make.device("pendant")
    given = house.give(kit, house.people[0])
    assert "not-proved" in given["flags"]
    refused = house.nurse.send(kit, "/state", {"to": "live"}).get_json()
    assert refused["code"] == "not-ready"
    assert refused["current"]["missing"] == [*STEPS, "route-named"]
    assert "bathroom" in refused["detail"]
    route = {"name": "Test centre", "phone": "01632 960300", "answers_24_hours": False}
    assert house.nurse.send(kit, "/route", route).status_code == 422
    house.nurse.do(kit, "/route", **route | {"answers_24_hours": True})
    for step in STEPS:
        house.nurse.do(kit, "/installation", step=step, outcome="failed" if step == "signal" else "proved")
    assert house.nurse.send(kit, "/state", {"to": "live"}).get_json()["current"]["missing"] == ["signal"]
    proved = house.nurse.do(kit, "/installation", step="signal", outcome="proved", signal_dbm=-71)
    assert proved["proved_at"] is not None
    live = house.nurse.do(kit, "/state", to="live")
    assert live["flags"] == ["test-overdue"]
    assert [step["signal_dbm"] for step in live["installation"]][2] == -71


def test_what_was_proved_counts_no_more_once_it_was_moved_and_nothing_is_switched_off(house: House) -> None:
    kit = house.make.device("pendant")
    house.give(kit, house.people[0])
    house.nurse.do(kit, "/route", name="Test centre", phone="1", answers_24_hours=True)
    for step in STEPS:
        house.nurse.do(kit, "/installation", step=step, outcome="proved")
    house.nurse.do(kit, "/state", to="live")
    moved = house.nurse.do(kit, "/move", address="9 Other Row", line_type="analogue")
    assert (moved["state"], moved["address"]) == ("live", "9 Other Row")
    assert moved["flags"] == ["not-proved-since-moved", "test-overdue", "analogue-line"]
    assert not any(step["counts"] for step in moved["installation"])
    other_route = house.nurse.do(kit, "/route", name="Other centre", phone="2", answers_24_hours=True)
    assert other_route["route"]["name"] == "Other centre"


def test_a_route_that_changes_has_to_be_proved_again(house: House) -> None:
    kit = house.make.device("pendant")
    house.give(kit, house.people[0])
    house.nurse.do(kit, "/route", name="Test centre", phone="1", answers_24_hours=True)
    house.nurse.do(kit, "/installation", step="route", outcome="proved")
    house.nurse.do(kit, "/installation", step="signal", outcome="proved")
    changed = house.nurse.do(kit, "/route", name="Other centre", phone="2", answers_24_hours=True)
    assert {step["step"]: step["counts"] for step in changed["installation"]}["route"] is False
    assert {step["step"]: step["counts"] for step in changed["installation"]}["signal"] is True


def test_only_kit_that_calls_for_help_is_proved(house: House) -> None:
    scale = house.make.device("scale")
    answer = house.nurse.send(scale, "/installation", {"step": "signal", "outcome": "proved"})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "not-telecare")
    house.give(scale, house.people[0])
    assert house.nurse.do(scale, "/state", to="live")["flags"] == []


def test_firmware_that_nobody_certified_is_flagged_and_never_refused(house: House) -> None:
    kit = house.make.device(model="model-x")
    house.give(kit, house.people[0])
    assert house.nurse.read(kit)["firmware_certified"] is None
    house.make.says(kit, firmware="2.0")
    row = house.nurse.read(kit)
    assert (row["firmware_certified"], row["flags"]) == (False, ["firmware-not-certified"])
    certified = house.nurse.browser.post("/kit/certified-firmware", {"model": "model-x", "firmware": "2.0"})
    assert certified.status_code == 201
    assert house.nurse.read(kit)["firmware_certified"] is True


def test_a_change_of_somebody_who_saw_an_older_version_is_refused_with_what_stands(house: House) -> None:
    kit = house.make.device()
    house.nurse.do(kit, "/facts", serial="S-1", calibration_due="2020-01-01")
    stale = house.nurse.send(kit, "/facts", {"serial": "S-2"}, version=1)
    assert (stale.status_code, stale.get_json()["code"]) == (412, "changed-meanwhile")
    assert (stale.get_json()["current"]["serial"], stale.get_json()["current"]["version"]) == ("S-1", 2)
    assert "calibration-due" in house.nurse.read(kit)["flags"]


def test_kit_can_be_scrapped_and_then_nothing_follows(house: House) -> None:
    kit = house.make.device()
    scrapped = house.nurse.do(kit, "/state", to="scrapped")
    assert (scrapped["allowed"], scrapped["revoked_at"] is not None) == ([], True)
