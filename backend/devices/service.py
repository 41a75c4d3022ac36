"""What other programs may ask of devices: keep a message, say who wore a device, note its signs of life."""

from backend.devices.anchors import Anchor, known_anchors, note_anchors
from backend.devices.binding import (
    Binding,
    bind,
    bindings_of,
    end_binding,
    require_binding,
    set_dates,
)
from backend.devices.config import Applied, configure_born, note_applied
from backend.devices.downlink import WAKES, Waiting, mark_sent, queue_down
from backend.devices.downlink import waiting as waiting_downlink
from backend.devices.downlink import wake as wake_downlink
from backend.devices.gaps import Gap, came_lately, gaps_of, known_rows, note_gaps
from backend.devices.inbox import (
    CHANNELS,
    Asked,
    Held,
    Incoming,
    already_kept,
    hold,
    keep_beside,
    receive,
)
from backend.devices.quarantined import open_count as quarantine_open_count
from backend.devices.register import (
    Piece,
    add_piece,
    change_piece,
    half_revoked,
    ids_with_account,
    known_ids,
    piece,
    pieces,
)
from backend.devices.state import Sign, note_first_heard, note_heard, note_presence, note_signs, note_status
from backend.devices.wearing import DEVICE_ID, Wearer, Wearing, wearers, wearers_in_any_slot
from backend.devices.worn import WornDevice, devices_of

__all__ = [
    "CHANNELS",
    "DEVICE_ID",
    "WAKES",
    "Anchor",
    "Applied",
    "Asked",
    "Binding",
    "Gap",
    "Held",
    "Incoming",
    "Piece",
    "Sign",
    "Waiting",
    "Wearer",
    "Wearing",
    "WornDevice",
    "add_piece",
    "already_kept",
    "bind",
    "bindings_of",
    "came_lately",
    "change_piece",
    "configure_born",
    "devices_of",
    "end_binding",
    "gaps_of",
    "half_revoked",
    "hold",
    "ids_with_account",
    "keep_beside",
    "known_anchors",
    "known_ids",
    "known_rows",
    "mark_sent",
    "note_anchors",
    "note_applied",
    "note_first_heard",
    "note_gaps",
    "note_heard",
    "note_presence",
    "note_signs",
    "note_status",
    "piece",
    "pieces",
    "quarantine_open_count",
    "queue_down",
    "receive",
    "require_binding",
    "set_dates",
    "waiting_downlink",
    "wake_downlink",
    "wearers",
    "wearers_in_any_slot",
]
