"""The quick reader says what the decoder says, or nothing."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.observations.reading import DeviceMessage
from device_gateway.contract import kinds
from device_gateway.decoders import al_obs
from device_gateway.envelope import read_head
from device_gateway.quick import read_obs
from device_gateway.refusal import Undecodable

START, END = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2019, 2027))
NOW = datetime(2026, 11, 22, 8, 15, 4, tzinfo=UTC)
MISSING = "missing"

TIMES = st.one_of(
    st.datetimes(START, END).map(lambda at: at.isoformat() + "+00:00"),
    st.sampled_from([
        NOW.isoformat(), (NOW + timedelta(minutes=2)).isoformat(), (NOW + timedelta(seconds=121)).isoformat(),
        "2026-11-22T08:14:31Z", "2026-11-22T09:14:31.5+01:00", "2026-02-30T08:14:31Z", "2026-11-22T08:14:31",
        "2026-11-22 08:14:31Z", "20261122T081431Z", "2026-11-22T08:14:31z", "2026-11-22T08:14:31Z\n", "", None, 5,
        "2020-01-01T00:00:00Z", "2019-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2026-11-22T08:14:31.1234567Z",
        "2026-11-22T24:00:00Z", "2026-11-22T08:14:60Z", "2026-11-22T08:14:31+24:00", "٢٠26-11-22T08:14:31Z",
    ]),
)  # fmt: skip
NUMBERS = st.sampled_from([
    "95", "95.0", "95.50", "-1", "0", "-0", "1e1", "9.5E+1", "1e999", "0095", "36.6", "120", "4.2", "true", "false",
    '"95"', "null", "[95]", "95.000000000000000000000000000001", "1E-400", "300", "301", ".5", "5.",
])  # fmt: skip
ENTRIES = st.fixed_dictionaries(
    {
        "k": st.sampled_from([*kinds(), "unknown.kind", "", "Sp O2"]),
        "val": NUMBERS,
        "u": st.sampled_from(["%", "mm[Hg]", "/min", "Cel", "kg", "mmol/L", "1", "", MISSING]),
        "code": st.sampled_from([MISSING] * 6 + ["loinc:2708-6", "loinc:8480-6", "mdc:150022", ""]),
        "q": st.sampled_from([MISSING] * 4 + ["ok", "suspect", "motion", "invalid", "demo", "bad"]),
        "txt": st.sampled_from([MISSING] * 8 + ["LO", "x" * 257]),
    }
)
HEADS = st.fixed_dictionaries(
    {
        "v": st.sampled_from([1] * 9 + [2]),
        "id": st.sampled_from(
            ["01JD8Z0M3Y6T2Q4R8S1V5W7X9A", "a" * 16, "a_b-" * 5, "a" * 15, "ä" * 20, "a" * 20 + "\n"]
        ),
        "boot": st.sampled_from(["b17", "", "x" * 36, "x" * 37]),
        "seq": st.sampled_from([0, 4211, -1, 2**53 - 1, 2**53, 1.5]),
        "sent": st.one_of(st.just(MISSING), TIMES),
        "taken": st.one_of(TIMES, TIMES, st.just(MISSING)),
        "slot": st.sampled_from([MISSING] * 4 + [0, 2, 32767, 32768, -1]),
        "sensor": st.sampled_from([MISSING] * 4 + ["cuff-1", "x" * 65]),
        "up_ms": st.sampled_from([MISSING] * 4 + [5, -5]),
        "more": st.sampled_from([MISSING, {"deep": [1]}]),
        "clock": st.fixed_dictionaries(
            {
                "src": st.sampled_from(["ntp", "gateway", "cellular", "manual", "none", "sundial"]),
                "acc_ms": st.sampled_from([MISSING, 40, -1]),
                "synced": st.sampled_from([MISSING] * 6 + ["2026-11-22T08:14:31Z", False, True, "x"]),
                "up_ms": st.sampled_from([MISSING, 99120333]),
            }
        ),
    }
)


def _text(value: Any) -> str:
    """JSON with `val` written as it stands, so that numbers no library writes come too."""
    if isinstance(value, dict):
        inner = (
            f'"{name}":{one if name == "val" else _text(one)}'
            for name, one in value.items()
            if one != MISSING
        )
        return "{" + ",".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    return json.dumps(value)


@given(head=HEADS, entries=st.lists(ENTRIES, min_size=0, max_size=3))
def test_what_is_read_quickly_is_what_the_decoder_reads(
    head: dict[str, Any], entries: list[dict[str, Any]]
) -> None:
    _check(_text({**head, "m": entries}).encode())


@given(
    entries=st.lists(
        st.sampled_from([
            {"k": "spo2", "val": "95.50", "u": "%"}, {"k": "spo2", "val": "95.5", "u": "%", "q": "motion"},
            {"k": "bp.systolic", "val": "138", "u": "mm[Hg]", "code": "loinc:8480-6", "q": "ok"},
            {"k": "pulse", "val": "71", "u": "/min", "q": "suspect"}, {"k": "spo2", "val": "0.5", "u": "%"},
        ]),
        min_size=1, max_size=3,
    ),
    taken=TIMES, sent=st.one_of(st.just(MISSING), TIMES),
)  # fmt: skip
def test_ordinary_readings_are_read_alike(entries: list[dict[str, Any]], taken: object, sent: object) -> None:
    head = {"v": 1, "id": "01JD8Z0M3Y6T2Q4R8S1V5W7X9A", "boot": "b", "seq": 1, "clock": {"src": "ntp"}}
    _check(_text({**head, "taken": taken, "sent": sent, "m": entries}).encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_left_to_the_decoder(payload: bytes) -> None:
    assert read_obs(payload, NOW) is None


def test_the_samples_of_a_good_clock_are_read_quickly() -> None:
    payload, readings = al_obs.SAMPLES[0]
    found = read_obs(payload, NOW)
    assert found is not None
    assert found[1] == list(readings)


def _check(payload: bytes) -> None:
    found = read_obs(payload, NOW)
    if found is None:
        return
    try:
        readings = al_obs.decode(DeviceMessage("sample-device", "", "t", payload, NOW))
    except Undecodable as refused:
        raise AssertionError(f"the decoder refuses it: {refused.reason} {refused.detail}") from None
    assert found == (read_head(payload), readings)
    assert [str(one.value) for one in found[1]] == [str(one.value) for one in readings]
