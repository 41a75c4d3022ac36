"""Weight gained within days by somebody with heart failure, because it is water and it comes before the breathlessness.

SOURCE. More than 2 kg in 3 days: European Society of Cardiology. Strictly more, against the lowest weight of the 3 days
of the calendar before. Leaflets differ by place, so a locality's pack sets `kg` and `days` (7 at most). Alongside
defaults, not national guidance: a jump of more than 4 kg within a day is first asked for again, because somebody else
may have stood on the scales, and is raised as unconfirmed when nothing came in 10 minutes.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from backend.alerts.history import Finding, History, Parameters, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Reading
from backend.scores import hf_weight

WATCHES = frozenset({Code.WEIGHT})
# Seven days before, and the day itself.
LOOKBACK = timedelta(days=8)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "pack"
VITAL = True
SOURCE = "European Society of Cardiology: more than 2 kg in 3 days; the repeat: Alongside default"
REFERENCE = ("hf-weight-3d",)
PARAMETERS = {"kg": "2.0", "days": "3"}

MOST_DAYS = 7
JUMP = Decimal("4.0")
JUMP_WITHIN = timedelta(hours=24)
REPEAT_WITHIN = timedelta(minutes=10)
HOME = ZoneInfo("Europe/London")


def evaluate(history: History) -> Finding | None:
    """Judge the newest weight as of `history.as_of`; ValueError for parameters that cannot be used."""
    kg, days = _parameters(history.parameters)
    weighed = [(one.value, one) for one in history.of(Code.WEIGHT) if isinstance(one.value, Decimal)]
    series = [(one.effective_at.astimezone(HOME).toordinal(), value) for value, one in weighed]
    place = hf_weight.lowest_before(series, days)
    if place is None:
        return None
    gain = series[-1][1] - series[place][1]
    if gain <= kg:
        return None
    newest, lowest = weighed[-1][1], weighed[place][1]
    within = series[-1][0] - series[place][0]
    title = f"Weight up {number(gain)} kg"
    words = f"Weight {number(series[-1][1])} kg, up {number(gain)} kg {_within(within)}"
    words += f", more than {number(kg)} kg in {days} days"
    recheck_at = newest.effective_at + REPEAT_WITHIN
    if not _is_jump(weighed):
        return _found(title, words, lowest, newest)
    if history.as_of < recheck_at:
        return _found(title, f"{words}, waiting for a repeat", lowest, newest, recheck_at=recheck_at)
    return _found(title, f"{words}, one reading, no repeat in 10 minutes, unconfirmed", lowest, newest)


def _parameters(given: Parameters) -> tuple[Decimal, int]:
    kg, days = Decimal(given.get("kg", PARAMETERS["kg"])), int(given.get("days", PARAMETERS["days"]))
    if not (kg > 0 and 1 <= days <= MOST_DAYS):
        raise ValueError(f"weight_gain cannot judge {kg} kg in {days} days")
    return kg, days


def _is_jump(weighed: Sequence[tuple[Decimal, Reading]]) -> bool:
    (before, first), (value, newest) = weighed[-2:]
    return value - before > JUMP and newest.effective_at - first.effective_at <= JUMP_WITHIN


def _within(days: int) -> str:
    return {0: "within the day", 1: "since the day before"}.get(days, f"in {days} days")


def _found(title: str, reason: str, *evidence: Reading, recheck_at: datetime | None = None) -> Finding:
    return Finding(Severity.URGENT, title, reason, evidence, evidence[-1].effective_at, recheck_at)


_T = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


def _kg(value: str, day: int, minute: int = 0) -> Reading:
    return Reading(Code.WEIGHT, Decimal(value), "kg", _T + timedelta(days=day, minutes=minute))


def _history(*readings: Reading, wait: int = 0, parameters: Parameters | None = None) -> History:
    at = readings[-1].effective_at + timedelta(minutes=wait)
    return History(readings, at, parameters=parameters or {})


EXAMPLES = (
    (_history(_kg("80", 0)), None),
    (_history(_kg("80", 0), _kg("82.0", 3)), None),
    (
        _history(_kg("80", 0), _kg("81", 1), _kg("82.1", 3, 20)),
        _found(
            "Weight up 2.1 kg",
            "Weight 82.1 kg, up 2.1 kg in 3 days, more than 2 kg in 3 days",
            _kg("80", 0),
            _kg("82.1", 3, 20),
        ),
    ),
    (_history(_kg("80", 0), _kg("82.1", 4)), None),
    (
        _history(_kg("80", 0), _kg("81.1", 2), parameters={"kg": "1.0", "days": "2"}),
        _found(
            "Weight up 1.1 kg",
            "Weight 81.1 kg, up 1.1 kg in 2 days, more than 1 kg in 2 days",
            _kg("80", 0),
            _kg("81.1", 2),
        ),
    ),
    (
        _history(_kg("80", 0), _kg("96", 1)),
        _found(
            "Weight up 16 kg",
            "Weight 96 kg, up 16 kg since the day before, more than 2 kg in 3 days, waiting for a repeat",
            _kg("80", 0),
            _kg("96", 1),
            recheck_at=_T + timedelta(days=1, minutes=10),
        ),
    ),
    (
        _history(_kg("80", 0), _kg("96", 1), wait=10),
        _found(
            "Weight up 16 kg",
            "Weight 96 kg, up 16 kg since the day before, more than 2 kg in 3 days, "
            "one reading, no repeat in 10 minutes, unconfirmed",
            _kg("80", 0),
            _kg("96", 1),
        ),
    ),
    (_history(_kg("80", 0), _kg("96", 1), _kg("80.3", 1, 5)), None),
)
