"""Kit that staff move to lost is put out like kit that is revoked as lost: whoever finds it says and hears nothing."""

from flask import Flask

from backend.supervise.mosquitto import Mosquitto
from tests.factories import Ref
from tests.kit.conftest import House, new_id
from tests.kit.device import connects, device
from tests.kit.test_claims import claim, code_for


def test_kit_moved_to_lost_is_cut_off_and_no_code_of_it_is_good(
    house: House, app: Flask, with_broker: Mosquitto
) -> None:
    kit: Ref = house.make.device(device_id=new_id())
    told = claim(app.test_client(), code_for(house, kit), "192.0.2.41").get_json()
    waiting = code_for(house, kit)
    with device(told) as speaking:
        house.nurse.do(kit, "/state", to="lost", note="", wiped=False)
        assert speaking.gone.wait(60)
    assert not connects(told)
    assert claim(app.test_client(), waiting, "192.0.2.41").status_code == 404
    row = house.nurse.read(kit)
    assert (row["state"], row["flags"], row["credential_at"]) == ("lost", ["revoked"], None)
    # Found again, it comes back to people by way of stock, as a new piece does
    for to in ("collected", "cleaned", "checked", "in-stock"):
        row = house.nurse.do(kit, "/state", to=to, note="", wiped=True)
    assert (row["state"], row["revoked_at"]) == ("in-stock", None)
