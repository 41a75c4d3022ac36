"""Reads a birth or a last will."""

from collections.abc import Sequence

from msgspec import UNSET

from backend.observations.reading import DeviceMessage, Presence
from device_gateway.envelope import PresenceBody, read

CHANNEL = "presence"


def decode(message: DeviceMessage) -> list[Presence]:
    """The one presence of a message; raises Undecodable."""
    body = read(PresenceBody, message.payload)
    return [
        Presence(
            state=body.state,
            boot=body.boot,
            model=None if body.model is UNSET else body.model,
            firmware=None if body.fw is UNSET else body.fw,
            hb_s=None if body.hb_s is UNSET else body.hb_s,
            seq_next=None if body.seq_next is UNSET else body.seq_next,
            next_wake_s=None if body.next_wake_s is UNSET else body.next_wake_s,
        )
    ]


SAMPLES: Sequence[tuple[bytes, Sequence[Presence]]] = (
    (
        b'{"v":1,"type":"presence","state":"ready","boot":"b17","model":"acme-bp2","fw":"1.4.0",'
        b'"caps":["bp","status"],"hb_s":3600,"seq_next":4211,"buffered":3}',
        (Presence("ready", "b17", "acme-bp2", "1.4.0", 3600, 4211),),
    ),
    (b'{"v":1,"type":"presence","state":"lost","boot":"b17"}', (Presence("lost", "b17"),)),
)
