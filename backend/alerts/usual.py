"""What is usual for this person and what came since: splits a history for the rules that know only the person.

SOURCE. Alongside defaults, not national guidance: a baseline needs 10 days with a value over 14 days; the newest 14
days are held against it and are not part of it; the days of an alert and 7 days after are left out, and while an
alert is open the baseline stands still, or deterioration would become usual; after an admission it starts anew.
Where its alert was closed within those 7 days only a value a whole spread worse than then raises it again.
Several values of one day count as their median (rational subgroups). Floors of the spread: see FLOORS. What a device
doubted is left out. Absolute limits are other rules and stay on throughout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from backend.alerts.baseline import LEAST_DAYS, LEAST_READINGS, Side, Usual, drift, far_out, median, usual
from backend.alerts.history import Finding, History, Severity, Span, number
from backend.observations.codes import Code
from backend.observations.reading import Quality, Reading

LOOKBACK = timedelta(days=56)
RECENT = timedelta(days=14)
AFTER_EPISODE = timedelta(days=7)
# Two single values far out must lie within this, or they are two different days' stories.
TOGETHER = timedelta(hours=24)
HOME = ZoneInfo("Europe/London")

FLOORS: Mapping[Code, Decimal] = {
    Code.SPO2: Decimal("1.0"),
    Code.PULSE: Decimal("4.0"),
    Code.SYSTOLIC: Decimal("6.0"),
    Code.WEIGHT: Decimal("0.3"),
    Code.TEMPERATURE: Decimal("0.2"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """One day's value and the readings behind it, oldest first."""

    on: date
    value: Decimal
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """Somebody's usual, and the days since that are held against it, oldest first."""

    usual: Usual
    recent: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What one rule of this kind looks for: which way is a drift, how bad, and how it is said."""

    rule: str
    code: Code
    words: str
    unit: str
    drifts: Mapping[Side, Severity]
    far: Mapping[Side, Severity]


def own(history: History, code: Code, rule: str) -> Own | None:
    """What is usual for this person as of `history.as_of`; None while it is not known, or in hospital."""
    stays = [span for span in history.closed_spans if span.kind == "admission"]
    if any(span.holds(history.as_of) for span in stays):
        return None
    since = max(
        (span.end for span in stays if span.end is not None and span.end <= history.as_of), default=None
    )
    days = _days([r for r in history.of(code) if since is None or r.effective_at >= since])
    if not days:
        return None
    episodes = [span for span in history.closed_spans if span.kind == "episode"]
    learnt = [day for day in days if not _in_episode(day.on, episodes)] if episodes else days
    until = _known_from(learnt)
    if until is None:
        return None
    until = max(until, days[-1].on - RECENT)
    closed = [s.end for s in history.closed_spans if s.rule == rule and s.end and s.end <= history.as_of]
    # Where a nurse has closed this rule's own alert the sums begin again, or the same days would raise it anew.
    begin = max((_on(end) for end in closed), default=until)
    recent = tuple(day for day in days if day.on > max(until, begin))
    values = [day.value for day in learnt if day.on <= until]
    return Own(usual(values, FLOORS[code]), recent) if recent else None


def judge_own(history: History, watch: Watch) -> Finding | None:
    """A finding when the newest value shows this person leaving what is usual for them."""
    known = own(history, watch.code, watch.rule)
    if known is None:
        return None
    newest = known.recent[-1].readings[-1]
    drifted = drift([day.value for day in known.recent], known.usual, tuple(watch.drifts))
    if drifted is not None:
        side, run = drifted
        if _was_seen(history, watch, known, side):
            return None
        days = known.recent[-run:]
        way = "rising" if side == "above" else "falling"
        for_days = "today" if run == 1 else f"over {run} days"
        words = f"{watch.words} {way} {for_days}"
        return _found(watch.drifts[side], words, newest, known, watch, tuple(d.readings[-1] for d in days))
    twice = _twice_far(known, watch)
    if twice is None:
        return None
    side, pair = twice
    words = f"{watch.words} far {side} their usual, two readings"
    return _found(watch.far[side], words, newest, known, watch, pair)


def _was_seen(history: History, watch: Watch, known: Own, side: Side) -> bool:
    """Whether a human closed this rule's alert lately with the value as bad as now, by less than a spread."""
    closed = [
        span
        for span in history.closed_spans
        if span.rule == watch.rule and span.end and span.end <= history.as_of < span.end + AFTER_EPISODE
    ]
    sign = 1 if side == "above" else -1
    then = [
        sign * day.value
        for span in closed
        for day in _days(history.of(watch.code))
        if span.end is not None and _on(span.start) <= day.on <= _on(span.end)
    ]
    return bool(then) and sign * known.recent[-1].value - max(then) <= known.usual.spread


