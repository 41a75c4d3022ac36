"""What a card says of its ladder: the steps taken and what came of them, who is next, and how it stands at the top."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from backend.core.db import db
from backend.escalation.climbing import ladders_of
from backend.escalation.ladder import LAST, Ladder, climb
from backend.escalation.people import Rosters, rosters

NEWEST = 40

_ALERTS = text(
    """select a.id, a.patient_id, a.rule, a.level, a.rung, a.rung_due_at, a.snoozed_until, a.closed_at, a.owner_id,
        a.level = 'emergency' as never_snoozed,
        coalesce((select c.care_team_id from caseload c where c.patient_id = a.patient_id
            and c.valid @> db_now() order by c.id limit 1), a.care_team_id) as team
    from alert a where a.id = any(:ids)"""
)
_STEPS = text(
    """select * from (
        select s.*, p.display_name, o.name as organization,
            row_number() over (partition by s.alert_id order by s.id desc) as n
        from escalation_step s left join practitioner p on p.id = s.practitioner_id
        left join organization o on o.id = s.organization_id
        where s.alert_id = any(:ids)) newest
    where n <= :newest order by id"""
)
PLACES: Mapping[str, str] = {
    "assigned": "Who has it",
    "team": "The team",
    "on-call": "On call",
    "duty-manager": "Duty manager",
    LAST: "Alarm centre or duty line",
}
_OUTCOMES = {
    "queued": "is being told",
    "told": "told",
    "failed": "could not be told",
    "nobody": "nobody is down for it now; passed at once",
    "not-configured": "failed: no way to reach them (no telephone, e-mail or push is set up)",
}
_CHANNELS = {"web-push": "by push", "sms": "by text message", "email": "by e-mail", "log": "on the list"}


@dataclass(frozen=True, slots=True)
class LadderView:
    """One alert's ladder.

    `steps` are rows as the desk shows them: rung, who, channel, due, at, outcome, words; those taken, then the next
    with `at` None, which says beforehand whom it cannot reach (outcome "next-no-way" when that is everybody).
    `next_at` is when it goes on by itself, None when it has ended; `end` the words once it is on its
    last rung; `undelivered` whether a try of the newest round failed.
    """

    steps: tuple[dict[str, Any], ...]
    next_at: datetime | None
    end: str | None
    undelivered: bool


def ladder_of(alert_ids: Collection[int]) -> Mapping[int, LadderView]:
    """The ladders of these alerts, in three statements however many there are."""
    if not alert_ids:
        return {}
    ids = {"ids": sorted(set(alert_ids))}
    rows = list(db.session.execute(_ALERTS, ids))
    ladders = ladders_of(rows)
    climbing = [row for row in rows if row.closed_at is None and row.rung_due_at is not None]
    found = rosters(
        {row.team for row in climbing if row.team is not None},
        {row.owner_id for row in climbing if row.owner_id is not None},
    )
    taken: dict[int, list[Any]] = {}
    for step in db.session.execute(_STEPS, ids | {"newest": NEWEST}):
        taken.setdefault(step.alert_id, []).append(step)
    return {row.id: _view(row, ladders[row.id], taken.get(row.id, []), found) for row in rows}


def _view(row: Any, ladder: Ladder | None, taken: Sequence[Any], found: Rosters) -> LadderView:
    steps = [_step(step) for step in taken]
    is_over = row.closed_at is not None or row.rung_due_at is None or ladder is None
    next_at = None if is_over else _next_at(row)
    if next_at is not None and ladder is not None:
        steps.append(_next(row, ladder, next_at, found))
    at_top = next_at is not None and ladder is not None and row.rung >= ladder.top and bool(taken)
    newest = max((step.at for step in taken), default=None)
    failed = any(s.outcome in ("failed", "not-configured") for s in taken if s.at == newest)
    return LadderView(tuple(steps), next_at, _end(ladder, taken) if at_top else None, failed)


def _next_at(row: Any) -> datetime:
    due: datetime = row.rung_due_at
    until: datetime | None = row.snoozed_until
    return due if until is None or row.never_snoozed else max(due, until)


def _step(step: Any) -> dict[str, Any]:
    name = step.display_name or step.organization
    place = "Alarm centre" if step.organization else PLACES[step.place]
    who = f"{place}: {name}" if name else place
    how = _CHANNELS.get(step.channel)
    said = " ".join(part for part in (_OUTCOMES[step.outcome], how) if part)
    words = f"{who}, {said}" + (f" ({step.words})" if step.words and step.outcome == "failed" else "")
    return {
        "rung": step.rung,
        "who": who,
        "channel": step.channel,
        "due": step.due_at,
        "at": step.at,
        "outcome": step.outcome,
        "words": words,
    }


def _next(row: Any, ladder: Ladder, at: datetime, found: Rosters) -> dict[str, Any]:
    """The step that comes, as it would be taken now: who is passed because no way leads to them is said beforehand."""
    owner = found.owners.get(row.owner_id) if row.owner_id is not None else None
    step = climb(ladder, row.rung, found.of(row.team), every_way=False, owner=owner)
    reached = any(one.outcome == "queued" and one.rung == step.rung for one in step.tries)
    passed = dict.fromkeys(
        PLACES[one.place].lower() for one in step.tries if one.outcome != "queued" and one.rung < step.rung
    )
    who = PLACES[ladder.rungs[step.rung].place]
    words = f"{who} next" + (" again" if row.rung >= ladder.top else "")
    if passed:
        words += f": no way to reach anybody as {' or '.join(passed)}"
    if not reached:
        words += f"{';' if passed else ':'} no way to reach the {who.lower()} is set up. Ring them yourself"
    return {
        "rung": step.rung, "who": who, "channel": "", "due": at, "at": None,
        "outcome": "next" if reached else "next-no-way", "words": words,
    }  # fmt: skip


def _end(ladder: Ladder | None, taken: Sequence[Any]) -> str:
    """The stated end: said on the card for as long as nobody has spoken to the person."""
    assert ladder is not None
    top = [step for step in taken if step.place == LAST]
    reached = [step for step in top if step.outcome in ("told", "queued")]
    often = f"again every {wait_words(ladder.repeat)} until somebody records that they spoke to the person"
    if reached:
        said = "The alarm centre or duty line has been told, and is told"
    elif any(step.outcome == "failed" for step in top):
        said = "The alarm centre or duty line could not be told: ring them. It is tried"
    else:
        said = "No way to reach the alarm centre or a duty line is set up: ring them. The list sounds"
    return f"Nobody has reached the person. {said} {often}."


def wait_words(wait: timedelta) -> str:
    """How often, for a card: "10 minutes", "day"."""
    minutes = int(wait.total_seconds() // 60)
    return "day" if minutes >= 1440 else f"{minutes} minutes"
