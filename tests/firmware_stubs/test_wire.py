"""The pure half of the contract: ids, times, resends and what a device makes of a receipt."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_stubs import wire

NOW = datetime(2026, 11, 22, 8, 15, 3, tzinfo=UTC)


def test_an_id_is_twenty_six_characters_of_crockford_and_no_two_are_alike() -> None:
    ids = {wire.ulid() for _ in range(5_000)}
    assert len(ids) == 5_000
    assert all(len(one) == 26 and set(one) <= set(wire.CROCKFORD) for one in ids)


@given(st.integers(0, 2**48 - 2), st.integers(1, 10**6))
def test_a_later_id_sorts_after_an_earlier_one(at_ms: int, later: int) -> None:
    assert wire.ulid(at_ms) < wire.ulid(min(at_ms + later, 2**48 - 1))


@given(st.integers(-14 * 60, 14 * 60))
def test_a_time_on_the_wire_has_an_offset_and_stays_the_same_instant(minutes: int) -> None:
    at = NOW.astimezone(timezone(timedelta(minutes=minutes)))
    said = datetime.fromisoformat(wire.local_time(at))
    assert said.utcoffset() is not None
    assert said == NOW


def test_a_time_without_an_offset_never_reaches_the_wire() -> None:
    with pytest.raises(ValueError, match="offset"):
        wire.local_time(NOW.replace(tzinfo=None))


def test_a_resend_keeps_id_boot_seq_and_taken_and_tells_its_own_time_of_sending() -> None:
    uptime = wire.Uptime.begin()
    body = wire.observation(uptime, 7, NOW, [{"k": "pulse", "val": 71, "u": "/min"}])
    first = json.loads(wire.encode(body, uptime, NOW))
    second = json.loads(wire.encode(body, uptime, NOW + timedelta(minutes=5)))
    for name in ("id", "boot", "seq", "taken", "up_ms", "m"):
        assert first[name] == second[name]
    assert first["sent"] != second["sent"]
    assert second["clock"]["up_ms"] >= second["up_ms"]


def test_after_a_restart_a_resend_leaves_out_uptimes_that_nobody_can_compare() -> None:
    body = wire.observation(wire.Uptime.begin(), 7, NOW, [{"k": "pulse", "val": 71, "u": "/min"}])
    later = json.loads(wire.encode(body, wire.Uptime.begin(), NOW))
    assert "up_ms" not in later
    assert "up_ms" not in later["clock"]
    assert later["boot"] == body["boot"]


def test_every_measurement_of_the_stubs_has_the_unit_and_code_of_the_contract() -> None:
    for k in ("spo2", "pulse", "bp.systolic", "bp.diastolic", "weight"):
        said = wire.measurement(k, 1)
        assert said["u"] == wire.kinds()[k].unit
        assert str(said["code"]).startswith(("loinc:", "mdc:"))


def test_a_receipt_gives_ids_upto_and_refusals() -> None:
    said = {
        "v": 1,
        "at": "x",
        "boot": "b1",
        "upto": 4,
        "ids": ["a"],
        "rejected": [{"id": "r", "code": "schema"}],
    }
    assert wire.receipt(json.dumps(said).encode()) == wire.Receipt(("a",), "b1", 4, (("r", "schema"),))


@pytest.mark.parametrize("payload", [b"", b"\xff\x00", b"[]", b"null", b'{"v":2,"ids":["a"]}', b'"v"', b"{"])
def test_a_broken_receipt_is_nothing(payload: bytes) -> None:
    assert wire.receipt(payload) is None


@given(
    st.dictionaries(
        st.sampled_from(["ids", "upto", "boot", "rejected"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text("ab1", max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "code"]), inner)
            ),
            max_leaves=8,
        ),
    )
)
def test_no_shape_of_a_receipt_stops_a_device(said: dict[str, object]) -> None:
    read = wire.receipt(json.dumps({"v": 1, **said}).encode())
    assert read is not None
    assert all(isinstance(one, str) for one in read.ids)
    assert read.upto is None or type(read.upto) is int
