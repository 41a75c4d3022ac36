"""Gateway, database and broker killed while devices publish: every receipted reading is there, once."""

import json
import time
from functools import partial

import pytest

from tests.chaos.arena import Arena
from tests.device_gateway.rig import alarm, obs, speaking, until

# Each kind of kill by itself; all of them at random are in storm.py, for as long as `make chaos` is told.
READINGS = 2000
RATE = 400.0
KILLS = 5


def _has(arena: Arena, share: int) -> bool:
    return arena.ledger().receipted_count > share


@pytest.mark.slow
@pytest.mark.hazard("H05")
def test_five_kills_of_the_gateway_lose_nothing_and_store_nothing_twice(arena: Arena) -> None:
    arena.gateway.start()
    arena.start_fleet(40, READINGS, RATE)
    for kill in range(KILLS):
        share = (kill + 1) * READINGS // (KILLS + 2)
        until(partial(_has, arena, share), 120, f"{share} receipted")
        arena.gateway.kill()
        arena.gateway.start()
    assert arena.fleet is not None
    assert arena.fleet.wait(180) == 0
    counted = arena.counted()
    print(json.dumps({"kills": KILLS, **counted}))  # noqa: T201 - the figure a reader of the log wants
    assert counted == {
        "made": READINGS, "receipted": READINGS, "stored": READINGS,
        "lost": 0, "unknown": 0, "duplicates": 0, "without_values": 0,
    }  # fmt: skip
    assert arena.gateway.stop() == 0


@pytest.mark.slow
def test_a_database_killed_while_devices_publish_gives_no_receipt_and_comes_back_whole(arena: Arena) -> None:
    device, patient = arena.world.worn()
    gateway = arena.gateway.start()
    with speaking(arena.broker, device) as (speaker,):
        first = obs()
        speaker.send("obs", first)
        until(lambda: first["id"] in speaker.stored())
        arena.kill_database()
        later = [obs(seq=n + 1) for n in range(3000)]
        press = alarm()
        for body in later:
            speaker.client.publish(f"al/v1/{device}/up/obs", json.dumps(body), 1)
        speaker.send("alarm", press)
        time.sleep(3)
        assert speaker.stored() == {first["id"]}
        assert speaker.alarm_states == []
        assert gateway.process is not None
        assert gateway.process.poll() is None, "the gateway waits for its database and does not die"
        arena.start_database()
        until(
            lambda: speaker.states(press["alarm"]) == ["received"], 120, "the alarm once the database is back"
        )
        until(lambda: len(speaker.stored()) == 3001, 120, "all receipts once the database is back")
    assert gateway.stop() == 0
    assert arena.world.one("select count(*) from observation where patient_id = %s", patient) == 3001


@pytest.mark.slow
def test_a_broker_killed_while_devices_publish_loses_no_receipted_reading(arena: Arena) -> None:
    before = arena.world.one("select count(*) from message_key")
    arena.gateway.start()
    arena.start_fleet(20, READINGS + 1000, 500)
    until(lambda: arena.world.one("select count(*) from message_key") > before + 200, 120)
    arena.kill_broker()
    time.sleep(1)
    arena.broker.start()
    assert arena.fleet is not None
    assert arena.fleet.wait(180) == 0
    assert arena.ledger().receipted_count == READINGS + 1000
    counted = arena.counted()
    assert (counted["lost"], counted["duplicates"], counted["without_values"]) == (0, 0, 0)
    assert arena.gateway.stop() == 0
