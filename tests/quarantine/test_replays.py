"""Kept messages are tried again with today's decoders: stored once, for who wore the kit then, whatever dies."""

from typing import Any

import pytest
from sqlalchemy import text

from backend.observations.codes import Code
from backend.quarantine.jobs import resolve_stored_since
from device_gateway import opening, replay
from device_gateway.decoders import al_obs
from tests.factories import Ref, since
from tests.quarantine.desk_of import Desk

NEW_KIND = [{"k": "oxygen.of_tomorrow", "val": 91, "u": "%"}]


@pytest.fixture
def oximeter(desk: Desk) -> Ref:
    """An oximeter that Rose wears."""
    device: Ref = desk.make.device(model="Ox 1")
    desk.make.wears(desk.rose, device)
    return device


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the decoder know tomorrow's kind."""

    def mend() -> None:
        monkeypatch.setitem(al_obs.KINDS, "oxygen.of_tomorrow", al_obs.KINDS["spo2"])

    return mend


def test_a_mended_decoder_takes_in_what_waited_as_of_when_it_came(
    desk: Desk, oximeter: Ref, mended: Any
) -> None:
    body = desk.sends(oximeter, ago=90, came=80, m=NEW_KIND)
    (row,) = desk.held()
    assert row["reason"] == "unmapped"
    # Tried before the decoder is mended, it goes on waiting
    first = desk.ok("POST", "/quarantine/replays", {"ids": [row["id"]]})
    assert desk.gateway_replays() == 1
    done = desk.ok("GET", f"/quarantine/replays/{first['id']}")
    assert (done["refused"], done["reasons"][0]["reason"]) == (1, "unmapped")
    assert desk.only() == row["id"]
    # Mended, it is stored as of its time of measurement, as received when it first came
    mended()
    second = desk.ok("POST", "/quarantine/replays", {"reason": "unmapped"})
    assert (second["total"], second["waiting"]) == (1, 1)
    desk.gateway_replays()
    done = desk.ok("GET", f"/quarantine/replays/{second['id']}")
    assert (done["stored"], done["waiting"]) == (1, 0)
    (point,) = desk.record_of(desk.rose)[0]
    assert point["effective_at"][:19] == body["taken"][:19]
    assert point["received_at"] == row["first_received_at"]
    assert desk.held() == []
    assert desk.held(state="resolved")[0]["resolution"] == "replayed"
    # The rules are woken, and each try is told
    assert desk.rows("select codes from evaluation_wait where patient_id = :id", id=desk.rose.id) == [
        ([Code.SPO2.number],)
    ]
    tries = desk.ok("GET", f"/quarantine/{row['id']}")["tries"]
    assert [one["state"] for one in tries] == ["stored", "refused"]


def test_replaying_twice_stores_once_also_when_the_device_sent_again(
    desk: Desk, oximeter: Ref, mended: Any
) -> None:
    body = desk.sends(oximeter, m=NEW_KIND)
    message = desk.only()
    mended()
    asked = desk.ok("POST", "/quarantine/replays", {"ids": [message]})
    # Asked again before the gateway came round: the same wish
    again = desk.browser.post("/quarantine/replays", {"ids": [message]})
    assert (again.status_code, again.get_json()["code"]) == (422, "waiting-already")
    # The device sends the same reading again meanwhile
    desk.brings(oximeter, body)
    desk.gateway_replays()
    done = desk.ok("GET", f"/quarantine/replays/{asked['id']}")
    assert (done["stored"], done["duplicate"]) == (0, 1)
    assert len(desk.record_of(desk.rose)[0]) == 1
    assert desk.held(state="resolved")[0]["resolution"] == "stored-since"
    nothing = desk.browser.post("/quarantine/replays", {"ids": [message]})
    assert nothing.get_json()["code"] == "nothing-to-replay"


