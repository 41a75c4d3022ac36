"""Queues what somebody must be told, in the transaction that made it true, so that none is lost."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import text

from backend.core.db import db
from backend.core.notices import notify

ToKind = Literal["care-team", "patient", "related-person", "practitioner", "duty", "device", "organization"]


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell: to whom (kind and id), by which channel and template, with ids as facts.

    `facts` never hold a name, an NHS number or a health word: they travel through other people's networks.
    Channel "best" tries whatever leads to whom it is for, in order. `public_id` is for whoever has to find it again.
    """

    to_kind: ToKind
    to_ref: str
    template: str
    facts: Mapping[str, str] = field(default_factory=dict)
    patient_id: int | None = None
    alert_id: int | None = None
    channel: str = "best"
    not_before: datetime | None = None
    public_id: UUID | None = None


INSERT = """insert into communication
        (patient_id, alert_id, to_kind, to_ref, channel, template, facts, not_before, public_id)
    select patient_id, alert_id, to_kind, to_ref, channel, template, facts,
        coalesce(not_before, db_now()), coalesce(public_id, gen_random_uuid())
    from unnest(cast(:patient as int[]), cast(:alert as int[]), cast(:kind as text[]), cast(:ref as text[]),
        cast(:channel as text[]), cast(:template as text[]), cast(:facts as jsonb[]),
        cast(:not_before as timestamptz[]), cast(:public_id as uuid[]))
        as m (patient_id, alert_id, to_kind, to_ref, channel, template, facts, not_before, public_id)"""
# What wakes the delivery when the rows are there.
WAKE: Mapping[str, object] = {"t": "outbox"}


def queue(*messages: Message) -> None:
    """Write the rows and wake the delivery when this transaction commits."""
    queue_all(messages)


def queue_all(messages: Sequence[Message]) -> None:
    """The same for many, in one round trip."""
    if not messages:
        return
    db.session.execute(text(INSERT), columns(messages))
    notify(WAKE)


def columns(messages: Sequence[Message]) -> dict[str, object]:
    """The parameters of `INSERT`, for whoever writes these rows in one statement with others."""
    return {
        "patient": [m.patient_id for m in messages],
        "alert": [m.alert_id for m in messages],
        "kind": [m.to_kind for m in messages],
        "ref": [m.to_ref for m in messages],
        "channel": [m.channel for m in messages],
        "template": [m.template for m in messages],
        "facts": [json.dumps(dict(m.facts)) for m in messages],
        "not_before": [m.not_before for m in messages],
        "public_id": [m.public_id for m in messages],
    }
