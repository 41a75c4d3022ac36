"""Sixty believable days of one person: rhythm, noise, missed readings and how the last weeks went."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from backend.demo.kit import DemoDevice
from backend.demo.people import BP, OX, SCALE, DemoPerson
from backend.observations.codes import Code
from firmware_stubs.physiology import Person, Vitals

DAYS: Final = 60
HOME_ZONE: Final = ZoneInfo("Europe/London")
SILENT_DAYS: Final = 4
PAUSED_DAYS: Final = 6

# How long a course took before the demo began (days) and where it ended: a level, or a change of weight.
_WEEKS: Final = {"bp-rising": 21, "spo2-drifting": 14, "weight-rising": 9}
_ENDS: Final[Mapping[str, Mapping[str, float]]] = {
    "bp-rising": {"systolic": 196.0, "diastolic": 116.0},
    # Just inside the range: the drift is there to be noticed before a rule speaks.
    "spo2-drifting": {"spo2": 89.3},
}
_GAINED_KG: Final = 3.1


@dataclass(frozen=True, slots=True)
class PastReading:
    """One message a device sent: `values` are in the UCUM unit of their code."""

    device: DemoDevice
    taken: datetime
    received: datetime
    values: tuple[tuple[Code, Decimal], ...]


def body(person: DemoPerson, day: date, began: date) -> Person:
    """The person's body on `day`; `began` is the day the demo was first prepared, when courses had ended."""
    level = dict(person.level)
    share = course_share(person, day, began)
    if share:
        for name, end in _ENDS.get(person.course, {}).items():
            level[name] += (end - level[name]) * share
        if person.course == "weight-rising":
            level["weight"] += _GAINED_KG * share
    return Person(person.number, level)


def course_share(person: DemoPerson, day: date, began: date) -> float:
    """How much of the person's course had happened by `day`: 0 before it, 1 from its end on."""
    length = _WEEKS.get(person.course)
    if length is None:
        return 0.0
    # Two days short of the demo, so that the last readings agree about where it went.
    return min(max(1.0 - ((began - day).days - 2) / length, 0.0), 1.0)


def readings(device: DemoDevice, began: date, since: datetime, until: datetime) -> Iterator[PastReading]:
    """What `device` sent in (`since`, `until`], oldest first; asked again it says the same."""
    end = min(until, _silent_from(device.person, began))
    day = since.astimezone(HOME_ZONE).date() - timedelta(days=1)
    while day <= end.astimezone(HOME_ZONE).date():
        for slot in _slots(device.kind):
            reading = _reading(device, day, slot, began)
            if reading is not None and since < reading.taken and reading.received <= end:
                yield reading
        day += timedelta(days=1)


def _silent_from(person: DemoPerson, began: date) -> datetime:
    """When nothing more came from the person's kit."""
    days = SILENT_DAYS if person.course == "silent" else PAUSED_DAYS if person.status == "paused" else None
    if days is None:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(began - timedelta(days=days), time(12), HOME_ZONE)


def _slots(kind: str) -> tuple[int, ...]:
    """The hours a kind is used at: pressure and oxygen morning and evening, weight in the morning."""
    return {BP: (8, 18), OX: (8, 18), SCALE: (7,)}.get(kind, ())


def _reading(device: DemoDevice, day: date, hour: int, began: date) -> PastReading | None:
    person = device.person
    chance = random.Random(f"{device.device_id}:{day}:{hour}")
    if chance.random() < person.missed or _away(person, day):
        return None
    # A person's own habit shifts the hour; each day then differs by some minutes.
    habit = random.Random(person.number).uniform(-40, 50)
    minutes = habit + min(max(chance.gauss(0, 14), -35), 35)
    off = timedelta(minutes=minutes, seconds=chance.randrange(60))
    moment = datetime.combine(day, time(hour), HOME_ZONE) + off
    taken = moment.astimezone(UTC).replace(microsecond=chance.randrange(1000) * 1000)
    number = day.toordinal() * 100 + hour
    vitals = body(person, day, began).vitals(taken.timestamp(), 0.0, number)
    return PastReading(device, taken, taken + _on_the_way(chance), _values(device.kind, vitals))


def _away(person: DemoPerson, day: date) -> bool:
    """Every third person was away for three days some weeks ago, and nobody measured."""
    return person.number % 3 == 0 and (day.toordinal() + person.number * 5) % 47 < 3


def _on_the_way(chance: random.Random) -> timedelta:
    """From measurement to us: seconds, but one in fifty waited for the line to come back."""
    if chance.random() < 0.02:
        return timedelta(minutes=chance.uniform(20, 180))
    return timedelta(seconds=chance.uniform(1.0, 9.0))


def _values(kind: str, vitals: Vitals) -> tuple[tuple[Code, Decimal], ...]:
    pulse = (Code.PULSE, Decimal(vitals.pulse))
    if kind == BP:
        return (Code.SYSTOLIC, Decimal(vitals.systolic)), (Code.DIASTOLIC, Decimal(vitals.diastolic)), pulse
    if kind == OX:
        return (Code.SPO2, Decimal(vitals.spo2)), pulse
    return ((Code.WEIGHT, Decimal(str(vitals.weight))),)
