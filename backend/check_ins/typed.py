"""Takes a reading that somebody read off a display and typed, as trustworthy as it is: kept, judged and named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.access import service as access
from backend.access.record import Action, Purpose, Record, RecordRefused, open_record
from backend.alerts import service as alerts
from backend.alerts.levels import Severity
from backend.check_ins.likely import is_unlikely
from backend.core.db import db, transaction
from backend.core.errors import Invalid
from backend.core.http import Actor
from backend.observations import service as observations
from backend.observations.codes import TOGETHER, Code
from backend.observations.reading import Reading, Source, Special
from backend.pathways import service as pathways

# What may be typed beside a kind because the display shows it.
BESIDE: Mapping[str, tuple[Code, ...]] = {"blood-pressure": (Code.PULSE,), "spo2": (Code.PULSE,)}
# How far a phone's clock may be before ours, as a device's may (Alongside default).
AHEAD = timedelta(minutes=2)
UNKNOWN = "unknown"
_RANKS = [level.value for level in Severity]

_BOUNDS = text("select earliest from partition_bounds()")
_KEEP = text(
    """insert into reading_typed (device_message_id, change_id, patient_id, kind, codes, effective_at, received_at,
        related_person_id, made_at, made_offline, oxygen, repeated, symptoms)
    values (:number, :change_id, :patient, :kind, :codes, :at, :received, :by, :made_at, :made_offline, :oxygen,
        :repeated, :symptoms)"""
)
_OF = text(
    """select t.codes, t.effective_at, t.received_at, t.device_message_id from reading_typed t
    where t.change_id = :change_id and t.patient_id = :patient"""
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: decimals by code in UCUM units, of one moment. `made_at` is the phone's claim."""

    kind: str
    values: Mapping[str, str]
    effective_at: datetime
    oxygen_litres: str | None
    repeated: bool
    symptoms: bool | None
    made_at: datetime | None
    made_offline: bool
    change_id: UUID


def take(record: Record, typed: Typed) -> dict[str, Any]:
    """Keep a reading; in the caller's transaction. Raises Invalid for what is no measurement or has not been yet."""
    values = _values(typed)
    _check_time(typed.effective_at)
    patient = record.patient
    by = record.actor.related_person_id
    source = Source.FORM if by is not None else Source.PERSON
    unlikely = is_unlikely(patient.id, values, typed.effective_at)
    readings = [
        Reading(code, value, code.unit, typed.effective_at, source)
        for code, value in {**values, **_beside(typed)}.items()
    ]
    number, received_at = observations.record_typed(patient.id, patient.public_id, readings)
    db.session.execute(
        _KEEP,
        {
            "number": number, "change_id": typed.change_id, "patient": patient.id, "kind": typed.kind,
            "codes": [one.code.number for one in readings], "at": typed.effective_at, "received": received_at,
            "by": by, "made_at": typed.made_at, "made_offline": typed.made_offline,
            "oxygen": typed.oxygen_litres, "repeated": typed.repeated, "symptoms": typed.symptoms,
        },
    )  # fmt: skip
    return {
        "received_at": received_at,
        "level": None,
        "judged": False,
        "monitored": _is_monitored(patient.id),
        "unlikely": unlikely,
    }


def judged(actor: Actor, patient_id: UUID, change_id: UUID) -> dict[str, Any] | None:
    """What the rules find of a reading just kept, asked after its commit; None when it is not in the record.

    The level is for whoever may see alerts. None too for who may add nothing any more: that it was kept stays true.
    """
    try:
        with transaction():
            # The same door as for the reading itself: what may be shown of an alert is asked of it below.
            record = open_record(actor, patient_id, Purpose.PATRQT, Action.ADD_READING)
            patient, may_see = record.patient.id, record.may(Action.READ_ALERTS)
            kept = db.session.execute(_OF, {"change_id": change_id, "patient": patient}).one_or_none()
            monitored = _is_monitored(patient)
    except RecordRefused:
        return None
    if kept is None:
        return None
    is_judged = alerts.judge_now(patient) and monitored
    with transaction():
        found = alerts.levels_of(patient, kept.effective_at) if may_see else {}
        values = _kept_values(patient, kept)
        return {
            "received_at": kept.received_at,
            "level": max(_levels(found, values, kept.effective_at), key=_RANKS.index, default=None),
            "judged": is_judged,
            "monitored": monitored,
            "unlikely": is_unlikely(patient, values, kept.effective_at),
        }


def _levels(
    found: Mapping[tuple[Code, datetime], str], values: Mapping[Code, Decimal], at: datetime
) -> list[str]:
    return [found[key] for code in values if (key := (code, at)) in found]


def _kept_values(patient_id: int, kept: Any) -> dict[Code, Decimal]:
    codes = [code for code in Code if code.number in kept.codes]
    until = kept.effective_at + timedelta(microseconds=1)
    stored = observations.series(patient_id, codes, kept.effective_at, until)
    return {
        one.reading.code: one.reading.value
        for one in stored
        if one.device_message_id == kept.device_message_id and isinstance(one.reading.value, Decimal)
    }


def _values(typed: Typed) -> dict[Code, Decimal]:
    """The numbers by code; what is missing, or cannot be a measurement at all, is said by its field."""
    needed, beside = TOGETHER[typed.kind], BESIDE.get(typed.kind, ())
    allowed = {code.value: code for code in (*needed, *beside)}
    errors: dict[str, list[str]] = {
        name: ["This is not part of this reading."] for name in typed.values if name not in allowed
    }
    errors |= {code.value: ["Type this number."] for code in needed if code.value not in typed.values}
    if errors:
        raise Invalid("values", "The numbers do not fit this reading.", errors=errors)
    found = {allowed[name]: Decimal(value) for name, value in typed.values.items()}
    for code, value in found.items():
        low, high = code.info.hard
        if not low <= value <= high:
            errors[code.value] = [f"Between {low} and {high}."]
    if Code.SYSTOLIC in found and found[Code.SYSTOLIC] <= found[Code.DIASTOLIC]:
        errors["systolic"] = ["The top number is higher than the bottom number."]
    if errors:
        raise Invalid("impossible", "This cannot be right. Look at the display and try again.", errors=errors)
    return found


def _beside(typed: Typed) -> dict[Code, Decimal | Special]:
    """What was asked with it. That oxygen is not known is said as such, so that no number of before stands for it."""
    found: dict[Code, Decimal | Special] = {}
    if typed.oxygen_litres is not None:
        is_known = typed.oxygen_litres != UNKNOWN
        found[Code.OXYGEN_USE] = Decimal(typed.oxygen_litres) if is_known else Special.NOT_A_NUMBER
    if typed.symptoms is not None:
        found[Code.UNWELL] = Decimal(int(typed.symptoms))
    return found


def _check_time(at: datetime) -> None:
    if at > access.database_time() + AHEAD:
        words = "This time has not been yet. Look at the clock of the phone."
        raise Invalid("future", words, errors={"effective_at": [words]})
    if at < db.session.execute(_BOUNDS).scalar_one():
        words = "This is too long ago to be kept here. Tell your team."
        raise Invalid("too-old", words, errors={"effective_at": [words]})


def _is_monitored(patient_id: int) -> bool:
    return any(one.is_live for one in pathways.enrolments_for([patient_id]).get(patient_id, []))
