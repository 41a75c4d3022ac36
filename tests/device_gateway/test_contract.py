"""What vendors read and what the gateway runs accept and refuse the same messages."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from backend.observations.codes import STATES, Code
from backend.observations.reading import DeviceMessage
from backend.plugs import discover
from device_gateway.contract import FOLDER, kinds, schema
from device_gateway.envelope import AlarmBody, Captured, Obs, PresenceBody, StatusBody, TimeBody, read
from device_gateway.refusal import Undecodable

STRUCTS: dict[str, type] = {
    "obs": Obs,
    "raw": Captured,
    "alarm": AlarmBody,
    "status": StatusBody,
    "presence": PresenceBody,
    "timeRequest": TimeBody,
}
HEAD = {
    "v": 1, "id": "01JD8Z0M3Y6T2Q4R8S1V5W7X9A", "boot": "b17", "seq": 4211, "sent": "2026-11-22T08:15:03+00:00",
    "clock": {"src": "gateway", "acc_ms": 400, "synced": "2026-11-22T06:00:00+00:00", "up_ms": 99120333},
}  # fmt: skip
EXAMPLES: dict[str, dict[str, Any]] = {
    "obs": {
        **HEAD, "taken": "2026-11-22T08:14:31.5Z", "up_ms": 99088211, "sensor": "cuff-1", "slot": 1,
        "m": [
            {"k": "bp.systolic", "val": 138, "u": "mm[Hg]", "code": "loinc:8480-6"},
            {"k": "pulse", "val": 71.5, "u": "/min", "q": "ok"},
            {"k": "glucose", "txt": "LO"},
        ],
    },
    "raw": {
        **HEAD, "taken": "2026-11-22T08:14:31.5Z", "up_ms": 99088211, "sensor": "cuff-1", "slot": 1,
        "device_now": "2026-11-22T08:14:40", "raw": "HoAAUgBhAOoHAx0IBQlIAAEEAA==",
    },
    "alarm": {
        **HEAD, "alarm": "a-01JD8Z0M3Y", "phase": "raise", "kind": "fall", "raised": "2026-11-22T08:15:02+00:00",
        "scaip": {"dty": "0005", "stc": "0009", "lco": "012", "pri": 1}, "loc": {"room": "hall"}, "voice": False,
    },
    "status": {
        **HEAD, "bat_pct": 81.5, "bat_mv": 2900, "mains": False, "rssi_dbm": -71, "buffered": 0, "self_test": "pass",
        "config_rev": 3,
    },
    "presence": {
        "v": 1, "type": "presence", "state": "ready", "boot": "b17", "model": "acme-bp2", "fw": "1.4.0",
        "caps": ["bp", "status"], "hb_s": 3600, "next_wake_s": 60, "seq_next": 4211, "buffered": 3,
    },
    "timeRequest": {"v": 1, "nonce": "n-01JD8Z0M3Y", "up_ms": 99120333},
}  # fmt: skip
VALIDATORS = {
    name: Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema()["$defs"]}) for name in STRUCTS
}
# Whole numbers are written without a fraction (the contract says so), hence no 1.0 here.
NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70), st.floats(-1e6, 1e6, allow_nan=False).filter(lambda one: one != int(one))
)
SOME = st.one_of(
    st.none(), st.booleans(), NUMBERS, st.text(max_size=70), st.just({}), st.just([]), st.just([{}]),
    st.sampled_from(["x" * 16, "2026-11-22T08:15:03", "2026-11-22T08:15:03Z", "ok", "raise", "ntp", "0005"]),
)  # fmt: skip


def places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a message."""
    found = [path] if path else []
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in inner:
        found += places(value, (*path, key))
    return found


def accepted(name: str, body: Any) -> bool:
    """By the struct the gateway runs."""
    try:
        read(STRUCTS[name], json.dumps(body).encode())
    except Undecodable:
        return False
    return True


@pytest.mark.parametrize("name", STRUCTS)
def test_the_examples_are_accepted_by_schema_and_struct(name: str) -> None:
    assert VALIDATORS[name].is_valid(EXAMPLES[name])
    assert accepted(name, EXAMPLES[name])


