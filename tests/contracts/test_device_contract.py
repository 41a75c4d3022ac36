"""What vendors read and what runs cannot part: AsyncAPI, schema, reasons, kinds, limits, rights and the page agree."""

import ast
import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator
from marshmallow import ValidationError

from backend.alerts.device_states import Told
from backend.devices import config, credentials, downlink
from backend.devices.api import ConfigureSchema
from backend.devices.wearing import DEVICE_ID
from backend.kit.schemas import NewKitSchema
from backend.kit.wearing_schemas import AssignSchema
from backend.observations.reading import AlarmKind, DeviceMessage, Phase
from backend.plugs import discover
from backend.supervise.mosquitto import CONFIG
from device_gateway import clock_answers, envelope, receipts
from device_gateway.arrival import Verdict
from device_gateway.contract import FOLDER, reasons, scaip, schema
from device_gateway.main import ALARMS, READINGS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "device-contract.md").read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = yaml.safe_load((FOLDER / "asyncapi.yaml").read_text(encoding="utf-8"))
EXAMPLES: dict[str, Any] = json.loads((FOLDER / "examples.json").read_text(encoding="utf-8"))["examples"]
DEFS: dict[str, Any] = dict(schema()["$defs"])
DECODERS = discover("device_gateway.decoders").values()
ADDRESSES = {name: channel["address"] for name, channel in DOCUMENT["channels"].items()}


