"""Asks the gateway to try kept messages again, and says how far it is; the gateway does it with today's decoders."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from backend.core.clock import sql_now
from backend.core.db import db
from backend.core.errors import Invalid, NotFound
from backend.core.notices import notify
from backend.devices import ended, quarantined
from backend.devices.quarantined import QuarantinedMessage, reason_of
from backend.observations import service as observations
from backend.observations.reading import Inbound, Stored
from backend.quarantine.models import Replay, ReplayRequest

# An alarm is raised whatever is wrong with it, and a status or a presence of the past says nothing any more.
CHANNELS = ("obs", "raw")
MOST_AT_ONCE = 5_000
State = Literal["waiting", "stored", "duplicate", "refused"]

_TAKE = text(
    """select r.id, r.quarantine_id, r.patient_id, q.asked_by, q.reason
    from replay r join replay_request q on q.id = r.replay_request_id
    where r.state = 'waiting' order by r.id limit :limit for update of r skip locked"""
)

_STANDS = text(
    """select exists (select from quarantine q join replay r on r.quarantine_id = q.id
        left join correction c on c.id = r.correction_id
        where q.device = :device and q.message_id = :message_id and r.state = 'stored' and c.undone_at is null)"""
)
_WAS_GIVEN = text(
    """select exists (select from replay r join correction c on c.id = r.correction_id
        where r.quarantine_id = :key and c.undone_at is not null)"""
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a request is; `refused` says why of those refused again, by the reason's words."""

    id: UUID
    asked_at: datetime
    total: int
    waiting: int
    stored: int
    duplicate: int
    refused: int
    reasons: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A message the gateway has in hand, held for its transaction. `patient_id` names whose it is said to be."""

    replay_id: int
    message: QuarantinedMessage
    patient_id: int | None
    asked_by: int
    why: str


@dataclass(frozen=True, slots=True)
class Try:
    """A message's earlier try, for its page."""

    at: datetime
    done_at: datetime | None
    state: str
    words: str | None
    asked_by: int
    patient_id: int | None
    correction_id: int | None


def ask(by: int, keys: Sequence[int], patient_id: int | None = None, reason: str | None = None) -> Progress:
    """Write the wish down; the gateway looks every second. What waits already is not asked twice.

    `by` is the inside key of the practitioner. Raises Invalid when there is nothing to try.
    """
    if not keys:
        raise Invalid("nothing-to-replay", "None of the open messages can be tried again.")
    request = ReplayRequest(asked_by=by, reason=reason, total=0)
    db.session.add(request)
    db.session.flush()
    rows = [{"replay_request_id": request.id, "quarantine_id": key, "patient_id": patient_id} for key in keys]
    made = db.session.execute(
        insert(Replay)
        .on_conflict_do_nothing(index_elements=["quarantine_id"], index_where=text("state = 'waiting'"))
        .returning(Replay.id),
        rows,
    ).all()
    if not made:
        raise Invalid("waiting-already", "These messages are being tried again already.")
    request.total = len(made)
    db.session.flush()
    return progress(request.public_id)


def progress(public_id: UUID) -> Progress:
    """How far a request is; raises NotFound."""
    request = db.session.scalars(
        select(ReplayRequest).where(ReplayRequest.public_id == public_id)
    ).one_or_none()
    if request is None:
        raise NotFound("no-replay", "There is no such replay.")
    counted: dict[str, int] = dict.fromkeys(("waiting", "stored", "duplicate", "refused"), 0)
    reasons: list[Mapping[str, object]] = []
    rows = db.session.execute(
        select(Replay.state, Replay.reason, func.count())
        .where(Replay.replay_request_id == request.id)
        .group_by(Replay.state, Replay.reason)
        .order_by(func.count().desc())
    )
    for state, reason, count in rows:
        counted[state] += count
        if state == "refused" and reason is not None:
            reasons.append({"reason": reason, "words": reason_of(reason).words, "count": count})
    return Progress(request.public_id, request.asked_at, request.total, **counted, reasons=tuple(reasons))


