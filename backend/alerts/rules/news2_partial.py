"""Some of the seven signs of NEWS2, bad enough already together: what is missing may only make it worse.

SOURCE. Alongside default, not national guidance: with a parameter missing NEWS2 is not calculated and no number is
called so. The points of what is known are the least the total can be, so 5 or more is urgent and 7 or more an
emergency, and a low sum says nothing and calms nothing. A single sign with 3 points is not raised here, because each
has its own rule (spo2_low, bp_low, bp_severe, pulse_abnormal, temperature, respiratory_rate, consciousness).
Points: RCP NEWS2 2017.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts import early_warning
from backend.alerts.history import Finding, History, Severity
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
SOURCE = "Alongside default, not national guidance (known points of RCP NEWS2 2017)"

TITLE = "Partial observations, NEWS2 not calculated"


def evaluate(history: History) -> Finding | None:
    """Add up what is known as of `history.as_of`, unless everything is."""
    found = early_warning.judged(history)
    if found is None or found.score.total is not None or found.points < news2.MEDIUM:
        return None
    evidence, score = found.evidence, found.score
    is_high = found.points >= news2.HIGH
    unmeasured = [early_warning.WORDS[name] for name in score.missing if name not in found.unscored]
    missing = [f"{' and '.join(unmeasured)} not measured"] if unmeasured else []
    missing += [f"{early_warning.WORDS[name]} not scored" for name in found.unscored]
    reason = f"{TITLE}: {score.known_points} points known ({found.parts}), {', '.join(missing)}, "
    reason += f"possible range {score.known_points} to {score.max_possible}{found.left_out}"
    return Finding(
        Severity.EMERGENCY if is_high else Severity.URGENT,
        TITLE,
        reason,
        evidence,
        evidence[-1].effective_at,
        call_999=is_high,
    )


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _history(target: bool = False, **measured: str) -> History:
    readings = tuple(
        Reading(Code[name], Decimal(value), Code[name].unit, _T) for name, value in measured.items()
    )
    limits = {Code.SPO2: Limit(Decimal(88), Decimal(92), "prescribed", personal=True)} if target else {}
    return History(readings, _T, limits=limits)


def _said(level: Severity, reason: str, history: History) -> Finding:
    urgent = level is Severity.URGENT
    return Finding(level, TITLE, f"{TITLE}: {reason}", history.readings, _T, call_999=not urgent)


_FIVE = _history(SPO2="91", PULSE="112")
_SEVEN = _history(SPO2="91", PULSE="112", OXYGEN_USE="1", SYSTOLIC="120", TEMPERATURE="37", ACVPU="0")
EXAMPLES = (
    (_history(SPO2="91"), None),
    (_history(SPO2="91", PULSE="110"), None),
    (
        _FIVE,
        _said(
            Severity.URGENT,
            "5 points known (oxygen saturation 3, pulse 2), breathing rate and air or oxygen and blood pressure "
            "and consciousness and temperature not measured, possible range 5 to 19",
            _FIVE,
        ),
    ),
    (
        _SEVEN,
        _said(
            Severity.EMERGENCY,
            "7 points known (oxygen saturation 3, air or oxygen 2, pulse 2), breathing rate not measured, "
            "possible range 7 to 10",
            _SEVEN,
        ),
    ),
    # With a target of 88 to 92 and no word on the scale, 91 is no reason for alarm.
    (_history(target=True, SPO2="91", PULSE="112"), None),
)
