"""Queues what somebody must be told, in the transaction that made it true, so that none is lost."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import text

from backend.core.db import db
from backend.core.notices import notify

ToKind = Literal["care-team", "patient", "related-person", "duty", "device"]


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell: to whom (kind and id), by which channel and template, with ids as facts.

    `facts` never hold a name, an NHS number or a health word: they travel through other people's networks.
    """

    to_kind: ToKind
    to_ref: str
    template: str
    facts: Mapping[str, str] = field(default_factory=dict)
    patient_id: int | None = None
    alert_id: int | None = None
    channel: str = "log"
    not_before: datetime | None = None


_INSERT = text(
    """insert into communication
        (patient_id, alert_id, to_kind, to_ref, channel, template, facts, not_before)
    select patient_id, alert_id, to_kind, to_ref, channel, template, facts,
        coalesce(not_before, clock_timestamp())
    from unnest(cast(:patient as int[]), cast(:alert as int[]), cast(:kind as text[]), cast(:ref as text[]),
        cast(:channel as text[]), cast(:template as text[]), cast(:facts as jsonb[]),
        cast(:not_before as timestamptz[]))
        as m (patient_id, alert_id, to_kind, to_ref, channel, template, facts, not_before)"""
)


def queue(*messages: Message) -> None:
    """Write the rows and wake the delivery when this transaction commits."""
    queue_all(messages)


def queue_all(messages: Sequence[Message]) -> None:
    """The same for many, in one round trip."""
    if not messages:
        return
    db.session.execute(
        _INSERT,
        {
            "patient": [m.patient_id for m in messages],
            "alert": [m.alert_id for m in messages],
            "kind": [m.to_kind for m in messages],
            "ref": [m.to_ref for m in messages],
            "channel": [m.channel for m in messages],
            "template": [m.template for m in messages],
            "facts": [json.dumps(dict(m.facts)) for m in messages],
            "not_before": [m.not_before for m in messages],
        },
    )
    notify({"t": "outbox"})
