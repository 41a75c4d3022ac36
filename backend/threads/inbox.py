"""Lists what waits for a team or a practice: words of danger first, then who has waited longest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from backend.access import facts
from backend.access import service as access
from backend.access.policy import PRACTICE
from backend.access.record import Purpose, RecordRefused, open_panel
from backend.audit import service as audit
from backend.core.db import db
from backend.core.http import Actor

# What was answered lately stays in sight below what waits.
MOST = 300

# It reads tables of access and only reads. A team also sees that a practice is waited for: until somebody there
# answers, it is the team's to see to. A canary is in nobody's list.
_THREADS = """select t.id, t.kind, t.version, t.reply_by, t.waiting_since, t.danger, t.owner_id, t.settled_at,
        t.settled_how, t.settled_why,
        p.public_id as patient, p.given_name || ' ' || p.family_name as display_name, p.nhs_number, p.birth_date,
        p.phone, o.name as practice, s.display_name as owner, b.display_name as settled_by, w.ids, w.found,
        l.public_id as last_id, l.relation, l.words, l.received_at, l.private, l.practitioner_id,
        coalesce(lp.display_name, lr.display_name, p.given_name || ' ' || p.family_name) as writer,
        count(*) filter (where t.reply_by is not null) over () as all_waiting
    from thread t join patient p on p.id = t.patient_id
    left join organization o on o.id = t.organization_id
    left join practitioner s on s.id = t.owner_id
    left join practitioner b on b.id = t.settled_by
    cross join lateral (
        select coalesce(array_agg(m.public_id order by m.id), '{}') as ids,
            array(select distinct one from thread_message d, unnest(d.danger) one
                where d.thread_id = t.id and d.id > t.settled_upto order by one) as found
        from thread_message m
        where m.thread_id = t.id and m.id > t.settled_upto and m.relation in ('self', 'carer')) w
    join lateral (select m.* from thread_message m where m.thread_id = t.id order by m.id desc limit 1) l on true
    left join practitioner lp on lp.id = l.practitioner_id
    left join related_person lr on lr.id = l.related_person_id
    where not p.is_canary and (t.kind = 'team' and t.patient_id = any(:patients)
        or t.kind = 'practice' and t.organization_id = p.gp_practice_id and (t.organization_id = any(:practices)
            or t.patient_id = any(:patients) and t.reply_by is not null))
    order by t.reply_by is null, not t.danger, t.waiting_since, l.id desc limit :most"""
_LIST = text(_THREADS)
_NAMES = text("select name from organization where id = any(:ids) order by name")


@dataclass(frozen=True, slots=True)
class Inbox:
    """Whose list it is: the people of a team by inside key, or the practices somebody works at."""

    actor: Actor
    name: str
    patients: Sequence[int]
    practices: Sequence[int]


def open_inbox(actor: Actor) -> Inbox:
    """The list of whoever asks: a team's, or for staff of a practice the practice's. Audited.

    Raises NotAllowed for who is in no team, RecordRefused for who works at no practice now.
    """
    if access.role_of(actor) != PRACTICE:
        panel = open_panel(actor)
        return Inbox(actor, panel.team.name, sorted(panel.patients), [])
    practices = facts.practices_of(actor)
    if not practices:
        audit.record_refusal(actor, "read-inbox", "organization", purpose=Purpose.CAREMGT.value)
        raise RecordRefused
    names = list(db.session.scalars(_NAMES, {"ids": list(practices)}))
    audit.record(
        actor,
        "read-inbox",
        "organization",
        purpose=Purpose.CAREMGT.value,
        detail={"practices": list(practices)},
    )
    return Inbox(actor, ", ".join(names), [], practices)


def listed(inbox: Inbox) -> dict[str, Any]:
    """What waits, and below it what was answered lately."""
    now = access.database_time()
    asked = {"patients": list(inbox.patients), "practices": list(inbox.practices), "most": MOST}
    rows = db.session.execute(_LIST, asked).all()
    return {
        "as_of": now,
        "name": inbox.name,
        "practice": bool(inbox.practices),
        "waiting": rows[0].all_waiting if rows else 0,
        "threads": [_row(one, inbox, now) for one in rows],
    }


def _row(one: Any, inbox: Inbox, now: datetime) -> dict[str, Any]:
    me = inbox.actor.practitioner_id
    waits = one.reply_by is not None
    return {
        "kind": one.kind,
        "patient": {
            "id": one.patient, "display_name": one.display_name, "nhs_number": one.nhs_number,
            "birth_date": one.birth_date, "phone": one.phone,
        },
        "practice": one.practice,
        "state": ("overdue" if one.reply_by <= now else "waiting") if waits else "answered",
        "danger": list(one.found) if waits else [],
        "last": {
            "id": one.last_id, "words": one.words, "received_at": one.received_at, "private": one.private,
            "by": {
                "relation": one.relation, "name": one.writer,
                "me": one.practitioner_id is not None and one.practitioner_id == me,
            },
        },
        "waiting": list(one.ids),
        "waiting_since": one.waiting_since,
        "reply_by": one.reply_by,
        "owner": None if one.owner is None else {"name": one.owner, "me": one.owner_id == me},
        "settled": None if one.settled_by is None else {
            "how": one.settled_how, "at": one.settled_at, "by": one.settled_by, "why": one.settled_why,
        },
        "may_write": (one.kind == "practice") == bool(inbox.practices),
        "version": one.version,
    }  # fmt: skip
