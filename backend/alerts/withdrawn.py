"""Says on an alert that a reading behind it was taken out of the record since; it stays open until somebody looks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.alerts.models import Alert
from backend.observations import service as observations

ALL = "The reading behind this was withdrawn"
SOME = "Some of the readings behind this were withdrawn"

Name = tuple[int, datetime, datetime]


def withdrawn(alerts: Iterable[Alert]) -> dict[int, str]:
    """The words for each alert whose evidence is void now, by inside key; one query for all."""
    clinical = [alert for alert in alerts if alert.patient_id is not None and alert.kind == "clinical"]
    if not clinical:
        return {}
    void = observations.voided({alert.patient_id for alert in clinical if alert.patient_id is not None})
    if not void:
        return {}
    found = {alert.id: share(alert.patient_id or 0, alert.evidence, void) for alert in clinical}
    return {id_: ALL if part == "all" else SOME for id_, part in found.items() if part != "none"}


def share(patient_id: int, evidence: Sequence[Mapping[str, Any]], of: Collection[Name]) -> str:
    """How much of an alert's evidence is among `of`, as (inside key, measured at, received at): all, some or none."""
    names = [
        (patient_id, datetime.fromisoformat(row["at"]), datetime.fromisoformat(row["received"]))
        for row in evidence
        if "code" in row and "received" in row
    ]
    held = sum(name in of for name in names)
    return "none" if held == 0 else "all" if held == len(names) else "some"
