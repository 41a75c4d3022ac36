"""COMMIT, then PUBACK, then the receipt: held up or killed at each step, nothing is promised that is not kept."""

import time
from collections.abc import Iterator

import psycopg
import pytest

from backend.core.db import plain_dsn
from tests.chaos.arena import Arena
from tests.device_gateway.rig import alarm, obs, speaking, until

HELD = 7041777
HOLD_THE_COMMIT = f"""
create or replace function hold_the_commit() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock_shared({HELD}); return null; end $$;
create constraint trigger hold_the_commit after insert on device_message
    deferrable initially deferred for each row execute function hold_the_commit();
"""
LET_GO = "drop trigger hold_the_commit on device_message"


@pytest.fixture
def held(arena: Arena) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Every COMMIT of a message waits (in a deferred trigger) for the lock this connection holds."""
    arena.world.db.execute(HOLD_THE_COMMIT)
    connection = psycopg.connect(arena.world.owner_dsn, autocommit=True)
    connection.execute(f"select pg_advisory_lock({HELD})")
    yield connection
    connection.close()
    arena.world.db.execute(LET_GO)


def waiting_commits(arena: Arena) -> int:
    """Sessions that stand in their COMMIT."""
    found: int = arena.world.one("select count(*) from pg_locks where locktype = 'advisory' and not granted")
    return found


@pytest.mark.hazard("H05")
def test_no_receipt_before_the_commit(arena: Arena, held: psycopg.Connection[tuple[object, ...]]) -> None:
    device, patient = arena.world.worn()
    arena.gateway.start()
    with speaking(arena.broker, device) as (speaker,):
        body, press = obs(), alarm()
        speaker.send("obs", body)
        speaker.send("alarm", press)
        until(lambda: waiting_commits(arena) == 2, what="both sessions stand in their COMMIT")
        time.sleep(1.5)
        assert speaker.acks == []
        assert speaker.alarm_states == []
        held.execute(f"select pg_advisory_unlock({HELD})")
        until(lambda: body["id"] in speaker.stored(), what="the receipt")
        until(lambda: speaker.states(press["alarm"]) == ["received"], what="the answer to the press")
    assert arena.gateway.stop() == 0
    assert arena.world.one("select count(*) from observation where patient_id = %s", patient) == 1


def test_no_puback_before_the_commit(arena: Arena, held: psycopg.Connection[tuple[object, ...]]) -> None:
    device, patient = arena.world.worn()
    arena.gateway.start()
    with speaking(arena.broker, device) as (speaker,):
        body, press = obs(), alarm()
        speaker.send("obs", body)
        speaker.send("alarm", press)
        until(lambda: waiting_commits(arena) == 2)
        arena.gateway.kill()
        with psycopg.connect(plain_dsn(arena.postgres.admin_url("alongside")), autocommit=True) as admin:
            admin.execute(
                "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted"
            )
        until(lambda: waiting_commits(arena) == 0)
        held.execute(f"select pg_advisory_unlock({HELD})")
        assert arena.world.one("select count(*) from observation where patient_id = %s", patient) == 0
        # This device sends nothing again: only a broker that had no PUBACK can bring both back.
        arena.gateway.start()
        until(lambda: body["id"] in speaker.stored(), what="the reading comes back")
        until(lambda: speaker.states(press["alarm"]) == ["received"], what="the alarm comes back")
    assert arena.gateway.stop() == 0


@pytest.mark.parametrize(("point", "comes_back"), [("after-commit", True), ("after-puback", False)])
@pytest.mark.hazard("H05")
def test_killed_between_commit_puback_and_receipt_nothing_is_lost_or_twice(
    arena: Arena, point: str, comes_back: bool
) -> None:
    device, patient = arena.world.worn()
    gateway = arena.gateway.start(ALONGSIDE_CRASH_AT=point)
    with speaking(arena.broker, device) as (speaker,):
        body = obs()
        speaker.send("obs", body)
        assert gateway.process is not None
        assert gateway.process.wait(60) == -9
        assert arena.world.one("select count(*) from observation where patient_id = %s", patient) == 1
        assert speaker.acks == []
        gateway.start()
        if comes_back:
            until(lambda: body["id"] in speaker.stored(), what="redelivery, known already, receipted")
        else:
            time.sleep(1.5)
            assert speaker.acks == []
            speaker.send("obs", body)
            until(lambda: body["id"] in speaker.stored(), what="the resend is receipted")
    assert gateway.stop() == 0
    assert arena.world.one("select count(*) from observation where patient_id = %s", patient) == 1


def test_a_press_survives_a_kill_after_its_commit(arena: Arena) -> None:
    device, patient = arena.world.worn("pendant")
    gateway = arena.gateway.start(ALONGSIDE_CRASH_AT="alarm-after-commit")
    with speaking(arena.broker, device) as (speaker,):
        press = alarm()
        speaker.send("alarm", press)
        assert gateway.process is not None
        assert gateway.process.wait(60) == -9
        gateway.start()
        until(lambda: speaker.states(press["alarm"]) == ["received"], what="`received` after the restart")
    assert gateway.stop() == 0
    assert arena.world.one("select count(*) from alert where patient_id = %s", patient) == 1


def test_a_gateway_told_to_stop_ends_cleanly_and_goes_on_where_it_was(arena: Arena) -> None:
    device, patient = arena.world.worn()
    arena.gateway.start()
    assert arena.gateway.stop() == 0
    with speaking(arena.broker, device) as (speaker,):
        body = obs()
        speaker.send("obs", body)
        arena.gateway.start()
        until(lambda: body["id"] in speaker.stored(), what="what came while it was away")
    assert arena.gateway.stop() == 0
    assert arena.world.one("select count(*) from observation where patient_id = %s", patient) == 1
