"""The plan of the demo's first person: in her words, agreed with her clinician, and one change she may agree to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from backend.access.models import Account, Patient, Practitioner
from backend.core.db import db
from backend.demo import team
from backend.demo.people import PEOPLE, nhs_number
from backend.demo.plan_words import (
    AGREED,
    AMBER,
    CLINICIAN,
    GOALS,
    OWNER,
    SECTIONS,
    TASKS,
    TICKED_DAYS,
    Body,
    Who,
    Words,
)
from backend.feedback.models import Feedback
from backend.pathways.schedule import HOME, on
from backend.plans.models import (
    CarePlanSection,
    PlanGoal,
    PlanProposal,
    PlanSignature,
    PlanTask,
    PlanTick,
    PlanVersion,
    ReminderSetting,
)
from backend.plans.sections import CLINICAL


def ensure(now: datetime) -> None:
    """Write the plan once, and at every start the ticks of the days since."""
    people = _People.of()
    if (
        db.session.scalar(select(CarePlanSection.id).where(CarePlanSection.patient_id == people.patient))
        is None
    ):
        _sections(people, now)
        _proposal(people, now)
        _goals(people, now)
        _tasks(people, now)
        _feedback(people, now)
        row = ReminderSetting(
            patient_id=people.patient, readings=True, check_ins=True, medicines=True, times={}, tell_seen=True
        )
        db.session.add(row)
        db.session.flush()
    _ticks(people, now)


@dataclass(frozen=True, slots=True)
class _People:
    """The keys of whoever writes: the person, her daughter and her clinician."""

    patient: int
    clinician: int
    accounts: Mapping[Who, UUID]
    names: Mapping[Who, str]

    @classmethod
    def of(cls) -> _People:
        """Looked up, once the accounts are there."""
        number = nhs_number(next(one.number for one in PEOPLE if one.number == OWNER))
        patient = db.session.scalars(select(Patient).where(Patient.nhs_number == number)).one()
        clinician = (
            select(Practitioner.id).where(Practitioner.display_name == CLINICIAN).order_by(Practitioner.id)
        )
        usernames: dict[Who, str] = {
            "self": team.PATIENT_ACCOUNTS[0][0], "carer": team.CARERS[0].username, "team": "demo-clinician",
        }  # fmt: skip
        rows = db.session.execute(
            select(Account.username, Account.public_id).where(Account.username.in_(usernames.values()))
        )
        ids = {username: public_id for username, public_id in rows}
        names: dict[Who, str] = {
            "self": f"{patient.given_name} {patient.family_name}", "carer": team.CARERS[0].display, "team": CLINICIAN,
        }  # fmt: skip
        found = db.session.scalars(clinician.limit(1)).one()
        return cls(patient.id, found, {who: ids[name] for who, name in usernames.items()}, names)

    def wrote(self, who: Who, at: datetime, offline: bool = False) -> dict[str, Any]:
        """As the rows keep who wrote something; what was made offline reached us two hours later."""
        return {
            "by_account": self.accounts[who], "by_name": self.names[who], "relation": who, "at": at,
            "made_at": at - timedelta(hours=2) if offline else None, "offline": offline,
        }  # fmt: skip


def _sections(people: _People, now: datetime) -> None:
    for key, (title, kind, versions) in SECTIONS.items():
        row = CarePlanSection(
            patient_id=people.patient, version=len(versions), key=key, title=title, kind=kind,
            clinical=key in CLINICAL, body=versions[-1].body, agreed_version=1 if key in AGREED else None,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        for number, words in enumerate(versions, 1):
            at = now - timedelta(days=words.days)
            db.session.add(
                PlanVersion(
                    patient_id=people.patient, entity="section", entity_id=row.id, version=number, body=words.body,
                    private=False, **people.wrote(words.by, at, words.offline),
                )
            )  # fmt: skip
            for role in _signed(key, words, number):
                _sign(people, row.id, number, role, at + timedelta(days=1 if number == 1 else 0))
    db.session.flush()


def _signed(key: str, words: Words, number: int) -> tuple[str, ...]:
    if key not in CLINICAL:
        return ()
    if key in AGREED and number == 1:
        return ("person", "clinician")
    return ("clinician",) if words.by == "team" else ("person",)


def _sign(people: _People, section: int, version: int, role: str, at: datetime) -> None:
    is_clinician = role == "clinician"
    db.session.add(
        PlanSignature(
            section_id=section, version=version, role=role, at=at,
            by_name=people.names["team" if is_clinician else "self"],
            practitioner_id=people.clinician if is_clinician else None,
        )
    )  # fmt: skip


def _proposal(people: _People, now: datetime) -> None:
    """What her daughter would add to the amber part: it waits for a clinician."""
    amber = select(CarePlanSection.id).where(
        CarePlanSection.patient_id == people.patient, CarePlanSection.key == "amber"
    )
    body = {**AMBER, "signs": [*AMBER["signs"], "Mum stops singing in the kitchen."]}
    db.session.add(
        PlanProposal(
            patient_id=people.patient, version=1, section_id=db.session.scalars(amber).one(), on_version=1, body=body,
            **people.wrote("carer", now - timedelta(days=1), offline=True),
        )
    )  # fmt: skip
    db.session.flush()


def _goals(people: _People, now: datetime) -> None:
    today = now.astimezone(HOME).date()
    for public_id, said, private in GOALS:
        steps = [
            {"id": str(place), "text": text, "done_on": None if ago is None else _ago(today, ago)}
            for place, (text, ago) in enumerate(said["steps"], 1)
        ]
        by_date = None if said["in_days"] is None else today + timedelta(days=said["in_days"])
        kept = {"text": said["text"], "why": said["why"], "state": "open", "steps": steps, "private": private}
        row = PlanGoal(patient_id=people.patient, version=1, public_id=public_id, by_date=by_date, **kept)
        db.session.add(row)
        db.session.flush()
        body = kept | {"by_date": None if by_date is None else by_date.isoformat()}
        _version(people, "goal", row.id, body, now - timedelta(days=33), private=private)


def _ago(today: date, days: int) -> str:
    return (today - timedelta(days=days)).isoformat()


def _tasks(people: _People, now: datetime) -> None:
    for public_id, said in TASKS:
        row = PlanTask(patient_id=people.patient, version=1, public_id=public_id, **said)
        db.session.add(row)
        db.session.flush()
        _version(people, "task", row.id, said, now - timedelta(days=33), private=False)


def _version(people: _People, entity: str, key: int, body: Body, at: datetime, *, private: bool) -> None:
    db.session.add(
        PlanVersion(
            patient_id=people.patient, entity=entity, entity_id=key, version=1, body=body, private=private,
            **people.wrote("self", at),
        )
    )  # fmt: skip
    db.session.flush()


def _ticks(people: _People, now: datetime) -> None:
    """Most of what was to be done in the last days is done; of today, what was due two hours ago and longer."""
    today = now.astimezone(HOME).date()
    rows = db.session.scalars(
        select(PlanTask).where(PlanTask.patient_id == people.patient).order_by(PlanTask.id)
    )
    for place, task in enumerate(rows.all()):
        known = set(db.session.scalars(select(PlanTick.due_on).where(PlanTick.task_id == task.id)))
        for back in range(TICKED_DAYS):
            day = today - timedelta(days=back)
            at = on(day, time.fromisoformat(task.times[0]) if task.times else time(15)) + timedelta(hours=2)
            is_due = not task.days or day.strftime("%a").lower() in task.days
            if day in known or at > now or not is_due or (day.toordinal() + place) % 6 == 0:
                continue
            due_at = task.times[0] if task.times else None
            said = {"due_on": day, "due_at": due_at, "done": True}
            wrote = people.wrote("self", at)
            db.session.add(PlanTick(patient_id=people.patient, task_id=task.id, **said, **wrote))
    db.session.flush()


def _feedback(people: _People, now: datetime) -> None:
    """Something somebody suggested, answered for everybody on the pathway."""
    db.session.add(
        Feedback(
            patient_id=people.patient, version=2, about="plan", ref="red", helpful=True,
            words="Could the red part say what to tell the ambulance?", pathways=["copd"],
            by_account=people.accounts["self"], at=now - timedelta(days=45),
            asked="Could the red part say what to tell the ambulance?",
            answer="Yes. It now says: tell them that you have COPD and what your oxygen target is.",
            answered_by=people.clinician, answered_at=now - timedelta(days=44),
        )
    )  # fmt: skip
    db.session.flush()
