"""What a device is to be told survives the broker, the database and the gateway, killed while it waits."""

import json

import pytest

from tests.chaos.arena import Arena
from tests.device_gateway.rig import Speaker, alarm, until

LONG = 120.0


def _claimed(arena: Arena, device: str, press: str) -> None:
    """The row that a claim leaves, without a desk."""
    said = {"v": 1, "alarm": press, "state": "being_handled", "at": "2026-11-22T09:00:00Z"}
    alert = arena.world.one("select alert_id from alarm_event where device = %s", device)
    arena.world.db.execute(
        "insert into downlink (device, channel, payload, alert_id) values (%s, 'alarm', %s, %s)",
        (device, json.dumps(said), alert),
    )
    arena.world.db.execute("select pg_notify('alongside_gateway', 'downlink')")


@pytest.mark.slow
@pytest.mark.hazard("H36")
def test_what_a_device_is_told_is_sent_when_broker_and_database_are_back(arena: Arena) -> None:
    device, _ = arena.world.worn("pendant")
    arena.gateway.start()
    speaker = Speaker(arena.broker, device, durable=True)
    press = alarm()
    speaker.send("alarm", press)
    until(lambda: speaker.states(press["alarm"]) == ["received"], LONG)
    # A broker that is away while somebody claims
    arena.kill_broker()
    _claimed(arena, device, press["alarm"])
    arena.broker.start()
    until(lambda: "being_handled" in speaker.states(press["alarm"]), LONG, "told once the broker is back")
    waiting = "select count(*) from downlink where state = 'waiting'"
    until(lambda: arena.world.one(waiting) == 0, LONG, "marked once the broker has confirmed")
    # A database that dies with rows waiting takes nothing with it
    arena.kill_database()
    # The time is told all the same: nothing of it is kept.
    speaker.send("time", {"v": 1, "nonce": "while-it-is-away"})
    until(lambda: [one["nonce"] for one in speaker.times] == ["while-it-is-away"], LONG, "the time")
    arena.start_database()
    before = len(speaker.states(press["alarm"]))
    _claimed(arena, device, press["alarm"])
    until(lambda: len(speaker.states(press["alarm"])) > before, LONG, "told once the database is back")
    until(lambda: arena.world.one(waiting) == 0, LONG)
    speaker.close()
    assert arena.gateway.stop() == 0