@pytest.mark.parametrize("name", STRUCTS)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_schema_and_struct_agree_on_every_mutation(name: str, data: st.DataObject) -> None:
    body = copy.deepcopy(EXAMPLES[name])
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(places(body)))
        holder = body
        for key in path[:-1]:
            holder = holder[key]
        if data.draw(st.booleans()):
            del holder[path[-1]]
        else:
            holder[path[-1]] = copy.deepcopy(data.draw(SOME))
        if not places(body):
            break
    assert accepted(name, body) == VALIDATORS[name].is_valid(body), body


@pytest.mark.parametrize("name", STRUCTS)
def test_unknown_fields_are_allowed_at_every_level(name: str) -> None:
    body = copy.deepcopy(EXAMPLES[name])
    for path in [(), *places(body)]:
        place = body
        for key in path:
            place = place[key]
        if isinstance(place, dict):
            place["new_in_some_year"] = {"x": [1]}
    assert accepted(name, body)
    assert VALIDATORS[name].is_valid(body)


@pytest.mark.parametrize(
    "decoder", discover("device_gateway.decoders").values(), ids=lambda one: one.__name__
)
def test_every_decoder_gives_what_its_samples_say(decoder: Any) -> None:
    at = datetime(2026, 11, 22, 8, 15, 4, tzinfo=UTC)
    for payload, said in decoder.SAMPLES:
        message = DeviceMessage("sample-device", "", f"al/v1/sample-device/up/{decoder.CHANNEL}", payload, at)
        assert decoder.decode(message) == list(said)


def test_the_asyncapi_document_names_only_messages_of_the_schema() -> None:
    document = yaml.safe_load((FOLDER / "asyncapi.yaml").read_text(encoding="utf-8"))
    for name, message in document["components"]["messages"].items():
        file, _, place = message["payload"]["$ref"].partition("#/$defs/")
        assert file == "./schema.json"
        assert place in schema()["$defs"], name
    for operation in document["operations"].values():
        assert operation["channel"]["$ref"].removeprefix("#/channels/") in document["channels"]
    formats = document["components"]["parameters"]["fmt"]["enum"]
    served = {channel["address"].split("/", 4)[4] for channel in document["channels"].values()} - {
        "raw/{fmt}"
    }
    served |= {f"raw/{one}" for one in formats}
    assert {one.CHANNEL for one in discover("device_gateway.decoders").values()} <= served


@pytest.mark.hazard("H10")
def test_kinds_are_those_of_the_record_with_its_units_and_codes() -> None:
    for name, kind in kinds().items():
        assert kind.unit == kind.code.info.unit, name
        info = kind.code.info
        assert info.loinc is None or f"loinc:{info.loinc}" in kind.names
        assert info.mdc is None or f"mdc:{info.mdc}" in kind.names
        assert {str(state) for state in kind.states} == {
            str(n) for n in range(len(STATES.get(kind.code, ())))
        }
    listed = json.loads((FOLDER / "kinds.json").read_text(encoding="utf-8"))["kinds"]
    for entry in listed.values():
        low, high = Code(entry["observation"]).info.hard
        assert (entry["least"], entry["most"]) == (str(low), str(high))
        assert tuple(entry.get("values", {}).values()) == STATES.get(Code(entry["observation"]), ())
    # Said by a person, or measured by somebody standing beside them: no device sends these.
    answered = {
        one.value for one in Code if one.value.split("-")[0] in ("phq9", "gad7", "phq2", "who5", "mrc")
    }
    levels = {one.value for one in Code if one.value.endswith("check-in-level")}
    said = {Code.CONCERN.value, Code.UNWELL.value, Code.STANDING_SYSTOLIC.value} | answered | levels
    assert {entry["observation"] for entry in listed.values()} == {code.value for code in Code} - said


def test_a_decimal_is_kept_digit_for_digit() -> None:
    decode = discover("device_gateway.decoders")["al_obs"].decode
    body = json.dumps({**EXAMPLES["obs"], "m": []}).replace(
        '"m": []', '"m":[{"k":"temperature","val":36.60000000000000000010,"u":"Cel"}]'
    )
    message = DeviceMessage("d", "", "t", body.encode(), datetime(2026, 11, 22, 8, 15, 4, tzinfo=UTC))
    assert str(decode(message)[0].value) == "36.60000000000000000010"
