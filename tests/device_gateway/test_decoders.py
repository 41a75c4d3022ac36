"""Every published example of a Bluetooth health payload decodes to the value its specification gives."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from backend.observations.codes import Code
from backend.observations.reading import (
    UNKNOWN_SLOT,
    Alarm,
    DeviceMessage,
    DeviceProfile,
    Quality,
    Reading,
    Special,
)
from backend.plugs import discover
from device_gateway.contract import reasons, scaip
from device_gateway.gatt import sample
from device_gateway.ieee11073 import float32, sfloat
from device_gateway.refusal import Undecodable

NOW = datetime(2026, 11, 22, 8, 15, 4, tzinfo=UTC)
SEEN = '"clock":{"src":"none","up_ms":60000},"up_ms":60000'
BY_CHANNEL = {one.CHANNEL: one for one in discover("device_gateway.decoders").values()}
CUFF = "1e 8000 5200 6100 ea07031d080509 4800 01 0400"


def decode(number: str, raw: str, *, head: str = SEEN, zone: str = "Europe/London") -> list[Reading]:
    """Captured bytes in hex, as if they had just been received and captured."""
    payload = sample(raw, head=head)
    topic = f"al/v1/d/up/raw/gatt-{number}"
    found: list[Reading] = BY_CHANNEL[f"raw/gatt-{number}"].decode(
        DeviceMessage("d", "", topic, payload, NOW, DeviceProfile(zone=zone))
    )
    return found


def refused(number: str, raw: str, **other: Any) -> Undecodable:
    """Why captured bytes are refused; the code is one a vendor can look up."""
    with pytest.raises(Undecodable) as raised:
        decode(number, raw, **other)
    assert raised.value.reason in reasons()
    return raised.value


def values(found: list[Reading]) -> dict[str, str]:
    """Code -> value as text."""
    return {
        one.code.value: f"{one.value:f}" if isinstance(one.value, Decimal) else str(one.value)
        for one in found
    }


def obs(k: str, val: object, u: str, **head: Any) -> list[Reading]:
    """One value of the Alongside envelope."""
    body = {
        "v": 1, "id": "01JD8Z0M3Y6T2Q4R8S1V5W7X9A", "boot": "b17", "seq": 1, "clock": {"src": "ntp"},
        "taken": "2026-11-22T08:14:31Z", "m": [{"k": k, "val": val, "u": u}], **head,
    }  # fmt: skip
    found: list[Reading] = BY_CHANNEL["obs"].decode(
        DeviceMessage("d", "", "t", json.dumps(body).encode(), NOW)
    )
    return found


SFLOATS = [
    (0xF014, "2.0"), (0xF16E, "36.6"), (0x0B2E, "-1234"), (0x0078, "120"), (0x0072, "114"), (0xC037, "0.0055"),
    (0x17FF, "20470"), (0x0803, "-2045"), (0x07FD, "2045"), (0x8001, "0.00000001"), (0x7001, "10000000"),
    (0x07FF, Special.NOT_A_NUMBER), (0x0800, Special.NOT_AT_THIS_RESOLUTION), (0x07FE, Special.HI),
    (0x0802, Special.LO), (0x0801, Special.NOT_A_NUMBER),
]  # fmt: skip
FLOATS = [
    (0xFF00017D, "38.1"), (0x01000002, "20"), (0xFE000E4C, "36.60"), (0x00FFFFFF, "-1"), (0x007FFFFD, "8388605"),
    (0x007FFFFF, Special.NOT_A_NUMBER), (0x00800000, Special.NOT_AT_THIS_RESOLUTION), (0x007FFFFE, Special.HI),
    (0x00800002, Special.LO), (0x00800001, Special.NOT_A_NUMBER),
]  # fmt: skip


@pytest.mark.parametrize(("bits", "meant"), SFLOATS, ids=[f"{bits:04x}" for bits, _ in SFLOATS])
def test_an_sfloat_is_the_number_it_stands_for_or_no_number(bits: int, meant: str | Special) -> None:
    found = sfloat(bits.to_bytes(2, "little"))
    assert found is meant if isinstance(meant, Special) else (f"{found:f}", type(found)) == (meant, Decimal)


@pytest.mark.parametrize(("bits", "meant"), FLOATS, ids=[f"{bits:08x}" for bits, _ in FLOATS])
def test_a_float_is_the_number_it_stands_for_or_no_number(bits: int, meant: str | Special) -> None:
    found = float32(bits.to_bytes(4, "little"))
    assert found is meant if isinstance(meant, Special) else (f"{found:f}", type(found)) == (meant, Decimal)


def test_the_cuff_of_the_reference_gives_its_five_values_at_its_own_time() -> None:
    found = decode("2a35", CUFF, head='"clock":{"src":"ntp"}')
    assert values(found) == {
        "systolic": "128", "diastolic": "82", "mean-arterial-pressure": "97", "pulse": "72", "irregular-pulse": "1",
    }  # fmt: skip
    # 08:05:09 on the day summer time began is 07:05:09 UTC.
    assert {(one.effective_at, one.method, one.slot, one.quality) for one in found} == {
        (datetime(2026, 3, 29, 7, 5, 9, tzinfo=UTC), "local", 1, Quality.SUSPECT)
    }
    assert dict(found[0].beside) == {"user": "1", "irregular_pulse": "yes"}


def test_the_other_examples_of_the_reference_give_their_values() -> None:
    assert values(decode("2a5e", "00 6100 4000")) == {"spo2": "97", "pulse": "64"}
    assert values(decode("2a1c", "06 7d0100ff ea07031d080509 02")) == {"temperature": "38.1"}
    assert values(decode("2a9d", "00 703f")) == {"weight": "81.2"}
    assert values(decode("2a18", "06 2a00 ea07031d080509 37c0 11")) == {"glucose": "5.5"}


@pytest.mark.hazard("H10")
def test_kilopascal_pounds_fahrenheit_and_milligrams_are_converted_and_the_original_is_kept() -> None:
    cuff = decode("2a35", "01 abf0 6df0 7bf0")
    assert values(cuff) == {
        "systolic": "128.2605336", "diastolic": "81.7567144", "mean-arterial-pressure": "92.2575768"
    }  # fmt: skip
    assert dict(cuff[0].beside)["original"] == "17.1 kPa"
    scale = decode("2a9d", "01 f055")
    assert (values(scale), dict(scale[0].beside)) == ({"weight": "99.7903214"}, {"original": "220 [lb_av]"})
    assert values(decode("2a1c", "01 da0300ff")) == {"temperature": "37"}
    assert values(decode("2a1c", "01 df0300ff")) == {"temperature": "37.2778"}
    meter = decode("2a18", "02 0100 ea070b16080500 64b0 11")
    assert (values(meter), dict(meter[0].beside)["original"]) == ({"glucose": "5.5506"}, "100 mg/dL")


def test_what_the_cuff_could_not_measure_is_said_and_not_invented() -> None:
    found = decode("2a35", "04 8000 5200 ff07 0008")
    assert values(found) == {"systolic": "128", "diastolic": "82"}
    assert dict(found[0].beside) == {"mean": "not measured", "pulse": "not measured"}
    assert refused("2a35", "00 ff07 5200 6100").reason == "not-a-measurement"
    assert values(decode("2a35", "00 fe07 5200 6100"))["systolic"] == "Special.HI"


@pytest.mark.parametrize(
    ("status", "quality", "said"),
    [
        ("0000", Quality.OK, {}), ("0100", Quality.MOTION, {"body_movement": "yes"}),
        ("0200", Quality.SUSPECT, {"cuff_loose": "yes"}), ("2000", Quality.SUSPECT, {"improper_position": "yes"}),
        ("0800", Quality.SUSPECT, {"pulse_rate_range": "above"}),
        ("1000", Quality.SUSPECT, {"pulse_rate_range": "below"}),
    ],
)  # fmt: skip
def test_what_a_cuff_says_of_its_own_measurement(status: str, quality: Quality, said: dict[str, str]) -> None:
    found = decode("2a35", f"10 8000 5200 6100 {status}")
    assert ({one.quality for one in found}, dict(found[0].beside)) == ({quality}, said)


@pytest.mark.parametrize(
    ("number", "raw", "reason"),
    [
        ("2a5e", "02 6100 4000 0004", "test-reading"), ("2a5e", "02 6100 4000 0008", "test-reading"),
        ("2a5f", "04 6100 4000 0004", "test-reading"), ("2a5e", "02 6100 4000 0080", "not-a-measurement"),
        ("2a5f", "04 6100 4000 0020", "not-a-measurement"), ("2a5e", "00 ff07 4000", "not-a-measurement"),
        ("2a1c", "00 ffff7f00", "not-a-measurement"), ("2a9d", "00 ffff", "not-a-measurement"),
        ("2a18", "06 2a00 ea07031d080509 37c0 1a", "control-solution"),
        ("2a18", "06 2a00 ea07031d080509 37c0 41", "control-solution"),
        ("2a18", "06 2a00 ea07031d080509 0208 4a", "control-solution"),
        ("2a18", "00 2a00 ea07031d080509", "not-a-measurement"), ("2a18", "06 2a00 ea07031d080509 ff07 11",
         "not-a-measurement"),
        ("2a9d", "00 70", "gatt"), ("2a9d", "00 703f 00", "gatt"), ("2a35", "02 8000 5200 6100 ea07", "gatt"),
        ("2a1c", "00 da0300ff", "implausible"), ("2a35", "00 5200 8000 6100", "implausible"),
    ],
)  # fmt: skip
def test_what_is_no_measurement_of_the_person_is_refused_with_its_reason(
    number: str, raw: str, reason: str
) -> None:
    assert refused(number, raw).reason == reason


def test_questionable_and_poor_signals_are_kept_as_suspect() -> None:
    assert decode("2a5e", "02 5800 4000 0040")[0].quality is Quality.SUSPECT
    worn = decode("2a5f", "1f 5c00 4600 5a00 4700 5b00 4800 6001 200000 0cf0")
    assert (worn[0].quality, values(worn)) == (Quality.SUSPECT, {"spo2": "92", "pulse": "70"})
    assert dict(worn[0].beside)["fast_spo2"] == "90"
    assert dict(worn[0].beside)["pulse_amplitude_index"] == "1.2"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("06 2a00 ea07031d080509 0208 11", Special.LO), ("06 2a00 ea07031d080509 fe07 11", Special.HI),
        ("0e 2a00 ea07031d080509 37c0 11 4000", Special.LO), ("0e 2a00 ea07031d080509 37c0 11 2000", Special.HI),
        ("0a 2a00 ea07031d080509 0208 11 4000", Special.LO), ("08 2a00 ea07031d080509 2000", Special.HI),
    ],
)  # fmt: skip
def test_a_meter_that_shows_lo_or_hi_gives_lo_or_hi_and_never_a_number(raw: str, said: Special) -> None:
    assert [one.value for one in decode("2a18", raw)] == [said]


def test_a_glucose_time_is_its_base_time_and_the_minutes_since() -> None:
    earlier = decode("2a18", "07 2a00 ea07031d080509 f6ff 37c0 11", head='"clock":{"src":"ntp"}')[0]
    assert earlier.effective_at == datetime(2026, 3, 29, 6, 55, 9, tzinfo=UTC)
    assert dict(earlier.beside) == {
        "sequence": "42", "sample": "capillary whole blood", "location": "finger"
    }  # fmt: skip
    assert (
        refused("2a18", "07 2a00 ea07031d080509 ff7f 37c0 11", head='"clock":{"src":"ntp"}').reason
        == "clock-not-set"
    )


def test_a_user_nobody_knows_is_no_users_slot() -> None:
    guest, second = decode("2a9d", "04 703f ff")[0], decode("2a9d", "04 703f 02")[0]
    assert (guest.slot, dict(guest.beside)) == (UNKNOWN_SLOT, {"user": "unknown"})
    assert (second.slot, dict(second.beside)) == (2, {"user": "2"})
    bmi = decode("2a9d", "08 703f fb00 a406")[0]
    assert dict(bmi.beside) == {"bmi": "25.1", "height": "1.7 m"}


def test_a_stored_measurement_without_a_time_has_none() -> None:
    assert refused("2a5e", "02 6100 4000 0002").reason == "no-time"
    assert (
        refused("2a5e", "11 6100 4000 ea070b16080a00", head='"clock":{"src":"ntp"}').reason == "clock-not-set"
    )
    assert decode("2a5e", "11 6100 4000 ea070b16080a00")[0].method == "uptime"


def test_an_impossible_date_is_a_clock_that_was_not_set_and_the_values_are_still_there_to_be_heard() -> None:
    gone = refused("2a5e", "01 4600 4000 ea07021e080a00", head='"clock":{"src":"ntp"}')
    assert (gone.reason, [one.value for one in gone.readings]) == (
        "clock-not-set",
        [Decimal(70), Decimal(64)],
    )


@pytest.mark.parametrize(
    ("k", "val", "u", "words"),
    [
        ("temperature", 98.6, "Cel", "Fahrenheit"), ("bp.systolic", 17.1, "mm[Hg]", "kilopascal"),
        ("glucose", 99, "mmol/L", "mg/dL"), ("peak_flow", 6.5, "L/min", "litres a second"),
        ("weight", 380, "kg", "pounds"), ("spo2", 0.97, "%", "fraction"),
    ],
)  # fmt: skip
@pytest.mark.hazard("H10")
def test_a_value_in_the_wrong_unit_is_refused_in_words_and_can_still_be_heard(
    k: str, val: float, u: str, words: str
) -> None:
    with pytest.raises(Undecodable) as held:
        obs(k, val, u)
    assert (held.value.reason, words in held.value.detail) == ("implausible", True)
    assert [str(one.value) for one in held.value.readings] == [str(val)]


def test_values_of_a_message_with_a_wrong_clock_can_still_be_heard() -> None:
    for head, reason in (
        ({"taken": "2099-01-01T00:00:00Z"}, "ahead"),
        ({"taken": "1970-01-01T00:00:00Z"}, "clock-not-set"),
        ({"clock": {"src": "none", "synced": False}}, "clock-not-set"),
    ):
        with pytest.raises(Undecodable) as held:
            obs("spo2", 70, "%", **head)
        assert held.value.reason == reason
        assert [(one.code, one.effective_at) for one in held.value.readings] == [(Code.SPO2, NOW)]
    with pytest.raises(Undecodable) as demo:
        obs(
            "spo2",
            70,
            "%",
            m=[{"k": "spo2", "val": 70, "u": "%", "q": "demo"}, {"k": "pulse", "val": 60, "u": "/min"}],
        )
    assert (demo.value.reason, demo.value.readings) == ("not-a-measurement", ())


def test_what_is_no_quantity_is_one_of_its_numbers() -> None:
    assert [one.value for one in obs("door", True, "1") + obs("acvpu", 1, "1")] == [Decimal(1), Decimal(1)]
    for k, val in (("door", 2), ("acvpu", 0.5), ("acvpu", 5), ("spo2", True)):
        with pytest.raises(Undecodable) as held:
            obs(k, val, "%" if k == "spo2" else "1")
        assert held.value.reason == "value"


def test_every_kind_of_alarm_has_its_scaip_codes_where_one_is_known() -> None:
    body = {
        "v": 1, "id": "01JD8Z0M3Y6T2Q4R8S1V5W7X9A", "boot": "b", "seq": 1, "clock": {"src": "none"},
        "alarm": "a-12345678", "phase": "raise", "raised": "2026-11-22T08:15:02Z",
    }  # fmt: skip
    known: dict[str, dict[str, str]] = {}
    for kind in scaip():
        message = DeviceMessage("d", "", "t", json.dumps({**body, "kind": kind}).encode(), NOW)
        alarm: Alarm = BY_CHANNEL["alarm"].decode(message)[0]
        known[kind] = dict(alarm.scaip)
    assert known["sos"] == {"dty": "0003", "stc": "0010"}
    assert known["fall"] == {"dty": "0005", "stc": "0009"}
    assert known["smoke"] == {"dty": "0023", "stc": "0009"}
    assert known["low_battery"] == {"stc": "0016"}
    assert known["co"] == {"stc": "0009"}
    assert known["technical"] == {}
    with_own = {**body, "kind": "fall", "scaip": {"dty": "0099", "pri": 3}}
    alarm = BY_CHANNEL["alarm"].decode(DeviceMessage("d", "", "t", json.dumps(with_own).encode(), NOW))[0]
    assert dict(alarm.scaip) == {"dty": "0099", "stc": "0009", "pri": "3"}


def test_a_home_in_another_zone_reads_its_sensors_in_that_zone() -> None:
    head = '"clock":{"src":"ntp"}'
    there = decode("2a1c", "02 7d0100ff ea07031d080509", head=head, zone="Asia/Karachi")[0]
    assert there.effective_at == datetime(2026, 3, 29, 3, 5, 9, tzinfo=UTC)
    for other in ({"zone": "Nowhere/Land"}, {"head": f'{SEEN},"device_now":"2026-02-30T00:00:00"'}):
        held = refused("2a1c", "02 7d0100ff ea07031d080509", **other)
        assert held.reason in ("ambiguous-time", "time")
        assert [one.value for one in held.readings] == [Decimal("38.1")]
    assert there.taken_at == there.effective_at
