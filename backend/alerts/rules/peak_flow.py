"""A peak flow far under this person's own best, because an attack of asthma can be measured before it is admitted.

SOURCE. Under 80% of personal best soon, under 50% an emergency (the zones of written action plans; BTS/SIGN: 33 to 50%
is acute severe), under 33% life-threatening, when the words about 999 come first (BTS/SIGN). The best of the blows of
the last 10 minutes counts (best of three; the 10 minutes are an Alongside default, not national guidance), and so does
a meter's LO, as the worst. A first poor blow is often a bad blow, so it is raised when its 10 minutes are over, under
33% after 2 (Alongside defaults), and at once for somebody said to be unwell within 60 minutes. Where a clinician has
written this person's own figure in L/min it takes the place of 80%. Without a personal best nothing can be said in
percent: that figure is judged, and under 100 L/min is urgent for anybody, with the words that the best is not known
(Alongside default, not national guidance: no adult's best is near it).
"""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from backend.alerts.companions import personal_range, symptoms
from backend.alerts.history import Facts, Finding, History, Limit, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special
from backend.scores import peak_flow

WATCHES = frozenset({Code.PEAK_FLOW, Code.UNWELL})
LOOKBACK = timedelta(minutes=60)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
LIMITS = (Code.PEAK_FLOW,)
VITAL = True
SOURCE = "zones of personal best (80/50); BTS/SIGN acute asthma (50/33)"
REFERENCE = ("pef-amber", "pef-red", "pef-life")

SESSION = timedelta(minutes=10)
LIFE_WAITS = timedelta(minutes=2)
FLOOR = Decimal(100)


def evaluate(history: History) -> Finding | None:
    """Judge the best blow of the newest session as of `history.as_of`."""
    readings = history.of(Code.PEAK_FLOW)
    if not readings:
        return None
    newest = readings[-1]
    blows = [one for one in readings if newest.effective_at - one.effective_at <= SESSION]
    measured = [(one.value, one) for one in blows if isinstance(one.value, Decimal)]
    if not measured:
        return _too_low(newest) if newest.value is Special.LO else None
    value, best_blow = max(measured, key=lambda blow: blow[0])
    best = history.facts.personal_best_peak_flow
    own, _ = personal_range(history, Code.PEAK_FLOW)
    judged = _level(value, best, own)
    if judged is None:
        return None
    level, words = judged
    evidence = (best_blow,) if best_blow is newest else (best_blow, newest)
    title = f"Peak flow {number(value)} L/min"
    call_999 = bool(best and peak_flow.is_life_threatening(value, best))
    wait_until = blows[0].effective_at + (LIFE_WAITS if call_999 else SESSION)
    waits = history.as_of < wait_until and symptoms(history, newest.effective_at) is None
    return Finding(
        level, title, f"{title}, {words}", evidence, newest.effective_at,
        recheck_at=wait_until if waits else None, call_999=call_999,
    )  # fmt: skip


def _level(value: Decimal, best: Decimal | None, own: Decimal | None) -> tuple[Severity, str] | None:
    if best:
        percent = (value * 100 / best).quantize(Decimal("0.1"), ROUND_FLOOR)
        of_best = f"{number(percent)}% of personal best {number(best)}"
        if peak_flow.is_life_threatening(value, best):
            return Severity.EMERGENCY, f"{of_best}, under 33%: life-threatening"
        zone = peak_flow.zone(value, best)
        if zone == "red":
            return Severity.EMERGENCY, f"{of_best}, under 50%"
        if own is None and zone == "amber":
            return Severity.SOON, f"{of_best}, under 80%"
    elif value < (FLOOR if own is None else min(own, FLOOR)):
        return Severity.URGENT, f"under {number(FLOOR)}, personal best not known"
    if own is not None and value < own:
        return Severity.SOON, f"under the {number(own)} of their plan"
    return None


def _too_low(newest: Reading) -> Finding:
    words = "Peak flow too low for the meter"
    return Finding(
        Severity.EMERGENCY,
        "Peak flow too low to measure",
        words,
        (newest,),
        newest.effective_at,
        call_999=True,
    )


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _blow(value: str | Special, minute: int = 0) -> Reading:
    stored = value if isinstance(value, Special) else Decimal(value)
    return Reading(Code.PEAK_FLOW, stored, "L/min", _T + timedelta(minutes=minute))


def _history(
    *blows: Reading, best: str | None = "400", plan: str | None = None, after: float = 10
) -> History:
    facts = Facts(personal_best_peak_flow=Decimal(best) if best else None)
    limits = {Code.PEAK_FLOW: Limit(Decimal(plan), None, "written plan", personal=True)} if plan else {}
    return History(blows, blows[-1].effective_at + timedelta(minutes=after), limits=limits, facts=facts)


def _found(
    level: Severity, value: str, words: str, *, call_999: bool = False, waits: int | None = None
) -> Finding:
    title = f"Peak flow {value} L/min"
    recheck_at = None if waits is None else _T + timedelta(minutes=waits)
    return Finding(level, title, f"{title}, {words}", (_blow(value),), _T, recheck_at, call_999=call_999)


EXAMPLES = (
    (_history(_blow("320")), None),
    (
        _history(_blow("319")),
        _found(Severity.SOON, "319", "79.7% of personal best 400, under 80%"),
    ),
    (_history(_blow("200")), _found(Severity.SOON, "200", "50% of personal best 400, under 80%")),
    (
        _history(_blow("199")),
        _found(Severity.EMERGENCY, "199", "49.7% of personal best 400, under 50%"),
    ),
    (
        _history(_blow("131")),
        _found(
            Severity.EMERGENCY,
            "131",
            "32.7% of personal best 400, under 33%: life-threatening",
            call_999=True,
        ),
    ),
    (_history(_blow("340"), _blow("190", 2)), None),
    (
        _history(_blow("199"), after=9),
        _found(Severity.EMERGENCY, "199", "49.7% of personal best 400, under 50%", waits=10),
    ),
    (
        _history(_blow("120"), after=1),
        _found(
            Severity.EMERGENCY,
            "120",
            "30% of personal best 400, under 33%: life-threatening",
            call_999=True,
            waits=2,
        ),
    ),
    (_history(_blow("120"), _blow("390", 1), after=0), None),
    (_history(_blow("100"), best=None), None),
    (
        _history(_blow("60"), best=None),
        _found(Severity.URGENT, "60", "under 100, personal best not known"),
    ),
    (
        _history(_blow("300"), best=None, plan="310"),
        _found(Severity.SOON, "300", "under the 310 of their plan"),
    ),
    (_history(_blow("300"), plan="280"), None),
    (_history(_blow(Special.LO)), _too_low(_blow(Special.LO))),
)
