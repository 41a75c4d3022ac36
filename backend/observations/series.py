"""Reads a person's values back: a series for a chart or a rule, and the newest of each code for lists."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, DateTime, Integer, SmallInteger, cast, func, or_, select, text

from backend.core.db import db, fetch
from backend.observations.codes import BY_NUMBER, Code
from backend.observations.models import Observation, ObservationCorrection
from backend.observations.reading import Quality, Reading, Source, Special, StoredReading

# By number and not by asking the enums: a batch of people comes with tens of thousands of values.
_SPECIALS = {special.value: special for special in Special}
_SOURCES = {source.value: source for source in Source}
_QUALITIES = {quality.value: quality for quality in Quality}
_UNITS = {code: code.unit for code in Code}


def series(patient_id: int, codes: Collection[Code], since: datetime, until: datetime) -> list[StoredReading]:
    """Every value of these codes measured in [since, until), oldest first; `patient_id` is the inside key."""
    rows = db.session.execute(
        select(*_columns(Observation))
        .where(
            Observation.patient_id == patient_id,
            Observation.code.in_([code.number for code in codes]),
            Observation.effective_at >= since,
            Observation.effective_at < until,
            stands(),
        )
        .order_by(Observation.effective_at, Observation.code, Observation.received_at)
    )
    return [_stored(row) for row in rows]


def stands() -> ColumnElement[bool]:
    """That an observation is not void; the index behind it holds only what is void now."""
    void = select(1).where(
        ObservationCorrection.device_message_id == Observation.device_message_id,
        ObservationCorrection.kind == "void",
        ObservationCorrection.ended_at.is_(None),
    )
    return ~void.exists()


def recent(
    since: Mapping[tuple[int, Code], datetime], even: Collection[int] = ()
) -> dict[int, list[StoredReading]]:
    """Values of many people in one query, each code of each person from its own moment on, oldest first.

    `since` is (inside key, code) -> aware time; a person without any value is absent. Void readings are left out,
    but for those of the messages named in `even`.
    """
    if not since:
        return {}
    found: dict[int, list[StoredReading]] = defaultdict(list)
    asked = select(
        func.unnest(cast([id_ for id_, _ in since], ARRAY(Integer))).label("patient_id"),
        func.unnest(cast([code.number for _, code in since], ARRAY(SmallInteger))).label("code"),
        func.unnest(cast(list(since.values()), ARRAY(DateTime(timezone=True)))).label("since"),
    ).subquery()
    rows = db.session.execute(
        select(*_columns(Observation), Observation.patient_id)
        .join(asked, (Observation.patient_id == asked.c.patient_id) & (Observation.code == asked.c.code))
        .where(
            Observation.effective_at >= asked.c.since,
            # Named once more for all, so that the planner can leave out the months before.
            Observation.effective_at >= min(since.values()),
            or_(stands(), Observation.device_message_id.in_(list(even))) if even else stands(),
        )
        .order_by(Observation.effective_at, Observation.code, Observation.received_at)
    )
    for row in rows:
        found[row.patient_id].append(_stored(row))
    return dict(found)


def latest(patient_ids: Collection[int]) -> Mapping[int, dict[Code, StoredReading]]:
    """The newest value of each code for each of these people; a person without any is absent."""
    found: dict[int, dict[Code, StoredReading]] = defaultdict(dict)
    for row in fetch(_LATEST, ids=list(patient_ids)):
        found[row.patient_id][BY_NUMBER[row.code]] = _stored(row)
    return dict(found)


# The columns in the order of `_columns`; in our own SQL, because every first page asks it.
_LATEST = text("""select code, value, special, effective_at, received_at, quality, source, device_message_id,
        device_id, patient_id from latest where patient_id = any(:ids)""")


def _columns(table: type[Observation]) -> Sequence[Any]:
    return (
        table.code, table.value, table.special, table.effective_at, table.received_at, table.quality,
        table.source, table.device_message_id, table.device_id,
    )  # fmt: skip


def _stored(row: Any) -> StoredReading:
    # By place and not by name: a year of somebody's readings is thousands of rows.
    number, measured, special, effective_at, received_at, quality, source, message_id, device_id = row[:9]
    code = BY_NUMBER[number]
    value: Decimal | Special = _SPECIALS[special] if special is not None else measured
    reading = Reading(code, value, _UNITS[code], effective_at, _SOURCES[source], _QUALITIES[quality])
    return StoredReading(reading, received_at, message_id, device_id)
