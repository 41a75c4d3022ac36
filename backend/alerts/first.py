"""Who is judged first of many who wait: who may be in danger, then who is out of their range, then the rest."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import text

from backend.alerts.held import DANGERS
from backend.core.db import db
from backend.observations.codes import Code

# After what the gateway itself marked as dangerous (10); the milder lane still before whatever was measured just now
# (5). Two lanes, because ten thousand with a fever must not stand before one without oxygen.
DANGEROUS, OUT_OF_RANGE = 9, 7
# SpO2 of 92 or less may be an emergency for somebody without a range of their own (NHS England, COVID Oximetry @home).
MORE: Mapping[Code, Decimal] = {Code.SPO2: Decimal(92)}
# Which end of a person's own range is red to be outside of; the other ends ask for a look, not for help at once.
OWN_LOW_IS_RED = frozenset({Code.SPO2, Code.PULSE, Code.SYSTOLIC, Code.GLUCOSE})
OWN_HIGH_IS_RED = frozenset({Code.PULSE, Code.KETONES})
# A fever is red only for somebody whose plan says so: from here, with `immunosuppressed` (their pathway's rule).
MILD_HIGH = frozenset({Code.TEMPERATURE})
FEVER = Decimal(38)

_PROMOTE = text(
    """with ranked as (
        select w.id, max(case
            when l.special is not null then :dangerous
            when case when d.own_low_red and own.low is not null then l.value < own.low
                else l.value <= d.low or l.value < d.below end then :dangerous
            when case when d.own_high_red and own.high is not null then l.value > own.high
                else not d.mild_high and l.value >= d.high end then :dangerous
            when l.code = :temperature and l.value >= :fever and p.facts ->> 'immunosuppressed' = 'true' then :dangerous
            when l.value < own.low or l.value > own.high or own.id is null and l.value >= d.high then :out
            end) as priority
        from evaluation_wait w
        join latest l on l.patient_id = w.patient_id and l.code = any(w.codes)
        join unnest(cast(:codes as smallint[]), cast(:lows as numeric[]), cast(:belows as numeric[]),
            cast(:highs as numeric[]), cast(:own_low_red as bool[]), cast(:own_high_red as bool[]),
            cast(:mild_high as bool[])) as d (code, low, below, high, own_low_red, own_high_red, mild_high)
            on d.code = l.code
        join patient p on p.id = w.patient_id
        left join alert_limit own on own.patient_id = l.patient_id and own.code = l.code
        where w.id > :after and w.priority < :dangerous and w.not_before <= (select db_now())
        group by w.id),
    mine as (
        select w.id, r.priority from evaluation_wait w join ranked r on r.id = w.id
        where w.priority < r.priority order by w.id for update of w skip locked)
    update evaluation_wait w set priority = mine.priority from mine where w.id = mine.id returning w.id"""
)
_NEWEST = text("select coalesce(max(id), 0) from evaluation_wait")


class Queue:
    """Remembers up to which mark this process has looked, so that each is looked at once."""

    def __init__(self) -> None:
        self._after = 0

    def dangerous_first(self) -> int:
        """Put those forward whose newest value is out of their range or dangerous; never commits, answers how many.

        Whoever is not put forward waits no longer than before. Another process may look at the same marks.
        """
        newest: int = db.session.execute(_NEWEST).scalar_one()
        if newest <= self._after:
            self._after = min(self._after, newest)
            return 0
        dangers = DANGERS.items()
        asked = {
            "after": self._after,
            "dangerous": DANGEROUS,
            "out": OUT_OF_RANGE,
            "temperature": Code.TEMPERATURE.number,
            "fever": FEVER,
            "own_low_red": [code in OWN_LOW_IS_RED for code, _ in dangers],
            "own_high_red": [code in OWN_HIGH_IS_RED for code, _ in dangers],
            "mild_high": [code in MILD_HIGH for code, _ in dangers],
            "codes": [code.number for code, _ in dangers],
            "lows": [MORE.get(code, danger.low) for code, danger in dangers],
            "belows": [danger.below for _, danger in dangers],
            "highs": [danger.high for _, danger in dangers],
        }
        promoted = len(db.session.execute(_PROMOTE, asked).all())
        self._after = newest
        return promoted
