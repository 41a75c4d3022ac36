"""Lists what of whose plan waits for a clinician, so that a change asked for is found without opening every plan."""

from typing import Any

from sqlalchemy import text

from backend.access import service as access
from backend.access.record import open_panel
from backend.core.db import db
from backend.core.http import Actor
from backend.plans.written import Row

__all__ = ["listed"]

MOST = 300

# A change that somebody asked for, and words of a clinical part that no clinician has signed. A canary is in no list.
_WAITING = text(
    """select p.public_id as patient, p.given_name || ' ' || p.family_name as display_name, p.nhs_number,
        p.birth_date, w.* from (
        select r.patient_id, 'proposal' as what, s.key, s.title, r.by_name, r.relation, r.at
        from plan_proposal r join care_plan_section s on s.id = r.section_id where r.state = 'open'
        union all
        select s.patient_id, 'words', s.key, s.title, v.by_name, v.relation, v.at
        from care_plan_section s
        join plan_version v on v.entity = 'section' and v.entity_id = s.id and v.version = s.version
        where s.clinical and not exists (select from plan_signature g
            where g.section_id = s.id and g.version = s.version and g.role = 'clinician')) w
    join patient p on p.id = w.patient_id
    where p.id = any(:patients) and not p.is_canary
    order by w.at, w.key limit :most"""
)


def listed(actor: Actor) -> Row:
    """What waits in the plans of this actor's people, oldest first. Audited; NotAllowed for who has no list."""
    panel = open_panel(actor)
    rows = db.session.execute(_WAITING, {"patients": sorted(panel.patients), "most": MOST}).all()
    return {"as_of": access.database_time(), "rows": [_row(one) for one in rows]}


def _row(one: Any) -> Row:
    return {
        "patient": {
            "id": one.patient, "display_name": one.display_name, "nhs_number": one.nhs_number,
            "birth_date": one.birth_date,
        },
        "what": one.what, "section": one.key, "title": one.title, "by": one.by_name, "relation": one.relation,
        "at": one.at,
    }  # fmt: skip
