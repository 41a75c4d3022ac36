"""Who helps a person by the person's own word: what each may see, until when, and how either of them ends it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import any_, select, update
from sqlalchemy.dialects.postgresql import Range

from backend.access.facts import lacks_capacity, span
from backend.access.models import Account, Consent, Patient, PatientContact, Practitioner, RelatedPerson
from backend.access.pairing import free_name
from backend.access.policy import BY_INCAPACITY, SCOPES
from backend.access.record import NO_RECORD, Record
from backend.audit import service as audit
from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict, Invalid, NotFound
from backend.core.http import Actor

Row = dict[str, Any]
INVITATION = "invitation"
# An Alongside default: often enough that who fell out with somebody is asked, seldom enough to be read.
REVIEWED_AFTER = timedelta(days=182)
# For so long a person sees who helped them before.
FORMER_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person lets somebody do: scopes, until when (None: until they end it), told when staff saw something."""

    scopes: Sequence[str]
    until: datetime | None
    tell_seen: bool


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as a list of who looked names them; the role is that of staff."""

    name: str
    role: str | None


def check_allowed(allowed: Allowed) -> None:
    """Raise Invalid for a scope there is not, for none at all, or for an end that has been."""
    if not allowed.scopes or not set(allowed.scopes) <= set(SCOPES):
        raise Invalid("scopes", "Choose what they may see.", errors={"scopes": ["Choose at least one."]})
    if allowed.until is not None and allowed.until <= _now():
        raise Invalid("until", "That day has been.", errors={"until": ["It has to be in the future."]})


def new_helper(name: str, username: str | None, password_hash: str) -> Account:
    """An account for somebody who was invited; raises Invalid "username" or "username-taken"."""
    login = free_name(username)
    who = RelatedPerson(display_name=name)
    db.session.add(who)
    db.session.flush()
    account = Account(
        username=login, password_hash=password_hash, kind="related-person", related_person_id=who.id
    )
    db.session.add(account)
    db.session.flush()
    return account


def let_help(patient_id: int, related_person_id: int, relation: str, allowed: Allowed, actor: Actor) -> int:
    """Let somebody help from now on, in place of what the person let them do before; answers its inside key."""
    now = _now()
    before = _invited(patient_id) & (Consent.related_person_id == related_person_id)
    db.session.execute(
        update(Consent)
        .where(before, Consent.revoked_at.is_(None))
        .values(revoked_at=now, ended_by="person", version=Consent.version + 1)
    )
    row = Consent(
        patient_id=patient_id, version=1, kind="proxy", related_person_id=related_person_id,
        scopes=sorted(set(allowed.scopes)), basis=INVITATION, decision="Helping", evidence="Invited by the person",
        granted_by="The person", review_on=_review(now, allowed.until), valid=Range(now, allowed.until),
        relation=relation, tell_seen=allowed.tell_seen,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor, "accept-invitation", "consent", str(row.public_id), patient_id=patient_id,
        detail={"scopes": ",".join(row.scopes)},
    )  # fmt: skip
    return row.id


def helpers(record: Record) -> list[Row]:
    """Everybody who may see something now or will, whoever let them, the one let in first first.

    A helper is told of themselves alone: who else helps is the person's to say.
    """
    now = _now()
    asked = (
        select(Consent, RelatedPerson, lacks_capacity().label("lacks"), _contact_relation().label("known_as"))
        .join(RelatedPerson, RelatedPerson.id == Consent.related_person_id)
        .where(Consent.patient_id == record.patient.id, Consent.kind == "proxy", Consent.revoked_at.is_(None))
        .order_by(Consent.id)
    )
    if not record.is_for_the_person:
        asked = asked.where(Consent.related_person_id == record.actor.related_person_id)
    found = [row for row in db.session.execute(asked) if _is_over(row[0], now) is False]
    looked = audit.looked_last(record.patient.id, [row[1].public_id for row in found])
    return [
        {
            "id": grant.public_id, "version": grant.version, "name": who.display_name,
            "relation": grant.relation or known_as or "", "phone": who.phone, "scopes": list(grant.scopes),
            "from": grant.valid.lower, "until": grant.valid.upper, "review_on": grant.review_on,
            "last_looked_at": looked.get(who.public_id), "basis": grant.basis, "tell_seen": grant.tell_seen,
            "stands": grant.basis not in BY_INCAPACITY or lacks,
            "me": who.public_id == record.actor.id,
        }
        for grant, who, lacks, known_as in found
    ]  # fmt: skip


def former(record: Record) -> list[Row]:
    """Who helped until not long ago, and who ended it; for the person alone."""
    if not record.is_for_the_person:
        return []
    rows = db.session.execute(
        select(Consent, RelatedPerson.display_name)
        .join(RelatedPerson, RelatedPerson.id == Consent.related_person_id)
        .where(
            Consent.patient_id == record.patient.id,
            Consent.kind == "proxy",
            Consent.revoked_at > sql_now() - FORMER_FOR,
        )
        .order_by(Consent.revoked_at.desc())
    )
    return [
        {
            "name": name, "relation": grant.relation, "ended_at": grant.revoked_at,
            "ended_by": grant.ended_by or "team",
        }
        for grant, name in rows
    ]  # fmt: skip


def change(record: Record, consent_id: UUID, allowed: Allowed, if_version: int, change_id: UUID) -> None:
    """Let somebody see more or less, or for longer. Raises Conflict "by-the-team" for a ground that is not the
    person's to change, and with what stands when it was changed meanwhile."""
    check_allowed(allowed)
    row, review = _own(record, consent_id), _review(_now(), allowed.until)
    if row.revoked_at is not None:
        raise NotFound(*NO_RECORD)
    # Nothing is asked of the database from here on, or it would be written before its version is looked at.
    row.scopes, row.tell_seen = sorted(set(allowed.scopes)), allowed.tell_seen
    row.valid, row.review_on = Range(row.valid.lower, allowed.until), review
    record.save(
        row, if_version=if_version, change_id=change_id, describe=lambda _: _shown(record, consent_id)
    )


