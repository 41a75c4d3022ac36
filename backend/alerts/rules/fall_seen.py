"""A fall or a press that a device sent as a measurement and not as an alarm: it is heard all the same.

SOURCE. Alongside default, not national guidance: telecare practice takes every fall and every press for an emergency
until somebody has spoken to the person. The contract asks for alarms on up/alarm, where they are raised at once and
whatever the clock, the binding or consent say. This rule is the net under a device that does otherwise.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import Code
from backend.observations.reading import Reading

WATCHES = frozenset({Code.FALL, Code.PENDANT})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
VITAL = False
# Never paused and never waiting to go live: it is judged for everybody there is.
ALARM = True
SOURCE = "Alongside default (telecare practice)"

WORDS = {Code.FALL: "Fall seen by a sensor", Code.PENDANT: "Call button pressed"}


def evaluate(history: History) -> Finding | None:
    """Judge the newest fall or press as of `history.as_of`; what was noticed last does not undo what was before."""
    happened = [one for one in history.of(*WATCHES) if one.value == 1]
    if not happened or happened[-1].effective_at != history.readings[-1].effective_at:
        return None
    newest = happened[-1]
    words = WORDS[newest.code]
    reason = f"{words}, sent as a measurement and not as an alarm"
    return Finding(Severity.EMERGENCY, words, reason, (newest,), newest.effective_at)


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _one(code: Code, value: int, minute: int = 0) -> Reading:
    return Reading(code, Decimal(value), "1", _T + timedelta(minutes=minute))


def _found(reading: Reading, words: str) -> Finding:
    reason = f"{words}, sent as a measurement and not as an alarm"
    return Finding(Severity.EMERGENCY, words, reason, (reading,), reading.effective_at)


EXAMPLES = (
    (History((), _T), None),
    (History((_one(Code.FALL, 0),), _T), None),
    (History((_one(Code.FALL, 1),), _T), _found(_one(Code.FALL, 1), "Fall seen by a sensor")),
    (History((_one(Code.PENDANT, 1),), _T), _found(_one(Code.PENDANT, 1), "Call button pressed")),
    # The fall opened its alert when it was judged; that the sensor is quiet again closes nothing and opens nothing.
    (History((_one(Code.FALL, 1), _one(Code.FALL, 0, 2)), _T + timedelta(minutes=2)), None),
)
