"""Whatever bytes come, a decoder answers with readings or a refusal, and with no number that is not in the bytes."""

import json
import struct
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import cbor2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.observations.codes import Code
from backend.observations.reading import DeviceMessage, Quality, Reading, Special
from backend.plugs import discover
from device_gateway.contract import kinds, reasons
from device_gateway.refusal import Undecodable

NOW = datetime(2026, 11, 22, 8, 15, 4, tzinfo=UTC)
DECODERS = discover("device_gateway.decoders")
RAW = {name: one for name, one in DECODERS.items() if one.CHANNEL.startswith("raw/")}
CAREFULLY = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
HEAD: dict[str, Any] = {
    "v": 1, "id": "01JD8Z0M3Y6T2Q4R8S1V5W7X9A", "boot": "b17", "seq": 4211,
    "clock": {"src": "none", "up_ms": 61000},
}  # fmt: skip


def ask(decoder: Any, payload: bytes) -> tuple[Sequence[Any], Sequence[Reading]]:
    """What it answers, and what it could read before a refusal, which has a reason of the contract."""
    try:
        found: Sequence[Any] = decoder.decode(DeviceMessage("sample-device", "", "t", payload, NOW))
        refused = None
    except Undecodable as trouble:
        found, refused = (), trouble
    if refused is None:
        assert found
        return found, ()
    assert refused.reason in reasons()
    assert refused.detail
    return (), refused.readings


def hold_up(found: Sequence[Any]) -> None:
    """What is true of every reading that a decoder lets through."""
    for one in found:
        if isinstance(one, Reading):
            assert one.unit == one.code.unit
            assert one.effective_at <= NOW + timedelta(minutes=2)
            assert one.quality not in (Quality.INVALID, Quality.DEMO)
            assert one.value in (Special.LO, Special.HI) or isinstance(one.value, Decimal)
            if isinstance(one.value, Decimal):
                low, high = one.code.info.hard
                assert low <= one.value <= high


# An oracle that knows nothing of flags: every number these bytes can say, whichever field it stood in.


def sfloats(raw: bytes) -> Iterator[Fraction]:
    """Every two bytes as a number of ISO/IEEE 11073, worked out by fractions; none of the special values."""
    for at in range(len(raw) - 1):
        (bits,) = struct.unpack_from("<H", raw, at)
        if bits not in (0x07FE, 0x07FF, 0x0800, 0x0801, 0x0802):
            mantissa, exponent = (bits & 0x0FFF ^ 0x0800) - 0x0800, (bits >> 12 ^ 8) - 8
            yield mantissa * Fraction(10) ** exponent


def floats(raw: bytes) -> Iterator[Fraction]:
    """Every four bytes as a number of ISO/IEEE 11073."""
    for at in range(len(raw) - 3):
        bits = int.from_bytes(raw[at : at + 4], "little")
        if bits not in (0x007FFFFE, 0x007FFFFF, 0x00800000, 0x00800001, 0x00800002):
            mantissa, exponent = (bits & 0xFFFFFF ^ 0x800000) - 0x800000, (bits >> 24 ^ 128) - 128
            yield mantissa * Fraction(10) ** exponent


def shorts(raw: bytes) -> Iterator[Fraction]:
    """Every two bytes as a whole number."""
    return (Fraction(struct.unpack_from("<H", raw, at)[0]) for at in range(len(raw) - 1))


def kpa(one: Fraction) -> Fraction:
    return one * Fraction("7.500616")


ORACLE: dict[
    str, tuple[Callable[[bytes], Iterator[Fraction]], tuple[Callable[[Fraction], Fraction], ...]]
] = {
    "gatt_2a35": (sfloats, (lambda one: one, kpa)),
    "gatt_2a5e": (sfloats, (lambda one: one,)),
    "gatt_2a5f": (sfloats, (lambda one: one,)),
    "gatt_2a1c": (floats, (lambda one: one, lambda one: (one - 32) * 5 / 9)),
    "gatt_2a9d": (shorts, (lambda one: one / 200, lambda one: one / 100 * Fraction("0.45359237"))),
    "gatt_2a18": (sfloats, (lambda one: one * 1000, lambda one: one * 100_000 / Fraction("18.016"))),
}
# Where a quotient has no end in decimals it is cut here, or at so many digits.
CUT, DIGITS = Fraction(1, 20_000), Fraction(1, 10**20)


def derivable(name: str, raw: bytes) -> set[Fraction]:
    """Every value a decoder may give of these bytes."""
    said, conversions = ORACLE[name]
    return {convert(one) for one in said(raw) for convert in conversions}


def invented(name: str, raw: bytes, found: Sequence[Any]) -> list[Reading]:
    """Readings whose number the bytes do not say."""
    possible = derivable(name, raw)
    return [
        one
        for one in found
        if isinstance(one.value, Decimal)
        and one.code is not Code.IRREGULAR_PULSE
        and not any(abs(Fraction(one.value) - known) <= max(CUT, abs(known) * DIGITS) for known in possible)
    ]


def enveloped(raw: bytes, in_cbor: bool) -> bytes:
    """A right envelope around any bytes."""
    if in_cbor:
        return cbor2.dumps({**HEAD, "up_ms": 60000, "raw": raw})
    return json.dumps({**HEAD, "up_ms": 60000, "raw": b64encode(raw).decode()}).encode()


