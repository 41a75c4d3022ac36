"""When each life of a device began by our clock: what one without a clock measured is counted from there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from backend.core.db import driver_connection

_KNOWN = """select w.n, a.booted_at, a.noted_at, a.up_ms
    from json_to_recordset(%s::json) w (n int, device text, boot text)
    join device d on d.device_id = w.device join device_anchor a on a.device_id = d.id and a.boot = w.boot"""

_NOTE = """insert into device_anchor (device_id, boot, booted_at, noted_at, up_ms)
    select d.id, w.boot, w.booted_at, w.noted_at, w.up_ms
    from json_to_recordset(%s::json) w (device text, boot text, booted_at timestamptz, noted_at timestamptz,
        up_ms bigint)
    join device d on d.device_id = w.device
    on conflict (device_id, boot) do update set booted_at = excluded.booted_at, noted_at = excluded.noted_at,
        up_ms = excluded.up_ms"""


class Anchor(NamedTuple):
    """A boot began at `booted_at`, as noted at `noted_at` by a message sent at an uptime of `up_ms`; aware UTC."""

    booted_at: datetime
    noted_at: datetime
    up_ms: int


def known_anchors(asked: Sequence[tuple[str, str]]) -> list[Anchor | None]:
    """For each (device id, boot), in order; one query."""
    found: list[Anchor | None] = [None] * len(asked)
    rows = [{"n": n, "device": device, "boot": boot} for n, (device, boot) in enumerate(asked)]
    for n, *anchor in driver_connection().execute(_KNOWN, (msgspec.json.encode(rows).decode(),)):
        found[n] = Anchor(*anchor)
    return found


def note_anchors(anchors: Mapping[tuple[str, str], Anchor]) -> None:
    """Keep these for the gateway's next life; those of devices we do not know are left out."""
    rows = [
        {"device": device, "boot": boot} | anchor._asdict()
        for (device, boot), anchor in sorted(anchors.items())
    ]
    if rows:
        driver_connection().execute(_NOTE, (msgspec.json.encode(rows).decode(),))
