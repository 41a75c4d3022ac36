"""What a card says of its ladder: the steps taken and what came of them, who is next, and how it stands at the top."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from backend.core.db import db
from backend.escalation.climbing import ladders_of
from backend.escalation.ladder import LAST, Ladder

NEWEST = 40

_ALERTS = text(
    """select id, patient_id, rule, level, rung, rung_due_at, snoozed_until, closed_at, level = 'emergency'
        as never_snoozed from alert where id = any(:ids)"""
)
_STEPS = text(
    """select * from (
        select s.*, p.display_name, row_number() over (partition by s.alert_id order by s.id desc) as n
        from escalation_step s left join practitioner p on p.id = s.practitioner_id
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
    "not-configured": "no telephone, e-mail or push is set up; passed at once",
}
_CHANNELS = {"web-push": "by push", "sms": "by text message", "email": "by e-mail", "log": "on the list"}


@dataclass(frozen=True, slots=True)
class LadderView:
    """One alert's ladder.

    `steps` are rows as the desk shows them: rung, who, channel, due, at, outcome, words; those taken, then the next
    with `at` None. `next_at` is when it goes on by itself, None when it has ended; `end` the words once it is on its
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
    taken: dict[int, list[Any]] = {}
    for step in db.session.execute(_STEPS, ids | {"newest": NEWEST}):
        taken.setdefault(step.alert_id, []).append(step)
    return {row.id: _view(row, ladders[row.id], taken.get(row.id, [])) for row in rows}


def _view(row: Any, ladder: Ladder | None, taken: Sequence[Any]) -> LadderView:
    steps = [_step(step) for step in taken]
    is_over = row.closed_at is not None or row.rung_due_at is None or ladder is None
    next_at = None if is_over else _next_at(row)
    if next_at is not None and ladder is not None:
        steps.append(_next(row, ladder, next_at))
    at_top = next_at is not None and ladder is not None and row.rung >= ladder.top and bool(taken)
    newest = max((step.at for step in taken), default=None)
    failed = any(s.outcome in ("failed", "not-configured") for s in taken if s.at == newest)
    return LadderView(tuple(steps), next_at, _end(ladder, taken) if at_top else None, failed)


def _next_at(row: Any) -> datetime:
    due: datetime = row.rung_due_at
    until: datetime | None = row.snoozed_until
    return due if until is None or row.never_snoozed else max(due, until)


def _step(step: Any) -> dict[str, Any]:
    who = PLACES[step.place] + (f": {step.display_name}" if step.display_name else "")
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


def _next(row: Any, ladder: Ladder, at: datetime) -> dict[str, Any]:
    rung = min(row.rung + 1, ladder.top)
    who = PLACES[ladder.rungs[rung].place]
    again = " again" if row.rung >= ladder.top else ""
    return {
        "rung": rung, "who": who, "channel": "", "due": at, "at": None, "outcome": "next",
        "words": f"{who} next{again}",
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
        said = "No duty line is set up: ring the alarm centre. The list sounds"
    return f"Nobody has reached the person. {said} {often}."


def wait_words(wait: timedelta) -> str:
    """How often, for a card: "10 minutes", "day"."""
    minutes = int(wait.total_seconds() // 60)
    return "day" if minutes >= 1440 else f"{minutes} minutes"