FIELD = st.sampled_from(
    [bytes.fromhex(one) for one in (
        "8000", "5200", "6100", "4800", "4000", "703f", "37c0", "64b0", "abf0", "7d0100ff", "da0300ff", "ff07", "0208",
        "fe07", "0008", "ffffff7f", "ffff", "ea07031d080509", "ea070b16080a00", "b207010100000f", "00000000000000",
        "2a00", "11", "1a", "4a", "01", "ff", "0040", "0004", "0080", "0200", "200000", "",
    )]
)  # fmt: skip
NEAR = st.builds(
    lambda flags, fields, tail: bytes([flags]) + b"".join(fields) + tail,
    st.integers(0, 31), st.lists(FIELD, max_size=8), st.binary(max_size=2),
)  # fmt: skip


@pytest.mark.parametrize("name", RAW)
@CAREFULLY
@given(raw=st.one_of(NEAR, st.binary(min_size=1, max_size=24)), in_cbor=st.booleans())
def test_any_captured_bytes_give_readings_they_say_or_a_refusal(name: str, raw: bytes, in_cbor: bool) -> None:
    found, heard = ask(RAW[name], enveloped(raw, in_cbor))
    hold_up(found)
    assert invented(name, raw, [*found, *heard]) == []


@pytest.mark.parametrize("name", RAW)
@CAREFULLY
@given(data=st.data())
def test_a_changed_sample_of_captured_bytes_gives_readings_it_says_or_a_refusal(
    name: str, data: st.DataObject
) -> None:
    payload, _ = data.draw(st.sampled_from(RAW[name].SAMPLES))
    sent = json.loads(payload)
    raw = bytearray(b64decode(sent["raw"]))
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    sent["raw"] = b64encode(bytes(raw)).decode()
    found, heard = ask(RAW[name], json.dumps(sent).encode())
    hold_up(found)
    assert invented(name, bytes(raw), [*found, *heard]) == []


def numbers(body: object) -> Iterator[Decimal]:
    """Every number and boolean in a message."""
    if isinstance(body, dict | list):
        for one in body.values() if isinstance(body, dict) else body:
            yield from numbers(one)
    elif isinstance(body, bool | int | Decimal):
        yield Decimal(body)
    elif isinstance(body, float):
        yield Decimal(repr(body))


VALUE = st.one_of(
    st.integers(-10, 400), st.decimals(-10, 400, places=3).map(float), st.booleans(), st.none(),
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["LO", "12", [], {}]),
)  # fmt: skip
ENTRY = st.fixed_dictionaries(
    {"k": st.one_of(st.sampled_from(sorted(kinds())), st.text(max_size=8))},
    optional={
        "val": VALUE, "u": st.sampled_from(["%", "mm[Hg]", "/min", "Cel", "kg", "mmol/L", "1", "L/min", "C"]),
        "txt": st.sampled_from(["LO", "HI", "lo", ""]), "q": st.sampled_from(["ok", "suspect", "demo", "invalid", "x"]),
        "code": st.sampled_from(["loinc:2708-6", "mdc:8519681", "none"]),
    },
)  # fmt: skip
UNITS = {k: kind.unit for k, kind in kinds().items()}
RIGHT = st.builds(lambda k, val: {"k": k, "val": val, "u": UNITS[k]}, st.sampled_from(sorted(UNITS)), VALUE)
OBS = st.fixed_dictionaries(
    {"m": st.one_of(st.lists(RIGHT, min_size=1, max_size=3), st.lists(ENTRY, max_size=3))},
    optional={
        "taken": st.sampled_from(["2026-11-22T08:14:31Z", "2099-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "now"]),
        "up_ms": st.sampled_from([0, 60000, 62000, -1, 2**60]), "sent": st.sampled_from(["2026-11-22T08:15:03Z", "x"]),
        "slot": st.integers(-1, 3), "sensor": st.text(max_size=3),
    },
)  # fmt: skip


@CAREFULLY
@given(body=OBS, in_cbor=st.booleans())
def test_any_measurement_gives_numbers_it_says_or_a_refusal(body: dict[str, Any], in_cbor: bool) -> None:
    whole = {**HEAD, **body}
    payload = cbor2.dumps(whole) if in_cbor else json.dumps(whole).encode()
    found, heard = ask(DECODERS["al_obs"], payload)
    hold_up(found)
    said = set(numbers(body))
    assert [one for one in [*found, *heard] if isinstance(one.value, Decimal) and one.value not in said] == []


@pytest.mark.parametrize("name", DECODERS)
@CAREFULLY
@given(data=st.data())
def test_any_bytes_at_all_are_answered(name: str, data: st.DataObject) -> None:
    sample, _ = data.draw(st.sampled_from(DECODERS[name].SAMPLES))
    form = data.draw(st.sampled_from(["bytes", "json", "cbor", "map"]))
    if form == "bytes":
        payload = data.draw(st.binary(max_size=200))
    elif form == "map":
        payload = bytes([data.draw(st.integers(0xA0, 0xBF))]) + data.draw(st.binary(max_size=60))
    else:
        payload = sample if form == "json" else cbor2.dumps(_as_captured(json.loads(sample)))
        at, more = data.draw(st.integers(0, len(payload))), data.draw(st.binary(max_size=8))
        payload = payload[:at] + more + payload[at + len(more) :]
    found, _heard = ask(DECODERS[name], payload)
    hold_up(found)


def _as_captured(body: dict[str, Any]) -> dict[str, Any]:
    return {key: b64decode(value) if key == "raw" else value for key, value in body.items()}


def test_a_number_no_decimal_can_hold_is_refused() -> None:
    payload = json.dumps({**HEAD, "up_ms": 60000, "m": []}).replace(
        "[]", '[{"k":"spo2","val":1e99999999999999999999,"u":"%"}]'
    )
    with pytest.raises(InvalidOperation):
        Decimal("1e99999999999999999999")
    assert ask(DECODERS["al_obs"], payload.encode()) == ((), ())