def valid(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": DEFS})


def sources(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_the_asyncapi_document_follows_the_official_schema_of_version_3() -> None:
    # From the npm package @asyncapi/specs 6.8.1 (schemas/3.0.0.json, Apache-2.0), without its white space.
    official = json.loads((Path(__file__).parent / "asyncapi_3.0.0.schema.json").read_text(encoding="utf-8"))
    errors = [f"{one.json_path}: {one.message}" for one in Draft7Validator(official).iter_errors(DOCUMENT)]
    assert errors == []


def test_every_reference_of_the_document_leads_somewhere() -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from (node["$ref"],) if "$ref" in node else ()
            for inner in node.values():
                yield from references(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from references(inner)

    for reference in references(DOCUMENT):
        file, _, path = reference.partition("#/")
        place: Any = {"": DOCUMENT, "./schema.json": schema()}[file]
        for step in path.split("/"):
            assert step in place, reference
            place = place[step]
    used = {one for one in references(DEFS)} | {
        one.partition("schema.json")[2] for one in references(DOCUMENT)
    }
    assert {f"#/$defs/{name}" for name in DEFS} <= used


def test_every_channel_up_has_a_decoder_and_every_decoder_a_channel() -> None:
    formats = DOCUMENT["components"]["parameters"]["fmt"]["enum"]
    told = {
        one
        for address in ADDRESSES.values()
        if "/up/" in address
        for one in ([address.split("/up/")[1].replace("{fmt}", fmt) for fmt in formats])
    }
    assert told == {decoder.CHANNEL for decoder in DECODERS}


def test_every_channel_down_is_published_and_nothing_else_is() -> None:
    told = {address.split("/down/")[1] for address in ADDRESSES.values() if "/down/" in address}
    said = set(get_args(downlink.Channel))
    for _, module in sources("device_gateway"):
        for node in ast.walk(module):
            if isinstance(node, ast.JoinedStr):
                words = "".join(
                    str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values
                )
                if found := re.fullmatch(r"al/v1/\{\}/down/(\w+)", words):
                    said.add(found[1])
    assert said == told


def test_a_devices_rights_at_the_broker_are_the_documents_channels_and_no_more() -> None:
    device = "acme-bp2-0001"
    acls = credentials._creation(device, "secret")[0]["acls"]
    allowed = {(one["acltype"], one["topic"]) for one in acls if one["allow"]}
    up, down = f"al/v1/{device}/up/#", f"al/v1/{device}/down/#"
    assert {topic for kind, topic in allowed if kind == "publishClientSend"} == {up}
    assert {topic for kind, topic in allowed if kind != "publishClientSend"} == {down}
    for address in ADDRESSES.values():
        assert re.match(r"al/v1/\{device\}/(up|down)/", address)
    assert READINGS == ("al/v1/+/up/#",)
    assert ALARMS[0] == ADDRESSES["alarm"].replace("{device}", "+")


def test_each_operation_says_the_qos_and_direction_of_its_channel() -> None:
    quality = {"ack": 0}
    for name, operation in DOCUMENT["operations"].items():
        channel = operation["channel"]["$ref"].rsplit("/", 1)[1]
        assert operation["action"] == ("send" if "/up/" in ADDRESSES[channel] else "receive"), name
        bindings = operation["bindings"]["mqtt"]
        assert bindings["qos"] == quality.get(channel, 1), name
        assert bindings["retain"] == (channel in ("presence", "config")), name
    will = DOCUMENT["servers"]["broker"]["bindings"]["mqtt"]["lastWill"]
    assert valid("presence").is_valid(json.loads(will["message"]))
    assert will["topic"] == ADDRESSES["presence"]


@pytest.mark.parametrize("name", ["obs", "alarm", "status", "presence", "timeRequest", "raw"])
def test_every_message_up_may_be_json_or_cbor(name: str) -> None:
    messages = DOCUMENT["channels"][name]["messages"]
    kinds = [DOCUMENT["components"]["messages"][one] for one in messages]
    assert {one["contentType"] for one in kinds} == {"application/json", "application/cbor"}
    assert {one["payload"]["$ref"] for one in kinds} == {f"./schema.json#/$defs/{name}"}


def test_words_of_the_schema_are_the_words_that_run() -> None:
    alarm, state = DEFS["alarm"]["properties"], DEFS["alarmState"]["properties"]["state"]["enum"]
    assert alarm["kind"]["enum"] == [kind.value for kind in AlarmKind]
    assert alarm["phase"]["enum"] == [phase.value for phase in Phase]
    assert set(state) == set(get_args(Told))
    assert set(scaip()) == set(alarm["kind"]["enum"])
    assert re.fullmatch(DEVICE_ID, "a" * 64)
    assert DEVICE_ID.pattern == "[a-z0-9][a-z0-9-]{7,63}" == credentials.DEVICE_ID.pattern


def test_limits_that_two_parts_hold_are_one_number() -> None:
    presence, settings = DEFS["presence"]["properties"]["hb_s"], DEFS["config"]["properties"]["hb_s"]
    assert (presence["minimum"], presence["maximum"]) == (config.FASTEST_S, config.SLOWEST_S)
    assert (settings["minimum"], settings["maximum"]) == (config.FASTEST_S, config.SLOWEST_S)
    ack = DEFS["ack"]["properties"]
    assert ack["ids"]["maxItems"] == ack["rejected"]["maxItems"] == receipts.IDS_EACH
    assert f"larger than {envelope.LARGEST_BYTES // 1024} KiB" in reasons()["too-large"].words
    packet = re.search(r"max_packet_size (\d+)", CONFIG)
    assert packet is not None
    assert int(packet[1]) > envelope.LARGEST_BYTES


def test_every_reason_a_device_can_be_given_is_in_the_list() -> None:
    given: set[str] = set()
    for _, module in sources(
        "device_gateway", "backend/observations", "backend/devices", "backend/quarantine"
    ):
        for node in ast.walk(module):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in ("Undecodable", "Refused")
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                given.add(str(node.args[0].value))
    assert given <= set(reasons())
    spoken = "\n".join(path.read_text(encoding="utf-8") for folder in ("device_gateway", "backend")
                       for path in (ROOT / folder).rglob("*.py"))  # fmt: skip
    # A code that nobody gives any more stays, because a vendor may know it; none is so far.
    assert [code for code in reasons() if f'"{code}"' not in spoken] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_and_the_page_show_the_same_messages_and_they_are_valid(name: str) -> None:
    shown = dict(re.findall(r"<!-- example: (\w+) -->\n```json\n(.*?)```", PAGE, re.DOTALL))
    assert set(shown) == set(EXAMPLES)
    assert json.loads(shown[name]) == EXAMPLES[name]
    errors = [one.message for one in valid(name).iter_errors(EXAMPLES[name])]
    assert errors == []


def test_the_examples_of_what_comes_up_are_decoded() -> None:
    at = envelope.moment("2026-11-22T08:15:04Z", "at")
    for decoder in DECODERS:
        name = {"time": "timeRequest", "raw/gatt-2a35": "raw"}.get(decoder.CHANNEL, decoder.CHANNEL)
        if name in EXAMPLES:
            payload = json.dumps(EXAMPLES[name]).encode()
            assert decoder.decode(DeviceMessage("acme-bp2-0001", "", "t", payload, at)), name


def test_the_tables_of_the_page_are_what_runs() -> None:
    spec = importlib.util.spec_from_file_location("tables", ROOT / "scripts" / "write_device_contract.py")
    assert spec is not None
    assert spec.loader is not None
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    assert writer.written(PAGE) == PAGE, "run: python scripts/write_device_contract.py"
    assert set(writer.tables()) == {found[1] for found in writer.TABLE.findall(PAGE)}


def test_every_topic_of_the_document_is_on_the_page_with_its_qos() -> None:
    for operation in DOCUMENT["operations"].values():
        channel = operation["channel"]["$ref"].rsplit("/", 1)[1]
        address = ADDRESSES[channel].removeprefix("al/v1/{device}/").replace("{fmt}", "<format>")
        bindings = operation["bindings"]["mqtt"]
        assert re.search(rf"^\| `{re.escape(address)}` \| [^|]+ \| {bindings['qos']} \| "
                         rf"{'yes' if bindings['retain'] else 'no'} \|$", PAGE, re.MULTILINE), address  # fmt: skip


def test_what_the_gateway_says_follows_the_schema() -> None:
    sent: list[tuple[str, bytes]] = []
    gathered = receipts.Receipts(lambda told: sent.extend(told))
    gathered.add(
        [
            Verdict("acme-bp2-0001", "x" * 16, None, "b1", 0),
            Verdict("acme-bp2-0001", "y" * 16, "unit", "b1", 1),
        ]
    )
    gathered.send_due()
    ((topic, body),) = sent
    assert topic == ADDRESSES["ack"].replace("{device}", "acme-bp2-0001")
    assert [one.message for one in valid("ack").iter_errors(json.loads(body))] == []
    assert EXAMPLES["time"]["tz"] == clock_answers.ZONE


# One corpus for both sides: a number a member of staff enters and a device declares is judged alike.
HEARTBEATS = [-1, 0, 9, 10, 11, 3600, 89_999, 90_000, 90_001, 2**53, "60", 60.5, True, None]


@pytest.mark.parametrize("value", HEARTBEATS)
@pytest.mark.parametrize("edge", [ConfigureSchema, NewKitSchema])
def test_the_wire_and_the_api_hold_one_table_of_limits(edge: Any, value: Any) -> None:
    on_the_wire = valid("presence").is_valid({**EXAMPLES["presence"], "hb_s": value})
    assert on_the_wire == valid("config").is_valid({"v": 1, "rev": 1, "hb_s": value})
    body = {"hb_s": value} if edge is ConfigureSchema else {"kind": "pulse-oximeter", "hb_s": value}
    try:
        edge().load(body)
    except ValidationError:
        at_the_edge = False
    else:
        at_the_edge = True
    # A form may send a number as text, and null for "as the device declares"; the wire takes numbers alone.
    assert at_the_edge == on_the_wire or (value in ("60", 60.5, True) or value is None)


@pytest.mark.parametrize("slot", [-1, 0, 1, 15, 16, 32_767, 32_768])
def test_a_slot_that_staff_can_give_is_one_a_device_can_name(slot: int) -> None:
    on_the_wire = valid("obs").is_valid({**EXAMPLES["obs"], "slot": slot})
    try:
        AssignSchema(only=("slot",)).load({"slot": slot})
    except (ValidationError, ValueError):
        return
    assert on_the_wire
