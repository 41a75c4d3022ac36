"""A blood pressure so high that the team hears of it today, because harm may come before anyone feels it.

SOURCE. 180 systolic or more, or 120 diastolic or more: NICE NG136, there for a clinic's cuff. Using it on one
reading at home, the repeat after 5 minutes, raising it as unconfirmed after 10 and the 30 minutes in which a
second reading confirms are Alongside defaults, not national guidance. With symptoms (the person was said to be
unwell within 60 minutes) nobody waits for the repeat; with new confusion, or somebody who responds only to voice or
pain or not at all, it is an emergency (NG136: the same day). Two readings less than a minute apart are one sitting of
the cuff (NG136: at least one minute). Nothing is averaged away here.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import SYMPTOMS_WITHIN, symptoms
from backend.alerts.history import Finding, History, Severity, minutes_apart, number
from backend.observations.codes import STATES, Code
from backend.observations.reading import Reading, Special

WATCHES = frozenset({Code.SYSTOLIC, Code.DIASTOLIC, Code.UNWELL, Code.ACVPU})
LOOKBACK = timedelta(minutes=60)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
REFERENCE = ("bp-severe",)
SOURCE = "NICE NG136 (a clinic's values; at home, and the repeat: Alongside default)"

SYSTOLIC = Decimal(180)
DIASTOLIC = Decimal(120)
REPEAT_WITHIN = timedelta(minutes=10)
CONFIRMED_WITHIN = timedelta(minutes=30)
LEAST_APART = timedelta(minutes=1)

Sitting = tuple[Reading, ...]


def evaluate(history: History) -> Finding | None:
    """Judge the newest sitting of the cuff as of `history.as_of`."""
    sittings = _sittings(history)
    if not sittings or not _severe(sittings[-1]):
        return None
    newest = sittings[-1]
    at = newest[-1].effective_at
    value = _words(newest)
    confused = [one for one in history.of(Code.ACVPU) if _is_not_alert(one, at)]
    if confused:
        words = f"{value}, with {STATES[Code.ACVPU][int(str(confused[-1].value))].lower()}"
        both = tuple(sorted((*newest, confused[-1]), key=lambda one: one.effective_at))
        return replace(_found(value, words, both), severity=Severity.EMERGENCY)
    if any(isinstance(reading.value, Special) for reading in newest):
        return _found(value, f"{value}, outside what the cuff can measure", newest)
    before = [s for s in sittings[:-1] if LEAST_APART <= at - s[-1].effective_at <= CONFIRMED_WITHIN]
    if before and _severe(before[-1]):
        apart = minutes_apart(before[-1][-1].effective_at, at)
        return _found(
            value, f"{value}, two readings {apart}, under 180 over 120 expected", before[-1] + newest
        )
    if symptoms(history, at) is not None:
        return _found(value, f"{value}, one reading, unwell, unconfirmed", newest)
    recheck_at = at + REPEAT_WITHIN
    if history.as_of < recheck_at:
        return _found(value, f"{value}, waiting for a repeat after 5 minutes", newest, recheck_at)
    return _found(value, f"{value}, one reading, no repeat in 10 minutes, unconfirmed", newest)


def _is_not_alert(said: Reading, at: datetime) -> bool:
    return (
        isinstance(said.value, Decimal) and said.value > 0 and abs(said.effective_at - at) <= SYMPTOMS_WITHIN
    )


def _sittings(history: History) -> list[Sitting]:
    """Systolic and diastolic of one moment together, oldest first."""
    grouped: dict[datetime, list[Reading]] = {}
    for reading in history.of(Code.SYSTOLIC, Code.DIASTOLIC):
        grouped.setdefault(reading.effective_at, []).append(reading)
    order = {Code.SYSTOLIC: 0, Code.DIASTOLIC: 1}
    return [tuple(sorted(grouped[at], key=lambda r: order[r.code])) for at in sorted(grouped)]


def _severe(sitting: Sitting) -> bool:
    """LO and HI are not numbers: whichever side the cuff gave up on, somebody must look."""
    for reading in sitting:
        if reading.value in (Special.LO, Special.HI):
            return True
        edge = SYSTOLIC if reading.code is Code.SYSTOLIC else DIASTOLIC
        if isinstance(reading.value, Decimal) and reading.value >= edge:
            return True
    return False


def _words(sitting: Sitting) -> str:
    said = {Special.LO: "too low", Special.HI: "too high"}
    parts = {
        r.code: number(r.value) if isinstance(r.value, Decimal) else said.get(r.value, "not measured")
        for r in sitting
        if not isinstance(r.value, str)
    }
    systolic = parts.get(Code.SYSTOLIC, "not measured")
    return f"Blood pressure {systolic} over {parts.get(Code.DIASTOLIC, 'not measured')}"


def _found(title: str, reason: str, evidence: Sitting, recheck_at: datetime | None = None) -> Finding:
    return Finding(Severity.URGENT, title, reason, evidence, evidence[-1].effective_at, recheck_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _pair(systolic: str | Special, diastolic: str | Special, minute: int = 0) -> Sitting:
    at = _T + timedelta(minutes=minute)
    high = systolic if isinstance(systolic, Special) else Decimal(systolic)
    low = diastolic if isinstance(diastolic, Special) else Decimal(diastolic)
    return (
        Reading(Code.SYSTOLIC, high, "mm[Hg]", at),
        Reading(Code.DIASTOLIC, low, "mm[Hg]", at),
    )


def _said(code: Code, value: int) -> Sitting:
    return (Reading(code, Decimal(value), "1", _T + timedelta(minutes=1)),)


def _history(readings: Sitting, minute: int = 0) -> History:
    return History(readings, _T + timedelta(minutes=minute))


EXAMPLES = (
    (_history(_pair("179", "119")), None),
    (
        _history(_pair("180", "90")),
        _found(
            "Blood pressure 180 over 90",
            "Blood pressure 180 over 90, waiting for a repeat after 5 minutes",
            _pair("180", "90"),
            _T + timedelta(minutes=10),
        ),
    ),
    (
        _history(_pair("150", "120"), minute=10),
        _found(
            "Blood pressure 150 over 120",
            "Blood pressure 150 over 120, one reading, no repeat in 10 minutes, unconfirmed",
            _pair("150", "120"),
        ),
    ),
    (
        _history(_pair("184", "96") + _pair("182", "95", 6), minute=6),
        _found(
            "Blood pressure 182 over 95",
            "Blood pressure 182 over 95, two readings in 6 minutes, under 180 over 120 expected",
            _pair("184", "96") + _pair("182", "95", 6),
        ),
    ),
    (_history(_pair("184", "96") + _pair("150", "88", 6), minute=6), None),
    (
        _history(_pair("184", "96") + _said(Code.UNWELL, 1), minute=1),
        _found(
            "Blood pressure 184 over 96",
            "Blood pressure 184 over 96, one reading, unwell, unconfirmed",
            _pair("184", "96"),
        ),
    ),
    (
        _history(_pair("184", "96") + _said(Code.ACVPU, 1), minute=1),
        replace(
            _found(
                "Blood pressure 184 over 96",
                "Blood pressure 184 over 96, with new confusion",
                _pair("184", "96") + _said(Code.ACVPU, 1),
            ),
            severity=Severity.EMERGENCY,
        ),
    ),
    (
        _history(_pair(Special.HI, "118")),
        _found(
            "Blood pressure too high over 118",
            "Blood pressure too high over 118, outside what the cuff can measure",
            _pair(Special.HI, "118"),
        ),
    ),
)