def _found(
    level: Severity, words: str, newest: Reading, known: Own, watch: Watch, evidence: tuple[Reading, ...]
) -> Finding:
    assert isinstance(newest.value, Decimal)
    low, high = (number(round(edge, 1)) for edge in (known.usual.low, known.usual.high))
    reason = f"{words}, now {number(newest.value)}{watch.unit}, own range {low} to {high}"
    return Finding(level, words, reason, evidence, newest.effective_at)


def _twice_far(known: Own, watch: Watch) -> tuple[Side, tuple[Reading, ...]] | None:
    """The newest two values, within a day, far out on the same side: one alone may be a flight of stairs."""
    readings = [reading for day in known.recent for reading in day.readings][-2:]
    if len(readings) < 2 or readings[1].effective_at - readings[0].effective_at > TOGETHER:
        return None
    sides = {
        far_out(reading.value, known.usual) for reading in readings if isinstance(reading.value, Decimal)
    }
    side = sides.pop()
    return (side, tuple(readings)) if not sides and side is not None and side in watch.far else None


def _days(readings: Sequence[Reading]) -> list[Day]:
    """One value a day of the calendar at home, oldest first."""
    found: dict[date, list[tuple[Decimal, Reading]]] = {}
    for reading in readings:
        if isinstance(reading.value, Decimal) and reading.quality is Quality.OK:
            found.setdefault(_on(reading.effective_at), []).append((reading.value, reading))
    return [
        Day(
            on,
            those[0][0] if len(those) == 1 else median([value for value, _ in those]),
            tuple(reading for _, reading in those),
        )
        for on, those in sorted(found.items())
    ]


def _in_episode(on: date, episodes: Sequence[Span]) -> bool:
    """Whether a day belongs to an alert or to the days after it."""
    return any(
        _on(span.start) <= on and (span.end is None or on <= _on(span.end + AFTER_EPISODE))
        for span in episodes
    )


def _known_from(days: Sequence[Day]) -> date | None:
    """The first day by which enough is known."""
    for count, day in enumerate(days, 1):
        if count >= LEAST_READINGS and (day.on - days[0].on).days >= LEAST_DAYS:
            return day.on
    return None


def _on(at: datetime) -> date:
    return at.astimezone(HOME).date()


def examples(
    watch: Watch, usually: Decimal, then: Sequence[str], said: tuple[Severity, str, str] | None = None
) -> tuple[History, Finding | None]:
    """An example of such a rule: 15 days at `usually`, then a day each of `then`; `said` is level, title, reason."""
    start = datetime(2026, 10, 1, 8, 0, tzinfo=ZoneInfo("UTC"))
    values = [usually] * 15 + [Decimal(value) for value in then]
    readings = tuple(
        Reading(watch.code, value, watch.code.unit, start + timedelta(days=day))
        for day, value in enumerate(values)
    )
    history = History(readings, readings[-1].effective_at)
    if said is None:
        return history, None
    level, title, reason = said
    return history, Finding(level, title, reason, readings[-len(then) :], history.as_of)
