"""What other programs may ask of devices: keep a message, say who wore a device, note its signs of life."""

from backend.devices.inbox import (
    CHANNELS,
    Asked,
    Held,
    Incoming,
    Wearer,
    already_kept,
    hold,
    receive,
    wearers,
    wearers_in_any_slot,
)
from backend.devices.quarantined import open_count as quarantine_open_count
from backend.devices.state import Sign, note_heard, note_presence, note_signs, note_status
from backend.devices.worn import WornDevice, devices_of

__all__ = [
    "CHANNELS",
    "Asked",
    "Held",
    "Incoming",
    "Sign",
    "Wearer",
    "WornDevice",
    "already_kept",
    "devices_of",
    "hold",
    "note_heard",
    "note_presence",
    "note_signs",
    "note_status",
    "quarantine_open_count",
    "receive",
    "wearers",
    "wearers_in_any_slot",
]
