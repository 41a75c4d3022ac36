"""The early warning score of somebody who had all seven signs measured, because together they say more than each.

SOURCE. RCP NEWS2 2017: a total of 7 or more is an emergency response, 5 or 6 an urgent one, and 3 points in a single
parameter an urgent review whatever the total. Those responses are a hospital's: that 7 or more at home is an emergency
with 999 first, and 5 or 6 or a single 3 is urgent, is an Alongside default, not national guidance. Only when all seven
were measured within 60 minutes is there a total; otherwise news2_partial speaks.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts import early_warning
from backend.alerts.history import Facts, Finding, History, Severity
from backend.observations.codes import Code
from backend.observations.reading import Reading
from backend.scores import news2

WATCHES = early_warning.WATCHES
LOOKBACK = timedelta(minutes=60)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
REFERENCE: tuple[str, ...] = ()
SOURCE = "RCP NEWS2 2017; what follows at home: Alongside default, not national guidance"


def evaluate(history: History) -> Finding | None:
    """Score the newest complete set as of `history.as_of`."""
    known = early_warning.seen(history)
    if known is None or not known[1]:
        return None
    observations, evidence = known
    found = news2.judge(observations)
    if found.total is None:
        return None
    at = evidence[-1].effective_at
    title = f"NEWS2 {found.total}"
    if found.total >= news2.HIGH:
        reason = f"{title}, {_parts(found)}: 7 or more"
        return Finding(Severity.EMERGENCY, title, reason, evidence, at, call_999=True)
    if found.total >= news2.MEDIUM:
        return Finding(Severity.URGENT, title, f"{title}, {_parts(found)}: 5 or 6", evidence, at)
    if found.single_red:
        return Finding(Severity.URGENT, title, f"{title}, {_parts(found)}: 3 in one sign", evidence, at)
    return None


def _parts(found: news2.News2) -> str:
    """The parameters with points, the worst first: "breathing rate 3, pulse 2"."""
    scored = [(name, points) for name, points in found.points.items() if points]
    scored.sort(key=lambda one: -one[1])
    return ", ".join(f"{early_warning.WORDS[name]} {points}" for name, points in scored)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_WELL = {
    Code.RESPIRATORY_RATE: "16",
    Code.SPO2: "97",
    Code.OXYGEN_USE: "0",
    Code.SYSTOLIC: "130",
    Code.PULSE: "80",
    Code.ACVPU: "0",
    Code.TEMPERATURE: "36.8",
}


def _history(minutes: int = 0, facts: Facts | None = None, **changed: str) -> History:
    """Somebody well but for what changed; the temperature was taken so many minutes before the others."""
    values = _WELL | {Code[name]: value for name, value in changed.items()}
    readings = [
        Reading(
            code,
            Decimal(value),
            code.unit,
            _T - timedelta(minutes=minutes if code is Code.TEMPERATURE else 0),
        )
        for code, value in values.items()
    ]
    return History(tuple(sorted(readings, key=lambda one: one.effective_at)), _T, facts=facts or Facts())


_MEDIUM = _history(RESPIRATORY_RATE="22", PULSE="112", SPO2="95")
_HIGH = _history(RESPIRATORY_RATE="26", PULSE="112", OXYGEN_USE="2")
_RED = _history(ACVPU="1")
EXAMPLES = (
    (_history(), None),
    (_history(RESPIRATORY_RATE="22", PULSE="112"), None),
    (
        _MEDIUM,
        Finding(
            Severity.URGENT,
            "NEWS2 5",
            "NEWS2 5, breathing rate 2, pulse 2, oxygen saturation 1: 5 or 6",
            _MEDIUM.readings,
            _T,
        ),
    ),
    (
        _HIGH,
        Finding(
            Severity.EMERGENCY,
            "NEWS2 7",
            "NEWS2 7, breathing rate 3, air or oxygen 2, pulse 2: 7 or more",
            _HIGH.readings,
            _T,
            call_999=True,
        ),
    ),
    (
        _RED,
        Finding(Severity.URGENT, "NEWS2 3", "NEWS2 3, consciousness 3: 3 in one sign", _RED.readings, _T),
    ),
    # One sign is from longer ago than an hour, and somebody is too young for the score.
    (_history(minutes=61, RESPIRATORY_RATE="26", PULSE="112", OXYGEN_USE="2"), None),
    (_history(facts=Facts(birth_date=date(2010, 11, 3)), RESPIRATORY_RATE="26", PULSE="112"), None),
)
