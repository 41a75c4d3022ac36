"""The clock rules, one table: when a reading was taken, given that a device's clock may be wrong or missing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from device_gateway.refusal import Undecodable

# Alongside defaults: small errors of a good clock are nothing, a large skew is a fault somebody must see.
AHEAD = timedelta(minutes=2)
SKEWED = timedelta(minutes=10)
# What the record's column holds; 68 years say as much as 900.
MOST_SKEW_S = 2**31 - 1
TRUSTED = frozenset({"ntp", "gateway", "cellular"})


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says of time: aware UTC; uptimes in milliseconds of the same boot."""

    src: str
    taken: datetime | None
    sent: datetime | None
    up_now_ms: int | None
    up_then_ms: int | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """When it was taken by the best evidence, and which rule of the table said so."""

    effective_at: datetime
    method: str


def by_device(said: Said) -> datetime | None:
    """The device's own time of measurement."""
    return said.taken


def by_uptime(said: Said) -> datetime | None:
    """How long ago by the device's uptime, which nobody sets, counted back from our clock."""
    if said.up_now_ms is None or said.up_then_ms is None or said.up_then_ms > said.up_now_ms:
        return None
    return _back(said.received_at, timedelta(milliseconds=said.up_now_ms - said.up_then_ms))


def by_coincidence(said: Said) -> datetime | None:
    """The device's clock at sending beside ours on arrival (FHIR PHD: coincident timestamp)."""
    if said.taken is None or said.sent is None or said.taken > said.sent:
        return None
    return _back(said.received_at, said.sent - said.taken)


Rule = tuple[str, Callable[[Said], datetime | None]]

# Clock source -> the methods to try in order. The first that gives a time which is not ahead wins.
TABLE: dict[bool, tuple[Rule, ...]] = {
    True: (("device", by_device), ("uptime", by_uptime)),
    False: (("uptime", by_uptime), ("coincident", by_coincidence), ("device", by_device)),
}


def judge(said: Said) -> Judged:
    """When the reading was taken.

    Raises Undecodable: `ahead` when every method gives a time over two minutes in the future, `no-time`
    when none gives any. A time after our own by less is taken as it is, up to now.
    """
    future = False
    for method, rule in TABLE[said.src in TRUSTED]:
        at = rule(said)
        if at is None:
            continue
        if at <= said.received_at + AHEAD:
            return Judged(at, method)
        future = True
    if future:
        raise Undecodable("ahead", f"more than {AHEAD.seconds // 60} minutes after it was received")
    raise Undecodable("no-time", "neither `taken` nor a usable `up_ms` with `clock.up_ms`")


def skew_s(sent: datetime, received_at: datetime) -> int | None:
    """Seconds the device's clock differs by (positive: ahead) when that is over ten minutes, else None.

    A message that waited in the broker looks as if its device were behind, so only a newer message clears it.
    """
    apart = sent - received_at
    return None if abs(apart) <= SKEWED else max(-MOST_SKEW_S, min(MOST_SKEW_S, int(apart.total_seconds())))


def _back(received_at: datetime, ago: timedelta) -> datetime | None:
    try:
        return received_at - ago
    except OverflowError:
        return None
