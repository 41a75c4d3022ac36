"""Each kind of measurement has one unit: in every other it is refused, named in words, and never converted by guess."""

import json
from datetime import UTC, datetime

import pytest

from backend.observations.reading import DeviceMessage
from device_gateway.contract import kinds
from device_gateway.decoders import al_obs
from device_gateway.quick import read_obs
from device_gateway.refusal import Undecodable
from tests.device_gateway.rig import obs

# What kit of the market sends, typed here: units of ours, of other countries, and what people write for them.
UNITS = (
    "%", "mm[Hg]", "/min", "Cel", "kg", "mmol/L", "L/min", "/d", "1", "mg/dL", "[lb_av]", "[stone_av]", "g", "[degF]",
    "K", "kPa", "bar", "L/s", "mL/min", "/s", "/h", "mmHg", "°C", "bpm", "KG", "Mmol/l", "", " kg",
)  # fmt: skip
# The unit of each kind that is a quantity, typed from the record's own units and not read from what is tested.
OWN = {
    "bp.systolic": "mm[Hg]", "bp.diastolic": "mm[Hg]", "bp.mean": "mm[Hg]", "pulse": "/min", "spo2": "%",
    "temperature": "Cel", "resp.rate": "/min", "weight": "kg", "glucose": "mmol/L", "peak_flow": "L/min",
    "ketones": "mmol/L", "steps": "/d", "oxygen.use": "L/min",
}  # fmt: skip
PLAUSIBLE = {
    "bp.systolic": 130, "bp.diastolic": 80, "bp.mean": 95, "pulse": 72, "spo2": 96, "temperature": 36.8,
    "resp.rate": 16, "weight": 80, "glucose": 6.1, "peak_flow": 400, "ketones": 0.3, "steps": 4000, "oxygen.use": 2,
}  # fmt: skip


def sent(kind: str, unit: str) -> DeviceMessage:
    now = datetime.now(UTC)
    body = obs([{"k": kind, "val": PLAUSIBLE.get(kind, 1), "u": unit}])
    return DeviceMessage("sample-device", "", "t", json.dumps(body).encode(), now)


@pytest.mark.hazard("H10")
@pytest.mark.parametrize("kind", sorted(kinds()))
def test_units_matrix(kind: str) -> None:
    own = OWN.get(kind, "1")
    for unit in UNITS:
        message = sent(kind, unit)
        if unit == own:
            (reading,) = al_obs.decode(message)
            assert (str(reading.value), reading.unit) == (str(PLAUSIBLE.get(kind, 1)), own)
            continue
        with pytest.raises(Undecodable) as refused:
            al_obs.decode(message)
        assert refused.value.reason in ("unit", "schema"), (unit, refused.value.reason)
        assert refused.value.reason == "schema" or own in str(refused.value.detail), unit
        assert read_obs(message.payload, datetime.now(UTC)) is None, unit
