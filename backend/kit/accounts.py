"""A device's account at the broker: its secret changed over the air, taken away, and compared with our list."""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select, text

from backend.access import service as access
from backend.core.db import db, transaction
from backend.core.errors import Conflict, Unavailable
from backend.core.heartbeat import beat
from backend.core.http import SYSTEM, Actor
from backend.core.models import Heartbeat
from backend.devices import service as devices
from backend.devices.courier import NAME as COURIERS
from backend.devices.courier import courier
from backend.devices.credentials import Credentials, new_secret
from backend.devices.service import Piece
from backend.kit import history

log = logging.getLogger("alongside.kit")

PATIENCE_S = 5.0
# A message to a device that listens is on its way within this; then its old connection is cut.
ARRIVES_S = 0.5
REASONS = {"lost": "lost", "stolen": "lost", "faulty": "collected", "returned": "collected"}
# Should the broker hold this many strangers more than known devices, it is our list that is in doubt.
MOST_STRANGERS = 20
BEAT = "credentials"
# A device ignores a revision it has, so its settings, unchanged, get a new one.
_NEXT_REV = text(
    """insert into device_config (device_id, rev, body) values (:id, 1, '{}')
    on conflict (device_id) do update set rev = device_config.rev + 1, set_at = clock_timestamp()
    returning rev, body"""
)
_STANDS = text("select rev, body from device_config where device_id = :id")
# A rotation under way: `rotated_at` is later than `credential_at`. Its version goes up when it is done.
_MARK = text("update device set rotated_at = :at where id = :id")
_GIVE_UP = text("update device set rotated_at = :before where id = :id and rotated_at = :at")
_UNFINISHED = text(
    """select public_id from device where revoked_at is null and rotated_at > credential_at
        and rotated_at < clock_timestamp() - cast(:after as interval)"""
)
# Much longer than all steps at the broker together can take.
UNFINISHED_AFTER = timedelta(minutes=2)
_GONE = text(
    """update device set credential_at = null, version = version + 1
    where id = :id and revoked_at is not null and credential_at = :seen"""
)


@dataclass(frozen=True, slots=True)
class Checked:
    """The last comparison with the broker: names withdrawn, known devices without an account, held back."""

    at: datetime | None
    withdrawn: int
    missing: frozenset[str]
    held_back: int


@dataclass(frozen=True, slots=True)
class Rotation:
    """A rotation that was begun: the piece as it stood before, when, and its settings at their new revision."""

    piece: Piece
    at: datetime
    settings: dict[str, Any]


@contextmanager
def broker() -> Iterator[tuple[Credentials, str]]:
    """The broker's list of accounts and its address; raises Unavailable when it is away or we were not told it."""
    url: str | None = current_app.config.get("MQTT_CONTROL_URL")
    if url is None:
        raise Unavailable("broker-unavailable", "This service was not told where the broker is.")
    with Credentials(url, PATIENCE_S) as credentials:
        yield credentials, url


def begin_rotation(piece: Piece) -> Rotation:
    """Note that a held piece is to get a new secret; `rotate` goes on once that is committed.

    Raises Conflict "not-connected" when nobody would hear it, "rotating" while another rotation is under way.
    """
    if piece.revoked_at is not None or piece.credential_at is None or piece.presence != "ready":
        raise _not_connected()
    now, begun = access.database_time(), piece.rotated_at
    if begun is not None and begun > piece.credential_at and now - begun < UNFINISHED_AFTER:
        raise Conflict("rotating", "It is being given a new secret just now.")
    rev, body = db.session.execute(_NEXT_REV, {"id": piece.id}).one()
    db.session.execute(_MARK, {"id": piece.id, "at": now})
    return Rotation(piece, now, {"v": 1, "rev": rev, **body})


def rotate(actor: Actor, begun: Rotation) -> None:
    """Send a connected device a new secret and end the old one; its connection is cut and it comes back.

    Called outside a transaction, because the broker may be slow. The secret passes through this process's memory
    and the broker's and is written nowhere. Raises Conflict "not-connected" when nobody hears it, Unavailable
    without the broker: the old secret is good then. A crash on the way is finished by `finish_rotations`.
    """
    try:
        _hand_over(begun)
    except BaseException:
        with transaction():
            mark = {"id": begun.piece.id, "before": begun.piece.rotated_at, "at": begun.at}
            db.session.execute(_GIVE_UP, mark)
            _queue_settings(begun.piece)
        raise
    with transaction():
        _finish_rotation(actor, begun.piece.public_id, "Given a new secret over the air")


def _hand_over(begun: Rotation) -> None:
    device_id, settings, secret = begun.piece.device_id, begun.settings, new_secret()
    topic = f"al/v1/{device_id}/down/config"
    told = json.dumps(settings | {"set": {**settings.get("set", {}), "secret": secret}}).encode()
    with broker() as (credentials, url):
        with courier(credentials, url, [topic]) as carrying:
            if not carrying.publish(topic, told):
                raise _not_connected()
        time.sleep(ARRIVES_S)
        credentials.rotate(device_id, secret)


