"""Which messages of a device have not come, by the seq it counts them with: loss must be seen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import text

from backend.core.db import db, driver_connection

Range = tuple[int, int]

# How many of the newest messages are looked through for one that came just before a gateway was killed.
LATELY = 100_000

_KNOWN = """select w.n, s.boot, s.last_seq, g.holes::text
    from json_to_recordset(%s::json) w (n int, device text, boot text)
    left join device d on d.device_id = w.device
    left join device_state s on s.device_id = d.id
    left join device_gap g on g.device_id = d.id and g.boot = w.boot"""

# By rank and not by number: the numbers rise by a thousand with each batch, however small.
_LATELY = """select device, boot, seq from
    (select device, boot, seq from device_message order by id desc limit %s) newest
    where device = any(%s) and seq is not null"""

# `since` is when the row last went from whole to wanting: what is missing longer than the grace is told of once.
_NOTE = """insert into device_gap as g (device_id, boot, holes, since, filled_at)
    select d.id, w.boot, w.holes::int8multirange, %(at)s,
        case when w.holes::int8multirange = '{}' then %(at)s::timestamptz end
    from json_to_recordset(%(rows)s::json) w (device text, boot text, holes text)
    join device d on d.device_id = w.device
    on conflict (device_id, boot) do update set holes = excluded.holes,
        since = case when g.filled_at is null then g.since else excluded.since end,
        told_at = case when g.filled_at is null then g.told_at end,
        filled_at = excluded.filled_at"""

_OF = text(
    """select boot, since, filled_at, told_at, (select coalesce(sum(upper(r) - lower(r)), 0) from unnest(holes) r)
    as missing from device_gap where device_id = :id order by since desc limit :most"""
)


class Gap(NamedTuple):
    """What is missing of one boot of a device: how many messages, since when, and since when no more."""

    boot: str
    missing: int
    since: datetime
    filled_at: datetime | None
    told_at: datetime | None


class Known(NamedTuple):
    """What the record knows of one device's boot: the `next_seq` expected, None when nothing can be expected of it."""

    is_new: bool
    next_seq: int | None
    holes: list[Range]


def known_rows(asked: Sequence[tuple[str, str]]) -> list[Known]:
    """For each (device id, boot), in order: where its counting stands; one query."""
    found = [Known(True, None, [])] * len(asked)
    rows = [{"n": n, "device": device, "boot": boot} for n, (device, boot) in enumerate(asked)]
    told = driver_connection().execute(_KNOWN, (msgspec.json.encode(rows).decode(),))
    for n, boot, last_seq, holes in told:
        found[n] = _known(asked[n][1], boot, last_seq, holes)
    return found


def _known(asked: str, boot: str | None, last_seq: int | None, holes: str | None) -> Known:
    held = _ranges(holes)
    if boot == asked and last_seq is not None:
        return Known(holes is None, last_seq + 1, held)
    if holes is not None:
        # An older life that sends what it kept: where it stood is not known, so that it can only fill.
        return Known(False, max((last + 1 for _, last in held), default=None), held)
    # A device never heard before is taken as it stands; another life of a known one begins at 0.
    return Known(True, None if boot is None else 0, [])


def came_lately(devices: Iterable[str]) -> set[tuple[str, str, int]]:
    """(device id, boot, seq) of the newest messages kept of these devices."""
    rows = driver_connection().execute(_LATELY, (LATELY, list(devices)))
    return {(device, boot, seq) for device, boot, seq in rows if boot is not None}


def note_gaps(changed: Mapping[tuple[str, str], Sequence[Range]], at: datetime) -> None:
    """Write what is missing now of each (device id, boot): inclusive ranges of seq, none when all has come."""
    rows = [
        {"device": device, "boot": boot, "holes": _multirange(holes)}
        for (device, boot), holes in sorted(changed.items())
    ]
    if rows:
        driver_connection().execute(_NOTE, {"at": at, "rows": msgspec.json.encode(rows).decode()})


def gaps_of(device_row_id: int, most: int = 20) -> list[Gap]:
    """What a device has lost or still keeps, newest first; `device_row_id` is the inside key."""
    rows = db.session.execute(_OF, {"id": device_row_id, "most": most})
    return [Gap(row.boot, int(row.missing), row.since, row.filled_at, row.told_at) for row in rows]


def _ranges(holes: str | None) -> list[Range]:
    """'{[3,7),[9,10)}' as inclusive ranges."""
    if not holes or holes == "{}":
        return []
    pairs = (one.split(",") for one in holes.strip("{}[)").split("),["))
    return [(int(first), int(end) - 1) for first, end in pairs]


def _multirange(holes: Sequence[Range]) -> str:
    return "{" + ",".join(f"[{first},{last}]" for first, last in holes) + "}"
