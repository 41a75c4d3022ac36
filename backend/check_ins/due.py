"""Reads what people's pathways ask and what they have answered, many people at once and no answer itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from backend.access import service as access
from backend.check_ins import asking
from backend.check_ins.definitions import questionnaires
from backend.core.db import db, fetch
from backend.core.once import asked_once
from backend.escalation import service as escalation
from backend.pathways import service as pathways
from backend.pathways.check_ins import Sitting
from backend.pathways.vocabulary import NEEDS_A_ROSTER

COMPLETE, DRAFT = "complete", "draft"

_TEAMS = text(
    """select distinct on (patient_id) patient_id, care_team_id from caseload
    where patient_id = any(:ids) and valid @> db_now() order by patient_id, id"""
)


_ANSWERED = text(
    """select patient_id, questionnaire, related_person_id, max(completed_at) as at from questionnaire_response
    where patient_id = any(:ids) and state = :state group by 1, 2, 3"""
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one person, or one carer of theirs, is asked: the sittings, what is left out, when each was answered."""

    planned: tuple[Sitting, ...]
    left_out: tuple[str, ...]
    answered: Mapping[str, datetime]


NOTHING = Asked((), (), {})


def asked_of(patient_ids: Collection[int], carer: int | None = None) -> dict[int, Asked]:
    """What is asked of these people, or of one of their carers (inside key); who is asked nothing is absent.

    Nothing is asked of who is not live. Whoever stands by may answer for the person, once for both; how a carer is,
    each carer answers for themselves.
    """
    return dict(_asked_of(tuple(patient_ids), carer))


@asked_once
def _asked_of(patient_ids: tuple[int, ...], carer: int | None) -> dict[int, Asked]:
    is_carer = carer is not None
    packs = {
        id_: [one.pack for one in enrolled if one.is_live and one.pack.check_ins]
        for id_, enrolled in pathways.enrolments_for(patient_ids).items()
    }
    packs = {id_: mine for id_, mine in packs.items() if mine}
    if not packs:
        return {}
    needing = {
        id_ for id_, mine in packs.items() if any(one.id in NEEDS_A_ROSTER for one in asking.wanted(mine))
    }
    rostered = _rostered(needing)
    answered = _answered(list(packs), carer)
    found = {}
    for id_, mine in packs.items():
        planned, left_out = asking.plan(mine, is_rostered=id_ in rostered, is_carer=is_carer)
        found[id_] = Asked(tuple(planned), left_out, answered.get(id_, {}))
    return found


def _rostered(patient_ids: Collection[int]) -> frozenset[int]:
    """Those of these people for whom somebody is down to answer at every hour of the coming day."""
    if not patient_ids:
        return frozenset()
    now = access.database_time()
    teams = {
        row.patient_id: row.care_team_id for row in db.session.execute(_TEAMS, {"ids": list(patient_ids)})
    }
    answering = {team for team in set(teams.values()) if escalation.is_rostered(team, now)}
    return frozenset(id_ for id_, team in teams.items() if team in answering)


def _answered(patient_ids: Collection[int], carer: int | None) -> dict[int, dict[str, datetime]]:
    found: dict[int, dict[str, datetime]] = {}
    for row in fetch(_ANSWERED, ids=list(patient_ids), state=COMPLETE):
        one = questionnaires().get(row.questionnaire)
        if one is not None and (row.related_person_id == carer or one.who == "either"):
            mine = found.setdefault(row.patient_id, {})
            mine[row.questionnaire] = max(row.at, mine.get(row.questionnaire, row.at))
    return found
