"""What a pendant hears of its alarm: each state when it is true, over every crash between, and never more."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from jsonschema import Draft202012Validator

from backend.alerts.jobs import tell_unreached
from backend.app import create_app
from backend.core.db import database_app, db
from device_gateway.contract import schema
from tests.browsing import Browser
from tests.conftest import Database
from tests.device_gateway.rig import GatewayProcess, Json, Speaker, World, alarm, obs, until
from tests.factories import Factory, Ref

Speak = Callable[[str], Speaker]
LONG = 120.0


def keeps_the_contract(name: str, *said: Json) -> bool:
    """Whether messages are as the schema promises vendors."""
    known = Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema()["$defs"]})
    return all(known.is_valid(one) for one in said)


class Desk:
    """A nurse at a desk of this folder's database, over HTTP, and the worker's round beside it."""

    def __init__(self, database: Database, home: Path) -> None:
        self.app = create_app(database.config(home))
        self._worker = database_app(database.config(home, database_url=database.url("al_worker")))
        make = self._make = Factory(self.app)
        self._nurse = make.practitioner()
        self._team = make.team([self._nurse])
        self._name = make.account(practitioner=self._nurse)
        self.browser = Browser(self.app, "team")
        assert self.browser.sign_in(self._name).status_code == 200

    def looks_after(self, world: World, patient_id: int) -> None:
        public_id: UUID = world.one("select public_id from patient where id = %s", patient_id)
        self._make.caseload(self._team, Ref(patient_id, public_id))

    def row(self, world: World, device: str) -> Json:
        """The open card of a device."""
        alert = world.one(
            "select a.public_id from alert a join alarm_event e on e.alert_id = a.id where e.device = %s"
            " order by a.id desc limit 1", device,
        )  # fmt: skip
        rows: list[Json] = self.browser.get("/worklist").get_json()["rows"]
        return next(row for row in rows if row["id"] == str(alert))

    def act(self, world: World, device: str, verb: str, body: Json) -> Json:
        row = self.row(world, device)
        answer = self.browser.post(f"/alerts/{row['id']}/{verb}", body, If_Match=f'W/"{row["version"]}"')
        assert answer.status_code == 200, answer.get_data(as_text=True)
        changed: Json = answer.get_json()
        return changed

    def sweep(self) -> None:
        with self._worker.app_context():
            tell_unreached()

    def close(self) -> None:
        for app in (self.app, self._worker):
            with app.app_context():
                db.engine.dispose()


@pytest.fixture(scope="module")
def desk(database: Database, world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    found = Desk(Database(database.server, "gateway_world"), tmp_path_factory.mktemp("desk"))
    yield found
    found.close()


def pressed(world: World, desk: Desk, speaker_of: Speak) -> tuple[Speaker, str]:
    """A pendant on a person of the desk's team, pressed and received."""
    device, patient = world.worn("pendant")
    desk.looks_after(world, patient)
    speaker = speaker_of(device)
    press = alarm()
    speaker.send("alarm", press)
    until(lambda: speaker.states(press["alarm"]) == ["received"], LONG, "`received`")
    return speaker, press["alarm"]


KEY_HOLDER = {"who": "key-holder", "name": "Ann Example, 01632 960321", "eta_minutes": 10}


@pytest.mark.hazard("H35")
def test_a_pendant_hears_each_state_as_it_becomes_true_and_no_name(
    world: World, desk: Desk, speak: Speak
) -> None:
    speaker, press = pressed(world, desk, speak)
    desk.act(world, speaker.device, "claim", {})
    until(lambda: speaker.states(press) == ["received", "being_handled"], LONG, "`being_handled`")
    row = until(
        lambda: (found := desk.row(world, speaker.device))["device_told"]["sent_at"] and found, LONG, "sent"
    )
    assert row["device_told"]["state"] == "being_handled"
    desk.act(world, speaker.device, "responders", KEY_HOLDER)
    until(lambda: speaker.states(press)[-1] == "help_coming", LONG, "`help_coming`")
    assert desk.row(world, speaker.device)["also"] == [
        "A key-holder has set off (Ann Example, 01632 960321), there in about 10 min"
    ]
    desk.act(world, speaker.device, "close", {"outcome": "visit", "note": None, "confirm": True})
    states = ["received", "being_handled", "help_coming", "resolved"]
    until(lambda: speaker.states(press) == states, LONG, "`resolved`")
    said = [one for one in speaker.alarm_states if one["alarm"] == press]
    assert {key for one in said for key in one} == {"v", "alarm", "state", "at", "eta_min"}
    assert [one.get("eta_min") for one in said] == [None, None, 10, None]
    assert "Ann" not in json.dumps(said)
    assert keeps_the_contract("alarmState", *said)