def end(record: Record, consent_id: UUID) -> None:
    """Let somebody help no more, now; again is quiet."""
    _end(record, _own(record, consent_id), "person")


def hand_back(record: Record) -> None:
    """A helper steps back: whatever the person let them do ends, now. What others granted is theirs to end."""
    mine = _invited(record.patient.id) & (Consent.related_person_id == record.actor.related_person_id)
    for row in db.session.scalars(
        select(Consent).where(mine, Consent.revoked_at.is_(None)).with_for_update()
    ):
        _end(record, row, "carer")


def is_told_when_seen(actor: Actor, patient_id: int) -> bool:
    """Whether this helper is told that a member of staff has seen something: where the person chose so."""
    mine = select(Consent.id).where(
        Consent.patient_id == patient_id,
        Consent.kind == "proxy",
        Consent.related_person_id == actor.related_person_id,
        Consent.revoked_at.is_(None),
        Consent.valid.contains(sql_now()),
        Consent.tell_seen,
    )
    return actor.related_person_id is not None and db.session.execute(mine).first() is not None


def to_tell_when_seen(patient_id: int, *, sees_alerts: bool) -> list[UUID]:
    """The helpers the person chose to have told that staff have seen something, as far as their help stands now.

    `sees_alerts`: only those who may see that there are alerts.
    """
    chosen = (
        select(RelatedPerson.public_id)
        .join(Consent, Consent.related_person_id == RelatedPerson.id)
        .where(
            Consent.patient_id == patient_id,
            Consent.kind == "proxy",
            Consent.revoked_at.is_(None),
            Consent.valid.contains(sql_now()),
            Consent.tell_seen,
            Consent.basis.not_in(BY_INCAPACITY) | lacks_capacity(),
        )
        .distinct()
        .order_by(RelatedPerson.public_id)
    )
    if sees_alerts:
        chosen = chosen.where(any_(Consent.scopes) == "alerts")
    return list(db.session.scalars(chosen))


def names(ids: Collection[UUID]) -> Mapping[UUID, Named]:
    """Staff and helpers by public id."""
    staff = select(Practitioner.public_id, Practitioner.display_name, Practitioner.role)
    found = {
        row.public_id: Named(row.display_name, row.role)
        for row in db.session.execute(staff.where(Practitioner.public_id.in_(list(ids))))
    }
    helping = select(RelatedPerson.public_id, RelatedPerson.display_name)
    for row in db.session.execute(helping.where(RelatedPerson.public_id.in_(list(ids)))):
        found[row.public_id] = Named(row.display_name, None)
    return found


def name_of(patient_id: int) -> tuple[UUID, str]:
    """Public id and name of whoever sent an invitation."""
    row = db.session.get_one(Patient, patient_id)
    return row.public_id, f"{row.given_name} {row.family_name}"


def _own(record: Record, consent_id: UUID) -> Consent:
    row = record.get(Consent, consent_id)
    if row.kind != "proxy":
        raise NotFound(*NO_RECORD)
    if row.basis != INVITATION:
        raise Conflict(
            "by-the-team",
            "This was not an invitation of yours. Ask your team, who wrote it down, to change it.",
            status=409,
        )
    if row.revoked_at is not None and row.ended_by != "person":
        raise NotFound(*NO_RECORD)
    return row


def _end(record: Record, row: Consent, by: str) -> None:
    if row.revoked_at is not None:
        return
    row.revoked_at, row.ended_by = _now(), by
    row.version += 1
    db.session.flush()
    audit.record(
        record.actor, "end-proxy", "consent", str(row.public_id), patient_id=record.patient.id,
        purpose=record.purpose.value, detail={"by": by},
    )  # fmt: skip


def _shown(record: Record, consent_id: UUID) -> Row:
    return next((row for row in helpers(record) if row["id"] == consent_id), {"id": consent_id})


def _invited(patient_id: int) -> Any:
    return (Consent.patient_id == patient_id) & (Consent.kind == "proxy") & (Consent.basis == INVITATION)


def _contact_relation() -> Any:
    return (
        select(PatientContact.relation)
        .where(
            PatientContact.patient_id == Consent.patient_id,
            PatientContact.related_person_id == Consent.related_person_id,
            PatientContact.ended_at.is_(None),
        )
        .order_by(PatientContact.place)
        .limit(1)
        .correlate(Consent)
        .scalar_subquery()
    )


def _is_over(row: Consent, now: datetime) -> bool:
    until = span(row.valid).end
    return row.valid.isempty or (until is not None and until <= now)


def _review(now: datetime, until: datetime | None) -> date:
    review = now + REVIEWED_AFTER
    return min(review, until).date() if until is not None else review.date()


def _now() -> datetime:
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    return now
