"""Which readings stand on an alert, so that a chart marks the value that raised it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text

from backend.alerts.levels import Severity
from backend.core.db import fetch
from backend.observations.codes import Code

_STANDING = text("""select level, evidence from alert
    where patient_id = :patient_id and (closed_at is null or closed_at >= :since)""")


def levels_of(patient_id: int, since: datetime) -> Mapping[tuple[Code, datetime], str]:
    """The worst level of any alert, open or closed, that names a reading measured from `since` on."""
    ranks = [level.value for level in Severity]
    found: dict[tuple[Code, datetime], str] = {}
    for level, evidence in fetch(_STANDING, patient_id=patient_id, since=since):
        for entry in evidence:
            if "code" not in entry:
                continue
            key = (Code(entry["code"]), datetime.fromisoformat(entry["at"]))
            if key[1] >= since and (key not in found or ranks.index(level) > ranks.index(found[key])):
                found[key] = level
    return found
