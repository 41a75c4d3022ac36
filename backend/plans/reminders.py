"""Opens reminders ahead as rows with their own deadlines, and sends each once unless it has become needless."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import delete, or_, select, text

from backend.access import service as access
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.outbox import Message, queue_all
from backend.messages import service as messages
from backend.observations import service as observations
from backend.pathways import service as pathways
from backend.pathways.vocabulary import MEASURED_BY
from backend.plans.models import PlanTask, PlanTick, Reminder, ReminderSetting
from backend.plans.reminding import TASK_USEFUL, Listed, Wanted, of_readings, of_tasks

TEMPLATE = "reminder"
AHEAD = timedelta(hours=26)
BATCH, PEOPLE_AT_ONCE = 200, 500


class Asks(Protocol):
    """Who knows of check-ins, which stand above this slice: when somebody is asked next, and whether now."""

    def coming(
        self, patient_ids: Collection[int], since: datetime, until: datetime
    ) -> Mapping[int, datetime]:
        """When each is next asked after `since` and not after `until`; who is not asked is absent."""

    def is_asked(self, patient_id: int) -> bool:
        """Whether anything is asked of them now and not answered yet."""


_asks: list[Asks] = []

_OPEN = text(
    """insert into reminder (patient_id, kind, subject, due_at, early_at, until, send_at)
    select patient_id, kind, subject, due_at, early_at, until, due_at
    from unnest(cast(:patient as int[]), cast(:kind as text[]), cast(:subject as text[]),
        cast(:due as timestamptz[]), cast(:early as timestamptz[]), cast(:until as timestamptz[]))
        as r (patient_id, kind, subject, due_at, early_at, until)
    on conflict (patient_id, kind, subject, due_at) do nothing"""
)


def ask_of(source: Asks) -> None:
    """Let a slice above say when somebody is asked something; said twice it counts once."""
    if source not in _asks:
        _asks.append(source)


def everybody() -> Sequence[int]:
    """Inside keys of all who want any reminder."""
    chose = select(ReminderSetting.patient_id).where(or_(ReminderSetting.readings, ReminderSetting.check_ins))
    listed = select(PlanTask.patient_id).where(PlanTask.remind, PlanTask.stopped.is_(False))
    return sorted({*db.session.scalars(chose), *db.session.scalars(listed)})


def open_for(patient_ids: Collection[int]) -> None:
    """Write what these people are to be reminded of in the next day; what is written already stays as it is."""
    now = access.database_time()
    rows = [(id_, one) for id_, ones in wanted(patient_ids, now, now + AHEAD).items() for one in ones]
    if rows:
        db.session.execute(_OPEN, {
            "patient": [id_ for id_, _ in rows], "kind": [one.kind for _, one in rows],
            "subject": [one.subject for _, one in rows], "due": [one.due_at for _, one in rows],
            "early": [one.early_at for _, one in rows], "until": [one.until for _, one in rows],
        })  # fmt: skip


def open_anew(patient_id: int) -> None:
    """After a change of times or of what is wanted: forget what is to come, and write what is wanted now.

    What is due already, and waits for the end of the night, could not be written again; it is looked at when sent.
    """
    mine = (Reminder.patient_id == patient_id) & (Reminder.state == "waiting")
    db.session.execute(delete(Reminder).where(mine, Reminder.due_at > sql_now()))
    open_for([patient_id])


def wanted(patient_ids: Collection[int], since: datetime, until: datetime) -> dict[int, list[Wanted]]:
    """What each of these people wants to be reminded of, after `since` and up to `until`; only of those live."""
    enrolled = pathways.enrolments_for(patient_ids)
    chosen = _settings(patient_ids)
    listed = _listed(patient_ids)
    found: dict[int, list[Wanted]] = {}
    for id_, ones in enrolled.items():
        packs = [one.pack for one in ones if one.is_live]
        if not packs:
            continue
        settings = chosen.get(id_)
        mine = of_tasks(
            [listed_one for kind, listed_one in listed.get(id_, ()) if _wants(settings, kind)], since, until
        )
        if settings is not None and settings.readings:
            # A time moved to the morning may belong to a reading that is due only in the afternoon, and the other way.
            due = pathways.due_readings(packs, since - timedelta(days=1), until + timedelta(days=1))
            mine += [one for one in of_readings(due, settings.times) if since < one.due_at <= until]
        found[id_] = mine
    asked = [id_ for id_ in found if (one := chosen.get(id_)) is not None and one.check_ins]
    for source in _asks:
        for id_, at in source.coming(asked, since, until).items():
            found[id_].append(Wanted("check-in", "check-in", at, at, at + TASK_USEFUL))
    return found


def _wants(settings: ReminderSetting | None, kind: str) -> bool:
    """Each thing on the list says itself whether it reminds; a switch for its kind may turn all of them off."""
    if settings is None:
        return True
    return {"medicine": settings.medicines, "reading": settings.readings, "check-in": settings.check_ins}.get(
        kind, True
    )


def _settings(patient_ids: Collection[int]) -> dict[int, ReminderSetting]:
    asked = select(ReminderSetting).where(ReminderSetting.patient_id.in_(list(patient_ids)))
    return {
        one.patient_id: one for one in db.session.scalars(asked.execution_options(populate_existing=True))
    }


def _listed(patient_ids: Collection[int]) -> dict[int, list[tuple[str, Listed]]]:
    asked = select(PlanTask).where(
        PlanTask.patient_id.in_(list(patient_ids)), PlanTask.remind, PlanTask.stopped.is_(False)
    )
    found: dict[int, list[tuple[str, Listed]]] = {}
    for row in db.session.scalars(asked):
        one = Listed(row.public_id, row.days, row.times)
        found.setdefault(row.patient_id, []).append((row.kind, one))
    return found


def send_due() -> int:
    """Send what is due now, one message a person; answers how many rows were settled or put off."""
    asked = (
        select(Reminder)
        .where(Reminder.state == "waiting", Reminder.send_at <= sql_now())
        .order_by(Reminder.send_at, Reminder.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = db.session.scalars(asked).all()
    if not rows:
        return 0
    known = _Known.of({row.patient_id for row in rows}, rows)
    told: dict[int, Message] = {}
    for row in rows:
        why = known.needless(row)
        if why is not None:
            row.state, row.why, row.settled_at = "stopped", why, known.now
            continue
        morning = known.asleep_until(row.patient_id)
        if morning is not None and morning < row.until:
            row.send_at = morning
        elif morning is not None:
            row.state, row.why, row.settled_at = "stopped", "night", known.now
        else:
            row.state, row.settled_at = "sent", known.now
            ref = str(known.refs[row.patient_id])
            told[row.patient_id] = Message("patient", ref, TEMPLATE, {}, row.patient_id)
    db.session.flush()
    queue_all(list(told.values()))
    return len(rows)


@dataclass(frozen=True, slots=True)
class _Known:
    """What decides whether a reminder is still of use, read once for everybody of a batch."""

    now: datetime
    refs: Mapping[int, UUID]
    live: frozenset[int]
    paused: frozenset[int]
    taken: Mapping[int, Mapping[str, datetime]]
    said: frozenset[str]
    settings: Mapping[int, ReminderSetting]
    standing: Mapping[str, str]

    @classmethod
    def of(cls, patient_ids: Collection[int], rows: Iterable[Reminder]) -> "_Known":
        """All of it for these people and their rows."""
        enrolled = pathways.enrolments_for(patient_ids)
        pauses = pathways.pauses_for(patient_ids)
        newest = observations.latest(patient_ids)
        tasks = [row.subject for row in rows if row.kind == "task"]
        return cls(
            access.database_time(), access.public_ids(patient_ids),
            frozenset(id_ for id_, ones in enrolled.items() if any(one.is_live for one in ones)),
            frozenset(id_ for id_, ones in pauses.items() if any(one.is_now for one in ones)),
            {
                id_: {code.value: one.reading.effective_at for code, one in mine.items()}
                for id_, mine in newest.items()
            },
            _said(tasks), _settings(patient_ids), _standing(tasks),
        )  # fmt: skip

    def needless(self, row: Reminder) -> str | None:
        """Why nobody is to be reminded of this any more; None when it is of use."""
        if row.patient_id not in self.live:
            return "not-live"
        if row.patient_id in self.paused:
            return "paused"
        if not self._is_wanted(row):
            return "turned-off"
        if self._is_done(row):
            return "done"
        return "late" if row.until <= self.now else None

    def _is_wanted(self, row: Reminder) -> bool:
        settings = self.settings.get(row.patient_id)
        if row.kind == "task":
            kind = self.standing.get(row.subject.split()[0])
            return kind is not None and _wants(settings, kind)
        if settings is None:
            return False
        return settings.readings if row.kind == "reading" else settings.check_ins

    def _is_done(self, row: Reminder) -> bool:
        if row.kind == "task":
            return row.subject in self.said
        if row.kind == "check-in":
            return not any(source.is_asked(row.patient_id) for source in _asks)
        code = MEASURED_BY.get(row.subject, row.subject)
        at = self.taken.get(row.patient_id, {}).get(code)
        return at is not None and at >= row.early_at

    def asleep_until(self, patient_id: int) -> datetime | None:
        """When this person's night ends, if it is now."""
        return messages.asleep_until(self.refs[patient_id], self.now)


