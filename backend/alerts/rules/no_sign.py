"""Somebody who lives alone and gives no sign from any source, because nobody else will notice.

SOURCE. 24 hours: Alongside default, not national guidance. Any sign of the person counts, not of a device: a reading,
a movement, an open door, a press, a contact on record. A heartbeat is kit that works and says nothing of anybody. It
is a call the same day and then the ladder of an urgent card; who is known not to live alone is not judged, and of whom
it is not known is judged as who has nobody about.
"""

from datetime import UTC, datetime, timedelta
from typing import Literal

from backend.alerts.history import Facts, Finding, History, Pause, Severity
from backend.alerts.home import Home
from backend.observations.codes import Code

WATCHES: frozenset[Code] = frozenset()
LOOKBACK = timedelta(0)
ON: Literal["reading", "clock"] = "clock"
RUNS: Literal["always", "pack"] = "pack"
SOURCE = "Alongside default, not national guidance: 24 hours without a sign"

HOURS = "24"


def within(history: History) -> timedelta:
    """How long without a sign is too long for this person."""
    return timedelta(hours=int(history.parameters.get("hours", HOURS)))


def evaluate(history: History) -> Finding | None:
    """Judge by the clock `history.as_of`; a pause or a stay in hospital excuses, and the time begins at its end."""
    starts = [at for at in (history.home.last_sign_at, history.home.watched_since) if at is not None]
    if history.facts.lives_alone is False or not starts:
        return None
    since = max(starts)
    for pause in history.pauses:
        if pause.start <= history.as_of and (pause.end is None or pause.end > since):
            since = pause.end or history.as_of
    if history.as_of - since < within(history):
        return None
    hours = int((history.as_of - since).total_seconds() // 3600)
    alone = "Lives alone" if history.facts.lives_alone else "Not known whether anybody lives with them"
    reason = f"{alone}, no sign from any source for {hours} hours"
    if history.home.last_sign_at is not None:
        reason += f", the last was {history.home.last_sign}" if history.home.last_sign else ""
    return Finding(Severity.URGENT, f"No sign for {hours} hours", f"{reason}. Call today", (), since)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _history(hours: float, alone: bool | None = True, pause: Pause | None = None) -> History:
    home = Home(
        last_sign_at=_T - timedelta(hours=hours),
        last_sign="a reading",
        watched_since=_T - timedelta(days=30),
    )
    return History((), _T, facts=Facts(lives_alone=alone), home=home, pauses=(pause,) if pause else ())


EXAMPLES = (
    (History((), _T, facts=Facts(lives_alone=True)), None),
    (_history(23.9), None),
    (
        _history(24),
        Finding(
            Severity.URGENT,
            "No sign for 24 hours",
            "Lives alone, no sign from any source for 24 hours, the last was a reading. Call today",
            (),
            _T - timedelta(hours=24),
        ),
    ),
    (_history(40, alone=False), None),
    (
        _history(40, alone=None),
        Finding(
            Severity.URGENT,
            "No sign for 40 hours",
            "Not known whether anybody lives with them, no sign from any source for 40 hours,"
            " the last was a reading. Call today",
            (),
            _T - timedelta(hours=40),
        ),
    ),
    (_history(40, pause=Pause(_T - timedelta(days=3), _T + timedelta(days=1))), None),
    (_history(90, pause=Pause(_T - timedelta(days=3), _T - timedelta(hours=23))), None),
)
