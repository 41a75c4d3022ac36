"""Readings that are expected and do not come, because silence must never be taken for wellness.

SOURCE. The ladder (who is asked after how many, or how long) is the pathway's own; each step is an Alongside default,
not national guidance. That missed weighing comes before admissions is an association seen in one trial (BEAT-HF), no
threshold. Fewer than half of what was due in seven days is told as well, when six or more were due. Where the kit is
not heard, the words say so: it may have been taken. A nudge to the person is a message and no alert; this rule speaks
once the ladder asks a human. A same-day call is "soon", a task "routine".
"""

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from backend.alerts.history import Finding, History, Severity
from backend.alerts.home import Home, MissedAction, MissedRow
from backend.observations.codes import Code

WATCHES: frozenset[Code] = frozenset()
LOOKBACK = timedelta(0)
ON: Literal["reading", "clock"] = "clock"
RUNS: Literal["always", "pack"] = "pack"
REFERENCE = ("missing",)
SOURCE = "Alongside default, not national guidance: the pathway's own ladder"

LEVELS: dict[MissedAction, Severity] = {"task": Severity.ROUTINE, "same-day-call": Severity.SOON}
# Fewer than half taken says something only when there was something to take.
LEAST_DUE = 6
HOME = ZoneInfo("Europe/London")
NAMES = {"spo2": "oxygen", "blood-pressure": "blood pressure", "peak-flow": "peak flow"}


def reached(row: MissedRow, as_of: datetime) -> list[MissedAction]:
    """The steps of the ladder that are due by now, mildest first."""
    hours = (as_of - row.since).total_seconds() / 3600
    return [
        do
        for count, after, do in row.rungs
        if (count is not None and row.count >= count) or (after is not None and hours >= after)
    ]


def evaluate(history: History) -> Finding | None:
    """Judge every kind of reading in `history.home.missed` by the clock `history.as_of`."""
    found: list[tuple[Severity, MissedRow, str]] = []
    for row in history.home.missed:
        levels = [LEVELS[do] for do in reached(row, history.as_of) if do in LEVELS]
        if row.due_7d >= LEAST_DUE and row.missed_7d * 2 > row.due_7d:
            levels.append(Severity.ROUTINE)
        if levels:
            found.append((max(levels, key=lambda level: level.rank), row, _words(row)))
    if not found:
        return None
    severity = max((level for level, _, _ in found), key=lambda level: level.rank)
    title = "No readings: " + ", ".join(_name(row.kind) for _, row, _ in found)
    reason = "; ".join(words for _, _, words in found)
    return Finding(severity, title, reason, (), min(row.since for _, row, _ in found))


def _words(row: MissedRow) -> str:
    since = row.since.astimezone(HOME)
    count = "1 reading" if row.count == 1 else f"{row.count} readings in a row"
    words = f"{_name(row.kind).capitalize()}: {count} not received, the first due {since:%-d %b %H:%M}"
    if row.missed_7d * 2 > row.due_7d >= LEAST_DUE:
        words += f", {row.due_7d - row.missed_7d} of {row.due_7d} taken in 7 days"
    if row.quiet_device is not None:
        return f"{words}; the {row.quiet_device.replace('-', ' ')} is not heard, so it may have been taken"
    return f"{words}; the kit is heard, so it was not taken"


def _name(kind: str) -> str:
    return NAMES.get(kind, kind)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_LONG_TERM: tuple[tuple[int | None, float | None, MissedAction], ...] = (
    (1, None, "nudge"),
    (2, None, "nudge-and-contact"),
    (None, 72, "task"),
)
_WARD: tuple[tuple[int | None, float | None, MissedAction], ...] = (
    (1, None, "nudge"),
    (None, 4, "same-day-call"),
)


def _history(row: MissedRow) -> History:
    return History((), _T, home=Home(missed=(row,)))


def _row(hours: float, count: int, ward: bool = False, quiet: str | None = None) -> MissedRow:
    return MissedRow("spo2", _T - timedelta(hours=hours), count, _WARD if ward else _LONG_TERM, quiet)


EXAMPLES = (
    (History((), _T), None),
    (_history(_row(7, 1)), None),
    (_history(_row(71, 3)), None),
    (
        _history(_row(72, 3)),
        Finding(
            Severity.ROUTINE,
            "No readings: oxygen",
            "Oxygen: 3 readings in a row not received, the first due 30 Oct 09:00; the kit is heard, so it was not"
            " taken",
            (),
            _T - timedelta(hours=72),
        ),
    ),
    (_history(_row(3.9, 1, ward=True)), None),
    (
        _history(_row(4, 1, ward=True, quiet="pulse-oximeter")),
        Finding(
            Severity.SOON,
            "No readings: oxygen",
            "Oxygen: 1 reading not received, the first due 2 Nov 05:00; the pulse oximeter is not heard, so it may"
            " have been taken",
            (),
            _T - timedelta(hours=4),
        ),
    ),
)
