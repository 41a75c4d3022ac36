"""A blood pressure so high that the team hears of it today, because harm may come before anyone feels it.

SOURCE. 180 systolic or more, or 120 diastolic or more: NICE NG136, there for a clinic's cuff. Using it on one
reading at home, the repeat after 5 minutes, raising it as unconfirmed after 10 and the 30 minutes in which a
second reading confirms are Alongside defaults, not national guidance. With symptoms (the person was said to be
unwell within 60 minutes) nobody waits for the repeat; with new confusion, or somebody who responds only to voice or
pain or not at all, it is an emergency (NG136: the same day). Two readings less than a minute apart are one sitting of
the cuff (NG136: at least one minute). Nothing is averaged away here, and only a whole pair calms: a pressure without
its other half does not. A clinician's own upper limit over 180 or 120 takes the place of that edge; one under it asks
to be told of soon what is over it and under the edge, which stands (Alongside default).
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import SYMPTOMS_WITHIN, personal_range, symptoms
from backend.alerts.history import Finding, History, Severity, minutes_apart, number
from backend.observations.codes import STATES, Code
from backend.observations.reading import Limit, Reading, Special

WATCHES = frozenset({Code.SYSTOLIC, Code.DIASTOLIC, Code.UNWELL, Code.ACVPU})
LOOKBACK = timedelta(minutes=60)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
VITAL = True
REFERENCE = ("bp-severe",)
LIMITS = (Code.SYSTOLIC, Code.DIASTOLIC)
SOURCE = "NICE NG136 (a clinic's values; at home, and the repeat: Alongside default)"

SYSTOLIC = Decimal(180)
DIASTOLIC = Decimal(120)
REPEAT_WITHIN = timedelta(minutes=10)
CONFIRMED_WITHIN = timedelta(minutes=30)
LEAST_APART = timedelta(minutes=1)

Sitting = tuple[Reading, ...]


def evaluate(history: History) -> Finding | None:
    """Judge the newest sitting of the cuff as of `history.as_of`."""
    sittings = [one for one in _sittings(history) if _level(history, one) is not None or _is_whole(one)]
    level = _level(history, sittings[-1]) if sittings else None
    if level is None:
        return None
    newest = sittings[-1]
    at = newest[-1].effective_at
    value = _words(newest)
    confused = [one for one in history.of(Code.ACVPU) if _is_not_alert(one, at)]
    if confused and level is Severity.URGENT:
        words = f"{value}, with {STATES[Code.ACVPU][int(str(confused[-1].value))].lower()}"
        both = tuple(sorted((*newest, confused[-1]), key=lambda one: one.effective_at))
        return _found(value, words, both, level=Severity.EMERGENCY)
    if any(isinstance(reading.value, Special) for reading in newest):
        return _found(value, f"{value}, outside what the cuff can measure", newest)
    before = [s for s in sittings[:-1] if LEAST_APART <= at - s[-1].effective_at <= CONFIRMED_WITHIN]
    before_level = _level(history, before[-1]) if before else None
    own = _own_words(history)
    if before_level is not None and not level.worse_than(before_level):
        apart = minutes_apart(before[-1][-1].effective_at, at)
        expected = own or ", under 180 over 120 expected"
        return _found(value, f"{value}, two readings {apart}{expected}", before[-1] + newest, level=level)
    if symptoms(history, at) is not None:
        return _found(value, f"{value}, one reading, unwell, unconfirmed{own}", newest, level=level)
    recheck_at = at + REPEAT_WITHIN
    if history.as_of < recheck_at:
        waits = f"{value}, waiting for a repeat after 5 minutes{own}"
        return _found(value, waits, newest, recheck_at, level)
    return _found(
        value, f"{value}, one reading, no repeat in 10 minutes, unconfirmed{own}", newest, level=level
    )


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


def _is_whole(sitting: Sitting) -> bool:
    return len([one for one in sitting if isinstance(one.value, Decimal)]) == 2


def _level(history: History, sitting: Sitting) -> Severity | None:
    """LO and HI are not numbers: whichever side the cuff gave up on, somebody must look."""
    found: Severity | None = None
    for reading in sitting:
        if reading.value in (Special.LO, Special.HI):
            return Severity.URGENT
        if not isinstance(reading.value, Decimal):
            continue
        edge, high = _edge(reading.code), personal_range(history, reading.code)[1]
        if reading.value > high if high is not None and high > edge else reading.value >= edge:
            return Severity.URGENT
        if high is not None and reading.value > high:
            found = Severity.SOON
    return found


def _own_words(history: History) -> str:
    """A clinician's own limit as it follows a reason: ", own limit 150 over 120"; nothing where there is none."""
    own = {code: personal_range(history, code)[1] for code in LIMITS}
    if not any(high is not None for high in own.values()):
        return ""
    return ", own limit " + " over ".join(number(high or _edge(code)) for code, high in own.items())


def _edge(code: Code) -> Decimal:
    return SYSTOLIC if code is Code.SYSTOLIC else DIASTOLIC


def _words(sitting: Sitting) -> str:
    said = {Special.LO: "too low", Special.HI: "too high"}
    parts = {
        r.code: number(r.value) if isinstance(r.value, Decimal) else said.get(r.value, "not measured")
        for r in sitting
        if not isinstance(r.value, str)
    }
    systolic = parts.get(Code.SYSTOLIC, "not measured")
    return f"Blood pressure {systolic} over {parts.get(Code.DIASTOLIC, 'not measured')}"


def _found(
    title: str,
    reason: str,
    evidence: Sitting,
    recheck_at: datetime | None = None,
    level: Severity = Severity.URGENT,
) -> Finding:
    return Finding(level, title, reason, evidence, evidence[-1].effective_at, recheck_at)


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


def _history(readings: Sitting, minute: int = 0, own: str | None = None) -> History:
    limits = {} if own is None else {Code.SYSTOLIC: Limit(None, Decimal(own), "a clinician", personal=True)}
    return History(readings, _T + timedelta(minutes=minute), limits=limits)


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
    (_history(_pair("199", "96"), minute=10, own="200"), None),
    (
        _history(_pair("178", "118"), minute=10, own="150"),
        _found(
            "Blood pressure 178 over 118",
            "Blood pressure 178 over 118, one reading, no repeat in 10 minutes, unconfirmed, own limit 150 over 120",
            _pair("178", "118"),
            level=Severity.SOON,
        ),
    ),
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
        _found(
            "Blood pressure 184 over 96",
            "Blood pressure 184 over 96, with new confusion",
            _pair("184", "96") + _said(Code.ACVPU, 1),
            level=Severity.EMERGENCY,
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
