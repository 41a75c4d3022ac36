"""What a device was heard to say just now, so that an installer sees each press arrive before leaving a home."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text

from backend.core.db import db
from backend.devices.service import Piece

WITHIN: Final = timedelta(hours=1)
AT_MOST: Final = 10
# What an alarm is called where somebody stands beside the device; other kinds are called an alarm.
ALARMS: Final[Mapping[str, str]] = {
    "sos": "Press", "fall": "Fall", "smoke": "Smoke alarm", "co": "Carbon monoxide alarm", "power": "Power cut",
    "low_battery": "Battery low", "tamper": "Tampering",
}  # fmt: skip
PHASES: Final[Mapping[str, str]] = {"cancel": "cancelled", "clear": "over", "repeat": "again"}

# The desk's own table of presses, read by its index on the device: the raw inbox has none, and a repeat that
# the desk has counted is a press that came.
_PRESSES = text(
    """select phase, kind, received_at from alarm_event
    where device = :device and received_at > clock_timestamp() - cast(:within as interval)
    order by received_at desc, id desc limit :at_most"""
)


def heard(piece: Piece, as_of: datetime) -> list[dict[str, Any]]:
    """The last things this device said within the hour, newest first: presses one by one, the rest the last of each."""
    found = db.session.execute(
        _PRESSES, {"device": piece.device_id, "within": WITHIN, "at_most": AT_MOST}
    ).all()
    presses = [
        _one(row.received_at, "test" if row.phase == "test" else "alarm", press_words(row.phase, row.kind))
        for row in found
    ]
    rest = _lately(
        as_of,
        (
            (piece.last_reading_at, "obs", "Reading"),
            (piece.battery_at, "status", "Word of its battery"),
            (piece.presence_at, "presence", _presence_words(piece)),
        ),
    )
    return sorted([*presses, *rest], key=lambda one: one["at"], reverse=True)[:AT_MOST]


def press_words(phase: str, kind: str) -> str:
    """A press or an alarm in words: "Test press", "Press", "Press, cancelled", "Alarm, again"."""
    name = ALARMS.get(kind, "Alarm")
    if phase == "test":
        return f"Test {name.lower()}"
    return f"{name}, {PHASES[phase]}" if phase in PHASES else name


def _presence_words(piece: Piece) -> str:
    words = {"lost": "Connection lost", "sleeping": "Gone to sleep"}
    return words.get(piece.presence or "", "Connected")


def _lately(as_of: datetime, said: Iterable[tuple[datetime | None, str, str]]) -> list[dict[str, Any]]:
    return [_one(at, kind, words) for at, kind, words in said if at is not None and as_of - at <= WITHIN]


def _one(at: datetime, kind: str, words: str) -> dict[str, Any]:
    return {"at": at, "kind": kind, "words": words}