def test_every_press_of_an_episode_is_told_and_a_new_one_hears_what_stands(
    world: World, desk: Desk, speak: Speak
) -> None:
    speaker, first = pressed(world, desk, speak)
    second = alarm()
    speaker.send("alarm", second)
    until(lambda: speaker.states(second["alarm"]) == ["received"], LONG)
    desk.act(world, speaker.device, "claim", {})
    for press in (first, second["alarm"]):
        until(lambda press=press: speaker.states(press) == ["received", "being_handled"], LONG)  # type: ignore[misc]  # bound now
    third = alarm()
    speaker.send("alarm", third)
    until(lambda: sorted(speaker.states(third["alarm"])) == ["being_handled", "received"], LONG)


@pytest.mark.hazard("H36")
def test_a_device_that_was_away_hears_it_when_it_comes_back(world: World, desk: Desk) -> None:
    device, patient = world.worn("pendant")
    desk.looks_after(world, patient)
    speaker = Speaker(world.broker, device, durable=True)
    press = alarm()
    speaker.send("alarm", press)
    until(lambda: speaker.states(press["alarm"]) == ["received"], LONG)
    speaker.close()
    desk.act(world, device, "claim", {})
    until(lambda: world.one("select state from downlink where device = %s", device) == "sent", LONG)
    assert speaker.states(press["alarm"]) == ["received"]
    speaker.come()
    until(lambda: "being_handled" in speaker.states(press["alarm"]), LONG)
    speaker.close()


@pytest.mark.hazard("H36")
def test_what_the_broker_lost_is_told_again_when_the_device_is_born(
    world: World, desk: Desk, speak: Speak
) -> None:
    # Without a durable session at the broker, what was sent meanwhile is lost as if the broker had died.
    speaker, press = pressed(world, desk, speak)
    speaker.send("presence", {"v": 1, "state": "ready", "boot": "b1", "hb_s": 60}, retain=True)
    speaker.send("presence", {"v": 1, "state": "going_offline", "boot": "b1"}, retain=True)
    speaker.close()
    desk.act(world, speaker.device, "claim", {})
    until(lambda: world.one("select state from downlink where device = %s", speaker.device) == "sent", LONG)
    # The desk does not take "sent" for "heard".
    until(lambda: desk.row(world, speaker.device)["device_told"]["away"], LONG)
    speaker.come()
    speaker.send("presence", {"v": 1, "state": "ready", "boot": "b2", "hb_s": 60}, retain=True)
    until(lambda: speaker.states(press) == ["received", "being_handled"], LONG)
    assert desk.row(world, speaker.device)["device_told"]["away"] is False
    # Told once more for each birth, by the same row: nothing grows while a line flaps.
    speaker.send("presence", {"v": 1, "state": "ready", "boot": "b3", "hb_s": 60}, retain=True)
    until(lambda: speaker.states(press) == ["received", "being_handled", "being_handled"], LONG)
    assert world.one("select count(*) from downlink where device = %s", speaker.device) == 1


@pytest.mark.hazard("H36")
@pytest.mark.parametrize("point", ["downlink-before-publish", "downlink-before-mark"])
def test_killed_between_the_commit_and_the_mark_it_is_still_told(
    world: World, desk: Desk, gateway: GatewayProcess, speak: Speak, point: str
) -> None:
    speaker, press = pressed(world, desk, speak)
    gateway.stop()
    gateway.start(ALONGSIDE_CRASH_AT=point)
    process = gateway.process
    assert process is not None
    try:
        desk.act(world, speaker.device, "claim", {})
        until(lambda: process.poll() is not None, LONG, "the gateway is dead")
    finally:
        gateway.start()
    until(lambda: "being_handled" in speaker.states(press), LONG)
    until(lambda: world.one("select state from downlink where device = %s", speaker.device) == "sent", LONG)


