"""Learns how quiet each home usually is, once a day and by SQL, because no norm would fit two homes."""

from datetime import timedelta

from sqlalchemy import text

from backend.alerts.signs import MOVES
from backend.alerts.watching import look_again, take
from backend.core.db import db

RULE = "home_pattern"
EVERY = timedelta(hours=24)
BATCH = 200

# Alongside defaults, not national guidance: 28 days back; the day is active from the 10th centile of the first
# movements to the 90th of the last; of the times between two movements within those hours, the 99th centile.
# Days of a pause and days with an open no-sign or inactivity card would teach that silence is usual, and are left out.
_LEARN = text(
    """with moved as (
        select o.patient_id, o.effective_at as at, (o.effective_at at time zone 'Europe/London') as wall
        from observation o
        where o.patient_id = any(:ids) and o.code = any(:moves) and o.value = 1
          and o.effective_at > (select db_now()) - interval '28 days' and o.effective_at <= (select db_now())
          and not exists (select from pause p where p.patient_id = o.patient_id and p.span @> o.effective_at)
          and not exists (select from alert a where a.patient_id = o.patient_id
              and a.rule in ('no_sign', 'inactivity', 'inactivity_alarm')
              and o.effective_at >= a.true_at - interval '1 hour'
              and o.effective_at <= coalesce(a.closed_at, 'infinity'))),
    days as (
        select patient_id, wall::date as day, min(wall::time) as first, max(wall::time) as last
        from moved group by 1, 2),
    hours as (
        select patient_id, count(*) as days,
            (time '00:00' + percentile_disc(0.10) within group (order by first - time '00:00')) as active_from,
            (time '00:00' + percentile_disc(0.90) within group (order by last - time '00:00')) as active_to
        from days group by 1),
    gaps as (
        select m.patient_id, m.wall - lag(m.wall) over (partition by m.patient_id, m.wall::date order by m.wall) as gap
        from moved m join hours h on h.patient_id = m.patient_id
            and m.wall::time between h.active_from and h.active_to),
    usual as (
        select patient_id, percentile_disc(0.99) within group (order by gap) as gap from gaps
        where gap is not null group by 1)
    insert into home_pattern (patient_id, days, usual_gap_s, active_from, active_to, computed_at)
    select h.patient_id, h.days, extract(epoch from u.gap)::int, h.active_from, h.active_to, (select db_now())
    from hours h join usual u on u.patient_id = h.patient_id
    on conflict (patient_id) do update set days = excluded.days, usual_gap_s = excluded.usual_gap_s,
        active_from = excluded.active_from, active_to = excluded.active_to, computed_at = excluded.computed_at"""
)


def learn_patterns() -> int:
    """Learn anew for whoever's day is over, at most a batch; in the caller's transaction. Answers how many."""
    watched = take(RULE, BATCH)
    if watched:
        ids = [one.patient_id for one in watched]
        db.session.execute(_LEARN, {"ids": ids, "moves": [code.number for code in MOVES]})
        look_again(RULE, dict.fromkeys(ids, watched[0].now + EVERY))
    return len(watched)