def _finish_rotation(actor: Actor, kit_id: UUID, words: str) -> None:
    piece = devices.piece(kit_id, for_change=True)
    assert piece is not None
    _queue_settings(piece)
    if piece.revoked_at is None:
        now = access.database_time()
        devices.change_piece(piece.id, rotated_at=now, credential_at=now)
    history.note(actor, piece, "rotated", words)


def _queue_settings(piece: Piece) -> None:
    """What stands retained for the next connection has the revision the device was told, and no secret."""
    rev, body = db.session.execute(_STANDS, {"id": piece.id}).one()
    devices.queue_down(piece.device_id, "config", {"v": 1, "rev": rev, **body}, retain=True)


def _not_connected() -> Conflict:
    return Conflict("not-connected", "It is not connected: make a new claim code for it instead.")


def finish_rotations() -> int:
    """Finish what a crash left under way; the device may have the new secret, and its page shows if it is not back."""
    with transaction():
        left: list[UUID] = list(db.session.scalars(_UNFINISHED, {"after": UNFINISHED_AFTER}))
    for kit_id in left:
        with transaction():
            _finish_rotation(SYSTEM, kit_id, "A new secret was on its way to it when we stopped")
    return len(left)


def revoke(actor: Actor, piece: Piece, reason: str, note: str, is_worn: bool) -> None:
    """Put a device out here; `finish_revocation` does it at the broker. Twice does no harm."""
    now = access.database_time()
    # What can still be fetched from somebody's home goes on the round.
    state = "to-collect" if reason == "faulty" and is_worn else REASONS[reason]
    if piece.kit_state == "scrapped":
        state = piece.kit_state
    devices.change_piece(
        piece.id, revoked_at=piece.revoked_at or now, revoked_reason=reason, kit_state=state,
        **({"collected_at": now} if state == "collected" else {}),
    )  # fmt: skip
    history.note(actor, piece, "revoked", f"Put out: {reason}", note, reason=reason, to=state)


def finish_revocation(kit_id: UUID) -> bool:
    """Cut off at the broker what was put out here, outside a transaction; False when the broker is away."""
    with transaction():
        piece = devices.piece(kit_id)
    if piece is None or piece.revoked_at is None or not cut_off(piece.device_id):
        return False
    with transaction():
        # Not when it got another account meanwhile.
        db.session.execute(_GONE, {"id": piece.id, "seen": piece.credential_at})
    return True


def cut_off(device_id: str) -> bool:
    """End a device's live session and its account, and what the broker retains of it; False without the broker."""
    try:
        with broker() as (credentials, url):
            credentials.revoke(device_id)
            _forget_retained(credentials, url, device_id)
    except Unavailable as away:
        log.warning(
            "a revoked device could not be cut off yet", extra={"device": device_id, "code": away.code}
        )
        return False
    return True


def _forget_retained(credentials: Credentials, url: str, device_id: str) -> None:
    topics = [f"al/v1/{device_id}/up/presence", f"al/v1/{device_id}/down/config"]
    with courier(credentials, url, topics) as carrying:
        for topic in topics:
            carrying.publish(topic, b"", retain=True)


def finish_revocations() -> int:
    """Cut off at the broker what was revoked while it was away; answers how many."""
    with transaction():
        half = devices.half_revoked()
    return sum(finish_revocation(kit_id) for kit_id in half)


def reconcile() -> Checked:
    """Compare the broker's list with ours, which is the authority: strangers go, the missing are written down.

    Called outside a transaction: none is open while the broker answers.
    """
    with transaction():
        before = db.session.get(Heartbeat, BEAT)
        left_before = set(before.detail.get("couriers", []) if before else [])
    with broker() as (credentials, _):
        accounts = credentials.accounts()
        # Read after: whoever got an account by then stood in our list before.
        with transaction():
            ours = set(devices.known_ids())
        strangers = [name for name in accounts if not name.startswith("al-") and name not in ours]
        in_doubt = len(strangers) > max(MOST_STRANGERS, len(ours))
        credentials.revoke_many([] if in_doubt else strangers)
        # A courier lives a second: one that was there last time too was left by a process that died.
        left = [name for name in accounts if name.startswith(COURIERS)]
        credentials.revoke_many(sorted(set(left) & left_before))
    held_back = len(strangers) if in_doubt else 0
    if in_doubt:
        log.error("too many accounts are strange, so none was withdrawn", extra={"strangers": len(strangers)})
    withdrawn = [] if in_doubt else sorted(strangers)
    with transaction():
        missing = sorted(set(devices.ids_with_account()) - set(accounts))
        beat(BEAT, {"withdrawn": withdrawn, "missing": missing, "held_back": held_back, "couriers": left})
        return last_checked()


def last_checked() -> Checked:
    """What the last comparison found."""
    row = db.session.execute(
        select(Heartbeat.at, Heartbeat.detail).where(Heartbeat.name == BEAT)
    ).one_or_none()
    if row is None:
        return Checked(None, 0, frozenset(), 0)
    said = row.detail
    return Checked(row.at, len(said["withdrawn"]), frozenset(said["missing"]), said["held_back"])
