"""What counts as new against an alert that rests since a contact: a press, or a value worse than was known then."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from backend.alerts.levels import Severity
from backend.alerts.occurrence import Occurrence
from backend.observations import service as observations
from backend.observations.codes import Code
from backend.observations.reading import Special, StoredReading

# Whoever spoke to a person knew what was measured in the day before. Alongside default, not national guidance.
KNOWN_FOR = timedelta(days=1)


def is_press(occurrence: Occurrence) -> bool:
    """Whether somebody asks for help anew. A battery that says once more that it is low does not."""
    is_kit = occurrence.kind == "technical" and not occurrence.level.worse_than(Severity.SOON)
    return occurrence.is_new_press and not is_kit


def known_at_contact(rows: Sequence[Any]) -> dict[int, dict[str, str]]:
    """The newest value of each code an alert rests on, as it was known at the contact: alert -> {code: value}.

    Not the alert's own evidence alone: who was back in range when somebody spoke to them has fallen ill anew.
    `rows` have id, patient_id, evidence and contacted_at; one query for all.
    """
    since: dict[tuple[int, Code], datetime] = {}
    codes: dict[int, set[Code]] = {}
    for row in rows:
        mine = {Code(entry["code"]) for entry in row.evidence if "code" in entry}
        if row.patient_id is None or not mine:
            continue
        codes[row.id] = mine
        for code in mine:
            key = (row.patient_id, code)
            since[key] = min(since.get(key, row.contacted_at), row.contacted_at - KNOWN_FOR)
    values = observations.recent(since) if since else {}
    return {
        row.id: _known(row, values.get(row.patient_id, ()), codes[row.id]) for row in rows if row.id in codes
    }


def _known(row: Any, values: Sequence[StoredReading], codes: set[Code]) -> dict[str, str]:
    """By what the alert itself showed then; the newest that was measured and known then goes before it."""
    at: datetime = row.contacted_at
    shown = sorted(
        (e for e in row.evidence if "code" in e and _known_at(e) <= at), key=lambda e: str(e["at"])
    )
    found: dict[str, str] = {str(entry["code"]): str(entry["value"]) for entry in shown}
    for one in values:
        if one.reading.code in codes and one.received_at <= at and one.reading.effective_at <= at:
            value = one.reading.value
            found[one.reading.code.value] = value.name if isinstance(value, Special) else str(value)
    return found


def _known_at(entry: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(entry.get("received") or entry["at"]))
