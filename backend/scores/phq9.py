"""PHQ-9, because low mood changes what somebody can do for themselves, and item 9 must never wait for a total.

SOURCE. Nine items of 0 to 3, added up; 0-4 minimal, 5-9 mild, 10-14 moderate, 15-19 moderately severe, 20-27 severe
(Kroenke, Spitzer, Williams 2001; free to use, Pfizer 2010). Only the scoring is here, no wording. One item missing
and there is no total: the manual's filling in is not done. Item 9 asks about thoughts of death or self-harm: 1 or
more is a reason to act at once, on a form that was never finished too; unanswered is not known. 0 is "not endorsed on
this form" and never "safe": most inpatients at risk in one study had not endorsed it.
"""

from collections.abc import Sequence
from typing import Any

from backend.scores.case import Case, items

COUNT = 9
MOST = 3
BANDS = ((4, "minimal"), (9, "mild"), (14, "moderate"), (19, "moderately severe"), (27, "severe"))


def severity(total: int) -> str:
    """The band of a complete total, 0 to 27."""
    return next(name for top, name in BANDS if total <= top)


def needs_safety(answers: Sequence[int | None]) -> bool | None:
    """Whether item 9 asks for action now; None while it is unanswered. False says nothing about being safe."""
    ninth = answers[COUNT - 1]
    return None if ninth is None else ninth >= 1


KEYS = frozenset({"items"})


def score(case: Case) -> dict[str, Any]:
    """`items`: nine answers, null for unanswered → complete, total, severity, item9_safety (true, false, null)."""
    answers = items(case, COUNT, MOST)
    known = [one for one in answers if one is not None]
    total = sum(known) if len(known) == COUNT else None
    return {
        "complete": total is not None,
        "total": total,
        "severity": None if total is None else severity(total),
        "item9_safety": needs_safety(answers),
    }
