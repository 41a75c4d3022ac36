"""What a device was heard to say: the flags of silence, and each press as an installer waits for it."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from backend.core.clock import now
from backend.core.db import db, transaction
from backend.devices.service import Piece
from backend.kit.heard import press_words
from backend.kit.life import flags
from tests.kit.conftest import House, Json

AS_OF = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
QUIET = {"silent", "not-connected", "never-heard"}
_PRESSED = text(
    """insert into alarm_event (device, alarm_id, phase, kind, received_at)
    values (:device, 'press-0001', :phase, 'sos', :at)"""
)


def ago(**time: float) -> datetime:
    """A moment before AS_OF."""
    return AS_OF - timedelta(**time)


def scale(**said: Any) -> Piece:
    """A scale with somebody, which promises a word an hour."""
    nothing: dict[str, Any] = {field.name: None for field in fields(Piece)}
    return Piece(**(nothing | {"kind": "scale", "kit_state": "live", "hb_s": 3600} | said))


@pytest.mark.parametrize(
    ("kit", "given_at", "told"),
    [
        (scale(last_seen_at=ago(hours=2.4), presence="ready"), ago(days=9), None),
        (scale(last_seen_at=ago(hours=2.5), presence="ready"), ago(days=9), "silent"),
        (scale(last_seen_at=ago(hours=2.5), presence="ready"), ago(hours=1), None),
        (scale(last_seen_at=ago(hours=2.5), said_hb_s=90_000), ago(days=9), "silent"),
        (scale(last_seen_at=ago(minutes=3), said_hb_s=60), ago(days=9), "silent"),
        (scale(last_seen_at=ago(hours=2.5), expected_every_s=86_400), ago(days=9), None),
        (scale(last_seen_at=ago(hours=2.5), asleep_until=ago(hours=-1)), ago(days=9), None),
        (
            scale(last_seen_at=ago(hours=1), presence="lost", presence_at=ago(minutes=1)),
            ago(days=9),
            None,
        ),
        (
            scale(last_seen_at=ago(hours=1), presence="lost", presence_at=ago(minutes=3)),
            ago(days=9),
            "not-connected",
        ),
        (scale(last_seen_at=ago(hours=9), presence="lost", presence_at=ago(hours=9)), ago(days=9), "silent"),
        (scale(), ago(hours=1), None),
        (scale(), ago(hours=3), "never-heard"),
        (scale(last_seen_at=ago(hours=9)), None, None),
        (scale(last_seen_at=ago(hours=9), revoked_at=ago(hours=8)), ago(days=9), None),
    ],
)
def test_kit_with_a_person_is_flagged_when_it_is_not_heard_as_it_promised(
    kit: Piece, given_at: datetime | None, told: str | None
) -> None:
    found = set(flags(kit, [], None, None, True, AS_OF, given_at)) & QUIET
    assert found == ({told} if told else set())


@pytest.mark.parametrize(
    ("phase", "kind", "words"),
    [
        ("test", "sos", "Test press"),
        ("raise", "sos", "Press"),
        ("repeat", "sos", "Press, again"),
        ("cancel", "fall", "Fall, cancelled"),
        ("raise", "gas", "Alarm"),
        ("test", "smoke", "Test smoke alarm"),
    ],
)
def test_a_press_is_told_in_words(phase: str, kind: str, words: str) -> None:
    assert press_words(phase, kind) == words


def test_the_presses_of_the_last_hour_are_shown_newest_first_among_what_else_was_heard(
    house: House, app: Flask
) -> None:
    kit = house.make.device(kind="pendant")
    house.make.says(kit, last_reading_at=now() - timedelta(minutes=10), battery_at=now() - timedelta(days=1))
    with app.app_context(), transaction():
        for minutes, phase in ((90, "raise"), (20, "raise"), (5, "test")):
            at = now() - timedelta(minutes=minutes)
            db.session.execute(_PRESSED, {"device": kit.name, "at": at, "phase": phase})
    shown: list[Json] = house.nurse.read(kit)["heard"]
    assert [(one["kind"], one["words"]) for one in shown] == [
        ("test", "Test press"),
        ("obs", "Reading"),
        ("alarm", "Press"),
    ]


def test_silent_kit_and_kit_of_one_firmware_are_found_by_one_question(house: House) -> None:
    kit, person = house.make.device(), house.people[0]
    house.make.wears(person, kit)
    house.nurse.do(kit, "/facts", serial="S-1")
    house.make.says(kit, last_seen_at=now() - timedelta(days=3), firmware="9.8.7")
    for asked in ("q=9.8.7", "flag=silent"):
        rows = house.nurse.browser.get(f"/kit?{asked}").get_json()["rows"]
        found = [row["device_id"] for row in rows]
        assert (kit.name in found) == (asked == "q=9.8.7")
    with_people = house.make.device(kit_state="live")
    house.make.wears(house.people[1], with_people)
    house.make.says(with_people, last_seen_at=now() - timedelta(days=3))
    rows = house.nurse.browser.get("/kit?flag=silent").get_json()["rows"]
    assert with_people.name in [row["device_id"] for row in rows]


def test_a_person_is_looked_for_in_a_body_and_never_in_an_address(house: House) -> None:
    kit, person = house.make.device(kind="scale"), house.people[0]
    house.give(kit, person)
    for asked in (person.name, "0 Test Row"):
        assert house.nurse.browser.get(f"/kit?q={asked}").get_json()["rows"] == []
        (row,) = house.nurse.browser.post("/kit/search", {"q": asked.upper()}).get_json()["rows"]
        assert row["device_id"] == kit.name
    # Beside the same filters, and with the same answer as the list's
    assert (
        house.nurse.browser.post("/kit/search", {"q": person.name, "state": "lost"}).get_json()["rows"] == []
    )
    listed = house.nurse.browser.get(f"/kit?q={kit.name}").get_json()
    found = house.nurse.browser.post("/kit/search", {"q": kit.name}).get_json()
    assert {**found, "as_of": None} == {**listed, "as_of": None}
