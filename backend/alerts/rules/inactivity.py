"""A home that is quiet for longer than it ever is, at hours when it is not, because somebody may lie on the floor.

SOURCE. No national threshold exists. Alongside defaults, not national guidance: the person's own pattern over 14 days
or more, the 99th centile of the times between two movements in the hours when the home is active, plus half of it
again and no less than two hours. Outside those hours, paused or in hospital nothing is judged. A door that somebody
left by excuses the quiet for six hours and no longer: a visitor leaves by the same door. A pressed pendant and a
detected fall are alarms, learn nothing and wait for no hours.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from backend.alerts.history import Finding, History, Pause, Severity
from backend.alerts.home import Home, OwnPattern
from backend.observations.codes import Code

WATCHES: frozenset[Code] = frozenset()
LOOKBACK = timedelta(0)
ON: Literal["reading", "clock"] = "clock"
RUNS: Literal["always", "pack"] = "pack"
REFERENCE = ("inactivity",)
SOURCE = "Alongside default, not national guidance: own 99th centile and a half more"

LEAST_DAYS = 14
MARGIN_PERCENT = "50"
LEAST_MINUTES = "120"
OUT_HOURS = "6"
HOME = ZoneInfo("Europe/London")


def threshold(pattern: OwnPattern, history: History) -> timedelta:
    """How long without a movement is too long for this home."""
    margin = int(history.parameters.get("margin_percent", MARGIN_PERCENT))
    least = timedelta(minutes=int(history.parameters.get("least_minutes", LEAST_MINUTES)))
    return max(pattern.usual_gap * (100 + margin) / 100, least)


def out_until(history: History) -> datetime | None:
    """Until when the quiet says nothing because somebody has left the home; None when nobody did."""
    since = history.home.out_since
    return (
        None
        if since is None
        else since + timedelta(hours=int(history.parameters.get("out_hours", OUT_HOURS)))
    )


def counted_from(history: History) -> datetime | None:
    """From when the quiet of today counts: the last movement, or when today's active hours began."""
    pattern, last = history.home.pattern, history.home.last_movement_at
    if pattern is None or last is None or pattern.days < LEAST_DAYS:
        return None
    today = history.as_of.astimezone(HOME).date()
    began = datetime.combine(today, pattern.active_from, HOME).astimezone(UTC)
    since = max(last, began)
    for pause in history.pauses:
        if pause.start <= history.as_of and (pause.end is None or pause.end > since):
            since = pause.end or history.as_of
    return since


def evaluate(history: History) -> Finding | None:
    """Judge by the clock `history.as_of`."""
    pattern, since = history.home.pattern, counted_from(history)
    if pattern is None or since is None:
        return None
    clock = history.as_of.astimezone(HOME).time()
    if not pattern.active_from <= clock <= pattern.active_to:
        return None
    if history.as_of - since < threshold(pattern, history):
        return None
    out = out_until(history)
    if out is not None and history.as_of < out:
        return None
    quiet, usual = _long(history.as_of - since), _long(pattern.usual_gap)
    reason = f"No movement at home for {quiet}; here it is seldom over {usual} at this time. "
    if history.home.out_since is not None:
        left = history.home.out_since.astimezone(HOME)
        reason += f"Somebody left at {left:%H:%M}, and nobody was seen to come back. "
    reason += "Call first"
    return Finding(Severity.URGENT, f"No movement for {quiet}", reason, (), since)


def _long(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    return f"{minutes} minutes" if hours == 0 else f"{hours} h" + (f" {rest} min" if rest else "")


_T = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)


def _history(
    minutes: float, *, as_of: datetime = _T, days: int = 20, pause: Pause | None = None, is_out: bool = False
) -> History:
    pattern = OwnPattern(timedelta(minutes=100), time(8), time(21), days)
    last = as_of - timedelta(minutes=minutes)
    home = Home(last_movement_at=last, pattern=pattern, out_since=last if is_out else None)
    return History((), as_of, home=home, pauses=(pause,) if pause else ())


EXAMPLES = (
    (History((), _T), None),
    (_history(149), None),
    (
        _history(150),
        Finding(
            Severity.URGENT,
            "No movement for 2 h 30 min",
            "No movement at home for 2 h 30 min; here it is seldom over 1 h 40 min at this time. Call first",
            (),
            _T - timedelta(minutes=150),
        ),
    ),
    (_history(300, days=13), None),
    (_history(300, pause=Pause(_T - timedelta(days=1), _T + timedelta(days=1))), None),
    (_history(359, is_out=True), None),
    (
        _history(360, is_out=True),
        Finding(
            Severity.URGENT,
            "No movement for 6 h",
            "No movement at home for 6 h; here it is seldom over 1 h 40 min at this time. Somebody left at 09:00, "
            "and nobody was seen to come back. Call first",
            (),
            _T - timedelta(minutes=360),
        ),
    ),
    # At night nothing is judged, and the night does not count in the morning.
    (_history(300, as_of=datetime(2026, 11, 2, 23, 0, tzinfo=UTC)), None),
    (_history(600, as_of=datetime(2026, 11, 2, 8, 30, tzinfo=UTC)), None),
)
