"""A person whose every way to call for help is broken, because an open fault on it is a danger with a running clock.

SOURCE. Alongside defaults, not national guidance: silent after two and a half of its intervals, a battery at 5 % or
less, a line that is lost for 30 minutes. It is clinical from the first moment: soon, and urgent after 4 hours without
cover, or after 1 hour for somebody who lives alone. It never ends by being old. Inquests have found deaths days after
a reported and unmended alarm. The card asks for something in between: a call round, a loan.
"""

from datetime import UTC, datetime, timedelta
from typing import Literal

from backend.alerts.history import Facts, Finding, History, Severity
from backend.alerts.home import Fault, Home, Trouble
from backend.observations.codes import Code

WATCHES: frozenset[Code] = frozenset()
LOOKBACK = timedelta(0)
ON: Literal["reading", "clock"] = "clock"
RUNS: Literal["always", "pack"] = "always"
SOURCE = (
    "Alongside default, not national guidance: urgent after 4 hours without cover, 1 hour for who lives alone"
)

FLAT_PCT = 5
LINE_DOWN_AFTER = timedelta(minutes=30)
URGENT_AFTER = timedelta(hours=4)
URGENT_AFTER_ALONE = timedelta(hours=1)
WORDS: dict[Trouble, str] = {
    "silent": "is not heard",
    "flat-battery": "has an empty battery",
    "line-down": "has lost its line",
    "no-mains": "has no mains",
    "none-worn": "that their pathway asks for is missing",
    "taken-away": "was taken away and nothing came in its place",
}
MEANWHILE = "Ring round or lend one until it is mended"


def worse_at(since: datetime, *, lives_alone: bool) -> datetime:
    """When the level rises."""
    return since + (URGENT_AFTER_ALONE if lives_alone else URGENT_AFTER)


def evaluate(history: History) -> Finding | None:
    """Judge `history.home.faults`, which hold every way to call there is, by the clock `history.as_of`."""
    faults = history.home.faults
    if not faults:
        return None
    # Cover went with the last of them.
    since = max(fault.since for fault in faults)
    # Not known to have anybody about is not having anybody about.
    alone = history.facts.lives_alone is not False
    urgent = history.as_of >= worse_at(since, lives_alone=alone)
    names = " and ".join(f"the {_name(fault.kind)} {WORDS[fault.trouble]}" for fault in faults)
    reason = f"Cannot call for help for {_long(history.as_of - since)}: {names}. {MEANWHILE}"
    return Finding(Severity.URGENT if urgent else Severity.SOON, "No way to call for help", reason, (), since)


def _name(kind: str) -> str:
    return kind.replace("-", " ").replace("_", " ")


def _long(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}" + ("" if count == 1 else "s")
    return "under a minute"


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _history(hours: float, *, alone: bool | None, trouble: Trouble = "silent") -> History:
    fault = Fault("pendant-000001", "pendant", trouble, _T - timedelta(hours=hours))
    return History((), _T, facts=Facts(lives_alone=alone), home=Home(faults=(fault,)))


def _found(level: Severity, hours: float, long: str, words: str = "is not heard") -> Finding:
    reason = (
        f"Cannot call for help for {long}: the pendant {words}. Ring round or lend one until it is mended"
    )
    return Finding(level, "No way to call for help", reason, (), _T - timedelta(hours=hours))


EXAMPLES = (
    (History((), _T), None),
    (_history(0.5, alone=True), _found(Severity.SOON, 0.5, "30 minutes")),
    (_history(1, alone=True), _found(Severity.URGENT, 1, "1 hour")),
    (_history(1, alone=None), _found(Severity.URGENT, 1, "1 hour")),
    (_history(1, alone=False), _found(Severity.SOON, 1, "1 hour")),
    (
        _history(3.9, alone=False, trouble="flat-battery"),
        _found(Severity.SOON, 3.9, "3 hours", "has an empty battery"),
    ),
    (
        _history(4, alone=False, trouble="line-down"),
        _found(Severity.URGENT, 4, "4 hours", "has lost its line"),
    ),
)
