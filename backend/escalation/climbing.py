"""Takes the steps that are due: who is told, by what, and when the next follows, in the transaction that says so."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.alerts import service as alerts
from backend.alerts.levels import Severity
from backend.alerts.telling import record_events
from backend.core.db import db
from backend.core.outbox import Message, queue_all
from backend.escalation.ladder import LAST, RED, Climb, Ladder, Try, climb, ladder_for
from backend.escalation.people import DUTY, Rosters, rosters
from backend.messages.outgoing import Address
from backend.pathways import service as pathways

log = logging.getLogger("alongside.escalation")

BATCH = 500
# An alert whose step fails is tried again after this. Alongside default, not national guidance.
RETRY_AFTER = timedelta(seconds=30)

# Not while it is snoozed, which an emergency never is; a row that somebody is acting on is taken the next time.
_DUE = text(
    """select a.id, a.public_id, a.card_id, a.patient_id, a.rule, a.level, a.owner_id, a.rung, a.rung_due_at,
        coalesce((select c.care_team_id from caseload c where c.patient_id = a.patient_id
            and c.valid @> db_now() order by c.id limit 1), a.care_team_id) as team, db_now() as now
    from alert a
    where a.closed_at is null and a.rung_due_at <= (select db_now()) and not a.is_canary
        and (a.snoozed_until is null or a.snoozed_until <= db_now() or a.level = 'emergency')
    order by case a.level when 'emergency' then 0 when 'urgent' then 1 else 2 end, a.rung_due_at, a.id
    limit :limit for update of a skip locked"""
)
_STEPS = text(
    """insert into escalation_step (alert_id, rung, place, phase, practitioner_id, organization_id, channel,
        communication_id, due_at, at, outcome)
    select s.alert_id, s.rung, s.place, s.phase, s.practitioner_id, s.organization_id, s.channel, c.id, s.due_at,
        s.at, s.outcome
    from unnest(cast(:alert_id as int[]), cast(:rung as smallint[]), cast(:place as text[]),
        cast(:phase as text[]), cast(:practitioner_id as int[]), cast(:organization_id as int[]),
        cast(:channel as text[]), cast(:communication as uuid[]),
        cast(:due_at as timestamptz[]), cast(:at as timestamptz[]),
        cast(:outcome as text[])) with ordinality
        as s (alert_id, rung, place, phase, practitioner_id, organization_id, channel, communication, due_at, at,
            outcome, n)
    left join communication c on c.public_id = s.communication order by s.n"""
)
_MOVE = text(
    """update alert a set rung = m.rung, rung_due_at = m.due
    from unnest(cast(:id as int[]), cast(:rung as smallint[]), cast(:due as timestamptz[])) as m (id, rung, due)
    where a.id = m.id"""
)
_PLACE_WORDS = {
    "assigned": "who has it",
    "team": "the team",
    "on-call": "who is on call",
    "duty-manager": "the duty manager",
    LAST: "the alarm centre or duty line",
}
_TEMPLATES = {"assigned": "yours-waits", LAST: "alert-at-the-top"}


@dataclass(frozen=True, slots=True)
class _Step:
    """One try on one alert, with the message that carries it, if one goes out."""

    row: Any
    taken: Try
    communication: UUID | None


def take_due(limit: int = BATCH) -> int:
    """Take one step for each alert that is due; answers how many were looked at. In the caller's transaction.

    Harmless twice: each that was taken is due again only later, and two workers never take the same one.
    """
    rows = list(db.session.execute(_DUE, {"limit": limit}))
    if not rows:
        return 0
    try:
        with db.session.begin_nested():
            _take(rows)
    except Exception as fault:
        if isinstance(fault, DBAPIError) and fault.connection_invalidated:
            raise
        for row in rows:
            _take_alone(row)
    return len(rows)


def _take_alone(row: Any) -> None:
    """Of a batch that one spoils: the others climb, and that one waits and is tried again."""
    try:
        with db.session.begin_nested():
            _take([row])
    except Exception as fault:
        if isinstance(fault, DBAPIError) and fault.connection_invalidated:
            raise
        log.exception("alert %s could not climb; it waits", row.id)
        db.session.execute(_MOVE, {"id": [row.id], "rung": [row.rung], "due": [row.now + RETRY_AFTER]})


def _take(rows: Sequence[Any]) -> None:
    ladders = ladders_of(rows)
    found = rosters({r.team for r in rows if r.team}, {r.owner_id for r in rows if r.owner_id})
    moves: dict[int, tuple[int, datetime | None]] = {}
    climbed: list[tuple[Any, Climb]] = []
    for row in rows:
        ladder = ladders[row.id]
        wait_until = None if is_red(row) else found.watch_of(row.team).next_at
        if ladder is None or wait_until is not None:
            moves[row.id] = (row.rung, wait_until)
            continue
        step = _climb(row, ladder, found)
        moves[row.id] = (step.rung, row.now + step.wait)
        climbed.append((row, step))
    _write(climbed, found)
    due = [when for _, when in moves.values()]
    db.session.execute(_MOVE, {"id": list(moves), "rung": [rung for rung, _ in moves.values()], "due": due})
    alerts.note_told([row.id for row, _ in climbed])


def is_red(row: Any) -> bool:
    """Urgent or worse: no quiet hours, no waiting for the team to open."""
    return Severity(row.level) in RED


def ladders_of(rows: Sequence[Any]) -> Mapping[int, Ladder | None]:
    """The ladder of each alert row (id, patient_id, rule, level), by its person's live pathways.

    Those that run the rule say how it climbs; where none does, all of them.
    """
    enrolled = pathways.enrolments_for({row.patient_id for row in rows if row.patient_id is not None})
    found: dict[int, Ladder | None] = {}
    for row in rows:
        live = [one for one in enrolled.get(row.patient_id, []) if one.is_live]
        asked = [one for one in live if row.rule in one.pack.rules] or live
        packs = [(one.names_version, one.pack.ladder(row.level)) for one in asked]
        found[row.id] = ladder_for(row.rule, Severity(row.level), packs)
    return found


def _climb(row: Any, ladder: Ladder, found: Rosters) -> Climb:
    every_way = Severity(row.level) is Severity.EMERGENCY
    owner = found.owners.get(row.owner_id) if row.owner_id is not None else None
    return climb(ladder, row.rung, found.of(row.team), every_way=every_way, owner=owner)


def _write(climbed: Sequence[tuple[Any, Climb]], found: Rosters) -> None:
    """The messages, the steps and what the time line says."""
    told: dict[tuple[Address, str, str], Message] = {}
    steps: list[_Step] = []
    for row, step in climbed:
        for taken in step.tries:
            message = _message(row, taken, found, told) if taken.outcome == "queued" else None
            steps.append(_Step(row, taken, message.public_id if message else None))
    queue_all(list(told.values()))
    if steps:
        _keep(steps)
    record_events(
        (row.id, row.patient_id, "escalated", _words(row, step), {"rung": step.rung, "top": step.at_top})
        for row, step in climbed
    )


def _keep(steps: Sequence[_Step]) -> None:
    db.session.execute(
        _STEPS,
        {
            "alert_id": [s.row.id for s in steps],
            "rung": [s.taken.rung for s in steps],
            "place": [s.taken.place for s in steps],
            "phase": ["acknowledge" if s.row.owner_id is None else "contact" for s in steps],
            "practitioner_id": [s.taken.practitioner_id for s in steps],
            "organization_id": [s.taken.organization_id for s in steps],
            "channel": [s.taken.channel for s in steps],
            "communication": [s.communication for s in steps],
            "due_at": [s.row.rung_due_at for s in steps],
            "at": [s.row.now for s in steps],
            "outcome": [s.taken.outcome for s in steps],
        },
    )


def _message(row: Any, taken: Try, found: Rosters, told: dict[tuple[Address, str, str], Message]) -> Message:
    """The message of a try. It says only that something waits, so whoever is told of many at once is told once."""
    if taken.practitioner_id is not None:
        to = found.addresses[taken.practitioner_id]
    elif taken.organization_id is not None:
        to = found.organizations[taken.organization_id]
    else:
        to = DUTY if taken.place == LAST else Address("care-team", str(row.team))
    template = _TEMPLATES.get(taken.place, "alert-climbs")
    key = (to, taken.channel, template)
    if key not in told:
        # Rows come worst first, so the first of many is the level the message goes out at.
        facts = {"alert": str(row.public_id), "level": row.level}
        told[key] = Message(
            to.kind,  # type: ignore[arg-type]  # an address of ours has one of the outbox's kinds
            to.ref, template, facts, row.patient_id, row.id, taken.channel, row.now, uuid4(),
        )  # fmt: skip
    return told[key]


def _words(row: Any, step: Climb) -> str:
    why = "Not acknowledged in time" if row.owner_id is None else "No contact recorded in time"
    passed = [_PLACE_WORDS[t.place] for t in step.tries if t.outcome != "queued" and t.rung < step.rung]
    reached = [_PLACE_WORDS[t.place] for t in step.tries if t.outcome == "queued"]
    said = f"{why}: told {' and '.join(dict.fromkeys(reached))}" if reached else why
    if passed:
        said += f"; nobody could be told as {' or '.join(dict.fromkeys(passed))}"
    if step.at_top:
        said += ". Nobody is above; it is told again until somebody records that they spoke to the person"
    return said
