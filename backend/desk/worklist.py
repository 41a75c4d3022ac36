"""Puts a desk's list together: reds whole and first, what is near them counted, and whether anybody checks."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from backend.access import service as access
from backend.access import teams
from backend.access.record import OpenPatient, Panel
from backend.core.db import db
from backend.desk import cards
from backend.desk.listening import listening
from backend.desk.rows import rows
from backend.desk.storm import storm
from backend.devices import service as devices

# The rules run every second; after this an empty list proves nothing, and the page says so. Alongside default.
CHECKED_WITHIN = timedelta(seconds=60)
# The last closed ones on the page of a person.
RECENTLY_CLOSED = 10

# By the machine's own clock on both sides, because a heartbeat is written so.
_CHECKED = text(
    """select at, at > clock_timestamp() - cast(:within as interval) as is_fresh from heartbeat
    where name = any(array['rules', 'worker']) order by name = 'rules' desc limit 1"""
)
_HANDED = text(
    """select count(*) from desk_handover_card i join desk_handover h on h.id = i.handover_id
    where i.accepted_at is null and i.climbed_at is null and i.dropped_at is null and h.from_id <> :me
        and (h.to_id = :me or h.care_team_id in (select care_team_id from care_team_member
            where practitioner_id = :me and valid @> db_now()))"""
)


def worklist(panel: Panel, start: int) -> dict[str, Any]:
    """Everything that needs this desk, worst and soonest first; the milder ones from `start` on."""
    now = access.database_time()
    me = panel.practitioner.id
    lines = cards.open_lines(panel.patients, teams.team_ids(me))
    found = cards.standing(lines)
    page = cards.page(found, start)
    whole = cards.cards_to_read(page.ids)
    owed = cards.owed(panel.patients)
    # A card that was closed between the two questions is not on the list any more.
    shown = [whole[id_] for id_ in page.ids if id_ in whole and whole[id_].open]
    listed = rows([*shown, *owed], panel.patients, me, now)
    counts = cards.counts(found, me)
    heard = listening(panel.team.id)
    checked = db.session.execute(_CHECKED, {"within": CHECKED_WITHIN}).one_or_none()
    return {
        "as_of": now,
        "team": {"name": panel.team.name},
        "rows": listed[: len(shown)],
        "rechecks": listed[len(shown) :],
        "counts": counts
        | {
            "rechecks": counts["rechecks"] + len(owed),
            "handed_to_me": db.session.scalar(_HANDED, {"me": me}) or 0,
        },
        "quarantine": {"open": devices.quarantine_open_count()},
        "desks": heard.desks,
        "listening": heard.desks,
        "listening_team": heard.of_team,
        "last_checked": checked.at if checked is not None else None,
        "checking": bool(checked is not None and checked.is_fresh),
        "storm": storm(lines, now),
        "more": {
            "amber": max(0, page.others - len(page.ids) + _reds(found)),
            "from": start,
            "next": page.following,
        },
    }


def _reds(found: list[cards.Standing]) -> int:
    return sum(one.is_red for one in found)


def rows_about(patient: OpenPatient, practitioner_id: int | None) -> list[dict[str, Any]]:
    """Rows of one person's cards: open ones in order, then the last closed with their outcome."""
    ids = cards.cards_about(patient.id, RECENTLY_CLOSED)
    whole = cards.cards_to_read(ids)
    lines = [one for one in cards.open_lines({patient.id: patient}) if one.card_id in whole]
    first = [one.id for one in cards.standing(lines)]
    ordered = [*first, *(id_ for id_ in ids if id_ not in first)]
    now: datetime = access.database_time()
    return rows([whole[id_] for id_ in ordered], {patient.id: patient}, practitioner_id, now)
