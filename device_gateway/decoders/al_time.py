"""Reads a device's question for the time; it is answered by clock_answers and kept nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import UNSET

from backend.observations.reading import DeviceMessage
from device_gateway.envelope import TimeBody, read

CHANNEL = "time"


@dataclass(frozen=True, slots=True)
class TimeRequest:
    """What time is it? `nonce` comes back in the answer, so that a late answer to an old question is known."""

    nonce: str
    up_ms: int | None


def decode(message: DeviceMessage) -> list[TimeRequest]:
    """The one question of a message; raises Undecodable."""
    body = read(TimeBody, message.payload)
    return [TimeRequest(body.nonce, None if body.up_ms is UNSET else body.up_ms)]


SAMPLES: Sequence[tuple[bytes, Sequence[TimeRequest]]] = (
    (b'{"v":1,"nonce":"n-01JD8Z0M3Y","up_ms":99120333}', (TimeRequest("n-01JD8Z0M3Y", 99120333),)),
    (b'{"v":1,"nonce":"n"}', (TimeRequest("n", None),)),
)
