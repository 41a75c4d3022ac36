"""Raises what is dangerous in a message that is held: unplaced must never mean unheard."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import text

from backend.alerts.episodes import raise_episodes
from backend.alerts.history import number
from backend.alerts.judge import LATE_AFTER
from backend.alerts.levels import Severity
from backend.alerts.occurrence import Episode, Occurrence, Subject
from backend.alerts.subjects import people
from backend.core.db import db
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special


@dataclass(frozen=True, slots=True)
class Danger:
    """From where a value of one code is dangerous for anybody: at or under `low`, under `below`, at or over `high`."""

    name: str
    unit: str
    source: str
    low: Decimal | None = None
    below: Decimal | None = None
    high: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        """Whether this value is dangerous; compared as it came, never rounded."""
        return (
            (self.low is not None and value <= self.low)
            or (self.below is not None and value < self.below)
            or (self.high is not None and value >= self.high)
        )


NEWS2 = "National Early Warning Score 2, Royal College of Physicians 2017: a band of three points"
# National absolute limits alone: whose reading it is is not known, so nobody's own target can be asked.
DANGERS: dict[Code, Danger] = {
    Code.SPO2: Danger("Oxygen", "%", NEWS2, low=Decimal(91)),
    Code.SYSTOLIC: Danger(
        "Systolic blood pressure", " mmHg", f"{NEWS2}; severe: NICE NG136", low=Decimal(90), high=Decimal(180)
    ),
    Code.PULSE: Danger("Pulse", " a minute", NEWS2, low=Decimal(40), high=Decimal(131)),
    Code.TEMPERATURE: Danger(
        "Temperature", " °C", f"{NEWS2}; its highest band of temperature", low=Decimal("35.0"), high=Decimal("39.1")
    ),
    Code.GLUCOSE: Danger(
        "Glucose", " mmol/L", "International Hypoglycaemia Study Group: level 2", below=Decimal("3.0")
    ),
    Code.KETONES: Danger("Ketones", " mmol/L", "UK ketone advice: 3 and over is an emergency", high=Decimal("3.0")),
}  # fmt: skip

# Reasons after which the time of measurement is not known, so that anybody of the last days may be meant.
TIMELESS = frozenset({"ahead", "clock-not-set", "no-time", "time", "time-out-of-range", "ambiguous-time"})
# Alongside defaults: how far back a buffered reading may reach, how far a hand-over blurs who had the device, and
# from what age on a danger is no longer a matter of minutes.
BUFFERED, BLUR, OLD = timedelta(days=7), timedelta(days=1), timedelta(days=1)
# Above so many in one batch, one card a device and reason is written.
MOST_EACH = 50

WHY = {
    "not-bound": "nobody was registered as wearing it then",
    "unknown-device": "the device is not registered",
    "device-revoked": "the device was put out, as lost, stolen, faulty or returned",
    "slot-unknown": "it is shared and does not say who measured",
    "implausible": "the value itself may be wrong",
    "time-out-of-range": "its time is not within the months that are kept open",
    "id-reused": "the device numbered its messages twice",
} | dict.fromkeys(TIMELESS - {"time-out-of-range"}, "its clock cannot be relied on")

NO_CONSENT = "no-consent"

_DEVICE = text(
    """select d.id, d.kind, d.is_canary, d.last_known_address,
        (select array_agg(distinct a.patient_id) from device_association a
            where a.device_id = d.id and a.valid @> cast(:at as timestamptz)) as then_worn_by,
        (select array_agg(distinct a.patient_id) from device_association a where a.device_id = d.id
            and a.valid && tstzrange(:since, :until, '[]')) as about_then
    from (select 1) one left join device d on d.device_id = :device"""
)


class HeldReading(NamedTuple):
    """What could be read of one message that was put aside, and why it was."""

    device: str
    reason: str
    received_at: datetime
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A held message with something dangerous in it."""

    held: HeldReading
    words: str
    sources: tuple[str, ...]
    codes: tuple[str, ...] = field(default=())

    @property
    def at(self) -> datetime | None:
        """When it was measured, None when nobody can tell."""
        if self.held.reason in TIMELESS:
            return None
        return min(self.held.readings[0].effective_at, self.held.received_at)


