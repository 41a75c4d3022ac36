"""The CBOR form of a message says exactly what its JSON form says, and what is hostile is refused in one way."""

import json
import struct
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.observations.reading import DeviceMessage, Reading
from backend.plugs import discover
from device_gateway.cbor import to_json
from device_gateway.envelope import LARGEST_BYTES, read_head
from device_gateway.refusal import Undecodable

NOW = datetime(2026, 11, 22, 8, 15, 4, tzinfo=UTC)
BODY: dict[str, Any] = {
    "v": 1, "id": "01JD8Z0M3Y6T2Q4R8S1V5W7X9A", "boot": "b17", "seq": 4211, "clock": {"src": "ntp", "acc_ms": 50},
    "taken": "2026-11-22T08:14:31+00:00", "sent": "2026-11-22T08:14:33+00:00", "slot": 3,
    "m": [{"k": "temperature", "val": 36.6, "u": "Cel"}, {"k": "pulse", "val": 71, "u": "/min", "q": "suspect"}],
}  # fmt: skip
decode_obs = discover("device_gateway.decoders")["al_obs"].decode


def decoded(payload: bytes) -> list[Reading]:
    """The readings of a message of up/obs."""
    found: list[Reading] = decode_obs(DeviceMessage("d", "", "t", payload, NOW))
    return found


def with_value(value: bytes) -> bytes:
    """A message whose temperature is this CBOR item."""
    marker = 1234567
    body = {**BODY, "m": [{"k": "temperature", "val": marker, "u": "Cel"}]}
    return cbor2.dumps(body).replace(cbor2.dumps(marker), value)


def test_both_forms_of_a_message_give_the_same_head_and_readings() -> None:
    for payload in (cbor2.dumps(BODY), cbor2.dumps(BODY, canonical=True)):
        assert decoded(payload) == decoded(json.dumps(BODY).encode())
        assert read_head(payload) == read_head(json.dumps(BODY).encode())
    head = read_head(cbor2.dumps(BODY))
    assert head is not None
    assert (head.seq, head.slot) == (4211, 3)


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("fb40424ccccccccccd", "36.6"), ("fa42126666", "36.6"), ("f95092", "36.5625"), ("f95080", "36.0"),
        ("fa42100000", "36.0"), ("1824", "36"), ("c482211a0001" + "1d70", "730.72"), ("c4822119" + "0e4c", "36.60"),
    ],
)  # fmt: skip
def test_a_number_is_the_one_that_was_sent_in_the_width_it_was_sent_in(item: str, value: str) -> None:
    try:
        found = str(decoded(with_value(bytes.fromhex(item)))[0].value)
    except Undecodable as implausible:
        found = str(implausible.readings[0].value)
    assert found == value


ID = b"\x62id\x781"
HOSTILE = {
    "nothing after the map's head": b"\xa1",
    "an indefinite map": b"\xbf\x61a\x01\xff",
    "an indefinite text": b"\xa1\x61a\x7f\x61b\xff",
    "an indefinite array": b"\xa1\x61a\x9f\x01\xff",
    "a map of 2^64 entries": b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
    "an array of 2^32 entries": b"\xa1\x61a\x9a\xff\xff\xff\xff",
    "a text of 2^63 bytes": b"\xa1\x61a\x7b\x7f\xff\xff\xff\xff\xff\xff\xff",
    "a text that is not UTF-8": b"\xa1\x61a\x62\xff\xfe",
    "a key twice": b"\xa2\x61a\x01\x61a\x02",
    "a key that is a number": b"\xa1\x01\x02",
    "a key that is bytes": b"\xa1\x41a\x02",
    "nested a thousand deep": b"\xa1\x61a" + b"\x81" * 1000 + b"\x01",
    "maps nested too deep": b"\xa1\x61a" * 200 + b"\x01",
    "bytes left over": b"\xa1\x61a\x01\x00",
    "not a number": b"\xa1\x61a\xf9\x7e\x00",
    "infinity": b"\xa1\x61a\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00",
    "undefined": b"\xa1\x61a\xf7",
    "a simple value": b"\xa1\x61a\xf8\x20",
    "a break alone": b"\xa1\x61a\xff",
    "a date tag": b"\xa1\x61a\xc1\x1a\x00\x00\x00\x00",
    "a big number tag": b"\xa1\x61a\xc2\x42\x01\x00",
    "a decimal fraction of texts": b"\xa1\x61a\xc4\x82\x61a\x61b",
    "a decimal fraction of three": b"\xa1\x61a\xc4\x83\x01\x02\x03",
    "a decimal fraction with an exponent of 2^63": b"\xa1\x61a\xc4\x82\x1b\x7f\xff\xff\xff\xff\xff\xff\xff\x01",
    "reserved lengths": b"\xa1\x61a\x1c",
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE)
def test_what_is_hostile_is_refused_as_no_cbor(payload: bytes) -> None:
    with pytest.raises(Undecodable) as refused:
        decoded(payload)
    assert refused.value.reason == "not-cbor"
    assert read_head(payload) is None


def test_a_fever_sent_in_32_bits_reaches_its_limit() -> None:
    fever = decoded(with_value(struct.pack(">Bf", 0xFA, 39.1)))[0].value
    assert fever == Decimal("39.1")


def test_a_map_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(Undecodable) as refused:
        decoded(cbor2.dumps({**BODY, "more": "x" * LARGEST_BYTES}))
    assert refused.value.reason == "too-large"


def test_bytes_become_base64_text() -> None:
    assert json.loads(to_json(cbor2.dumps({"raw": b"\x1e\x80\x00"}))) == {"raw": "HoAA"}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.dictionaries(
        st.text(max_size=6),
        st.recursive(
            st.one_of(
                st.none(), st.booleans(), st.integers(-(2**63), 2**63), st.text(max_size=9),
                st.floats(allow_nan=False, allow_infinity=False), st.decimals(-10_000, 10_000, places=6),
            ),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
            max_leaves=8,
        ),
        max_size=5,
    ),
)  # fmt: skip
def test_whatever_json_can_say_comes_through_unchanged(body: dict[str, Any]) -> None:
    found = json.loads(to_json(cbor2.dumps(body)), parse_float=Decimal)
    assert found == json.loads(json.dumps(body, default=lambda one: {"decimal": str(one)}), object_hook=_decimals,
                               parse_float=Decimal)  # fmt: skip


def _decimals(found: dict[str, Any]) -> Any:
    return Decimal(found["decimal"]) if found.keys() == {"decimal"} else found
