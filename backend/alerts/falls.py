"""Counts the falls of whoever fell lately, so that a second in a year leads to an assessment and not to a score."""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from backend.alerts.episodes import raise_episodes
from backend.alerts.history import History
from backend.alerts.occurrence import Occurrence
from backend.alerts.rules import fall_recurrent
from backend.alerts.subjects import people
from backend.alerts.watching import check_failed, occurrence
from backend.core.db import db
from backend.observations.codes import Code
from backend.observations.reading import Reading

log = logging.getLogger("alongside.alerts")

RULE = "fall_recurrent"
# One fall may come as an alarm and as a measurement. Alongside default, not national guidance.
ONE_FALL = timedelta(minutes=10)

# Whoever fell in the last days, with every fall of theirs in a year that nobody called a wrong alert; and whoever has
# been told of since their newest fall is left alone. A fall's harm is known when its card is closed, so days and not
# minutes are looked back.
_FALLS = text(
    """with lately as (
        select distinct patient_id from alert where rule in ('fall', 'fall_seen') and patient_id is not null
            and (opened_at > (select db_now()) - interval '3 days' or closed_at > (select db_now()) - interval '3 days')
            and opened_at > (select db_now()) - interval '31 days' and not is_canary
            and not exists (select from leaving l where l.patient_id = alert.patient_id
                and l.kind = 'died' and l.undone_at is null))
    select a.patient_id, a.true_at, a.outcome, (select db_now()) as now from lately
    join alert a on a.patient_id = lately.patient_id and a.rule in ('fall', 'fall_seen')
        and a.true_at > (select db_now()) - interval '366 days' and a.outcome is distinct from 'wrong-alert'
    where not exists (select from alert told where told.patient_id = a.patient_id and told.rule = :rule
        and (told.closed_at is null or told.opened_at >= (select max(f.opened_at) from alert f
            where f.patient_id = a.patient_id and f.rule in ('fall', 'fall_seen'))))
    order by a.patient_id, a.true_at"""
)
HARM = ("999-or-admitted", "in-hospital")


def sweep_falls() -> int:
    """Raise a routine assessment for whoever fell twice in a year, or once with harm; answers how many."""
    falls: dict[int, list[Reading]] = defaultdict(list)
    now: datetime | None = None
    for row in db.session.execute(_FALLS, {"rule": RULE}):
        now = row.now
        _count(falls[row.patient_id], row)
    if now is None:
        return 0
    known = people(list(falls))
    found: list[Occurrence] = []
    for id_, readings in falls.items():
        try:
            finding = fall_recurrent.evaluate(History(tuple(readings), now))
        except Exception:
            # One person's surprise must not stop the others, and must not be lost either.
            log.exception("rule %s failed for patient row %s", RULE, id_)
            found.append(check_failed(known[id_], RULE, readings[0].effective_at, now))
            continue
        if finding is not None:
            evidence = [{"at": one.effective_at.isoformat(), "rule": "fall"} for one in finding.evidence]
            found.append(occurrence(known[id_], RULE, fall_recurrent.SOURCE, finding, now, evidence=evidence))
    raise_episodes(found)
    return len(found)


def _count(falls: list[Reading], row: Any) -> None:
    """Add a fall, unless it is the one before in other words; harm known of either is known of both."""
    beside = (fall_recurrent.HARM,) if row.outcome in HARM else ()
    if falls and row.true_at - falls[-1].effective_at <= ONE_FALL:
        before = falls.pop()
        falls.append(Reading(Code.FALL, Decimal(1), "1", before.effective_at, beside=before.beside or beside))
        return
    falls.append(Reading(Code.FALL, Decimal(1), "1", row.true_at, beside=beside))