def tries_of(key: int) -> list[Try]:
    """How often a message was tried again, the last first."""
    rows = db.session.execute(
        select(Replay, ReplayRequest)
        .join(ReplayRequest, ReplayRequest.id == Replay.replay_request_id)
        .where(Replay.quarantine_id == key)
        .order_by(Replay.id.desc())
        .limit(20)
    )
    return [
        Try(
            request.asked_at, one.done_at, one.state, one.reason and reason_of(one.reason).words,
            request.asked_by, one.patient_id, one.correction_id,
        )
        for one, request in rows
    ]  # fmt: skip


def given_to(keys: Collection[int]) -> dict[int, set[int]]:
    """To whom each message was ever given by hand, by inside keys."""
    found: dict[int, set[int]] = {}
    rows = db.session.execute(
        select(Replay.quarantine_id, Replay.patient_id).where(
            Replay.quarantine_id.in_(list(keys)), Replay.patient_id.is_not(None)
        )
    )
    for key, patient_id in rows:
        assert patient_id is not None
        found.setdefault(key, set()).add(patient_id)
    return found


def take(limit: int) -> list[Taken]:
    """Waiting tries, oldest first, held for this transaction; another gateway takes others."""
    rows = db.session.execute(_TAKE, {"limit": limit}).all()
    messages = quarantined.lock([row.quarantine_id for row in rows])
    return [
        Taken(row.id, messages[row.quarantine_id], row.patient_id, row.asked_by, row.reason or "")
        for row in rows
    ]


def was_undone(one: Taken) -> bool:
    """Whether a message's id is known only by readings that were taken out of the record again.

    Without somebody who says whose it is, only where this very message had been given by hand and that was undone:
    what was voided as a faulty device's comes back by no replay.
    """
    message = one.message
    if message.device_row_id is None or message.message_id is None:
        return False
    known = ended.stored_as(message.device_row_id, message.message_id)
    if known is None or not observations.is_void([known]):
        return False
    if db.session.scalar(_STANDS, {"device": message.device_id, "message_id": message.message_id}):
        # Another sending of it, kept beside this one, was stored since.
        return False
    return one.patient_id is not None or bool(db.session.scalar(_WAS_GIVEN, {"key": message.key}))


def stored(one: Taken, inbound: Inbound, kept: Stored) -> None:
    """The message is in a record now: its wait ends, and by hand it is noted who said whose it is."""
    made = None
    if one.patient_id is not None:
        made = observations.attribute(inbound, kept, by=one.asked_by, reason=one.why)
    ended.resolve([one.message.key], "replayed" if made is None else "attributed")
    _settle(one, "stored", correction_id=None if made is None else made.id)


def known_already(one: Taken) -> None:
    """The message was stored when the device sent it again."""
    ended.resolve([one.message.key], "stored-since")
    _settle(one, "duplicate")


def refused(one: Taken, reason: str, detail: str) -> None:
    """Today's decoder or the record's door refuses it: it goes on waiting, with what is wrong with it today."""
    if one.patient_id is None and one.message.resolved_at is None:
        ended.refused_again(one.message.key, reason, detail)
    _settle(one, "refused", reason=reason, detail=detail.replace("\0", "\\0"))


def waits_again(correction_id: int) -> None:
    """Let the message wait again whose reading was given to a person by this correction, now undone."""
    quarantined_ids = select(Replay.quarantine_id).where(Replay.correction_id == correction_id)
    ended.reopen(list(db.session.scalars(quarantined_ids)))
    notify({"t": "quarantine", "p": None, "r": "not-bound"})


def _settle(one: Taken, state: State, **more: object) -> None:
    db.session.execute(
        update(Replay).where(Replay.id == one.replay_id).values(state=state, done_at=sql_now(), **more)
    )
    notify({"t": "quarantine", "p": None, "r": one.message.reason})
