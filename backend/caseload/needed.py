"""What a live pathway needs to know of somebody is not emptied by a slip: it is given another value, or stays."""

from collections.abc import Callable
from decimal import Decimal

from backend.access.care import PatientOf
from backend.access.facts import open_patient
from backend.access.record import OpenPatient, Record
from backend.caseload.joined import known_of
from backend.core.db import db
from backend.core.errors import Invalid
from backend.pathways import service as pathways
from backend.pathways.limits import SPO2_TARGET, fact_words, facts_needed
from backend.pathways.pack import Pack

WATCHED = ("live", "paused")


def packs_watched(patient_id: int) -> list[Pack]:
    """The packs somebody is watched by, a pause of their readings included."""
    enrolled = pathways.enrolments_for([patient_id]).get(patient_id, [])
    return [one.pack for one in enrolled if one.status in WATCHED]


def keeping(row: PatientOf, write: Callable[[], None]) -> None:
    """Write, and raise Invalid "still-needed" when that emptied what a pathway needs that watches this person.

    What was not known before may stay so: only the step back is refused.
    """
    before = _known(open_patient(row))
    write()
    db.session.flush()
    after = _known(open_patient(row))
    needed = facts_needed(packs_watched(row.id), after)
    _refuse({fact: titles for fact, titles in needed.items() if fact in before - after})


def check_target(record: Record, low: Decimal | None, high: Decimal | None) -> None:
    """Raise Invalid "still-needed" for a range of oxygen with one end, where a live pathway needs a target."""
    needed = facts_needed(packs_watched(record.patient.id), _known(record.patient))
    if None in (low, high) and SPO2_TARGET in needed:
        _refuse({SPO2_TARGET: needed[SPO2_TARGET]}, "low" if low is None else "high")


def _known(patient: OpenPatient) -> frozenset[str]:
    _, personal, facts = known_of(patient)
    return facts | ({SPO2_TARGET} if "spo2" in personal else set())


def _refuse(lost: dict[str, tuple[str, ...]], field: str | None = None) -> None:
    if not lost:
        return
    said = {fact: f"{' and '.join(titles)} needs {fact_words(fact)}." for fact, titles in lost.items()}
    raise Invalid(
        "still-needed",
        f"This person is watched by it: {' '.join(said.values())} Say what it is now.",
        errors={field or fact.replace("-", "_"): [words] for fact, words in said.items()},
    )
