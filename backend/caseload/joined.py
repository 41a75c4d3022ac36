"""How far somebody who joins has come: their status, their first reading, and what stands before going live."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from backend.access import service as access
from backend.access.record import OpenPatient
from backend.alerts import service as alerts
from backend.caseload.models import SensorReason
from backend.core.clock import whole_years
from backend.core.db import db
from backend.kit.returning import NEEDS_REASON, KitOf, kit_of
from backend.observations import service as observations
from backend.observations.codes import Code
from backend.pathways import enrolling
from backend.pathways import service as pathways
from backend.pathways.limits import TELECARE_ROUTE, combine_parameters

CLOCKS_DIFFER_BY = timedelta(minutes=5)
STATUSES = ("live", "paused", "awaiting-kit", "referred")
# What a first reading is called on the page, by the code that says it.
KINDS = {
    Code.SPO2: "spo2", Code.SYSTOLIC: "blood-pressure", Code.DIASTOLIC: "blood-pressure", Code.PULSE: "pulse",
    Code.WEIGHT: "weight", Code.TEMPERATURE: "temperature", Code.GLUCOSE: "glucose",
    Code.PEAK_FLOW: "peak-flow",
}  # fmt: skip


def status_of(statuses: Iterable[str]) -> str:
    """One word for several enrolments. Only "live" counts as monitored; on nothing any more is "ended"."""
    said = set(statuses)
    return next((status for status in STATUSES if status in said), "ended")


def status_now(patient_id: int) -> str:
    """That word for one person."""
    return status_of(enrolling.statuses_of([patient_id]).get(patient_id, []))


def first_reading(patient_id: int, since: datetime | None) -> dict[str, Any] | None:
    """The first that came since they joined: when, and what kind; None while nothing has."""
    if since is None:
        return None
    # A device's clock may be a little behind ours; its reading is the first all the same.
    until = access.database_time() + CLOCKS_DIFFER_BY
    came = observations.series(patient_id, list(KINDS), since - CLOCKS_DIFFER_BY, until)
    came = [one for one in came if one.received_at >= since]
    if not came:
        return None
    first = min(came, key=lambda one: (one.received_at, one.reading.effective_at))
    return {
        "at": first.reading.effective_at, "received_at": first.received_at, "kind": KINDS[first.reading.code]
    }  # fmt: skip


def problems_of(patient: OpenPatient) -> list[str]:
    """What stands between this person and going live, a sentence each."""
    return pathways.problems_of(patient.id, *known_of(patient)) + _unproved_routes(patient.id)


def known_of(patient: OpenPatient) -> tuple[int, frozenset[str], frozenset[str]]:
    """Age, the codes with a limit of their own, and the names of the facts that are known.

    Whether they live alone stands in their record, why a sensor in the reasons kept with it, and a telecare route
    is known when kit they call with was proved: nobody writes these two as facts.
    """
    personal = {
        code.value
        for code, one in alerts.limits_for(patient).items()
        # A target of oxygen is a range: with one end it says nothing of the other.
        if one.personal and not (code is Code.SPO2 and None in (one.low, one.high))
    }
    pieces = kit_of(patient.id)
    derived = {
        "lives-alone": patient.lives_alone is not None,
        "least-restrictive-reason": _has_reasons(patient.id, pieces),
        TELECARE_ROUTE: any(one.is_way_to_call for one in pieces),
    }
    stored = pathways.known_facts(patient.facts) - set(derived)
    age = whole_years(patient.birth_date, access.database_time().date())
    return age, frozenset(personal), stored | {name for name, stands in derived.items() if stands}


def _has_reasons(patient_id: int, pieces: Sequence[KitOf]) -> bool:
    """True when every sensor that needs a reason has one, and there is a reason at all."""
    given = set(
        db.session.scalars(select(SensorReason.device_id).where(SensorReason.patient_id == patient_id))
    )
    asked = {one.row_id for one in pieces if one.kind in NEEDS_REASON}
    return asked <= given and any(one.row_id in given for one in pieces)


def _is_on_telecare(patient_id: int) -> bool:
    enrolled = pathways.enrolments_for([patient_id]).get(patient_id, [])
    return any(TELECARE_ROUTE in one.pack.facts_needed for one in enrolled)


def _unproved_routes(patient_id: int) -> list[str]:
    """Telecare is not watched while any of its kit calls by a route nobody has tried (care rules, section 1)."""
    if not _is_on_telecare(patient_id):
        return []
    return [
        f"the {_named(one)} is not proved yet: name and prove its 24-hour route"
        for one in kit_of(patient_id)
        if one.is_telecare and not one.route_proved
    ]


def _named(one: KitOf) -> str:
    return f"{one.kind.replace('-', ' ')} {one.device_id}"


def conflicts_of(patient: OpenPatient) -> list[dict[str, Any]]:
    """Limits on which this person's pathways disagree and nobody has chosen yet."""
    age, personal, _ = known_of(patient)
    enrolled = pathways.enrolments_for([patient.id]).get(patient.id, [])
    return [
        {
            "code": code,
            "ranges": [
                {
                    "low": None if one.low is None else str(one.low),
                    "high": None if one.high is None else str(one.high), "source": one.source,
                }
                for one in ranges
            ],
        }
        for code, ranges in pathways.pack_limits(enrolled, age).conflicts.items()
        if code not in personal
    ]  # fmt: skip


def rule_conflicts_of(patient_id: int) -> list[dict[str, Any]]:
    """What this person's pathways set differently for a rule and nobody has chosen yet, with each one's value."""
    enrolled = pathways.enrolments_for([patient_id]).get(patient_id, [])
    chosen = enrolled[0].chosen if enrolled else {}
    conflicts = combine_parameters([one.pack for one in enrolled], chosen).conflicts
    return [
        {
            "rule": rule, "name": name,
            "values": [{"value": value, "source": title} for value, title in values],
        }
        for (rule, name), values in conflicts.items()
    ]  # fmt: skip


def warnings_of(patient: OpenPatient, kit: Sequence[KitOf]) -> list[str]:
    """What somebody should see to, although the person may be watched without it."""
    stops = _is_on_telecare(patient.id)
    return [
        f"The {_named(one)} is not proved yet: prove its 24-hour route."
        if not one.route_proved
        else f"The proof of the {_named(one)} is not finished yet."
        for one in kit
        if one.is_telecare and one.state != "live" and (one.route_proved or not stops)
    ]
