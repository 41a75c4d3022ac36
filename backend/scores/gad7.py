"""GAD-7, because anxiety and breathlessness look alike from far away and a number helps to tell them apart.

SOURCE. Seven items of 0 to 3, added up; 0-4 minimal, 5-9 mild, 10-14 moderate, 15-21 severe (Spitzer, Kroenke,
Williams, Löwe 2006; free to use, Pfizer 2010). Only the scoring is here, no wording. One item missing, no total.
"""

from typing import Any

from backend.scores.case import Case, items

COUNT = 7
MOST = 3
BANDS = ((4, "minimal"), (9, "mild"), (14, "moderate"), (21, "severe"))


def severity(total: int) -> str:
    """The band of a complete total, 0 to 21."""
    return next(name for top, name in BANDS if total <= top)


KEYS = frozenset({"items"})


def score(case: Case) -> dict[str, Any]:
    """`items`: seven answers, null for unanswered → complete, total, severity."""
    known = [one for one in items(case, COUNT, MOST) if one is not None]
    total = sum(known) if len(known) == COUNT else None
    return {
        "complete": total is not None,
        "total": total,
        "severity": None if total is None else severity(total),
    }
