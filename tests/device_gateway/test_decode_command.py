"""A vendor at a desk sees what the gateway makes of a payload, or what is wrong with it and what to do."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cbor2
import pytest

from device_gateway.contract import reasons
from device_gateway.decode import decoders, main

CUFF = "1e 8000 5200 6100 ea07031d080509 4800 01 0400"
AT = ["--received-at", "2026-11-22T08:15:04Z"]
BODY = {
    "v": 1, "id": "01JD8Z0M3Y6T2Q4R8S1V5W7X9A", "boot": "b17", "seq": 4211, "clock": {"src": "ntp"},
    "taken": "2026-11-22T08:14:31Z", "m": [{"k": "temperature", "val": 36.6, "u": "Cel"}],
}  # fmt: skip


def decode(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    """The exit status and what was printed, which is JSON whatever happens."""
    status = main(words)
    return status, json.loads(capsys.readouterr().out)


def test_the_command_prints_the_values_of_a_cuff() -> None:
    command = [sys.executable, "-m", "backend.cli", "decode", "gatt:2a35", *CUFF.split(), *AT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert {(one["code"], one["value"], one["unit"]) for one in found} == {
        ("systolic", "128", "mm[Hg]"), ("diastolic", "82", "mm[Hg]"), ("mean-arterial-pressure", "97", "mm[Hg]"),
        ("pulse", "72", "/min"), ("irregular-pulse", "1", "1"),
    }  # fmt: skip
    assert found[0]["effective_at"] == "2026-03-29T07:05:09Z"
    assert found[0]["quality"] == "suspect"
    assert found[0]["beside"] == {"user": "1", "irregular_pulse": "yes"}


def test_a_refusal_is_one_object_with_its_code_and_exit_status_2() -> None:
    command = [sys.executable, "-m", "backend.cli", "decode", "gatt:2a18", "06 2a00 ea07031d080509 37c0 1a"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = json.loads(done.stdout)
    assert (done.returncode, said["code"]) == (2, "control-solution")
    assert said["words"] == reasons()["control-solution"].words
    assert said["what_to_do"]
    assert said["detail"]


def test_hex_a_file_of_bytes_a_file_of_hex_and_standard_input_are_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    raw, hexed = tmp_path / "scale.bin", tmp_path / "scale.txt"
    raw.write_bytes(bytes.fromhex("00703f"))
    hexed.write_text("00 70 3f\n")
    expected = decode(capsys, "gatt:2a9d", "00703f", *AT)
    assert expected[1][0]["value"] == "81.2"
    for payload in ("0x00703F", "00:70:3f", str(raw), str(hexed)):
        assert decode(capsys, "gatt:2a9d", payload, *AT) == expected
    command = [sys.executable, "-m", "device_gateway.decode", "gatt:2a9d", "-", *AT]
    piped = subprocess.run(command, input=b"\x00\x70\x3f", capture_output=True, check=True)
    assert json.loads(piped.stdout) == expected[1]


def test_our_own_forms_are_read_and_not_taken_for_each_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    in_json, in_cbor = tmp_path / "obs.json", cbor2.dumps(BODY).hex()
    in_json.write_text(json.dumps(BODY))
    status, found = decode(capsys, "al-json", str(in_json), *AT)
    assert (status, found[0]["value"], found[0]["method"]) == (0, "36.6", "device")
    assert decode(capsys, "al-cbor", in_cbor, *AT) == (0, found)
    assert decode(capsys, "al-json", json.dumps(BODY), *AT) == (0, found)
    assert decode(capsys, "al-json", in_cbor, *AT)[1]["code"] == "not-json"
    assert decode(capsys, "al-cbor", str(in_json), *AT)[1]["code"] == "not-cbor"


def test_an_alarm_is_shown_with_its_scaip_codes(capsys: pytest.CaptureFixture[str]) -> None:
    alarm = {
        **{key: BODY[key] for key in ("v", "id", "boot", "seq", "clock")}, "alarm": "a-12345678", "phase": "raise",
        "kind": "smoke", "raised": "2026-11-22T08:15:02Z",
    }  # fmt: skip
    for form, payload in (("al-json", json.dumps(alarm)), ("al-cbor", cbor2.dumps(alarm).hex())):
        status, found = decode(capsys, f"{form}:alarm", payload, *AT)
        assert (status, found[0]["kind"], found[0]["scaip"]) == (
            0,
            "smoke",
            [["dty", "0023"], ["stc", "0009"]],
        )


def test_a_zone_and_a_time_of_receipt_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    night = "02 7d0100ff ea070a19011e00"
    assert decode(capsys, "gatt:2a1c", night, *AT)[1]["code"] == "ambiguous-time"
    at = decode(capsys, "gatt:2a1c", night, "--received-at", "2026-10-25T00:40:00Z")[1][0]["effective_at"]
    assert at == "2026-10-25T00:30:00Z"
    at = decode(capsys, "gatt:2a1c", night, *AT, "--zone", "Asia/Karachi")[1][0]["effective_at"]
    assert at == "2026-10-24T20:30:00Z"


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense", "00"], ["gatt:2a35"], ["gatt:2a35", "0"], ["gatt:2a35", "/nowhere/at/all"], ["gatt:2a35", "a\0b"],
        ["gatt:2a35", CUFF, "--zone", "Nowhere"], ["gatt:2a35", CUFF, "--received-at", "yesterday"],
        ["gatt:2a35", CUFF, "--received-at", "2026-11-22T08:15:04"], [],
    ],
)  # fmt: skip
def test_a_wrong_question_is_answered_with_one_object_too(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = decode(capsys, *words)
    assert (status, said["code"]) == (2, "input")


def test_every_format_is_listed_with_what_it_reads(capsys: pytest.CaptureFixture[str]) -> None:
    status, listed = decode(capsys, "--list")
    assert status == 0
    assert [one["format"] for one in listed] == list(decoders())
    assert {
        "gatt:2a35",
        "gatt:2a5e",
        "gatt:2a5f",
        "gatt:2a1c",
        "gatt:2a9d",
        "gatt:2a18",
        "al-json",
        "al-cbor",
    } <= {one["format"] for one in listed}
    assert all(one["reads"] for one in listed)
