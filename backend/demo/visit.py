"""Makes ready for the next visitor: the last one's fall is closed, so that it can happen again."""

from __future__ import annotations

from sqlalchemy import delete, select

from backend.access.models import Patient
from backend.alerts.models import Alert, AlertEvent
from backend.core.clock import sql_now
from backend.core.db import db
from backend.demo.people import FALLING, PEOPLE
from backend.observations.models import EvaluationWait

RULE = "spo2_low"
OUTCOME = "demo-restarted"


def close_last_fall() -> int:
    """Close the falling person's open oxygen alert, with its event; returns how many there were.

    What still waits for the rules is dropped too: judged now, it would open the alert before the fall.
    """
    number = next(one.nhs_number for one in PEOPLE if one.number == FALLING)
    patient_id = db.session.execute(select(Patient.id).where(Patient.nhs_number == number)).scalar_one()
    db.session.execute(delete(EvaluationWait).where(EvaluationWait.patient_id == patient_id))
    still_open = select(Alert).where(
        Alert.patient_id == patient_id, Alert.rule == RULE, Alert.closed_at.is_(None)
    )
    alerts = db.session.execute(still_open.with_for_update()).scalars().all()
    for alert in alerts:
        alert.closed_at = db.session.execute(select(sql_now())).scalar_one()
        alert.outcome = OUTCOME
        alert.version += 1
        db.session.add(
            AlertEvent(
                alert_id=alert.id,
                patient_id=patient_id,
                kind="closed",
                words="The demo was started again.",
                detail={"outcome": OUTCOME},
            )
        )
    db.session.flush()
    return len(alerts)