def _said(subjects: Sequence[str]) -> frozenset[str]:
    """Those of these times of things to do of which somebody has said anything: done, or not today."""
    if not subjects:
        return frozenset()
    asked = select(PlanTask.public_id, PlanTick.due_on, PlanTick.due_at).join(
        PlanTask, PlanTask.id == PlanTick.task_id
    )
    which = {UUID(one.split()[0]) for one in subjects}
    days = {date.fromisoformat(one.split()[1]) for one in subjects}
    rows = db.session.execute(asked.where(PlanTask.public_id.in_(which), PlanTick.due_on.in_(days)))
    said = {(str(task), day.isoformat(), at) for task, day, at in rows}
    # A tick of the day as a whole answers for each of its times.
    return frozenset(
        one
        for one in subjects
        for task, day, at in [one.split()]
        if (task, day, at) in said or (task, day, None) in said
    )


def _standing(subjects: Sequence[str]) -> dict[str, str]:
    """The kind of each of these things to do that still reminds, by its public id."""
    wanted_ids: set[Any] = {UUID(one.split()[0]) for one in subjects}
    asked = select(PlanTask.public_id, PlanTask.kind).where(
        PlanTask.public_id.in_(wanted_ids), PlanTask.remind, PlanTask.stopped.is_(False)
    )
    return {str(row.public_id): row.kind for row in db.session.execute(asked)} if subjects else {}
