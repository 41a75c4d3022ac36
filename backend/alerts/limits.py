"""Which range counts for a person: a clinician's own before every pack's, never a guess between two."""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select, text

from backend.alerts.models import AlertLimit
from backend.core.db import db, fetch
from backend.core.once import asked_once
from backend.observations.codes import BY_NUMBER, Code
from backend.observations.reading import Limit
from backend.pathways import service as pathways
from backend.pathways.service import EnrolledOn

log = logging.getLogger("alongside.alerts")


def personal_limits(patient_ids: Collection[int]) -> dict[int, dict[Code, Limit]]:
    """Limits clinicians set for these people, by inside key."""
    return {id_: dict(limits) for id_, limits in _personal_limits(tuple(patient_ids)).items()}


_PERSONAL = text(
    "select patient_id, code, low, high, set_by from alert_limit where patient_id = any(:ids) order by id"
)


@asked_once
def _personal_limits(patient_ids: tuple[int, ...]) -> dict[int, dict[Code, Limit]]:
    found: dict[int, dict[Code, Limit]] = {}
    for row in fetch(_PERSONAL, ids=list(patient_ids)):
        limit = Limit(row.low, row.high, f"set by {row.set_by}", personal=True)
        found.setdefault(row.patient_id, {})[BY_NUMBER[row.code]] = limit
    return found


def effective_limits(
    personal: Mapping[Code, Limit], enrolled: Sequence[EnrolledOn], age: int | None
) -> dict[Code, Limit]:
    """The limits that count. A code on which packs disagree has none until a clinician sets one."""
    packs = pathways.pack_limits(enrolled, age)
    limits = {Code(code): Limit(one.low, one.high, one.source) for code, one in packs.limits.items()}
    limits.update(personal)
    return limits


def parameters_of(rule: str, enrolled: Sequence[EnrolledOn]) -> Mapping[str, str]:
    """What a person's live pathways set for a rule, together.

    Where two of them set a different value of one name, neither is taken and the rule's own default counts: which of
    the two means this person, only a clinician can say, so such pathways are refused when they go live together.
    """
    found: dict[str, str] = {}
    torn: set[str] = set()
    for one in enrolled:
        if not one.is_live:
            continue
        for name, value in one.parameters(rule).items():
            if found.setdefault(name, value) != value:
                torn.add(name)
    if torn:
        log.warning("pathways disagree on parameters", extra={"rule": rule, "parameters": sorted(torn)})
    return {name: value for name, value in found.items() if name not in torn}


def limit_rows(patient_id: int, limits: Mapping[Code, Limit]) -> list[dict[str, Any]]:
    """Effective limits as the team's page lists them, with who set them and when.

    {"code", "low", "high", "set_by", "set_at", "source"}; the last three of a pack's default are null, null
    and the source it names.
    """
    asked = select(AlertLimit).where(AlertLimit.patient_id == patient_id)
    own = {BY_NUMBER[row.code]: row for row in db.session.scalars(asked)}
    return [
        {
            "code": code.value,
            "low": None if limit.low is None else str(limit.low),
            "high": None if limit.high is None else str(limit.high),
            "set_by": own[code].set_by if code in own else None,
            "set_at": own[code].set_at if code in own else None,
            "source": own[code].reason if code in own else limit.source,
        }
        for code, limit in limits.items()
    ]
