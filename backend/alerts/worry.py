"""Raises "I'm worried" in the moment it is said: it waits for no job, no pathway and no hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from sqlalchemy import select

from backend.access import service as access
from backend.access.record import OpenPatient
from backend.alerts.episodes import raise_episodes
from backend.alerts.history import History
from backend.alerts.judge import evidence_row
from backend.alerts.models import Alert
from backend.alerts.occurrence import Episode, Occurrence
from backend.alerts.rules import concern
from backend.alerts.subjects import people
from backend.core.clock import sql_now
from backend.core.db import db
from backend.observations import service as observations
from backend.observations.codes import Code
from backend.observations.reading import Reading, Source

RULE = "concern"
# The values of the code: 1 is the person's own worry, 2 a carer's.
SAID_BY: dict[Literal["person", "carer"], Decimal] = {"person": Decimal(1), "carer": Decimal(2)}


def raise_concern(patient: OpenPatient, by: Literal["person", "carer"]) -> tuple[Episode, datetime]:
    """Put a worry on the team's list at once, whatever the state of monitoring; answers the alert and when.

    In the caller's transaction. While such an alert is open, saying it once more tells the team once more.
    """
    now = access.database_time()
    said = Reading(Code.CONCERN, SAID_BY[by], Code.CONCERN.unit, now, Source.PERSON)
    stored = observations.record_said(patient.id, patient.public_id, said)
    finding = concern.evaluate(History((said,), now))
    assert finding is not None
    occurrence = Occurrence(
        subject=people([patient.id])[patient.id].subject,
        rule=RULE,
        kind="clinical",
        level=finding.severity,
        title=finding.title,
        reason=finding.reason,
        true_at=now,
        known_at=stored.received_at,
        judged_by=concern.SOURCE,
        evidence=[evidence_row(stored)],
        is_new_press=True,
    )
    return raise_episodes([occurrence])[0], now


# An Alongside default: whoever said it looks within two days, or asks.
_TOLD_FOR = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class CarersWorry:
    """That a carer's worry reached the team, and who of the team saw it when; both are None until somebody has."""

    said_at: datetime
    seen_at: datetime | None
    by: str | None


def is_carers_worry(row: Alert) -> bool:
    """Whether a carer said it, of themselves or beside the person."""
    said = str(SAID_BY["carer"])
    return row.rule == RULE and any(one.get("value") == said for one in row.evidence)


def carers_worry(patient_id: int) -> CarersWorry | None:
    """The newest worry a carer said lately of this person, for them to know whether it was seen."""
    lately = select(Alert).where(
        Alert.patient_id == patient_id, Alert.rule == RULE, Alert.opened_at > sql_now() - _TOLD_FOR
    )
    for row in db.session.scalars(lately.order_by(Alert.opened_at.desc())):
        if is_carers_worry(row):
            known = [] if row.owner_id is None else access.practitioner_names([row.owner_id]).values()
            return CarersWorry(row.true_at, row.seen_at, next((name for _, name in known), None))
    return None
