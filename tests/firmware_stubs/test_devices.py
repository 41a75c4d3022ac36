"""Each device against a real Mosquitto: birth and will, receipts and resends, alarms, and what it ignores."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from firmware_stubs.journal import read_ledger
from tests.firmware_stubs.conftest import Planner, Starter
from tests.firmware_stubs.stand_in import Broker, FarEnd, wait_until

OXIMETER = {"stub": "pulse_oximeter", "device_id": "ox-00001", "every_s": 0.2, "baseline": {"spo2": 91}}


@pytest.mark.parametrize("protocol", [5, 4])
def test_the_birth_comes_before_the_data_and_every_reading_is_receipted(
    far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path, broker: Broker, protocol: int
) -> None:
    line = {"host": "127.0.0.1", "port": broker.port, "protocol": protocol}
    start("fleet", "--plan", plan([OXIMETER], broker=line))
    wait_until(lambda: len(read_ledger(tmp_path / "state").receipted_ids()) >= 5)
    channels = [channel for device, channel, _ in far_end.messages if device == "ox-00001"]
    assert channels[:3] == ["presence", "status", "obs"]
    birth = far_end.of("ox-00001", "presence")[0]
    assert birth["state"] == "ready"
    assert birth["model"] == "alongside-ox1"
    assert birth["boot"] == far_end.of("ox-00001", "obs")[0]["boot"]
    seqs = [b["seq"] for _, channel, b in far_end.messages if channel != "presence"]
    assert sorted(seqs) == list(range(len(seqs)))
    assert read_ledger(tmp_path / "state").receipted_ids() <= set(far_end.stored)


def test_each_measuring_stub_sends_its_own_kinds(far_end: FarEnd, plan: Planner, start: Starter) -> None:
    kinds = {
        "blood_pressure_monitor": {"bp.systolic", "bp.diastolic", "pulse"},
        "pulse_oximeter": {"spo2", "pulse"},
        "scale": {"weight"},
        "canary": {"spo2", "pulse"},
        "thermometer": {"temperature"},
        "home_hub": {"spo2", "pulse"},
        "bed_sensor": {"occupancy.bed"},
        "door_sensor": {"door"},
        "motion_sensor": {"movement"},
        "medication_dispenser": {"medication"},
    }
    start("fleet", "--plan", plan([{"stub": s, "device_id": f"dev-{s.replace('_', '-')}"} for s in kinds]))
    for stub, wanted in kinds.items():
        device = f"dev-{stub.replace('_', '-')}"
        wait_until(lambda device=device: bool(far_end.of(device, "obs")))  # type: ignore[misc]  # bound now
        assert {one["k"] for one in far_end.of(device, "obs")[0]["m"]} == wanted


def test_a_reading_without_a_receipt_is_sent_again_with_the_same_id_until_there_is_one(
    far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    far_end.giving = False
    start("fleet", "--plan", plan([{**OXIMETER, "every_s": 60}], resend_s=0.5))
    wait_until(lambda: len(far_end.of("ox-00001", "obs")) >= 3)
    sent = far_end.of("ox-00001", "obs")
    assert len({(b["id"], b["boot"], b["seq"], b["taken"]) for b in sent}) == 1
    assert read_ledger(tmp_path / "state").receipted_count == 0
    far_end.giving = True
    wait_until(lambda: read_ledger(tmp_path / "state").receipted_count == 1)


def test_upto_alone_is_a_receipt_for_this_boot(
    far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    far_end.by_upto = True
    start("fleet", "--plan", plan([OXIMETER]))
    wait_until(lambda: read_ledger(tmp_path / "state").receipted_count >= 5)


def test_a_refused_reading_is_noted_with_its_code_and_not_sent_again(
    far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    far_end.refusing["ox-00001"] = "unbound"
    start("fleet", "--plan", plan([OXIMETER], resend_s=0.3))
    wait_until(lambda: read_ledger(tmp_path / "state").rejected_count >= 5)
    ledger = read_ledger(tmp_path / "state")
    assert {code for _, code in ledger.settled.values()} == {"unbound"}
    assert ledger.receipted_ids() == set()
    assert all(far_end.arrivals[one] == 1 for one in ledger.settled)


def test_what_the_broker_lost_when_it_was_killed_is_sent_again(
    broker: Broker, far_end: FarEnd, plan: Planner, start: Starter, tmp_path: Path
) -> None:
    start("fleet", "--plan", plan([OXIMETER]))
    wait_until(lambda: read_ledger(tmp_path / "state").receipted_count >= 3)
    broker.kill()
    wait_until(lambda: read_ledger(tmp_path / "state").waiting_count >= 3)
    kept = set(read_ledger(tmp_path / "state").owner)
    broker.start()
    wait_until(lambda: kept <= read_ledger(tmp_path / "state").receipted_ids(), 120)
    assert kept <= set(far_end.stored)


def test_a_killed_device_leaves_its_will_and_a_restart_is_a_new_boot(
    far_end: FarEnd, plan: Planner, start: Starter
) -> None:
    path = plan([OXIMETER])
    for life in (1, 2):
        process = start("fleet", "--plan", path)
        wait_until(lambda life=life: len(far_end.of("ox-00001", "presence")) == 2 * life - 1)  # type: ignore[misc]  # bound now
        process.kill()
        wait_until(lambda life=life: len(far_end.of("ox-00001", "presence")) == 2 * life)  # type: ignore[misc]  # bound now
    told = [(one["state"], one["boot"]) for one in far_end.of("ox-00001", "presence")]
    assert [state for state, _ in told] == ["ready", "lost", "ready", "lost"]
    assert told[0][1] == told[1][1] != told[2][1] == told[3][1]


def test_a_device_that_is_stopped_says_that_it_goes(far_end: FarEnd, plan: Planner, start: Starter) -> None:
    process = start("fleet", "--plan", plan([OXIMETER]))
    wait_until(lambda: bool(far_end.of("ox-00001", "obs")))
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    wait_until(lambda: far_end.of("ox-00001", "presence")[-1]["state"] == "going_offline")


def test_nonsense_said_to_a_device_is_ignored_and_a_config_is_applied(
    far_end: FarEnd, plan: Planner, start: Starter
) -> None:
    process = start("fleet", "--plan", plan([OXIMETER]))
    wait_until(lambda: bool(far_end.of("ox-00001", "obs")))
    for channel in ("ack", "alarm", "config", "time", "unheard-of"):
        for nonsense in (b"", b"\xff\xfe", "[", "[]", '{"v":9}', '{"v":1,"ids":7,"rev":[]}', "x" * 60_000):
            far_end.say("ox-00001", channel, nonsense)
    far_end.say("ox-00001", "config", {"v": 1, "rev": 3, "hb_s": 10})
    wait_until(lambda: any(s.get("config_rev") == 3 for s in far_end.of("ox-00001", "status")))
    assert process.poll() is None
    assert len({one["boot"] for one in far_end.of("ox-00001", "obs")}) == 1


def _pendant(tmp_path: Path, broker: Broker, *more: object) -> tuple[object, ...]:
    (tmp_path / "secret").write_text("not-checked-here\n")
    fixed = ("--device-id", "pendant-0001", "--secret-file", tmp_path / "secret", "--host", "127.0.0.1")
    return (*fixed, "--port", broker.port, "--state-dir", tmp_path / "pendant", *more)


def test_a_pressed_pendant_repeats_its_alarm_until_it_is_received_and_says_so(
    far_end: FarEnd, broker: Broker, start: Starter, tmp_path: Path
) -> None:
    process = start("pendant", *_pendant(tmp_path, broker, "--press", "--timeout", 180))
    wait_until(lambda: len(far_end.of("pendant-0001", "alarm")) >= 2)
    first, second = far_end.of("pendant-0001", "alarm")[:2]
    assert (first["phase"], first["kind"], first["scaip"]["dty"]) == ("raise", "sos", "0003")
    assert second["phase"] == "repeat"
    assert second["alarm"] == first["alarm"]
    assert second["id"] != first["id"]
    assert second["raised"] == first["raised"]
    # A receipt of bytes is not enough: only an alarm state proves that somebody can know.
    far_end.say("pendant-0001", "ack", {"v": 1, "at": first["sent"], "ids": [first["id"], second["id"]]})
    with pytest.raises(AssertionError):
        wait_until(lambda: process.poll() is not None, 1)
    far_end.alarm_state("pendant-0001", first["alarm"], "received")
    assert process.wait(60) == 0
    assert process.stdout is not None
    assert b"received: Your alarm has been received." in process.stdout.read()


def test_an_alarm_survives_the_kill_of_its_pendant(
    far_end: FarEnd, broker: Broker, start: Starter, tmp_path: Path
) -> None:
    process = start("pendant", *_pendant(tmp_path, broker, "--fall"))
    wait_until(lambda: bool(far_end.of("pendant-0001", "alarm")))
    process.kill()
    process.wait()
    raised = far_end.of("pendant-0001", "alarm")[0]
    start("pendant", *_pendant(tmp_path, broker))
    wait_until(lambda: len(far_end.of("pendant-0001", "alarm")) >= 2)
    again = far_end.of("pendant-0001", "alarm")[1]
    assert (again["alarm"], again["id"], again["kind"]) == (raised["alarm"], raised["id"], "fall")
    far_end.alarm_state("pendant-0001", raised["alarm"], "received")
    wait_until(lambda: read_ledger(tmp_path / "pendant").receipted_ids() == {raised["id"]})


def test_one_reading_by_hand_ends_when_it_has_its_receipt(
    far_end: FarEnd, broker: Broker, start: Starter, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("not-checked-here\n")
    fixed = ("--device-id", "scale-00001", "--secret-file", tmp_path / "secret", "--port", broker.port)
    process = start("scale", *fixed, "--host", "127.0.0.1", "--once", "--timeout", 60)
    assert process.wait(120) == 0
    assert len(far_end.of("scale-00001", "obs")) == 1
    assert far_end.stored
    assert (
        json.loads((tmp_path / "scale-00001.state" / "journal.jsonl").read_text().splitlines()[0])[0] == "m"
    )
