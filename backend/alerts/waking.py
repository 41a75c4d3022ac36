"""Ends snoozes for what one alert alone cannot see: another rule on its card, or a new symptom of the person."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text

from backend.alerts.cards import bump_cards
from backend.alerts.levels import Severity, clock_for
from backend.alerts.occurrence import Subject
from backend.alerts.subjects import hours_of
from backend.alerts.telling import notice, record_events
from backend.core.db import db
from backend.core.notices import notify_all

_SNOOZED = """select a.id, a.public_id, a.patient_id, a.care_team_id, a.rule, a.level, a.card_id, a.is_canary,
    a.claimed_at is not null as claimed, p.public_id as patient
    from alert a join patient p on p.id = a.patient_id"""
_ON_CARDS = text(
    f"""{_SNOOZED} where a.card_id = any(:cards) and a.closed_at is null and a.snoozed_until > db_now()
    order by a.id for update of a"""
)
# A symptom that was known when somebody snoozed is no news; a snooze that does not say when it began is ended.
_OF_PEOPLE = text(
    f"""{_SNOOZED} join unnest(cast(:patients as int[]), cast(:heard as timestamptz[])) as n (patient_id, heard)
        on n.patient_id = a.patient_id
    where a.closed_at is null and a.kind <> 'technical' and a.snoozed_until > db_now()
      and coalesce(cast(a.snooze ->> 'at' as timestamptz) < n.heard, true)
    order by a.id for update of a"""
)
_WAKE = text(
    """update alert a set snoozed_until = null, snooze = null, version = a.version + 1, rung = 0, contacted_at = null,
        acknowledge_by = t + n.ack * s, contact_by = t + n.contact * s,
        rung_due_at = case when not a.is_canary then t + n.next * s end
    from (select db_now() as t, interval '1 second' as s) clock, unnest(cast(:id as int[]), cast(:ack as int[]),
        cast(:contact as int[]), cast(:next as int[])) as n (id, ack, contact, next)
    where a.id = n.id"""
)


def wake_cards(card_ids: Collection[int], why: str) -> int:
    """Another rule joined these cards: whatever is snoozed on them is awake; answers how many alerts."""
    return _wake(db.session.execute(_ON_CARDS, {"cards": sorted(card_ids)}).all(), why) if card_ids else 0


def wake_people(heard: Mapping[int, datetime], why: str) -> int:
    """Something new is known of these people since `heard`: what was snoozed before that is awake."""
    if not heard:
        return 0
    asked = {"patients": list(heard), "heard": list(heard.values())}
    return _wake(db.session.execute(_OF_PEOPLE, asked).all(), why)


def _wake(rows: Collection[Any], why: str) -> int:
    if not rows:
        return 0
    hours = hours_of({row.care_team_id for row in rows if row.care_team_id is not None})
    clocks = []
    for row in rows:
        watched, now = hours.get(row.care_team_id or 0, (None, None))
        clocks.append(clock_for(row.rule, Severity(row.level), now, watched))
    pairs = list(zip(rows, clocks, strict=True))
    db.session.execute(
        _WAKE,
        {
            "id": [row.id for row in rows],
            "ack": [int(clock.acknowledge.total_seconds()) for clock in clocks],
            "contact": [
                int((c.contact if row.claimed else c.acknowledge + c.contact).total_seconds())
                for row, c in pairs
            ],
            "next": [int((c.contact if row.claimed else c.acknowledge).total_seconds()) for row, c in pairs],
        },
    )
    bump_cards({row.card_id for row in rows} - {row.id for row in rows})
    record_events(
        (row.id, row.patient_id, "snooze-broken", f"Awake again: {why}", {"why": why}) for row in rows
    )
    notify_all(
        notice(
            Subject(row.patient_id, row.patient, row.care_team_id, row.is_canary), row.public_id,
            Severity(row.level), "claimed" if row.claimed else "open", row.rule,
        )
        for row in rows
    )  # fmt: skip
    return len(rows)
