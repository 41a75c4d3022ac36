"""A device that has gone quiet, because silence must never be taken for wellness.

SOURCE. After 1.5 times its own interval without a sign of life a device is late, which a status shows; after
2.5 times somebody must look. Alongside defaults, not national guidance (the heartbeat of IP alarm systems
works the same way). The interval is the one staff allow: a device may declare a shorter one, never a longer. One
that said it sleeps is waited for until it said it wakes, and a little more. A lost connection alone is not silence:
after two minutes a status shows the device as late, and nobody is called for it. It is technical, but until it is
mended the person has no cover, and the list says so.
"""

from datetime import UTC, datetime, timedelta
from typing import Literal

from backend.alerts.history import DeviceState, Finding, History, Severity
from backend.observations.codes import Code

WATCHES: frozenset[Code] = frozenset()
LOOKBACK = timedelta(0)
ON: Literal["reading", "clock"] = "clock"
SOURCE = "Alongside default, not national guidance: late at 1.5 intervals, silent at 2.5"

LATE_AFTER = 1.5
SILENT_AFTER = 2.5
# Wi-Fi flaps; and kit that wakes has to find its network first. Alongside defaults, not national guidance.
LOST_GRACE = timedelta(seconds=120)
WAKE_MARGIN = timedelta(minutes=15)

Cover = Literal["ok", "late", "silent", "never"]


def cover(
    every_s: int,
    bound_at: datetime,
    last_seen_at: datetime | None,
    now: datetime,
    asleep_until: datetime | None = None,
    lost_at: datetime | None = None,
) -> Cover:
    """Whether a device gives cover now; "never" is one that has not been heard since it was given out.

    `asleep_until` is when it said it wakes, `lost_at` since when the broker has lost it; aware UTC.
    """
    if last_seen_at is None:
        return "never"
    since = max(last_seen_at, bound_at)
    if now >= _silent_at(every_s, since, asleep_until):
        return "silent"
    if lost_at is not None and lost_at >= last_seen_at and now - lost_at >= LOST_GRACE:
        return "late"
    late_at = max(since + timedelta(seconds=LATE_AFTER * every_s), asleep_until or since)
    return "late" if now >= late_at else "ok"


def _silent_at(every_s: int, since: datetime, asleep_until: datetime | None) -> datetime:
    silent = since + timedelta(seconds=SILENT_AFTER * every_s)
    return silent if asleep_until is None else max(silent, asleep_until + WAKE_MARGIN)


def evaluate(history: History) -> Finding | None:
    """Judge the one device in `history.device` by the clock `history.as_of`."""
    device = history.device
    if device is None:
        return None
    since = max(device.last_seen_at or device.bound_at, device.bound_at)
    if history.as_of < _silent_at(device.every_s, since, device.asleep_until):
        return None
    name = device.kind.replace("-", " ").replace("_", " ")
    if device.last_seen_at is None:
        words = f"Never heard from the {name} since it was given out"
    else:
        words = f"No sign from the {name} for {_long(history.as_of - since)}, expected every "
        words += _long(timedelta(seconds=device.every_s))
    return Finding(Severity.SOON, f"No cover: {name} not heard", words, (), since)


def _long(time: timedelta) -> str:
    """A length of time in the largest unit that is still honest."""
    minutes = int(time.total_seconds() // 60)
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}" + ("" if count == 1 else "s")
    return "under a minute"


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _history(hours_quiet: float | None, every_s: int = 3600) -> History:
    bound = _T - timedelta(days=30)
    seen = _T - timedelta(hours=hours_quiet) if hours_quiet is not None else None
    return History((), _T, device=DeviceState("pendant-000001", "pendant", every_s, bound, seen))


EXAMPLES = (
    (_history(1.5), None),
    (_history(2.49), None),
    (
        _history(2.5),
        Finding(
            Severity.SOON,
            "No cover: pendant not heard",
            "No sign from the pendant for 2 hours, expected every 1 hour",
            (),
            _T - timedelta(hours=2.5),
        ),
    ),
    (
        _history(None),
        Finding(
            Severity.SOON,
            "No cover: pendant not heard",
            "Never heard from the pendant since it was given out",
            (),
            _T - timedelta(days=30),
        ),
    ),
)
