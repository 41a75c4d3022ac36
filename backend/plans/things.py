"""Writes goals and things to do: made once whoever sends it again, edited at the version seen, and ticked as facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select

from backend.access import service as access
from backend.access.record import NO_RECORD, Record
from backend.core.db import db
from backend.core.errors import Conflict, Invalid, NotFound
from backend.pathways.schedule import HOME
from backend.plans.models import PlanGoal, PlanTask, PlanTick
from backend.plans.schemas import GoalSchema, TaskSchema
from backend.plans.written import (
    Entity,
    Row,
    author,
    edited,
    keep,
    may_see,
    take_turns,
    versions_of,
    was_made,
)

Thing = TypeVar("Thing", PlanGoal, PlanTask)
TICKS_SHOWN = timedelta(days=14)
# A phone that was away for weeks still ticks what was done then; nobody ticks next week's, and a phone's clock may be a
# day ahead.
NEWEST_TICK = timedelta(days=1)


def goals_of(record: Record) -> list[Row]:
    """Goals this reader may see, the oldest first."""
    rows = [one for one in record.list(PlanGoal) if _may_see(record, one)]
    versions = versions_of("goal", {(one.id, one.version) for one in rows})
    return [_goal(one) | {"edited": edited(versions.get((one.id, one.version)))} for one in rows]


def tasks_of(record: Record, since: date | None = None) -> list[Row]:
    """What is to be done and not stopped, with ticks of `since` and later (by default of 14 days)."""
    rows = [one for one in record.list(PlanTask, PlanTask.stopped.is_(False)) if _may_see(record, one)]
    return _tasks(rows, since)


def todo_today(record: Record) -> list[Row]:
    """What is to be done today, by the person's own clock on the wall, with today's ticks."""
    today = local_day()
    return [one for one in tasks_of(record, today) if not one["days"] or _name(today) in one["days"]]


def local_day() -> date:
    """Today where the person lives."""
    return access.database_time().astimezone(HOME).date()


def _name(day: date) -> str:
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]


def _may_see(record: Record, row: PlanGoal | PlanTask) -> bool:
    return may_see(record, private=row.private)


def _goal(row: PlanGoal) -> Row:
    return {
        "id": row.public_id, "text": row.text, "why": row.why, "by_date": row.by_date, "state": row.state,
        "steps": [dict(one, done_on=_day(one["done_on"])) for one in row.steps],
        "version": row.version, "private": row.private,
    }  # fmt: skip


def _day(said: str | None) -> date | None:
    return None if said is None else date.fromisoformat(said)


def _tasks(rows: Sequence[PlanTask], since: date | None = None) -> list[Row]:
    versions = versions_of("task", {(one.id, one.version) for one in rows})
    ticks = _ticks([one.id for one in rows], since or local_day() - TICKS_SHOWN)
    return [
        {
            "id": one.public_id, "kind": one.kind, "text": one.text, "how": one.how, "days": one.days,
            "times": one.times, "remind": one.remind, "stopped": one.stopped, "version": one.version,
            "private": one.private, "edited": edited(versions.get((one.id, one.version))),
            "ticks": ticks.get(one.id, []),
        }
        for one in rows
    ]  # fmt: skip


def _ticks(task_ids: Sequence[int], since: date) -> dict[int, list[Row]]:
    asked = select(PlanTick).where(PlanTick.task_id.in_(task_ids), PlanTick.due_on >= since)
    last: dict[tuple[int, date, str], PlanTick] = {}
    for one in db.session.scalars(asked.order_by(PlanTick.id)) if task_ids else ():
        last[one.task_id, one.due_on, one.due_at or ""] = one
    found: dict[int, list[Row]] = {}
    for task_id, day, at in sorted(last):
        found.setdefault(task_id, []).append(_tick(last[task_id, day, at]))
    return found


def _tick(one: PlanTick) -> Row:
    return {
        "due_on": one.due_on, "due_at": one.due_at, "done": one.done, "why": one.why, "at": one.at,
        "by": one.by_name,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """What the two kinds differ in: the row, its name in the history, and how it is shown."""

    row: type[Any]
    entity: Entity
    view: Callable[[Any], Row]
    dump: Callable[[Row], Any]


def _goal_view(row: PlanGoal) -> Row:
    versions = versions_of("goal", {(row.id, row.version)})
    return _goal(row) | {"edited": edited(versions.get((row.id, row.version)))}


def _task_view(row: PlanTask) -> Row:
    return _tasks([row])[0]


GOAL = Kind(PlanGoal, "goal", _goal_view, lambda row: GoalSchema().dump(row))
TASK = Kind(PlanTask, "task", _task_view, lambda row: TaskSchema().dump(row))


def put(
    record: Record,
    kind: Kind,
    public_id: UUID,
    said: Mapping[str, Any],
    if_version: int | None,
    change_id: UUID,
) -> tuple[Row, bool]:
    """Make or edit a goal or a thing to do under the id its maker chose; answers it, and whether it is new.

    The same made again by the same account is a success, as it stands now; other words are a Conflict. An edit of
    what this service does not know (it was restored from yesterday's copy) makes it: the page holds the whole of it.
    Raises Conflict with the thing as it stands, NotFound for another person's and for one hidden from the asker.
    """
    take_turns(record)
    by = author(record)
    row = db.session.scalars(select(kind.row).where(kind.row.public_id == public_id)).one_or_none()
    if row is not None and (row.patient_id != record.patient.id or not _may_see(record, row)):
        raise NotFound(*NO_RECORD)
    if row is not None and was_made(record, change_id):
        return kind.view(row), False
    if said["private"] != (row is not None and row.private) and not record.is_for_the_person:
        words = "Only the person can say who sees this."
        raise Invalid("private", words, errors={"private": [words]})
    is_new = row is None
    if row is None:
        row, if_version = kind.row(public_id=public_id), None
    elif if_version is None:
        first = versions_of(kind.entity, {(row.id, 1)}).get((row.id, 1))
        is_mine = first is not None and by.account is not None and first.by_account == by.account
        # Other words under the same id are no repeat: answered as success they would be lost without a word.
        if is_mine and first is not None and first.body == _kept(said):
            return kind.view(row), False
        raise Conflict("changed-meanwhile", "This is there already.", current=kind.dump(kind.view(row)))
    with db.session.no_autoflush:
        for name, value in said.items():
            setattr(row, name, value)
        # `describe` is asked after what was written here has been dropped: it shows what really stands.
        record.save(
            row, if_version=if_version, change_id=change_id, describe=lambda now: kind.dump(kind.view(now))
        )
    keep(by, kind.entity, row.id, row.version, row.patient_id, _kept(said), private=row.private)
    return kind.view(row), is_new


def _kept(said: Mapping[str, Any]) -> Row:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}


def stored_goal(said: Mapping[str, Any]) -> Row:
    """A goal as its row keeps it: the days of its steps in writing."""
    steps = [
        {
            "id": one["id"], "text": one["text"],
            "done_on": None if one.get("done_on") is None else one["done_on"].isoformat(),
        }
        for one in said["steps"]
    ]  # fmt: skip
    return {**said, "steps": steps}


def tick(record: Record, task_id: UUID, day: date, at: str | None, *, done: bool, why: str | None) -> Row:
    """Say of one time of a thing to do that it was done, or was not; answers the thing.

    A fact that is added: no earlier word is taken back, and saying again what is said already adds nothing.
    """
    take_turns(record)
    row = record.get(PlanTask, task_id)
    if not _may_see(record, row):
        raise NotFound(*NO_RECORD)
    if day > local_day() + NEWEST_TICK:
        words = "This day is still to come."
        raise Invalid("day", words, errors={"day": [words]})
    of_then = select(PlanTick).where(
        PlanTick.task_id == row.id, PlanTick.due_on == day, PlanTick.due_at.is_not_distinct_from(at)
    )
    last = db.session.scalars(of_then.order_by(PlanTick.id.desc()).limit(1)).one_or_none()
    why = None if done else why
    if last is None or (last.done, last.why) != (done, why):
        said = {"due_on": day, "due_at": at, "done": done, "why": why}
        db.session.add(
            PlanTick(patient_id=row.patient_id, task_id=row.id, **said, **author(record).columns())
        )
        db.session.flush()
    return _task_view(row)