@pytest.mark.hazard("H36")
def test_when_nobody_acknowledges_in_time_the_device_is_told_and_the_alert_stays_red(
    world: World, desk: Desk, speak: Speak
) -> None:
    speaker, press = pressed(world, desk, speak)
    desk.sweep()
    assert speaker.states(press) == ["received"]
    aged = "update alert set opened_at = opened_at - %s::interval, acknowledge_by = acknowledge_by - %s::interval"
    aged += " where id = (select alert_id from alarm_event where device = %s limit 1)"
    world.db.execute(aged, ("90 seconds", "90 seconds", speaker.device))
    desk.sweep()
    # A minute to acknowledge has passed, but not as long again.
    assert world.one("select count(*) from downlink where device = %s", speaker.device) == 0
    world.db.execute(aged, ("40 seconds", "40 seconds", speaker.device))
    desk.sweep()
    desk.sweep()
    until(lambda: speaker.states(press) == ["received", "cannot_reach_anyone"], LONG)
    row = desk.row(world, speaker.device)
    assert (row["state"], row["level"], row["device_told"]["state"]) == (
        "open",
        "emergency",
        "cannot_reach_anyone",
    )
    desk.act(world, speaker.device, "claim", {})
    until(lambda: speaker.states(press)[-1] == "being_handled", LONG)
    assert world.one("select count(*) from downlink where device = %s", speaker.device) == 2


def test_a_cancel_at_the_device_leaves_the_alert_open_and_says_when(
    world: World, desk: Desk, speak: Speak
) -> None:
    speaker, press = pressed(world, desk, speak)
    speaker.send("alarm", alarm(phase="cancel", alarm=press))
    until(lambda: len(speaker.states(press)) == 2, LONG)
    row = desk.row(world, speaker.device)
    assert (row["state"], row["also"]) == ("open", [])
    assert row["cancelled_at"] >= row["opened_at"]
    desk.act(world, speaker.device, "claim", {})
    until(lambda: speaker.states(press)[-1] == "being_handled", LONG)


def test_a_repeat_of_an_alarm_that_is_over_is_told_so(world: World, desk: Desk, speak: Speak) -> None:
    speaker, press = pressed(world, desk, speak)
    desk.act(world, speaker.device, "close", {"outcome": "contact", "note": None, "confirm": True})
    until(lambda: speaker.states(press) == ["received", "resolved"], LONG)
    speaker.send("alarm", alarm(phase="repeat", alarm=press))
    until(lambda: sorted(speaker.states(press)) == ["received", "received", "resolved", "resolved"], LONG)


@pytest.mark.hazard("H35")
def test_a_responder_who_turns_back_takes_the_promise_back(world: World, desk: Desk, speak: Speak) -> None:
    speaker, press = pressed(world, desk, speak)
    desk.act(world, speaker.device, "responders", KEY_HOLDER)
    until(lambda: speaker.states(press)[-1] == "help_coming", LONG)
    desk.act(world, speaker.device, "responders", {**KEY_HOLDER, "eta_minutes": None, "set_off": False})
    until(lambda: speaker.states(press) == ["received", "help_coming", "being_handled"], LONG)


def test_an_alarm_of_nobodys_pendant_is_told_as_well(world: World, desk: Desk, speak: Speak) -> None:
    device = world.device("pendant")
    speaker = speak(device)
    press = alarm()
    speaker.send("alarm", press)
    until(lambda: speaker.states(press["alarm"]) == ["received"], LONG)
    desk.act(world, device, "claim", {})
    until(lambda: speaker.states(press["alarm"]) == ["received", "being_handled"], LONG)


