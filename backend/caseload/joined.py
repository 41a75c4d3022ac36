"""How far somebody who joins has come: their status, their first reading, and what stands before going live."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from backend.access import service as access
from backend.access.record import OpenPatient
from backend.alerts import service as alerts
from backend.core.clock import whole_years
from backend.kit.returning import KitOf
from backend.observations import service as observations
from backend.observations.codes import Code
from backend.pathways import enrolling
from backend.pathways import service as pathways

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
    return pathways.problems_of(patient.id, *known_of(patient))


def known_of(patient: OpenPatient) -> tuple[int, frozenset[str], frozenset[str]]:
    """Age, the codes with a limit of their own, and the names of the facts that are known."""
    personal = {code.value for code, one in alerts.limits_for(patient).items() if one.personal}
    age = whole_years(patient.birth_date, access.database_time().date())
    return age, frozenset(personal), pathways.known_facts(patient.facts)


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


def warnings_of(kit: Sequence[KitOf]) -> list[str]:
    """What somebody should see to, although the person may be watched without it."""
    return [
        f"The {one.kind.replace('-', ' ')} {one.device_id} is not proved yet: prove its 24-hour route."
        for one in kit
        if one.is_telecare and one.state != "live"
    ]
