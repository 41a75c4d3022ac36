"""What the gateway hears that the life of kit is made of: tests, firmware, batteries, and kit that was put out."""

import json
from collections.abc import Callable
from functools import partial

from tests.device_gateway.rig import Json, Speaker, World, alarm, message_id, obs, receipted, refused, until

Speak = Callable[[str], Speaker]


def told(speaker: Speaker, said: Json) -> bool:
    return "received" in speaker.states(said["alarm"])


def runs(world: World, key: int, firmware: str) -> bool:
    return bool(world.one("select firmware from device_state where device_id = %s", key) == firmware)


def row_id(world: World, device: str) -> int:
    key: int = world.one("select id from device where device_id = %s", device)
    return key


def test_what_a_revoked_device_still_says_is_held_and_its_alarm_is_not(world: World, speak: Speak) -> None:
    device, patient = world.worn("pendant")
    speaker = speak(device)
    before = obs()
    speaker.send("obs", before)
    until(lambda: receipted(speaker, before), 120)
    # As for what still stood in the broker's queue when it was put out.
    world.db.execute("update device set revoked_at = now() where device_id = %s", (device,))
    late, press = obs(), alarm("sos")
    speaker.send("obs", late)
    speaker.send("alarm", press)
    until(lambda: refused(speaker, late, "device-revoked"), 120)
    until(lambda: "received" in speaker.states(press["alarm"]), 120)
    assert (
        world.one("select reason from quarantine where device = %s and channel = 'obs'", device)
        == "device-revoked"
    )
    assert world.one("select count(*) from alert where patient_id = %s and rule = 'sos'", patient) == 1
    assert world.one("select count(*) from observation where patient_id = %s", patient) == 1


def test_a_test_that_comes_whole_is_noted_as_the_last_full_test(world: World, speak: Speak) -> None:
    device, _ = world.worn("pendant")
    speaker = speak(device)
    for _ in range(2):
        said = alarm("sos", "test")
        speaker.send("alarm", said)
        until(partial(told, speaker, said), 120)
    noted = world.all("select kind from kit_event where device_id = %s", row_id(world, device))
    assert noted == [("test",)]


def test_an_alarm_is_told_as_received_even_when_its_test_cannot_be_noted(world: World, speak: Speak) -> None:
    device, _ = world.worn("pendant")
    speaker = speak(device)
    world.db.execute("revoke insert on kit_event from al_gateway")
    try:
        said = alarm("sos", "test")
        speaker.send("alarm", said)
        until(lambda: "received" in speaker.states(said["alarm"]), 120)
    finally:
        world.db.execute("grant insert on kit_event to al_gateway")
    assert world.one("select count(*) from alarm_event where device = %s", device) == 1


def test_births_and_statuses_write_the_history_of_firmware_and_battery(world: World, speak: Speak) -> None:
    device, _ = world.worn()
    speaker, key = speak(device), row_id(world, device)
    for boot, firmware in (("b1", "1.0"), ("b2", "1.1")):
        speaker.send(
            "presence",
            {"v": 1, "state": "ready", "boot": boot, "fw": firmware, "hb_s": 3600, "model": "m"},
            retain=True,
        )
        until(partial(runs, world, key, firmware), 120)
    speaker.send(
        "status",
        {"v": 1, "id": message_id(), "boot": "b2", "seq": 1, "clock": {"src": "ntp"}, "bat_pct": 64},
    )
    history = "select firmware from kit_firmware where device_id = %s order by id"
    assert world.all(history, key) == [("1.0",), ("1.1",)]
    until(lambda: world.all("select pct from kit_battery where device_id = %s", key), 120, "a battery")


def test_a_retained_presence_that_is_forgotten_is_no_message(world: World, speak: Speak) -> None:
    device, _ = world.worn()
    speaker = speak(device)
    speaker.send("presence", json.dumps({"v": 1, "state": "ready", "boot": "b1"}).encode(), retain=True)
    speaker.send("presence", b"", retain=True)
    after = obs()
    speaker.send("obs", after)
    until(lambda: receipted(speaker, after), 120)
    assert world.one("select count(*) from quarantine where device = %s", device) == 0