def test_what_was_stored_when_it_came_again_does_not_wait_any_more(
    desk: Desk, oximeter: Ref, mended: Any
) -> None:
    body = desk.sends(oximeter, m=NEW_KIND)
    desk.sends(oximeter, m=NEW_KIND)
    mended()
    desk.brings(oximeter, body)
    with desk.app.app_context():
        resolve_stored_since()
    assert len(desk.held()) == 1
    assert [row["resolution"] for row in desk.held(state="resolved")] == ["stored-since"]


@pytest.mark.hazard("H01")
def test_a_replay_goes_to_who_wore_the_device_at_the_time_of_measurement(desk: Desk) -> None:
    device = desk.make.device()
    desk.sends(device, 91, ago=50)
    # Somebody enters since when it was worn, and by whom after that
    desk.make.wears(desk.fern, device, since(minutes=40))
    asked = desk.ok("POST", "/quarantine/replays", {"device": device.name})
    desk.gateway_replays()
    done = desk.ok("GET", f"/quarantine/replays/{asked['id']}")
    assert (done["refused"], done["reasons"][0]["reason"]) == (1, "not-bound")
    desk.connection.execute(text("delete from device_association"))
    desk.make.wears(desk.rose, device, since(minutes=60))
    desk.ok("POST", "/quarantine/replays", {"device": device.name})
    desk.gateway_replays()
    assert len(desk.record_of(desk.rose)[0]) == 1
    assert desk.record_of(desk.fern)[0] == []


def test_kit_registered_since_is_shown_with_what_is_wrong_with_it_now(desk: Desk) -> None:
    unknown = Ref(0, desk.nurse.public_id, "not-yet-registered-1")
    desk.sends(unknown)
    assert [(row["reason"], row["model"]) for row in desk.held()] == [("unknown-device", None)]
    desk.make.device(device_id=unknown.name, model="Ox 1")
    desk.ok("POST", "/quarantine/replays", {"reason": "unknown-device"})
    desk.gateway_replays()
    assert [(row["reason"], row["model"]) for row in desk.held()] == [("not-bound", "Ox 1")]
    # Now it can be given to a person
    assert desk.gives(desk.only(), desk.rose)["stored"] == 1


def test_one_that_spoils_a_batch_is_refused_and_the_others_go_on(
    desk: Desk,
    oximeter: Ref,
    mended: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad = desk.sends(oximeter, ago=3, m=NEW_KIND)
    desk.sends(oximeter, ago=2, m=NEW_KIND)
    desk.sends(oximeter, ago=1, m=NEW_KIND)
    mended()
    asked = desk.ok("POST", "/quarantine/replays", {"reason": "unmapped"})
    real = opening.inbound

    def surprising(one: Any) -> Any:
        if one.head.id == bad["id"]:
            raise ZeroDivisionError("spo2 91 of Rose")
        return real(one)

    monkeypatch.setattr(replay, "inbound", surprising)
    while desk.gateway_replays():
        pass
    done = desk.ok("GET", f"/quarantine/replays/{asked['id']}")
    assert (done["stored"], done["refused"], done["reasons"][0]["reason"]) == (2, 1, "unstorable")
    # An error may quote what it failed over, and a traceback does: the log has its kind and the row
    ((key,),) = desk.rows("select id from replay where reason = 'unstorable'")
    assert f"replay {key} failed (ZeroDivisionError)" in caplog.text
    assert "Rose" not in caplog.text
    assert not any(record.exc_info for record in caplog.records)


def test_alarms_statuses_and_presences_are_not_tried_again(desk: Desk, oximeter: Ref) -> None:
    desk.connection.execute(
        text(
            "insert into quarantine (received_at, last_received_at, device, channel, topic, reason, detail, payload,"
            " payload_sha256) select now(), now(), :device, c, c, 'schema', '', '', sha256(c::bytea)"
            " from unnest(array['alarm', 'status', 'presence']) c"
        ),
        {"device": oximeter.name},
    )
    refused = desk.browser.post("/quarantine/replays", {"device": oximeter.name})
    assert refused.get_json()["code"] == "nothing-to-replay"
    assert not any(desk.ok("GET", f"/quarantine/{row['id']}")["may_replay"] for row in desk.held())
