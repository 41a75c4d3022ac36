"""Queues what a device is to be told, in the transaction that made it true, so that a crash loses none of it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from backend.core.db import db

Channel = Literal["alarm", "config"]

# A channel of its own: the gateway would else be woken by every reading it stores itself.
WAKES = "alongside_gateway"
# A device id as the broker knows it; what stands in other people's topics is not published to.
_ADDRESS = re.compile("[a-z0-9][a-z0-9-]{7,63}")
# A device reads no more than this in one message (the contract's limit for a small device).
LARGEST_BYTES = 4_096

_INSERT = text(
    """insert into downlink (device, channel, payload, retain, alert_id)
    values (:device, :channel, cast(:payload as jsonb), :retain, :alert_id)"""
)
_WAKE = text("select pg_notify(:channel, 'downlink')")
_WAITING = text(
    """select id, device, channel, payload, retain, asked from downlink where state = 'waiting'
    order by id limit :most"""
)
# What was asked for again while it was on its way stays waiting. A state keeps the time it first went out, which is
# what the desk reads; a secret is not kept once it has gone out.
_SENT = text(
    """update downlink d set state = 'sent',
        sent_at = case d.channel when 'alarm' then coalesce(d.sent_at, clock_timestamp())
            else clock_timestamp() end,
        payload = case when d.payload #> '{set,secret}' is null then d.payload
            else jsonb_set(d.payload, '{set,secret}', '"sent"') end
    from unnest(cast(:ids as bigint[]), cast(:asked as int[])) as s (id, asked)
    where d.id = s.id and d.asked = s.asked
    returning d.alert_id"""
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One message to send: `asked` tells this asking from a later one for the same row."""

    id: int
    device: str
    channel: str
    payload: Mapping[str, object]
    retain: bool
    asked: int

    @property
    def topic(self) -> str:
        """Where it goes."""
        return f"al/v1/{self.device}/down/{self.channel}"


def queue_down(
    device: str,
    channel: Channel,
    payload: Mapping[str, object],
    *,
    retain: bool = False,
    alert_id: int | None = None,
) -> bool:
    """Write what `device` (its MQTT name) is to be told and wake the gateway when this transaction commits.

    False when nothing can be told: the name is none a device can have. Raises ValueError for a payload over
    4,096 bytes, which is a mistake of ours.
    """
    if _ADDRESS.fullmatch(device) is None:
        return False
    body = json.dumps(dict(payload), separators=(",", ":"))
    if len(body.encode()) > LARGEST_BYTES:
        raise ValueError(f"a device reads at most {LARGEST_BYTES} bytes")
    db.session.execute(
        _INSERT,
        {"device": device, "channel": channel, "payload": body, "retain": retain, "alert_id": alert_id},
    )
    wake()
    return True


def wake() -> None:
    """Tell the gateway that rows wait, as this transaction commits."""
    db.session.execute(_WAKE, {"channel": WAKES})


def waiting(most: int = 100) -> list[Waiting]:
    """What is to be sent, oldest first."""
    return [
        Waiting(row.id, row.device, row.channel, row.payload, row.retain, row.asked)
        for row in db.session.execute(_WAITING, {"most": most})
    ]


def mark_sent(sent: Sequence[Waiting]) -> list[int]:
    """Mark what the broker has; answers the alerts it was about."""
    if not sent:
        return []
    rows = db.session.execute(_SENT, {"ids": [one.id for one in sent], "asked": [one.asked for one in sent]})
    return sorted({row.alert_id for row in rows if row.alert_id is not None})
