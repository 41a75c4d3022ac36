"""A glucose under four, because on insulin it goes on falling and the person may not feel it.

SOURCE. Under 4.0 mmol/L: the UK's "four is the floor" (International Hypoglycaemia Study Group level 1 is 3.9 or
less). On insulin or a sulfonylurea urgent. On neither soon (Alongside default, not national guidance). Where treatment
is not known it is judged as if it could be insulin, and says so. A clinician's own low limit takes the place of 4.0.
Under 3.0 is another rule's emergency. No repeat is waited for: sugar first.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from backend.alerts.companions import personal_range
from backend.alerts.history import Facts, Finding, History, Limit, Severity, number
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special
from backend.scores import glucose

WATCHES = frozenset({Code.GLUCOSE})
LOOKBACK = timedelta(minutes=30)
ON: Literal["reading", "clock"] = "reading"
RUNS: Literal["always", "pack"] = "always"
LIMITS = (Code.GLUCOSE,)
VITAL = False
SOURCE = 'UK "four is the floor"; not on insulin or a sulfonylurea: Alongside default'
REFERENCE = ("glucose-hypo", "glucose-hypo-not-treated")


def evaluate(history: History) -> Finding | None:
    """Judge the newest glucose as of `history.as_of`."""
    readings = history.of(Code.GLUCOSE)
    if not readings or not isinstance(readings[-1].value, Decimal):
        return None
    newest, value = readings[-1], readings[-1].value
    own, _ = personal_range(history, Code.GLUCOSE)
    floor = glucose.FLOOR if own is None else own
    if not glucose.LEVEL_2 <= value < floor:
        return None
    level, treatment = _treatment(history.facts)
    title = f"Glucose {number(value)} mmol/L"
    return Finding(
        level,
        title,
        f"{title}, under {glucose.edge_words(floor)}, {treatment}",
        (newest,),
        newest.effective_at,
    )


def _treatment(facts: Facts) -> tuple[Severity, str]:
    """Type 1 diabetes is treated with insulin, said or not."""
    if facts.insulin or facts.sulfonylurea or facts.type1:
        return Severity.URGENT, "on insulin or a sulfonylurea"
    if facts.insulin is None or facts.sulfonylurea is None:
        return Severity.URGENT, "treatment not known"
    return Severity.SOON, "not on insulin or a sulfonylurea"


_T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_INSULIN = Facts(insulin=True)
_NEITHER = Facts(insulin=False, sulfonylurea=False)


def _one(value: str | Special) -> Reading:
    return Reading(Code.GLUCOSE, value if isinstance(value, Special) else Decimal(value), "mmol/L", _T)


def _history(value: str | Special, facts: Facts, low: str | None = None) -> History:
    limits = {Code.GLUCOSE: Limit(Decimal(low), None, "set by a clinician", personal=True)} if low else {}
    return History((_one(value),), _T, limits=limits, facts=facts)


def _found(level: Severity, value: str, words: str) -> Finding:
    title = f"Glucose {value} mmol/L"
    return Finding(level, title, f"{title}, {words}", (_one(value),), _T)


EXAMPLES = (
    (History((), _T), None),
    (_history("4.0", _INSULIN), None),
    (
        _history("3.9", _INSULIN),
        _found(Severity.URGENT, "3.9", "under 4.0, on insulin or a sulfonylurea"),
    ),
    (
        _history("3.9", _NEITHER),
        _found(Severity.SOON, "3.9", "under 4.0, not on insulin or a sulfonylurea"),
    ),
    (_history("3.9", Facts()), _found(Severity.URGENT, "3.9", "under 4.0, treatment not known")),
    (_history("2.9", _INSULIN), None),
    (_history(Special.LO, _INSULIN), None),
    (
        _history("4.8", _INSULIN, low="5"),
        _found(Severity.URGENT, "4.8", "under 5.0, on insulin or a sulfonylurea"),
    ),
    (_history("3.7", _INSULIN, low="3.5"), None),
)
