"""Readings taken out of a record, or given to a person by hand: new rows that are undone and never deleted.

An observation is never edited. What is void is left out by everything that reads values back, the newest values are
worked out anew, and a mark wakes the rules, so that they judge what stands now.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, text, update

from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Conflict, NotFound
from backend.core.notices import notify_all
from backend.observations.codes import BY_NUMBER
from backend.observations.corrected import NO_CORRECTION, Made, Measured, made, messages_of
from backend.observations.models import Correction, EvaluationWait, ObservationCorrection
from backend.observations.reading import Inbound, Stored

# People whose readings changed are judged like those with a fresh reading (see recording.py).
PRIORITY = 5
# What is taken out may be the repeat that a rule waited for (ten minutes; a rule may wait up to an hour), so what was
# measured up to this long before is judged anew as well.
JUDGED_BEFORE = timedelta(hours=1)

# Locked first and in one order, as the gateway does: a reading that arrives meanwhile waits, and is compared then.
_LOCK_LATEST = text(
    """select 1 from latest where patient_id = any(:patients) and code = any(:codes)
    order by patient_id, code for update"""
)
_NEWEST = """select o.* from unnest(cast(:patients as int[])) p (patient_id)
    cross join unnest(cast(:codes as smallint[])) c (code)
    cross join lateral (select * from observation o where o.patient_id = p.patient_id and o.code = c.code
        and not exists (select 1 from observation_correction v where v.device_message_id = o.device_message_id
            and v.kind = 'void' and v.ended_at is null)
        order by o.effective_at desc, o.received_at desc limit 1) o"""
_FORGET_LATEST = text(
    f"""delete from latest l where patient_id = any(:patients) and code = any(:codes)
    and not exists (select 1 from ({_NEWEST}) n where n.patient_id = l.patient_id and n.code = l.code)"""  # noqa: S608 - our own text
)
_RENEW_LATEST = text(
    f"""insert into latest (patient_id, code, quality, source, special, device_id, effective_at, received_at,
        device_message_id, value)
    select patient_id, code, quality, source, special, device_id, effective_at, received_at, device_message_id, value
    from ({_NEWEST}) n order by patient_id, code
    on conflict (patient_id, code) do update set quality = excluded.quality, source = excluded.source,
        special = excluded.special, device_id = excluded.device_id, effective_at = excluded.effective_at,
        received_at = excluded.received_at, device_message_id = excluded.device_message_id, value = excluded.value
    where latest.effective_at <= excluded.effective_at or exists (select 1 from observation_correction v
        where v.device_message_id = latest.device_message_id and v.kind = 'void' and v.ended_at is null)"""  # noqa: S608 - our own text
)


def void(
    messages: Sequence[Measured],
    *,
    by: int,
    reason: str,
    device_row_id: int,
    starts_at: datetime,
    ends_at: datetime,
) -> Made:
    """Take these messages' readings out of the records they are in; never commits."""
    correction = Correction(
        kind="void", device_id=device_row_id, starts_at=starts_at, ends_at=ends_at, reason=reason, made_by=by
    )
    db.session.add(correction)
    db.session.flush()
    _mark(correction.id, "void", messages)
    _settle(messages)
    return made(correction)


def attribute(one: Inbound, stored: Stored, *, by: int, reason: str) -> Made:
    """Note that the message just stored is in this record because somebody said so; never commits."""
    at = one.readings[0].effective_at
    correction = Correction(
        kind="attribution", device_id=stored.device_row_id, patient_id=stored.patient_id, starts_at=at,
        reason=reason, made_by=by,
    )  # fmt: skip
    db.session.add(correction)
    db.session.flush()
    codes = tuple(sorted({reading.code.number for reading in one.readings}))
    message = Measured(
        stored.device_message_id, stored.patient_id, stored.device_row_id, codes, at, one.received_at
    )
    _mark(correction.id, "attributed", [message])
    return made(correction)


def undo(public_id: UUID, *, by: int, reason: str) -> Made:
    """Take a correction back: void readings stand again, a reading given by hand is void; never commits.

    Raises NotFound, or Conflict when somebody was first.
    """
    correction = db.session.scalars(
        select(Correction).where(Correction.public_id == public_id).with_for_update(of=Correction)
    ).one_or_none()
    if correction is None:
        raise NotFound(*NO_CORRECTION)
    if correction.undone_at is not None:
        raise Conflict("already-undone", "Somebody has undone it already.")
    messages = messages_of(correction.id)
    db.session.execute(
        update(ObservationCorrection)
        .where(ObservationCorrection.correction_id == correction.id)
        .values(ended_at=sql_now())
    )
    if correction.kind == "attribution":
        _mark(correction.id, "void", messages)
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    correction.undone_at, correction.undone_by, correction.undone_reason = now, by, reason
    db.session.flush()
    _settle(messages)
    return made(correction)


def _mark(correction_id: int, kind: str, messages: Sequence[Measured]) -> None:
    if messages:
        db.session.execute(
            insert(ObservationCorrection),
            [
                {
                    "correction_id": correction_id, "kind": kind, "device_message_id": one.device_message_id,
                    "patient_id": one.patient_id, "device_id": one.device_id, "codes": list(one.codes),
                    "effective_at": one.effective_at, "received_at": one.received_at,
                }
                for one in messages
            ],
        )  # fmt: skip


def _settle(messages: Sequence[Measured]) -> None:
    """Work the newest values out anew, wake the rules, and tell the open pages."""
    if not messages:
        return
    touched: dict[int, list[Measured]] = {}
    for one in messages:
        touched.setdefault(one.patient_id, []).append(one)
    codes = sorted({code for one in messages for code in one.codes})
    parameters = {"patients": sorted(touched), "codes": codes}
    for statement in (_LOCK_LATEST, _FORGET_LATEST, _RENEW_LATEST):
        db.session.execute(statement, parameters)
    db.session.execute(insert(EvaluationWait), [_wait(id_, ones) for id_, ones in sorted(touched.items())])
    names = _public_ids(touched)
    notify_all([{"t": "waiting"}, *(_notice(names[id_], ones) for id_, ones in sorted(touched.items()))])


def _wait(patient_id: int, messages: Sequence[Measured]) -> dict[str, object]:
    return {
        "patient_id": patient_id,
        "priority": PRIORITY,
        "codes": sorted({code for one in messages for code in one.codes}),
        "effective_from": min(one.effective_at for one in messages) - JUDGED_BEFORE,
    }


def _notice(patient: str, messages: Sequence[Measured]) -> dict[str, object]:
    newest = max(messages, key=lambda one: one.effective_at)
    codes = sorted({BY_NUMBER[code].value for one in messages for code in one.codes})
    at, received = newest.effective_at.isoformat(), newest.received_at.isoformat()
    return {"t": "observation", "p": patient, "c": codes, "e": at, "r": received, "m": None}


def _public_ids(patient_ids: Mapping[int, object]) -> dict[int, str]:
    # Read by SQL as the gateway's door does: a live event names a person by the outside id.
    rows = db.session.execute(
        text("select id, public_id::text from patient where id = any(:ids)"), {"ids": list(patient_ids)}
    )
    return {row[0]: row[1] for row in rows}
