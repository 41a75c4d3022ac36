"""A person's values over some days as points and one summary, from which the page writes its sentence."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from statistics import median

from backend.observations.codes import Code
from backend.observations.reading import Quality, Special, StoredReading
from backend.screens.tiles import Levels, plain, quality_view, worst

# A smaller difference between two medians is noise. Alongside defaults, not national guidance.
NOTICEABLE: Mapping[Code, Decimal] = {
    Code.SYSTOLIC: Decimal(5),
    Code.SPO2: Decimal(2),
    Code.PULSE: Decimal(5),
    Code.WEIGHT: Decimal(1),
    Code.TEMPERATURE: Decimal("0.3"),
    Code.GLUCOSE: Decimal(1),
    Code.PEAK_FLOW: Decimal(20),
}


def points(stored: Sequence[StoredReading], levels: Levels) -> list[dict[str, object]]:
    """Values measured together as one point, oldest first."""
    together: dict[tuple[datetime, int | None], list[StoredReading]] = {}
    for one in stored:
        together.setdefault((one.reading.effective_at, one.device_message_id), []).append(one)
    return [_point(ones, levels) for ones in together.values()]


def _point(ones: Sequence[StoredReading], levels: Levels) -> dict[str, object]:
    readings = [one.reading for one in ones]
    found = [levels[key] for reading in readings if (key := (reading.code, reading.effective_at)) in levels]
    return {
        "effective_at": readings[0].effective_at,
        "received_at": max(one.received_at for one in ones),
        "values": {r.code.value: plain(r.value) for r in readings if isinstance(r.value, Decimal)},
        "special": {r.code.value: r.value.name for r in readings if isinstance(r.value, Special)},
        "quality": quality_view(readings),
        "level": worst(found),
    }


def medians(stored: Sequence[StoredReading]) -> dict[Code, Decimal]:
    """The median of each code. Suspect measurements and words instead of numbers do not count."""
    values: dict[Code, list[Decimal]] = {}
    for one in stored:
        if isinstance(one.reading.value, Decimal) and one.reading.quality is Quality.OK:
            values.setdefault(one.reading.code, []).append(one.reading.value)
    return {code: median(found) for code, found in values.items()}


def summary(
    codes: Sequence[Code], stored: Sequence[StoredReading], before: Sequence[StoredReading]
) -> dict[str, object]:
    """How many measurements, their median, and how it differs from the same number of days before."""
    now, then = medians(stored), medians(before)
    return {
        "count": len({(one.reading.effective_at, one.device_message_id) for one in stored}),
        "median": _shown(now),
        "previous_median": _shown(then),
        "direction": _direction(codes[0], now, then),
    }


def _shown(found: Mapping[Code, Decimal]) -> dict[str, str] | None:
    return {code.value: plain(value) for code, value in found.items()} or None


def _direction(code: Code, now: Mapping[Code, Decimal], then: Mapping[Code, Decimal]) -> str | None:
    if code not in now or code not in then:
        return None
    difference = now[code] - then[code]
    if abs(difference) < NOTICEABLE[code]:
        return "same"
    return "higher" if difference > 0 else "lower"