def test_the_time_is_told_at_once_and_at_most_once_a_second(world: World, speak: Speak) -> None:
    speaker = speak(world.device())
    before = len(world.all("select 1 from quarantine where device = %s", speaker.device))
    began = time.monotonic()
    for n in range(5):
        speaker.send("time", {"v": 1, "nonce": f"n-{n}", "up_ms": 7})
    answer = until(lambda: speaker.times and speaker.times[0], LONG, "the time")
    assert (answer["nonce"], answer["tz"], answer["v"]) == ("n-0", "Europe/London", 1)
    assert keeps_the_contract("time", answer)
    assert abs(world.one("select extract(epoch from now() - %s::timestamptz)", answer["utc"])) < LONG
    speaker.send("obs", obs())
    until(lambda: speaker.acks, LONG)
    # One at once and one for each second since, however long this machine took to ask.
    assert len(speaker.times) <= 1 + (time.monotonic() - began)
    assert len(world.all("select 1 from quarantine where device = %s", speaker.device)) == before + 1
    speaker.send("time", {"v": 1, "nonce": 7})
    until(
        lambda: "schema" in speaker.rejected().values(),
        LONG,
        "a question nobody can read is refused in words",
    )


def settings(desk: Desk, world: World, device: str, rev: int, body: Json) -> Any:
    kit = world.one("select public_id from device where device_id = %s", device)
    return desk.browser.post(f"/kit/{kit}/config", body, If_Match=f'W/"{rev}"')


def status(rev: int | None) -> Json:
    more = {} if rev is None else {"config_rev": rev}
    return {"v": 1, "id": uuid4().hex, "boot": "b1", "seq": 1, "clock": {"src": "ntp"}, "bat_pct": 80, **more}


@pytest.mark.hazard("H03")
def test_settings_go_out_retained_and_count_once_the_device_confirms_them(
    world: World, desk: Desk, speak: Speak
) -> None:
    device, patient = world.worn("pendant")
    desk.looks_after(world, patient)
    world.db.execute("update device set hb_s = 600 where device_id = %s", (device,))
    speaker = speak(device)
    birth = {"v": 1, "state": "ready", "boot": "b1", "hb_s": 600}
    speaker.send("presence", birth, retain=True)
    assert settings(desk, world, device, 0, {"hb_s": 5}).status_code == 422
    answer = settings(desk, world, device, 0, {"hb_s": 60, "set": {"volume": 3}})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert (answer.get_json()["rev"], answer.get_json()["judged_hb_s"]) == (1, 600)
    wanted = {"v": 1, "rev": 1, "hb_s": 60, "set": {"volume": 3}}
    until(lambda: speaker.configs == [wanted], LONG)
    assert keeps_the_contract("config", wanted)
    assert settings(desk, world, device, 0, {"hb_s": 90}).status_code == 412
    # Whoever subscribes anew has it from the broker; whoever is born without it is sent it again.
    later = Speaker(world.broker, device)
    until(lambda: later.configs == [wanted], LONG)
    later.send("presence", birth, retain=True)
    until(lambda: later.configs == [wanted, wanted], LONG)
    later.send("status", status(1))
    judged = "select least(d.hb_s, s.hb_s) from device d, device_state s where s.device_id = d.id and d.device_id = %s"
    until(lambda: world.one(judged, device) == 60, LONG)
    shown = desk.browser.get(
        f"/kit/{world.one('select public_id from device where device_id = %s', device)}/config"
    )
    assert (shown.get_json()["applied_rev"], shown.get_json()["judged_hb_s"]) == (1, 60)
    # Its next birth says the old heartbeat again: that may not make its silence longer.
    later.send("presence", birth, retain=True)
    later.send("status", status(1))
    until(lambda: world.one("select presence from device_state s join device d on d.id = s.device_id"
                            " where d.device_id = %s", device) == "ready", LONG)  # fmt: skip
    assert world.one(judged, device) == 60
    assert len(later.configs) == 2
    later.close()


def test_a_slower_heartbeat_is_a_promise_of_the_team_and_counts_at_once(
    world: World, desk: Desk, speak: Speak
) -> None:
    device = world.device()
    world.db.execute("update device set hb_s = 60 where device_id = %s", (device,))
    assert settings(desk, world, device, 0, {"hb_s": 3600}).get_json()["judged_hb_s"] == 3600


def test_settings_of_somebody_elses_kit_are_not_there(world: World, desk: Desk) -> None:
    device, _ = world.worn("pendant")
    assert settings(desk, world, device, 0, {"hb_s": 60}).status_code == 404
