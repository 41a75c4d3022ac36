"""What a birth or a status makes us say again: states of open alarms, and settings a device does not run yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from backend.alerts import service as alerts
from backend.devices import service as devices
from backend.observations.reading import DeviceStatus, Presence

if TYPE_CHECKING:
    from device_gateway.opening import Opened


def say_again(kept: Sequence[Opened]) -> None:
    """In the batch's transaction: note the revisions that devices confirm, and queue what they may have missed.

    A broker that died may have lost what waited for a device, and the retained settings with it.
    """
    births = [
        one.device
        for one in kept
        for item in one.items
        if isinstance(item, Presence)
        and item.state == "ready"
        and not one.arrived.retained
        and not one.refused
    ]
    applied = [
        devices.Applied(one.device, one.device_row_id, item.config_rev, one.arrived.received_at)
        for one in kept
        for item in one.items
        if isinstance(item, DeviceStatus) and item.config_rev is not None and one.device_row_id is not None
    ]
    if applied:
        devices.note_applied(applied)
    if births:
        alerts.tell_born(births)
        devices.configure_born(births)
