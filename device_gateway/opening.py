"""Reads one message: what it says, or why it cannot be used; pure, so that it runs beside the database's work."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from msgspec import Struct

from backend.observations.reading import DeviceMessage, Inbound, Reading, Refused
from backend.plugs import discover
from device_gateway.arrival import Arrived, Verdict
from device_gateway.clock import METHODS
from device_gateway.envelope import Head, read_head
from device_gateway.quick import read_obs
from device_gateway.refusal import Undecodable

log = logging.getLogger("device_gateway.opening")

DECODE: Mapping[str, Callable[[DeviceMessage], Sequence[object]]] = {
    module.CHANNEL: module.decode for module in discover("device_gateway.decoders").values()
}
NO_HEAD = Head(id="")


class Opened(Struct, gc=False):
    """A message on its way through a batch. `items` of a refused one are what of it could be read all the same."""

    arrived: Arrived
    device: str
    channel: str
    head: Head
    items: Sequence[object] = ()
    refused: Refused | None = None
    device_row_id: int | None = None
    is_fresh: bool = False

    @property
    def message_id(self) -> str | None:
        """The device's id of the message, as far as it could be read."""
        return self.head.id or None

    @property
    def gives_readings(self) -> bool:
        """Whether its channel is one that readings come on."""
        return self.channel == "obs" or self.channel.startswith("raw/")

    def verdict(self) -> Verdict:
        """What the device is told."""
        head = self.head
        return Verdict(
            self.device,
            head.id or self.arrived.fingerprint(),
            self.refused.reason if self.refused else None,
            head.boot or None,
            head.seq_or_none(),
            self.channel == "status" and self.refused is None,
            self.is_fresh,
        )


def open_message(arrived: Arrived, device: str, channel: str) -> Opened:
    """Read and decode one message; pure. What cannot be used carries its reason, whatever was raised over it."""
    one = Opened(arrived, device, channel, NO_HEAD)
    phase = "reading"
    try:
        if channel == "obs" and (ordinary := read_obs(arrived.payload, arrived.received_at)) is not None:
            one.head, one.items = ordinary
            return _storable(one)
        phase = "head"
        one.head = read_head(arrived.payload) or NO_HEAD
        decode = DECODE.get(channel)
        if decode is None:
            one.refused = Refused("channel", f"up/{channel}"[:200])
            return one
        phase = "decoding"
        one.items = decode(
            DeviceMessage(device, one.head.id, arrived.topic, arrived.payload, arrived.received_at)
        )
    except Undecodable as error:
        one.refused, one.items = error.refused(), error.readings
    except Exception as error:
        # One message must never end the thread that reads everybody's.
        log.error("%s: message %s of device %s: %s", phase, one.head.id, device[:128], type(error).__name__)
        one.refused = Refused("schema", f"{phase}: {type(error).__name__}")
    return _storable(one)


def _storable(one: Opened) -> Opened:
    """No text of the database holds a NUL. Known before it is tried, because a batch with one such message is
    stored by halves, and one device that sends it over and over would slow everybody's readings tenfold."""
    if one.refused is None and "\0" in one.head.boot:
        one.refused = Refused("unstorable", "a NUL character in `boot`")
    return one


def inbound(one: Opened) -> Inbound:
    """A decoded message of a channel that gives readings, on its way into a record."""
    head, arrived = one.head, one.arrived
    # A decoder of these channels gives readings and nothing else, or it refuses.
    readings = tuple(cast(Sequence[Reading], one.items))
    first = readings[0]
    return Inbound(
        one.device, head.id, head.boot or None, head.seq_or_none(), head.slot if first.slot is None else first.slot,
        arrived.received_at, arrived.payload, readings, first.taken_at, METHODS.get(first.method), one.channel,
    )  # fmt: skip
