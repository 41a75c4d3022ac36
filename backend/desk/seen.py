"""Tells the carers a person chose that staff have seen something: once for each thing, and without its words."""

from collections.abc import Sequence
from uuid import UUID

from backend.access import helping
from backend.access.record import OpenPatient
from backend.alerts import service as alerts
from backend.alerts.models import Alert
from backend.core.outbox import Message, queue_all
from backend.plans import service as plans

TEMPLATE = "nurse-has-seen"


def tell_carers(patient: OpenPatient, seen: Sequence[Alert]) -> None:
    """Of what staff of this person's have just seen for the first time; in the caller's transaction.

    Whoever may see alerts hears of each that carers may hear of. Of a carer's own worry whoever was chosen hears.
    """
    told = [one for one in seen if alerts.seen_by_proxy(one.rule)]
    if not told or patient.is_canary or not plans.tells_carers(patient.id):
        return
    is_worry = any(alerts.is_carers_worry(one) for one in told)
    to: list[UUID] = helping.to_tell_when_seen(patient.id, sees_alerts=not is_worry)
    facts = {"alert": str(told[0].public_id)}
    queue_all([Message("related-person", str(one), TEMPLATE, facts, patient.id, told[0].id) for one in to])
