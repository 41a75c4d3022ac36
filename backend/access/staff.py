"""Staff accounts: who is in which team in which role, from when to when, and who is shut out."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import Range

from backend.access import practices
from backend.access.models import Account, CareTeam, CareTeamMember, Practitioner, SignInSession
from backend.access.pairing import Owner, check_username, make_code
from backend.access.policy import ADMINISTRATOR, CANARY_WATCHER, PRACTICE, ROLES
from backend.access.record import Task, allow
from backend.access.sign_in.local import hash_password
from backend.audit import service as audit
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict, Invalid, NotFound
from backend.core.http import SYSTEM, Actor

Row = dict[str, Any]
# The canary's watcher is made with the canary and is nobody.
ASSIGNABLE = tuple(role for role in ROLES if role != CANARY_WATCHER)


def page(actor: Actor) -> Row:
    """Everybody who works here, the teams there are and the roles somebody may be given."""
    allow(actor, Task.MANAGE_STAFF)
    ids = db.session.scalars(select(Practitioner.id).where(Practitioner.role != CANARY_WATCHER))
    rows = sorted(_rows(ids.all()), key=lambda row: (row["disabled_at"] is not None, row["display_name"]))
    teams = db.session.scalars(select(CareTeam).order_by(CareTeam.name))
    return {
        "rows": rows, "roles": list(ASSIGNABLE),
        "teams": [{"id": team.public_id, "name": team.name} for team in teams],
    }  # fmt: skip


def add(
    actor: Actor, name: str, role: str, username: str, teams: Sequence[Row], practice: int | None = None
) -> Row:
    """Make somebody's account without a password: they choose it with a one-time code.

    Somebody of a GP practice's staff is in that practice (the inside key of the organisation) and in no team; raises
    Invalid "practice" for one without the other.
    """
    allow(actor, Task.MANAGE_STAFF)
    if (role == PRACTICE) != (practice is not None) or (practice is not None and teams):
        raise Invalid(
            "practice", "Practice staff have a practice and no team; everybody else has no practice.",
            errors={"practice_id": ["Only for practice staff, and they need one."]},
        )  # fmt: skip
    person = _new(name, role, username)
    for team in teams:
        _set_membership(person.id, team["team_id"], team["from"], team["until"])
    if practice is not None:
        practices.join(person.id, practice)
    return _done(actor, person, "add-staff", role=role)


def first_administrator(username: str, name: str) -> tuple[str, datetime]:
    """Make the first administrator of a service that has none, by whoever runs it; answers a one-time code.

    The same user name again is a new code, for one that was lost or a password that was forgotten. Raises Conflict
    "administrator-there" when somebody else is one already, Invalid for a name that cannot be used.
    """
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("first-administrator", 0))))
    standing = db.session.execute(
        select(Account.username, Practitioner)
        .join(Practitioner, Account.practitioner_id == Practitioner.id)
        .where(Practitioner.role == ADMINISTRATOR, Account.disabled_at.is_(None))
    ).all()
    mine = next((person for login, person in standing if login == username.strip().lower()), None)
    if mine is None and standing:
        raise Conflict(
            "administrator-there",
            "There is an administrator already: they make accounts on the page Staff.",
        )
    if mine is None:
        if not name.strip():
            raise Invalid("name", "Say what they are called, with --name.")
        mine = _new(name.strip(), ADMINISTRATOR, username)
        audit.record(SYSTEM, "add-staff", "practitioner", str(mine.public_id), detail={"role": ADMINISTRATOR})
    return make_code(SYSTEM, Owner(practitioner_id=mine.id))


def change(actor: Actor, staff_id: UUID, name: str, role: str, if_version: int) -> Row:
    """Change a name or a role; nobody changes their own role, and an administrator always remains."""
    person = _open(actor, staff_id, if_version)
    if role != person.role:
        if person.id == actor.practitioner_id:
            raise Conflict("own-role", "Somebody else has to change your role.")
        if PRACTICE in (role, person.role):
            raise Conflict(
                "practice-role",
                "Practice staff have an account of their own kind: make a new one.",
                status=409,
            )
        if person.role == ADMINISTRATOR:
            _check_another_administrator(person.id)
    person.display_name, person.role = name, role
    return _done(actor, person, "change-staff", role=role)


def set_team(
    actor: Actor,
    staff_id: UUID,
    team_id: UUID,
    since: datetime | None,
    until: datetime | None,
    if_version: int,
) -> Row:
    """Put somebody in a team from `since` (or now) until `until` (or for good), or end it by `until`."""
    person = _open(actor, staff_id, if_version)
    if person.role == PRACTICE:
        raise Conflict("practice-role", "Practice staff are in their practice and in no team.", status=409)
    _set_membership(person.id, team_id, since, until)
    return _done(actor, person, "change-staff-team", team=str(team_id))


def disable(actor: Actor, staff_id: UUID, why: str, if_version: int) -> Row:
    """Shut somebody out now: every session ends, and no password opens one."""
    person = _open(actor, staff_id, if_version)
    if person.role == ADMINISTRATOR:
        _check_another_administrator(person.id)
    mine = Account.practitioner_id == person.id
    db.session.execute(
        update(Account).where(mine, Account.disabled_at.is_(None)).values(disabled_at=sql_now())
    )
    db.session.execute(
        update(SignInSession)
        .where(
            SignInSession.account_id.in_(select(Account.id).where(mine)), SignInSession.revoked_at.is_(None)
        )
        .values(revoked_at=sql_now())
    )
    return _done(actor, person, "disable-staff", why=why)


def enable(actor: Actor, staff_id: UUID, if_version: int) -> Row:
    """Let somebody in again, with the password they had."""
    person = _open(actor, staff_id, if_version)
    db.session.execute(update(Account).where(Account.practitioner_id == person.id).values(disabled_at=None))
    return _done(actor, person, "enable-staff")


def pairing_code(actor: Actor, staff_id: UUID) -> tuple[str, datetime]:
    """A one-time code with which somebody chooses a password: the first, or a new one."""
    allow(actor, Task.MANAGE_STAFF)
    return make_code(actor, Owner(practitioner_id=_person(staff_id).id))


def _new(name: str, role: str, username: str) -> Practitioner:
    login = username.strip().lower()
    check_username(login)
    person = Practitioner(display_name=name, role=role, version=1)
    db.session.add(person)
    db.session.flush()
    # A password nobody ever saw, so that signing in takes as long as for anybody else.
    unknown = hash_password(secrets.token_urlsafe(32))
    db.session.add(
        Account(
            username=login, password_hash=unknown, has_password=False, kind="practitioner",
            practitioner_id=person.id,
        )
    )  # fmt: skip
    db.session.flush()
    return person


def _open(actor: Actor, staff_id: UUID, if_version: int) -> Practitioner:
    allow(actor, Task.MANAGE_STAFF)
    person = _person(staff_id)
    if person.version != if_version:
        raise Conflict(
            "changed-meanwhile", "Somebody changed this since you last saw it.",
            current={"version": person.version},
        )  # fmt: skip
    return person


def _person(staff_id: UUID) -> Practitioner:
    person = db.session.scalars(
        select(Practitioner)
        .where(Practitioner.public_id == staff_id, Practitioner.role != CANARY_WATCHER)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if person is None:
        raise NotFound("no-such-staff", "There is nobody of that name on the list of staff.")
    return person


def _check_another_administrator(person_id: int) -> None:
    others = db.session.execute(
        select(Practitioner.id)
        .join(Account, Account.practitioner_id == Practitioner.id)
        .where(
            Practitioner.role == ADMINISTRATOR, Practitioner.id != person_id, Account.disabled_at.is_(None)
        )
        .with_for_update()
    )
    if others.first() is None:
        raise Conflict("last-administrator", "This is the last administrator: make another one first.")


def _set_membership(person_id: int, team_id: UUID, since: datetime | None, until: datetime | None) -> None:
    team = db.session.scalars(select(CareTeam).where(CareTeam.public_id == team_id)).one_or_none()
    if team is None:
        raise NotFound("no-such-team", "There is no such team.")
    mine = (CareTeamMember.care_team_id == team.id) & (CareTeamMember.practitioner_id == person_id)
    standing = db.session.scalars(
        select(CareTeamMember)
        .where(mine, func.upper_inf(CareTeamMember.valid) | (func.upper(CareTeamMember.valid) > sql_now()))
        .order_by(func.lower(CareTeamMember.valid))
    ).first()
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    begins = since or (standing.valid.lower if standing is not None else None) or now
    if until is not None and until <= begins:
        raise Invalid("until", "It has to end after it begins.", errors={"until": ["Too early."]})
    if standing is None:
        db.session.add(
            CareTeamMember(care_team_id=team.id, practitioner_id=person_id, valid=Range(begins, until))
        )
    else:
        standing.valid = Range(begins, until)
    db.session.flush()


def _done(actor: Actor, person: Practitioner, action: str, **detail: str) -> Row:
    if action != "add-staff":
        person.version += 1
    db.session.flush()
    audit.record(actor, action, "practitioner", str(person.public_id), detail=detail)
    return _rows([person.id])[0]


def _rows(ids: Collection[int]) -> list[Row]:
    people = db.session.execute(
        select(Practitioner, Account)
        .outerjoin(Account, Account.practitioner_id == Practitioner.id)
        .where(Practitioner.id.in_(list(ids)))
        .order_by(Practitioner.id)
        .execution_options(populate_existing=True)
    )
    at_practice = practices.of_practitioners(list(ids))
    teams: dict[int, list[Row]] = {}
    memberships = db.session.execute(
        select(CareTeamMember, CareTeam)
        .join(CareTeam, CareTeam.id == CareTeamMember.care_team_id)
        .where(CareTeamMember.practitioner_id.in_(list(ids)))
        .order_by(CareTeamMember.id)
    )
    for member, team in memberships:
        teams.setdefault(member.practitioner_id, []).append(
            {"id": team.public_id, "name": team.name, "from": member.valid.lower, "until": member.valid.upper}
        )
    return [
        {
            "id": person.public_id, "version": person.version, "display_name": person.display_name,
            "role": person.role, "username": account.username if account else None,
            "disabled_at": account.disabled_at if account else None,
            "has_password": account.has_password if account else False,
            "teams": teams.get(person.id, []), "practice_key": at_practice.get(person.id),
        }
        for person, account in people
    ]  # fmt: skip
