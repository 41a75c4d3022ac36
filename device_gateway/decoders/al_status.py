"""Reads what a device says of itself at each heartbeat."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import UNSET

from backend.observations.reading import DeviceMessage, DeviceStatus
from device_gateway.envelope import StatusBody, read

CHANNEL = "status"


def decode(message: DeviceMessage) -> list[DeviceStatus]:
    """The one status of a message; raises Undecodable. Battery in percent to one place."""
    body = read(StatusBody, message.payload)
    return [
        DeviceStatus(
            battery_pct=None if body.bat_pct is UNSET else Decimal(str(round(body.bat_pct, 1))),
            mains=None if body.mains is UNSET else body.mains,
            rssi_dbm=None if body.rssi_dbm is UNSET else body.rssi_dbm,
            buffered=None if body.buffered is UNSET else body.buffered,
            self_test=None if body.self_test is UNSET else body.self_test,
            config_rev=None if body.config_rev is UNSET else body.config_rev,
        )
    ]


SAMPLES: Sequence[tuple[bytes, Sequence[DeviceStatus]]] = (
    (
        b'{"v":1,"id":"01JD8Z0M3Y6T2Q4R8S1V5W7X9A","boot":"b17","seq":4211,"clock":{"src":"gateway"},'
        b'"bat_pct":81,"mains":false,"rssi_dbm":-71,"buffered":0,"self_test":"pass","config_rev":3}',
        (DeviceStatus(Decimal(81), False, -71, 0, "pass", 3),),
    ),
)
