"""Which readings stand on an alert, so that a chart marks the value that raised it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from backend.alerts.levels import Severity
from backend.alerts.models import Alert
from backend.core.db import db
from backend.observations.codes import Code


def levels_of(patient_id: int, since: datetime) -> Mapping[tuple[Code, datetime], str]:
    """The worst level of any alert, open or closed, that names a reading measured from `since` on."""
    ranks = [level.value for level in Severity]
    found: dict[tuple[Code, datetime], str] = {}
    asked = select(Alert.level, Alert.evidence).where(
        Alert.patient_id == patient_id, (Alert.closed_at.is_(None)) | (Alert.closed_at >= since)
    )
    for level, evidence in db.session.execute(asked):
        for entry in evidence:
            if "code" not in entry:
                continue
            key = (Code(entry["code"]), datetime.fromisoformat(entry["at"]))
            if key[1] >= since and (key not in found or ranks.index(level) > ranks.index(found[key])):
                found[key] = level
    return found
