"""Who is judged first of many who wait: whoever's newest value is outside their own range, or dangerous for anybody."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import text

from backend.alerts.held import DANGERS
from backend.core.db import db
from backend.observations.codes import Code

# After what the gateway itself marked as dangerous (10), before whatever was measured just now (5).
DANGEROUS = 9
# SpO2 of 92 or less may be an emergency for somebody without a range of their own (NHS England, COVID Oximetry @home).
MORE: Mapping[Code, Decimal] = {Code.SPO2: Decimal(92)}

_PROMOTE = text(
    """update evaluation_wait set priority = :priority where id in (
        select w.id from evaluation_wait w
        where w.id > :after and w.priority < :priority and w.not_before <= db_now() and exists (
            select from latest l
            join unnest(cast(:codes as smallint[]), cast(:lows as numeric[]), cast(:belows as numeric[]),
                cast(:highs as numeric[])) as d (code, low, below, high) on d.code = l.code
            left join alert_limit own on own.patient_id = l.patient_id and own.code = l.code
            where l.patient_id = w.patient_id and l.code = any(w.codes) and (l.special is not null
                or case when own.id is not null then l.value < own.low or l.value > own.high
                    else l.value <= d.low or l.value < d.below or l.value >= d.high end))
        order by w.id for update of w skip locked)
    returning id"""
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
            "priority": DANGEROUS,
            "codes": [code.number for code, _ in dangers],
            "lows": [MORE.get(code, danger.low) for code, danger in dangers],
            "belows": [danger.below for _, danger in dangers],
            "highs": [danger.high for _, danger in dangers],
        }
        promoted = len(db.session.execute(_PROMOTE, asked).all())
        self._after = newest
        return promoted
