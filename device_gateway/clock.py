"""The clock rules, one table: when a reading was taken, given that a device's clock may be wrong or missing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from device_gateway.refusal import Undecodable

# Alongside defaults: small errors of a good clock are nothing, a large skew is a fault somebody must see.
AHEAD = timedelta(minutes=2)
SKEWED = timedelta(minutes=10)
# A clock that says an earlier time was never set: 1970, 2000 and 2015 are where clocks begin, and no reading did.
SET_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
# What the record's column holds; 68 years say as much as 900.
MOST_SKEW_S = 2**31 - 1
TRUSTED = frozenset({"ntp", "gateway", "cellular"})
# What device_message.clock_method holds; numbers are stored and never change.
METHODS = {"device": 1, "uptime": 2, "coincident": 3, "local": 4, "received": 5}


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says of time: aware UTC; uptimes in milliseconds of the same boot.

    `is_set` is False when the device itself says that nobody has set its clock since it started.
    """

    src: str
    taken: datetime | None
    sent: datetime | None
    up_now_ms: int | None
    up_then_ms: int | None
    received_at: datetime
    is_set: bool = True


@dataclass(frozen=True, slots=True)
class Local:
    """What a Bluetooth payload says of time, without a zone (naive): `at` is None when it says none.

    `now` is the sensor's clock as the hub read it at the moment of capture. `from_memory` says that the
    measurement waited in the sensor; `is_set` is False when the sensor says that its clock is not set.
    """

    at: datetime | None
    zone: ZoneInfo
    now: datetime | None = None
    from_memory: bool = False
    is_set: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """When it was taken by the best evidence, and which rule of the table said so."""

    effective_at: datetime
    method: str


def by_device(said: Said) -> datetime | None:
    """The device's own time of measurement."""
    return said.taken


def by_uptime(said: Said) -> datetime | None:
    """How long ago by the device's uptime, which nobody sets, counted back from our clock.

    A counter that has rolled over runs backwards, and by how much is not known: that is no evidence.
    """
    if said.up_now_ms is None or said.up_then_ms is None or said.up_then_ms > said.up_now_ms:
        return None
    return _back(said.received_at, timedelta(milliseconds=said.up_now_ms - said.up_then_ms))


def by_coincidence(said: Said) -> datetime | None:
    """The device's clock at sending beside ours on arrival (FHIR PHD: coincident timestamp)."""
    if said.taken is None or said.sent is None or said.taken > said.sent:
        return None
    return _back(said.received_at, said.sent - said.taken)


Rule = tuple[str, Callable[[Said], datetime | None]]

# How good the clock is -> the methods to try in order. The first that gives a time which can be true wins.
TABLE: dict[str, tuple[Rule, ...]] = {
    "good": (("device", by_device), ("uptime", by_uptime)),
    "doubtful": (("uptime", by_uptime), ("coincident", by_coincidence), ("device", by_device)),
    "not-set": (("uptime", by_uptime), ("coincident", by_coincidence)),
}


def judge(said: Said) -> Judged:
    """When the reading was taken.

    Raises Undecodable: `clock-not-set` when the only time comes from a clock nobody has set, `ahead` when every
    method gives a time over two minutes in the future, `no-time` when none gives any. A time after our own by
    less is taken as it is.
    """
    unset, future = not said.is_set and said.taken is not None, False
    for method, rule in TABLE[
        "not-set" if not said.is_set else "good" if said.src in TRUSTED else "doubtful"
    ]:
        at = rule(said)
        if at is None:
            continue
        if at < SET_SINCE:
            unset = True
        elif at <= said.received_at + AHEAD:
            return Judged(at, method)
        else:
            future = True
    if future:
        raise Undecodable("ahead", f"more than {AHEAD.seconds // 60} minutes after it was received")
    if unset:
        raise Undecodable(
            "clock-not-set", f"before {SET_SINCE.year}, or the device says that its clock is not set"
        )
    raise Undecodable("no-time", "neither `taken` nor a usable `up_ms` with `clock.up_ms`")


def judge_local(local: Local, said: Said, *, live: bool = False) -> Judged:
    """When a Bluetooth measurement was taken; `said` is what the hub says of the moment it captured the bytes.

    A sensor hands over today what it measured on Sunday, so the moment of capture is the time of measurement only
    when the sensor's own time agrees with it, cannot be true, or is not said; otherwise it is the latest the
    measurement can be. The sensor's clock read at capture settles everything. `live` takes a measurement without
    any time as made when it was received (a vendor at a desk). Raises Undecodable: besides those of `judge`,
    `ambiguous-time` for an hour that the clock change repeats or leaves out, when nothing says which was meant.
    """
    captured, trouble = _captured(said)
    if captured is not None and local.at is not None and local.now is not None and local.at <= local.now:
        at = _back(captured.effective_at, local.now - local.at)
        if at is not None and at >= SET_SINCE:
            return Judged(at, "coincident")
    if local.at is None or not local.is_set or local.at.year < SET_SINCE.year:
        return _without_sensor_time(local, said, captured, trouble, live)
    could_be = moments(local.at, local.zone)
    at_capture = captured is not None and not local.from_memory
    if (
        captured is not None
        and at_capture
        and any(abs(captured.effective_at - one) <= SKEWED for one in could_be)
    ):
        return captured
    latest = (said.received_at if captured is None else captured.effective_at) + AHEAD
    possible = [one for one in could_be if one <= latest]
    if not possible:
        if captured is not None and at_capture:
            return captured
        raise Undecodable("ahead", f"{local.at.isoformat()} in {local.zone.key} is in the future")
    if len(possible) > 1 or not _exists(local.at, possible[0], local.zone):
        raise Undecodable(
            "ambiguous-time", f"{local.at.isoformat()} in {local.zone.key}: the clocks change then"
        )
    return Judged(possible[0], "local")


def moments(at: datetime, zone: ZoneInfo) -> list[datetime]:
    """What a naive local time can mean in UTC, earliest first: two of the night the clocks change, else one."""
    return sorted({at.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)})


def skew_s(sent: datetime, received_at: datetime) -> int | None:
    """Seconds the device's clock differs by (positive: ahead) when that is over ten minutes, else None.

    A message that waited in the broker looks as if its device were behind, so only a newer message clears it.
    """
    apart = sent - received_at
    return None if abs(apart) <= SKEWED else max(-MOST_SKEW_S, min(MOST_SKEW_S, int(apart.total_seconds())))


def _captured(said: Said) -> tuple[Judged | None, Undecodable | None]:
    try:
        return judge(said), None
    except Undecodable as trouble:
        return None, trouble


def _without_sensor_time(
    local: Local, said: Said, captured: Judged | None, trouble: Undecodable | None, live: bool
) -> Judged:
    """The sensor says no time that can be used: what it measured just now has the time of its capture."""
    if not local.from_memory:
        if captured is not None:
            return captured
        if live and local.at is None:
            return Judged(said.received_at, "received")
    if local.at is not None or not local.is_set:
        raise Undecodable(
            "clock-not-set", "the sensor's clock is not set, and the hub did not see it measure"
        )
    if trouble is not None and trouble.reason != "no-time":
        raise trouble
    raise Undecodable("no-time", "the sensor says no time, and the hub gave neither `up_ms` nor `taken`")


def _exists(at: datetime, moment: datetime, zone: ZoneInfo) -> bool:
    """Whether a clock on the wall ever showed this time."""
    return moment.astimezone(zone).replace(tzinfo=None) == at


def _back(received_at: datetime, ago: timedelta) -> datetime | None:
    try:
        return received_at - ago
    except OverflowError:
        return None
