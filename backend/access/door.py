"""Reads what a door into a record asks of the patient, in our own SQL because every request for a record asks it."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.access.facts import OpenPatient, open_patient, span
from backend.access.policy import Care, PatientFacts, ProxyGrant
from backend.core.db import fetch

# One statement: to put these together out of parts takes longer than PostgreSQL needs to answer them.
_PATIENT = text("""select p.id, p.public_id, p.nhs_number, p.given_name, p.family_name, p.birth_date, p.gender, p.phone,
        p.lives_alone, p.key_safe_reference, p.gp_practice_id, p.facts, p.is_canary, db_now() as as_of,
        (select array_agg(care_team_id order by id) from caseload where patient_id = p.id) as teams,
        (select array_agg(valid order by id) from caseload where patient_id = p.id) as spans,
        exists (select from consent where patient_id = p.id and kind = 'proxy') as has_proxies
    from patient p where p.public_id = :public_id""")
# Capacity as in `facts.lacks_capacity`, which lists ask: a test holds the two together.
_GRANTS = text(r"""select c.related_person_id, c.scopes, c.valid, c.revoked_at, c.basis,
        coalesce((select a.outcome = 'lacks' and a.review_on >= cast(db_now() as date)
            from capacity_assessment a where a.patient_id = c.patient_id
                and lower(regexp_replace(btrim(a.decision, ' .'), '\s+', ' ', 'g'))
                    = lower(regexp_replace(btrim(c.decision, ' .'), '\s+', ' ', 'g'))
            order by a.assessed_on desc, a.id desc limit 1), false) as lacks_capacity
    from consent c
    where c.patient_id = :patient_id and c.kind = 'proxy' and c.related_person_id is not null""")


def of_patient(public_id: UUID) -> tuple[OpenPatient, PatientFacts] | None:
    """The patient and what the policy needs to know of them; None when there is no such patient."""
    found: Any = fetch(_PATIENT, public_id=public_id).one_or_none()
    if found is None:
        return None
    patient = open_patient(found)
    care = zip(found.teams or (), found.spans or (), strict=True)
    return patient, PatientFacts(
        patient.id,
        found.as_of,
        patient.is_canary,
        tuple(Care(team, span(valid)) for team, valid in care),
        _grants(patient.id) if found.has_proxies else (),
        patient.gp_practice_id,
    )


def _grants(patient_id: int) -> tuple[ProxyGrant, ...]:
    return tuple(
        ProxyGrant(
            row.related_person_id, frozenset(row.scopes), span(row.valid), row.revoked_at, row.basis,
            row.lacks_capacity,
        )
        for row in fetch(_GRANTS, patient_id=patient_id)
    )  # fmt: skip
