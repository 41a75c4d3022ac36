"""The early warning score of somebody who had all seven signs measured, because together they say more than each.

SOURCE. RCP NEWS2 2017: a total of 7 or more is an emergency response, 5 or 6 an urgent one, and 3 points in a single
parameter an urgent review whatever the total. Those responses are a hospital's: that 7 or more at home is an emergency
with 999 first, and 5 or 6 or a single 3 is urgent, is an Alongside default, not national guidance. Only when all seven
were measured within 60 minutes is there a total; otherwise news2_partial speaks. The total is the college's; whether
it is raised is judged without the signs that are inside a range a clinician set for this person (care rules of this
project: a personal range wins over every default).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts import early_warning
from backend.alerts.history import Facts, Finding, History, Severity
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading
from backend.scores import news2

WATCHES = early_warning.WATCHES
LOOKBACK = timedelta(minutes=60)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
LIMITS = early_warning.LIMITS
VITAL = True
REFERENCE: tuple[str, ...] = ()
SOURCE = "RCP NEWS2 2017; what follows at home: Alongside default, not national guidance"


def evaluate(history: History) -> Finding | None:
    """Score the newest complete set as of `history.as_of`."""
    found = early_warning.judged(history)
    if found is None or found.score.total is None:
        return None
    evidence, at = found.evidence, found.evidence[-1].effective_at
    title = f"NEWS2 {found.score.total}"
    words = f"{title}, {found.parts}: "
    if found.points >= news2.HIGH:
        reason = f"{words}7 or more{found.left_out}"
        return Finding(Severity.EMERGENCY, title, reason, evidence, at, call_999=True)
    if found.points >= news2.MEDIUM:
        return Finding(Severity.URGENT, title, f"{words}5 or 6{found.left_out}", evidence, at)
    if found.single_red:
        return Finding(Severity.URGENT, title, f"{words}3 in one sign{found.left_out}", evidence, at)
    return None


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


def _history(
    minutes: int = 0, facts: Facts | None = None, own: Mapping[Code, Limit] | None = None, **changed: str
) -> History:
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
    return History(
        tuple(sorted(readings, key=lambda one: one.effective_at)),
        _T,
        limits=own or {},
        facts=facts or Facts(),
    )


_MEDIUM = _history(RESPIRATORY_RATE="22", PULSE="112", SPO2="95")
_HIGH = _history(RESPIRATORY_RATE="26", PULSE="112", OXYGEN_USE="2")
_RED = _history(ACVPU="1")
# Somebody whose pulse and pressure are low and right for them.
_OWN = {
    Code.PULSE: Limit(Decimal(38), Decimal(125), "set by a clinician", personal=True),
    Code.SYSTOLIC: Limit(Decimal(80), None, "set by a clinician", personal=True),
}
_BREATHLESS = _history(own=_OWN, PULSE="39", SYSTOLIC="88", RESPIRATORY_RATE="25")
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
    (_history(own=_OWN, PULSE="39", SYSTOLIC="88"), None),
    (
        _BREATHLESS,
        Finding(
            Severity.URGENT,
            "NEWS2 9",
            "NEWS2 9, breathing rate 3: 3 in one sign; not counted: blood pressure in own limit 80 or more, "
            "pulse in own range 38 to 125",
            _BREATHLESS.readings,
            _T,
        ),
    ),
    # One sign is from longer ago than an hour, and somebody is too young for the score.
    (_history(minutes=61, RESPIRATORY_RATE="26", PULSE="112", OXYGEN_USE="2"), None),
    (_history(facts=Facts(birth_date=date(2010, 11, 3)), RESPIRATORY_RATE="26", PULSE="112"), None),
)
