"""A pulse that the cuff found irregular more than once, because somebody should feel it and take a tracing.

SOURCE. An irregular pulse makes a cuff unreliable: feel the pulse and measure by hand (NICE NG136 1.1.2). Two of three
sessions running is an Alongside default, not national guidance, as are the 30 minutes that make one session and the
week that three sessions may take. It is a prompt for a pulse check and an ECG, and never a diagnosis. Somebody whose
atrial fibrillation is known is not raised again; not known is not "no", and the words say so.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.history import Facts, Finding, History, Severity
from backend.observations.codes import Code
from backend.observations.reading import Reading

WATCHES = frozenset({Code.IRREGULAR_PULSE, Code.SYSTOLIC})
LOOKBACK = timedelta(days=7)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "pack"
VITAL = True
REFERENCE = ("pulse-irregular",)
SOURCE = "Alongside default: 2 of 3 sessions; what to do: NICE NG136 1.1.2"

SESSION = timedelta(minutes=30)
SESSIONS = 3
IRREGULAR = 2


def evaluate(history: History) -> Finding | None:
    """Judge the last three sessions of the cuff as of `history.as_of`."""
    if history.facts.atrial_fibrillation:
        return None
    flags = [_flag(session) for session in _last_sessions(history)]
    irregular = [flag for flag in flags if flag is not None]
    # The session that has just ended must be one of them: yesterday's were raised yesterday.
    if len(irregular) < IRREGULAR or flags[-1] is None:
        return None
    known = "atrial fibrillation not known"
    if history.facts.atrial_fibrillation is False:
        known = "no atrial fibrillation so far"
    reason = f"Irregular pulse noticed in {len(irregular)} of the last {len(flags)} sessions, {known}: "
    reason += "feel the pulse, consider an ECG"
    newest = irregular[-1]
    return Finding(Severity.ROUTINE, "Irregular pulse noticed", reason, tuple(irregular), newest.effective_at)


def _last_sessions(history: History) -> list[list[Reading]]:
    """Readings within 30 minutes of a session's first, the last three sessions, oldest first."""
    sessions: list[list[Reading]] = []
    for reading in history.of(Code.SYSTOLIC, Code.IRREGULAR_PULSE):
        if sessions and reading.effective_at - sessions[-1][0].effective_at <= SESSION:
            sessions[-1].append(reading)
        else:
            sessions.append([reading])
    return sessions[-SESSIONS:]


def _flag(session: list[Reading]) -> Reading | None:
    flags = [one for one in session if one.code is Code.IRREGULAR_PULSE and one.value == 1]
    return flags[-1] if flags else None


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _cuff(day: int, irregular: bool) -> tuple[Reading, ...]:
    at = _T + timedelta(days=day)
    flag = (Reading(Code.IRREGULAR_PULSE, Decimal(1), "1", at),) if irregular else ()
    return (Reading(Code.SYSTOLIC, Decimal(130), "mm[Hg]", at), *flag)


def _history(*irregular: bool, facts: Facts | None = None) -> History:
    readings = tuple(one for day, flag in enumerate(irregular) for one in _cuff(day, flag))
    return History(readings, _T + timedelta(days=len(irregular) - 1), facts=facts or Facts())


_FLAGS = (_cuff(0, True)[1], _cuff(2, True)[1])
EXAMPLES = (
    (_history(False, False, True), None),
    (
        _history(True, False, True),
        Finding(
            Severity.ROUTINE,
            "Irregular pulse noticed",
            "Irregular pulse noticed in 2 of the last 3 sessions, atrial fibrillation not known: "
            "feel the pulse, consider an ECG",
            _FLAGS,
            _T + timedelta(days=2),
        ),
    ),
    (_history(True, False, True, facts=Facts(atrial_fibrillation=True)), None),
    (_history(True, False, False, True), None),
)
