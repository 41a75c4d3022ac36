"""Up to which arrival each person has been judged, so that a sweep can show that nobody waits unseen."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import text

from backend.alerts.judge import rules
from backend.core.db import db
from backend.core.notices import notify

# A mark that is written with a reading is taken within seconds; this long after its arrival, it was lost.
GRACE = timedelta(seconds=60)
# As what is measured now, before a backlog and after what is dangerous.
PRIORITY = 5
MOST = 1000

_ARRIVED = text(
    "select patient_id, max(received_at) as at from latest where patient_id = any(:ids) group by patient_id"
)
_JUDGED = text(
    """insert into patient_watermark (patient_id, judged_to, at)
    select patient_id, judged_to, db_now() from unnest(cast(:ids as int[]), cast(:judged_to as timestamptz[]))
        as w (patient_id, judged_to) order by patient_id
    on conflict (patient_id) do update set judged_to = excluded.judged_to, at = excluded.at
        where patient_watermark.judged_to < excluded.judged_to"""
)
_UNSEEN = text(
    """insert into evaluation_wait (patient_id, priority, codes, effective_from)
    select l.patient_id, :priority, array_agg(l.code order by l.code), min(l.effective_at)
    from latest l left join patient_watermark w on w.patient_id = l.patient_id
    where l.code = any(cast(:codes as smallint[])) and l.received_at <= db_now() - :grace
      and (w.patient_id is null or l.received_at > w.judged_to)
      and exists (select from enrolment e where e.patient_id = l.patient_id and e.status = 'live'
          and e.valid @> db_now())
      and not exists (select from evaluation_wait q where q.patient_id = l.patient_id)
    group by l.patient_id order by l.patient_id limit :most
    returning patient_id"""
)


def arrived(patient_ids: Collection[int]) -> Mapping[int, datetime]:
    """When the newest reading of each of these people arrived; asked before their readings are read."""
    rows = db.session.execute(_ARRIVED, {"ids": list(patient_ids)})
    return {row.patient_id: row.at for row in rows}


def judged(arrivals: Mapping[int, datetime]) -> None:
    """Note that these people have been judged up to these arrivals; it never goes back."""
    if arrivals:
        people = sorted(arrivals)
        db.session.execute(_JUDGED, {"ids": people, "judged_to": [arrivals[id_] for id_ in people]})


def sweep_unseen() -> int:
    """Mark everybody who is live, has a newer reading than they were judged up to, and does not wait; never commits.

    Answers how many. None is expected ever: a mark is written in the transaction of its reading.
    """
    watched = sorted({code.number for rule in rules().values() for code in rule.WATCHES})
    asked = {"priority": PRIORITY, "codes": watched, "grace": GRACE, "most": MOST}
    found = len(db.session.execute(_UNSEEN, asked).all())
    if found:
        notify({"t": "waiting"})
    return found