def raise_held(held: Sequence[HeldReading]) -> list[Episode]:
    """Open or carry on an unconfirmed alert for each message with a dangerous value; never commits.

    To the wearer's team when exactly one person may be meant, else on every duty desk with the device and its last
    known address. A person who has not agreed to being monitored is not named and the value is not said: the card
    asks somebody to ring and to settle the kit. One open alert a device (or person) and rule.
    """
    found = [danger for one in held if (danger := _danger(one)) is not None]
    if len(found) > MOST_EACH:
        # A backlog of one faulty device must not hold up everybody's: its newest speaks for it.
        found.sort(key=lambda one: one.at or one.held.received_at)
        found = list({(one.held.device, one.held.reason): one for one in found}.values())
    return raise_episodes([_occurrence(one) for one in found]) if found else []


def _danger(held: HeldReading) -> _Found | None:
    said: list[str] = []
    sources: dict[str, None] = {}
    codes: list[str] = []
    for reading in held.readings:
        danger = DANGERS.get(reading.code)
        if danger is None:
            continue
        value = reading.value
        if isinstance(value, Special) and value in (Special.LO, Special.HI):
            said.append(f"{danger.name}: the meter shows {value.name}")
        elif isinstance(value, Decimal) and danger.holds(value):
            said.append(f"{danger.name} {number(value)}{danger.unit}")
        else:
            continue
        sources[danger.source] = None
        codes.append(reading.code.value)
    return _Found(held, ", ".join(said), tuple(sources), tuple(codes)) if said else None


def _occurrence(found: _Found) -> Occurrence:
    held, at = found.held, found.at
    row: Any = db.session.execute(
        _DEVICE,
        {
            "device": held.device,
            "at": at or held.received_at,
            "since": held.received_at - BUFFERED if at is None else at - BLUR,
            "until": held.received_at,
        },
    ).one()
    what = (row.kind or "device").replace("-", " ").replace("_", " ")
    where = row.last_known_address or "none on record"
    subject, title, reason = _words(found, row, what, where)
    is_old = at is not None and held.received_at - at > OLD
    return Occurrence(
        subject=subject,
        rule="held_no_consent" if held.reason == NO_CONSENT else "held_reading",
        kind="technical" if held.reason == NO_CONSENT else "clinical",
        level=Severity.SOON if is_old else Severity.URGENT,
        title=title,
        reason=reason,
        true_at=at or held.received_at,
        known_at=held.received_at,
        late=at is not None and held.received_at - at > LATE_AFTER,
        judged_by="; ".join(found.sources),
        evidence=[
            {
                "at": (at or held.received_at).isoformat(),
                "device": held.device,
                "held": [] if held.reason == NO_CONSENT else list(found.codes),
                "why": held.reason,
            }
        ],
    )


def _words(found: _Found, row: Any, what: str, where: str) -> tuple[Subject, str, str]:
    """Whom the card is about, its title and what it says."""
    held = found.held
    nobody = Subject(None, None, None, bool(row.is_canary), row.id, held.device)
    if held.reason == NO_CONSENT:
        # Neither the name nor the value: they have not agreed that anybody looks at it.
        return (
            nobody,
            f"{what.capitalize()} of somebody who is not monitored",
            f"A {what} sends readings though its wearer has not agreed to being monitored, and one of them is past a"
            " national limit. It is not shown. Ring them, then ask for their agreement or collect the kit."
            f" Last known address: {where}",
        )
    why = WHY.get(held.reason, "it could not be stored as it came")
    patient_id = _only_one(found, row)
    if patient_id is not None and (person := people([patient_id]).get(patient_id)) is not None:
        about = person.subject
        subject = Subject(
            about.patient_id, about.patient, about.care_team_id, about.is_canary, row.id, held.device
        )
        return (
            subject,
            "Dangerous reading, not confirmed",
            f"A reading we could not place: {found.words} from the {what}. Not confirmed as theirs: {why}",
        )
    return (
        nobody,
        f"Unassigned {what}: dangerous reading",
        f"A reading we could not place: {found.words} from a {what}. It may be of someone in this home:"
        f" {why}. Not confirmed. Last known address: {where}",
    )


def _only_one(found: _Found, row: Any) -> int | None:
    """The one person who may be meant; None for nobody and for several."""
    then = row.then_worn_by if found.at is not None else None
    if then and found.held.reason == "not-bound":
        # Somebody wore it in another slot, so this is another user of the same home.
        return None
    candidates = then or row.about_then or []
    return candidates[0] if len(candidates) == 1 else None
