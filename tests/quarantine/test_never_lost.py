"""No reading leaves the desk's list unless it stands in a record or somebody put it aside."""

import pytest
from sqlalchemy.dialects.postgresql import Range

from backend.devices import quarantined
from backend.quarantine.desk import UNATTRIBUTED
from backend.quarantine.jobs import resolve_stored_since
from device_gateway.decoders import al_obs
from tests.device_gateway.rig import obs
from tests.factories import since
from tests.quarantine.desk_of import Desk


def test_a_reading_given_to_the_wrong_person_and_taken_back_is_stored_when_its_wearer_is_known(
    desk: Desk,
) -> None:
    device = desk.make.device()
    desk.sends(device, 91)
    message = desk.only()
    assert desk.gives(message, desk.rose)["stored"] == 1
    desk.undoes(desk.undo_of(message))
    desk.make.wears(desk.fern, device)
    asked = desk.ok("POST", "/quarantine/replays", {"ids": [message]})
    desk.gateway_replays()
    done = desk.ok("GET", f"/quarantine/replays/{asked['id']}")
    points, _, _ = desk.record_of(desk.fern)
    assert (done["stored"], len(points)) == (1, 1)


@pytest.mark.hazard("H05")
def test_another_message_under_an_id_that_was_stored_before_goes_on_waiting(desk: Desk) -> None:
    device = desk.make.device()
    desk.make.wears(desk.rose, device)
    first = desk.sends(device, 97, ago=60)
    desk.sends(device, 250, id=first["id"], boot="b2")
    assert len(desk.held()) == 1
    with desk.app.app_context():
        resolve_stored_since()
    assert len(desk.held()) == 1


def test_a_held_message_goes_on_waiting_when_another_is_stored_under_its_id_later(desk: Desk) -> None:
    device = desk.make.device()
    desk.make.wears(desk.rose, device)
    held = desk.sends(device, 250, ago=60)
    desk.sends(device, 97, id=held["id"], boot="b2")
    assert len(desk.held()) == 1
    with desk.app.app_context():
        resolve_stored_since()
    assert len(desk.held()) == 1


def test_a_reading_that_waited_at_the_broker_keeps_its_time_when_it_is_tried_again(desk: Desk) -> None:
    """Measured before Fern had the device, received since: trying it again must not make it hers."""
    device = desk.make.device()
    desk.make.wears(desk.fern, device, since(hours=2))

    def says(up_h: int, came_h: int) -> None:
        ms = up_h * 3_600_000
        body = obs(taken=None, sent=None, up_ms=ms, clock={"src": "none", "up_ms": ms})
        desk.brings(device, body, came=came_h * 60)

    says(up_h=1, came_h=7)
    says(up_h=3, came_h=1)
    assert [one["reason"] for one in desk.held()] == ["not-bound"] * 2
    desk.ok("POST", "/quarantine/replays", {"ids": [one["id"] for one in desk.held()]})
    desk.gateway_replays()
    assert desk.record_of(desk.fern)[0] == []


def test_two_sendings_of_one_reading_given_by_hand_after_an_undo_are_stored_once(desk: Desk) -> None:
    device = desk.make.device()
    body = desk.sends(device, 91)
    first = desk.only()
    desk.brings(device, {**body, "sent": body["taken"]})
    (second,) = [str(one["id"]) for one in desk.held() if one["id"] != first]
    desk.gives(first, desk.rose)
    desk.undoes(desk.undo_of(first))
    assert desk.gives(first, desk.fern)["stored"] == 1
    # When its other sending, which waits beside it, is given as well
    assert desk.gives(second, desk.fern)["duplicate"] == 1
    assert len(desk.record_of(desk.fern)[0]) == 1
    assert desk.held() == []


def test_a_life_that_began_anew_under_the_same_boot_is_not_dated_by_the_one_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rose gave the device back before Fern had it: what Fern measured must not become a reading of Rose."""
    device = desk.make.device()
    desk.make.wears(desk.rose, device, Range(since(hours=14).lower, since(hours=8).lower))
    desk.make.wears(desk.fern, device, since(hours=3))

    def says(up_h: int, came_h: int, kind: str) -> None:
        ms = up_h * 3_600_000
        measured = [{"k": kind, "val": 96, "u": "%"}]
        body = obs(taken=None, sent=None, up_ms=ms, clock={"src": "none", "up_ms": ms}, m=measured)
        desk.brings(device, body, came=came_h * 60)

    says(up_h=5, came_h=9, kind="spo2")
    says(up_h=1, came_h=1, kind="oxygen.of_tomorrow")
    monkeypatch.setitem(al_obs.KINDS, "oxygen.of_tomorrow", al_obs.KINDS["spo2"])
    desk.ok("POST", "/quarantine/replays", {"ids": [desk.only()]})
    desk.gateway_replays()
    assert [len(desk.record_of(person)[0]) for person in (desk.rose, desk.fern)] == [1, 1]


def test_nobody_is_told_to_give_by_hand_what_the_desk_does_not_give() -> None:
    told = {code for code, one in quarantined.reasons().items() if "by hand" in one.what_to_do}
    assert told <= UNATTRIBUTED
