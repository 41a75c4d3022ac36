"""The kit of a home: the sensors of an alarm unit, a meter whose bytes are wrapped unread, and what goes wrong."""

from __future__ import annotations

import importlib
import pkgutil
import signal
from base64 import b64decode
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import firmware_stubs
from device_gateway.decoders import gatt_2a18, gatt_2a35
from firmware_stubs import gatt, housekeeping
from firmware_stubs.device import Device
from firmware_stubs.journal import read_ledger
from firmware_stubs.trouble import KINDS, NOTHING, Troubles, spoilt
from tests.firmware_stubs.conftest import Planner, Starter
from tests.firmware_stubs.stand_in import FarEnd, wait_until

ALARMS = {
    "fall_detector": "fall", "smoke_alarm": "smoke", "co_alarm": "co", "bed_sensor": "bed", "door_sensor": "door",
    "motion_sensor": "inactivity", "medication_dispenser": "medication",
}  # fmt: skip
AT = datetime(2026, 3, 29, 8, 5, 9)  # noqa: DTZ001 - a sensor's clock knows no zone


def test_each_sensor_of_an_alarm_unit_raises_its_own_alarm_until_it_is_received(
    far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    devices = [{"stub": s, "device_id": f"dev-{s.replace('_', '-')}", "course": "alarm"} for s in ALARMS]
    start("fleet", "--plan", plan(devices))
    for stub, kind in ALARMS.items():
        device = f"dev-{stub.replace('_', '-')}"
        wait_until(lambda device=device: bool(far_end.of(device, "alarm")))  # type: ignore[misc]  # bound now
        told = far_end.of(device, "alarm")[0]
        assert (told["kind"], told["phase"], told["scaip"]["stc"]) == (kind, "raise", "0009")
        far_end.alarm_state(device, told["alarm"], "received")
    wait_until(lambda: read_ledger(tmp_path / "state").receipted_count == len(ALARMS))


def test_a_glucose_meter_hands_over_the_bytes_of_its_sensor_and_the_far_side_reads_the_value(
    far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    start("fleet", "--plan", plan([{"stub": "glucose_meter", "device_id": "dev-glucose"}]))
    wait_until(lambda: bool(far_end.of("dev-glucose", "raw/gatt-2a18")))
    (value,) = gatt_2a18.measure(b64decode(far_end.of("dev-glucose", "raw/gatt-2a18")[0]["raw"])).values
    assert isinstance(value.value, Decimal)
    assert 3 < value.value < 12
    wait_until(lambda: read_ledger(tmp_path / "state").receipted_count == 1)


@given(st.integers(15, 330))
def test_the_bytes_of_a_pretend_sensor_read_back_to_the_value_it_measured(tenths: int) -> None:
    (read,) = gatt_2a18.measure(gatt.glucose(tenths / 10, 42, AT)).values
    assert read.value == Decimal(tenths) / 10


def test_the_bytes_of_a_pretend_cuff_are_what_the_specification_says() -> None:
    read = gatt_2a35.measure(gatt.blood_pressure(128, 82, 72, AT))
    assert [one.value for one in read.values] == [128, 82, 97, 72]
    assert read.at == AT
    with pytest.raises(ValueError, match="no SFLOAT"):
        gatt.sfloat(5000, 0)


@given(st.integers(0, 10**6), st.integers(1, 3000))
def test_the_same_seed_meets_the_same_mishaps_and_without_faults_there_are_none(
    seed: int, number: int
) -> None:
    assert Troubles(seed, KINDS).at(number) == Troubles(seed, KINDS).at(number)
    assert Troubles(seed, ()).at(number) is NOTHING
    one = Troubles(seed, ["twice"]).at(number)
    assert one in (NOTHING, type(one)(twice=True))


def test_every_kind_of_mishap_happens_somewhere_in_a_street_and_most_readings_are_sound() -> None:
    met: Counter[str] = Counter()
    for seed in range(100):
        for number in range(1, 301):
            here = Troubles(seed, KINDS).at(number)
            met.update(name for name in here.__dataclass_fields__ if getattr(here, name))
            met["sound"] += not (here.unit or here.implausible or here.unset or here.motion)
    assert all(met[name] for name in NOTHING.__dataclass_fields__)
    assert met["sound"] > 0.9 * 30_000
    with pytest.raises(ValueError, match="fault toast is none of"):
        Troubles(1, ["toast"])


def test_a_spoilt_reading_says_so_or_is_one_that_must_be_refused() -> None:
    whole = [{"k": "spo2", "val": 96, "u": "%", "q": "ok"}, {"k": "pulse", "val": 70, "u": "/min"}]
    street = [Troubles(seed, KINDS).at(n) for seed in range(200) for n in range(1, 100)]
    shaken = next(one for one in street if one.motion)
    foreign = next(one for one in street if one.unit)
    wild = next(one for one in street if one.implausible)
    assert spoilt(whole, shaken)[0]["q"] == "motion"
    assert spoilt(whole, foreign)[0]["u"] != "%"
    assert spoilt(whole, wild)[0]["val"] == 960
    assert spoilt(whole, NOTHING) == whole


def test_kit_that_loses_power_numbers_and_network_still_gets_every_reading_receipted(
    far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    devices = [
        {"stub": "pulse_oximeter", "device_id": f"dev-{n:05d}", "seed": n, "faults": list(KINDS)}
        for n in range(20)
    ]
    process = start("fleet", "--plan", plan(devices), "--count", 3000, "--rate", 600, "--timeout", 90)
    assert process.wait(180) == 0
    ledger = read_ledger(tmp_path / "state")
    assert (ledger.made_count, ledger.receipted_count) == (3000, 3000)
    boots = Counter(one["boot"] for device, channel, one in far_end.messages if channel == "obs")
    assert len(boots) > 1, "somebody lost power"
    assert any(count > 1 for count in far_end.arrivals.values()), "somebody sent twice"


def test_a_fleet_told_to_stop_in_an_outage_ends(plan: Planner, start: Starter) -> None:
    process = start("fleet", "--plan", plan([{"stub": "scale", "device_id": "dev-00001"}]))
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) in (0, -signal.SIGTERM)


def test_every_stub_of_the_folder_says_what_it_is() -> None:
    stubs = [
        stub
        for module in pkgutil.iter_modules(firmware_stubs.__path__)
        if isinstance(
            stub := getattr(importlib.import_module(f"firmware_stubs.{module.name}"), "Stub", None), type
        )
    ]
    assert len(stubs) >= 14
    models = Counter(stub.usual_model for stub in stubs if issubclass(stub, Device))
    assert set(models.values()) == {1}


def test_a_battery_runs_down_with_the_days_of_the_course_is_told_low_in_time_and_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1000.0]
    monkeypatch.setattr(housekeeping, "time", SimpleNamespace(monotonic=lambda: now[0]))
    kit = SimpleNamespace(spec=SimpleNamespace(seed=0, hb_s=60), rig=SimpleNamespace(speed=86_400.0))
    house = housekeeping.Housekeeping(cast("Device", kit))
    days = []
    for day in range(120):
        now[0] = 1000.0 + day
        days.append((day, house.battery_pct()))
    first = [left for day, left in days if day < housekeeping.BATTERY_DAYS]
    assert first == sorted(first, reverse=True)
    assert (first[0], round(first[-1])) == (100.0, round(housekeeping.CHANGED_AT_PCT + 80 / 60))
    warned = next(day for day, left in days if left < housekeeping.LOW_PCT)
    assert housekeeping.BATTERY_DAYS - warned >= 7, "the notice comes a week ahead and more"
    assert days[60][1] == 100.0
