"""Turns the newest values into tiles a person can trust: each with its age, its range and how it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from backend.observations.codes import TOGETHER, Code
from backend.observations.reading import Limit, Quality, Reading, Source, Special, StoredReading

# What is shown together under one name; the first code is the one whose range stands on the tile.
KINDS = TOGETHER
DEVICE_KINDS: Mapping[str, str] = {
    "blood-pressure": "blood-pressure-monitor",
    "spo2": "pulse-oximeter",
    "weight": "scale",
    "temperature": "thermometer",
    "glucose": "glucose-meter",
    "peak-flow": "peak-flow-meter",
}
# After this a value is old news and looks it: a day and a morning's grace for what is taken daily, a week
# and a day for weight, a morning for what moves with every meal. Alongside defaults, not national guidance.
STALE_AFTER: Mapping[str, timedelta] = {
    "blood-pressure": timedelta(hours=30),
    "spo2": timedelta(hours=30),
    "pulse": timedelta(hours=30),
    "weight": timedelta(days=8),
    "temperature": timedelta(hours=30),
    "glucose": timedelta(hours=12),
    "peak-flow": timedelta(hours=30),
}
HUNDREDTH = Decimal("0.01")
LEVELS = ("info", "routine", "soon", "urgent", "emergency")
Levels = Mapping[tuple[Code, datetime], str]
_SOURCES = {Source.DEVICE: "device", Source.PERSON: "person", Source.TEAM: "team", Source.FORM: "person"}


@dataclass(frozen=True, slots=True)
class Range:
    """A range as it is shown, with who says so."""

    low: str | None
    high: str | None
    source: str


def plain(value: Decimal) -> str:
    """A value as people write it: 138, 36.6; never 1.4E+2, never a float.

    A value converted from another unit has more digits than anybody measured: two decimals are shown. Rules and
    limits compare the value itself.
    """
    shown = value if int(value.as_tuple().exponent) >= -2 else value.quantize(HUNDREDTH)
    return format(shown.normalize(), "f")


def range_of(limit: Limit | None) -> Range | None:
    """A limit as it is shown; None when nobody set one."""
    if limit is None or (limit.low is None and limit.high is None):
        return None
    return Range(
        None if limit.low is None else plain(limit.low),
        None if limit.high is None else plain(limit.high),
        limit.source,
    )


def value_view(reading: Reading) -> dict[str, object]:
    """One value with its unit; what a device says instead of a number stands in `special`."""
    value = reading.value
    return {
        "code": reading.code.value,
        "value": plain(value) if isinstance(value, Decimal) else None,
        "special": value.name if isinstance(value, Special) else None,
        "unit": reading.unit,
    }


def quality_view(readings: Sequence[Reading]) -> str:
    """Suspect as soon as one of them is."""
    return "ok" if all(reading.quality is Quality.OK for reading in readings) else "suspect"


def state_of(readings: Sequence[Reading], limits: Mapping[Code, Limit]) -> str:
    """Above, below or in range by any value that has a limit; compared in Decimal."""
    found = {side for reading in readings for side in _sides(reading, limits.get(reading.code))}
    for side in ("above", "below", "in-range"):
        if side in found:
            return side
    return "no-range"


def _sides(reading: Reading, limit: Limit | None) -> set[str]:
    if reading.value is Special.LO:
        return {"below"}
    if reading.value is Special.HI:
        return {"above"}
    if range_of(limit) is None or limit is None or not isinstance(reading.value, Decimal):
        return set()
    if limit.high is not None and reading.value > limit.high:
        return {"above"}
    if limit.low is not None and reading.value < limit.low:
        return {"below"}
    return {"in-range"}


def worst(levels: Sequence[str]) -> str | None:
    """The worst of several levels; None of none."""
    return max(levels, key=LEVELS.index, default=None)


def tile(
    kind: str,
    latest: Mapping[Code, StoredReading],
    limits: Mapping[Code, Limit],
    levels: Levels,
    as_of: datetime,
) -> dict[str, object]:
    """The tile of one kind. Without any reading it says "no-data": silence is a state, not an empty space."""
    codes = KINDS[kind]
    stored = [latest[code] for code in codes if code in latest]
    shown = {
        "kind": kind,
        "stale_after_s": int(STALE_AFTER[kind].total_seconds()),
        "range": range_of(limits.get(codes[0])),
    }
    if not stored:
        return shown | {
            "values": [], "effective_at": None, "received_at": None, "age_s": None, "stale": False,
            "source": "device", "quality": "ok", "state": "no-data", "level": None,
        }  # fmt: skip
    # Values of another moment are not shown beside the newest as if they were taken together.
    newest = max(one.reading.effective_at for one in stored)
    together = [one for one in stored if one.reading.effective_at == newest]
    readings = [one.reading for one in together]
    age = max(0, int((as_of - newest).total_seconds()))
    return shown | {
        "values": [value_view(reading) for reading in readings],
        "effective_at": newest,
        "received_at": max(one.received_at for one in together),
        "age_s": age,
        "stale": age > STALE_AFTER[kind].total_seconds(),
        "source": _SOURCES[readings[0].source],
        "quality": quality_view(readings),
        "state": state_of(readings, limits),
        "level": worst([levels[key] for r in readings if (key := (r.code, r.effective_at)) in levels]),
    }
