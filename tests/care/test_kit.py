"""Kit is proved where it stands, and what wears out is written down (care rules, sections 1 and 6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.kit.conftest import House
from tests.kit.conftest import house as kit_house

house = kit_house
PROOF = ("press-bathroom", "press-bedroom", "signal", "power-cut", "key-holder", "route")
ROUTE = {"name": "Test centre", "phone": "01632 960300", "answers_24_hours": True}
LIFE = ("in-stock", "issued", "live", "to-collect", "collected", "cleaned", "checked", "in-stock", "scrapped")


@pytest.mark.hazard("H22")
@pytest.mark.parametrize("left_out", [*PROOF, "route-named"])
def test_an_installation_is_not_live_while_one_step_is_not_proved(house: House, left_out: str) -> None:
    kit = house.make.device("pendant")
    house.give(kit, house.people[0])
    if left_out != "route-named":
        house.nurse.do(kit, "/route", **ROUTE)
    for step in PROOF:
        if step != left_out:
            house.nurse.do(kit, "/installation", step=step, outcome="proved")
    refused = house.nurse.send(kit, "/state", {"to": "live"}).get_json()
    assert (refused["code"], refused["current"]["missing"]) == ("not-ready", [left_out])


def test_kit_goes_through_every_state_of_its_life_over_the_desk(house: House) -> None:
    kit = house.make.device("pulse-oximeter")
    seen = [house.nurse.read(kit)["state"], house.give(kit, house.people[0])["state"]]
    for to in LIFE[2:]:
        if to == "collected":
            wearer = house.nurse.read(kit)["wearers"][0]
            house.nurse.send(kit, f"/wearers/{wearer['id']}/end", {}, wearer["version"])
        more: dict[str, Any] = {"wiped": True} if to == "checked" else {}
        seen.append(house.nurse.do(kit, "/state", to=to, **more)["state"])
    assert tuple(seen) == LIFE


def test_calibration_consumables_and_cuff_size_are_kept_and_a_calibration_that_is_due_is_flagged(
    house: House,
) -> None:
    kit = house.make.device("blood-pressure-monitor")
    today = datetime.now(UTC).date()
    facts = {
        "cuff_size": "large",
        "consumables": "1 spare cuff",
        "calibration_due": str(today + timedelta(days=9)),
    }
    kept = house.nurse.do(kit, "/facts", **facts)
    assert {name: kept[name] for name in facts} == facts
    assert "calibration-due" not in kept["flags"]
    due = house.nurse.do(kit, "/facts", **facts | {"calibration_due": str(today - timedelta(days=1))})
    assert "calibration-due" in due["flags"]


@pytest.mark.parametrize(("percent", "low"), [(21, False), (20, True), (3, True)])
def test_a_low_battery_of_kit_with_a_person_is_flagged(house: House, percent: int, low: bool) -> None:
    kit = house.make.device("scale")
    house.give(kit, house.people[0])
    house.make.says(kit, battery_pct=percent)
    row = house.nurse.read(kit)
    assert (row["battery_pct"], "battery-low" in row["flags"]) == (percent, low)


@pytest.mark.parametrize("by", ["model", "firmware", "batch"])
def test_one_query_lists_the_people_of_a_recall_by_model_firmware_or_batch(house: House, by: str) -> None:
    labels = {"model": f"model-{by}", "batch": f"batch-{by}"}
    called, other = house.make.device(**labels), house.make.device(model="another", batch="another")
    for kit, person, firmware in ((called, house.people[0], f"9.{by}"), (other, house.people[1], "1.0")):
        house.give(kit, person)
        house.make.says(kit, firmware=firmware)
    asked = labels.get(by, f"9.{by}")
    found = house.nurse.browser.get(f"/kit/recall?{by}={asked}").get_json()
    assert found["people"] == 1
    assert [row["wearers"][0]["patient"]["display_name"] for row in found["rows"]] == [house.people[0].name]
