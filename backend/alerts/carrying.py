"""Carries on the episodes that are open: adds what is new to each, many of them in one statement."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text

from backend.alerts.levels import Clock, Severity
from backend.alerts.occurrence import Episode, Key, Occurrence, key_of
from backend.alerts.resting import is_press, known_at_contact
from backend.alerts.worse import broken_by
from backend.core.db import db

EVIDENCE_KEPT = 60

_COLUMNS = """a.id, a.public_id, a.patient_id, a.device, a.rule, a.level, a.title, a.reason, a.judged_by, a.evidence,
    a.true_at, a.card_id, a.claimed_at is not null as claimed, a.snooze, a.contacted_at,
    coalesce(a.snoozed_until > db_now(), false) as snoozed"""
_OPEN = text(
    f"""select {_COLUMNS} from alert a
    join (select distinct * from unnest(cast(:patients as int[]), cast(:rules as text[])) as k (patient_id, rule)) k
        on a.patient_id = k.patient_id and a.rule = k.rule
    where a.closed_at is null order by a.id for update of a"""  # noqa: S608 - our own text
)
_OPEN_UNASSIGNED = text(
    f"""select {_COLUMNS} from alert a
    join (select distinct * from unnest(cast(:devices as text[]), cast(:rules as text[])) as k (device, rule)) k
        on a.patient_id is null and a.device = k.device and a.rule = k.rule
    where a.closed_at is null order by a.id for update of a"""  # noqa: S608 - our own text
)
# A worse level brings deadlines nearer and asks for a new contact; what ends a snooze starts its owner's clock anew;
# and what comes after a contact, or is pressed anew, somebody has to acknowledge anew.
_CARRY_ON = text(
    """update alert a set repeats = a.repeats + n.repeats, evidence = n.evidence, true_at = n.true_at,
        late = a.late or n.late, level = n.level, title = n.title, reason = n.reason, judged_by = n.judged_by,
        call_999 = a.call_999 or n.call_999, version = a.version + n.bump,
        acknowledge_by = case when n.woken then t + n.ack * s when n.worse then least(a.acknowledge_by, t + n.ack * s)
            else a.acknowledge_by end,
        contact_by = case when n.woken then t + n.contact * s when n.worse then least(a.contact_by, t + n.contact * s)
            else a.contact_by end,
        rung = case when n.woken or (n.worse and a.rung_due_at is null) then 0 else a.rung end,
        rung_due_at = case when a.is_canary then null when n.woken then t + n.next * s
            when n.worse then least(a.rung_due_at, t + n.next * s) else a.rung_due_at end,
        contacted_at = case when n.woken or n.worse then null else a.contacted_at end,
        claimed_at = case when n.unclaimed then null else a.claimed_at end,
        unreached_at = case when n.unclaimed then null else a.unreached_at end,
        snoozed_until = case when n.woken then null else a.snoozed_until end,
        snooze = case when n.woken then null else a.snooze end
    from (select db_now() as t, interval '1 second' as s) clock, unnest(cast(:id as int[]), cast(:repeats as int[]),
        cast(:evidence as jsonb[]), cast(:true_at as timestamptz[]), cast(:late as boolean[]), cast(:level as text[]),
        cast(:title as text[]), cast(:reason as text[]), cast(:judged_by as text[]), cast(:call_999 as boolean[]),
        cast(:bump as int[]), cast(:worse as boolean[]), cast(:woken as boolean[]), cast(:ack as int[]),
        cast(:contact as int[]), cast(:next as int[]),
        cast(:unclaimed as boolean[])) as n (id, repeats, evidence, true_at, late, level, title, reason,
            judged_by, call_999, bump, worse, woken, ack, contact, next, unclaimed)
    where a.id = n.id"""
)


@dataclass(slots=True)
class _Stands:
    """An open alert while it is carried on."""

    row: Any
    level: Severity
    title: str
    reason: str
    judged_by: str
    evidence: list[Mapping[str, Any]]
    true_at: datetime
    clock: Clock | None = None
    repeats: int = 0
    late: bool = False
    call_999: bool = False
    bump: int = 0
    worse: bool = False
    woken: str | None = None
    unclaimed: bool = False
    # What was known of the person at the contact, by code.
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def claimed(self) -> bool:
        """Whether somebody has acknowledged it as it stands."""
        return bool(self.row.claimed) and not self.unclaimed


def carry_on(asked: Sequence[tuple[Occurrence, Clock]]) -> list[Episode | None]:
    """Add each occurrence to the open alert of its person and rule; None where there is none any more.

    Evidence already on the alert changes nothing, unless it says something worse by now, so the same reading may be
    judged any number of times. The level never falls while it is open. The words follow the newest occurrence unless
    it is milder than what opened it: then they stay, and the event tells. An older one that arrives late only adds.
    """
    stands = _open([occurrence for occurrence, _ in asked])
    for id_, known in known_at_contact([one.row for one in stands.values() if one.row.contacted_at]).items():
        next(one for one in stands.values() if one.row.id == id_).known = known
    episodes = [_add(stands.get(key_of(occurrence)), occurrence, clock) for occurrence, clock in asked]
    _write([one for one in stands.values() if one.repeats])
    return episodes


def _open(occurrences: Sequence[Occurrence]) -> dict[Key, _Stands]:
    worn = [o for o in occurrences if o.subject.patient_id is not None]
    unworn = [o for o in occurrences if o.subject.patient_id is None]
    rows: list[Any] = []
    if worn:
        asked = {"patients": [o.subject.patient_id for o in worn], "rules": [o.rule for o in worn]}
        rows += db.session.execute(_OPEN, asked).all()
    if unworn:
        devices = {"devices": [o.subject.device for o in unworn], "rules": [o.rule for o in unworn]}
        rows += db.session.execute(_OPEN_UNASSIGNED, devices).all()
    return {
        (row.patient_id, None if row.patient_id is not None else row.device, row.rule): _Stands(
            row, Severity(row.level), row.title, row.reason, row.judged_by, list(row.evidence), row.true_at
        )
        for row in rows
    }


def _add(stands: _Stands | None, occurrence: Occurrence, clock: Clock) -> Episode | None:
    if stands is None:
        return None
    row, level = stands.row, stands.level
    state = "claimed" if stands.claimed else "open"
    fresh = [dict(entry) for entry in occurrence.evidence if dict(entry) not in stands.evidence]
    worse = occurrence.level.worse_than(level)
    if not fresh and not worse:
        return Episode(row.id, row.public_id, False, False, level, state, changed=False, card_id=row.card_id)
    if stands.woken is None:
        _wake(stands, occurrence, fresh)
    newest = max((str(entry.get("at", "")) for entry in stands.evidence), default="")
    is_newer = max((str(entry.get("at", "")) for entry in occurrence.evidence), default="") >= newest
    if worse or (is_newer and not level.worse_than(occurrence.level)):
        stands.title, stands.reason, stands.judged_by = (
            occurrence.title,
            occurrence.reason,
            occurrence.judged_by,
        )
    stands.evidence = sorted([*stands.evidence, *fresh], key=lambda entry: str(entry.get("at", "")))[
        -EVIDENCE_KEPT:
    ]
    stands.true_at = min(stands.true_at, occurrence.true_at)
    stands.late = stands.late or occurrence.late
    stands.level = occurrence.level if worse else level
    stands.call_999 = stands.call_999 or occurrence.call_999
    stands.repeats += 1
    stands.worse = stands.worse or worse
    stands.clock = clock if worse or stands.clock is None else stands.clock
    stands.bump += worse or occurrence.is_new_press or stands.woken is not None
    return Episode(
        row.id, row.public_id, False, worse, stands.level, "claimed" if stands.claimed else "open",
        card_id=row.card_id, woken=stands.woken, was_snoozed=row.snoozed,
    )  # fmt: skip


def _wake(stands: _Stands, occurrence: Occurrence, fresh: Sequence[Mapping[str, Any]]) -> None:
    """End the rest of an alert that was put aside or had its contact, when this is more than was known then."""
    row = stands.row
    if not row.snoozed and row.contacted_at is None:
        return
    if is_press(occurrence):
        stands.woken = "pressed again"
    else:
        now = occurrence.level if occurrence.level.worse_than(stands.level) else stands.level
        before = row.snooze or {} if row.snoozed else {"values": stands.known}
        stands.woken = broken_by(occurrence.rule, before, (stands.level, now), stands.evidence, fresh)
    # Who put it aside has it still; of what came after a contact, or was pressed, nobody has said that they know.
    stands.unclaimed = stands.woken is not None and (row.contacted_at is not None or is_press(occurrence))


def _write(changed: Sequence[_Stands]) -> None:
    if not changed:
        return
    clocks = [one.clock for one in changed if one.clock is not None]
    db.session.execute(
        _CARRY_ON,
        {
            "id": [one.row.id for one in changed],
            "repeats": [one.repeats for one in changed],
            "evidence": [json.dumps(one.evidence) for one in changed],
            "true_at": [one.true_at for one in changed],
            "late": [one.late for one in changed],
            "level": [one.level.value for one in changed],
            "title": [one.title for one in changed],
            "reason": [one.reason for one in changed],
            "judged_by": [one.judged_by for one in changed],
            "call_999": [one.call_999 for one in changed],
            "bump": [one.bump for one in changed],
            "worse": [one.worse for one in changed],
            "woken": [one.woken is not None for one in changed],
            "ack": [int(clock.acknowledge.total_seconds()) for clock in clocks],
            "contact": [
                int((clock.contact if one.claimed else clock.acknowledge + clock.contact).total_seconds())
                for one, clock in zip(changed, clocks, strict=True)
            ],
            "next": [
                int((clock.contact if one.claimed else clock.acknowledge).total_seconds())
                for one, clock in zip(changed, clocks, strict=True)
            ],
            "unclaimed": [one.unclaimed for one in changed],
        },
    )
