"""Several alarms are stored at once: one that has to wait holds up no other home's, and each device keeps its order."""

from collections.abc import Callable

import psycopg
import pytest

from backend.alerts.cards import CARD_LOCK
from tests.device_gateway.rig import Speaker, World, alarm, until

Speak = Callable[[str], Speaker]


def test_an_alarm_that_has_to_wait_holds_up_no_other_home(world: World, speak: Speak) -> None:
    stuck, _ = world.worn("pendant")
    free, _ = world.worn("pendant")
    held, other = speak(stuck), speak(free)
    press, later = alarm(), alarm()
    held.send("alarm", press)
    until(lambda: held.states(press["alarm"]) == ["received"])
    with psycopg.connect(world.owner_dsn) as somebody:
        # Whoever is in the middle of changing the alert holds its row.
        somebody.execute(
            "select id from alert where id in (select alert_id from alarm_event where device = %s) for update",
            (stuck,),
        )
        held.send("alarm", {**press, "phase": "repeat"})
        other.send("alarm", later)
        until(lambda: other.states(later["alarm"]) == ["received"])
        assert held.states(press["alarm"]) == ["received"]
    until(lambda: held.states(press["alarm"]) == ["received", "received"])


@pytest.mark.hazard("H28")
def test_many_alarms_that_have_to_wait_hold_up_no_other_home_however_many_come_after_them(
    world: World, speak: Speak
) -> None:
    stuck = [world.worn("pendant") for _ in range(6)]
    homes = [world.worn("pendant")[0] for _ in range(24)]
    presses = [alarm() for _ in stuck]
    with psycopg.connect(world.owner_dsn) as somebody:
        # Whoever writes about these people at this moment: an evaluation of many, a job that hangs.
        for _, patient_id in stuck:
            somebody.execute("select pg_advisory_xact_lock(%s, %s)", (CARD_LOCK, patient_id))
        held = [speak(device) for device, _ in stuck]
        for speaker, press in zip(held, presses, strict=True):
            speaker.send("alarm", press)
        free = [(speak(device), alarm()) for device in homes]
        for speaker, press in free:
            speaker.send("alarm", press)
        until(lambda: all(speaker.states(press["alarm"]) == ["received"] for speaker, press in free), 120)
        assert [speaker.states(press["alarm"]) for speaker, press in zip(held, presses, strict=True)] == [
            []
        ] * 6
    until(lambda: all(s.states(p["alarm"]) == ["received"] for s, p in zip(held, presses, strict=True)), 120)


def test_alarms_of_one_device_are_stored_in_the_order_they_came(world: World, speak: Speak) -> None:
    presses = [(speak(world.worn("pendant")[0]), alarm()) for _ in range(12)]
    phases = ["raise", "repeat", "repeat", "cancel"]
    for phase in phases:
        for speaker, press in presses:
            speaker.send("alarm", {**press, "phase": phase})
    until(lambda: all(speaker.states(press["alarm"]) == ["received"] * 4 for speaker, press in presses))
    for speaker, _ in presses:
        kept = world.all("select phase from alarm_event where device = %s order by id", speaker.device)
        assert [phase for (phase,) in kept] == phases
