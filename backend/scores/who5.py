"""WHO-5, because how somebody feels is worth asking in a way where more is better.

SOURCE. Five items of 0 to 5, added up (0 to 25) and multiplied by four for an index of 0 to 100; 50 or less is low
well-being (World Health Organization, 1998 version; to be shown with its source). Only the scoring is here, no
wording. One item missing, no total.
"""

from typing import Any

from backend.scores.case import Case, items

COUNT = 5
MOST = 5
FACTOR = 4
LOW = 50


KEYS = frozenset({"items"})


def score(case: Case) -> dict[str, Any]:
    """`items`: five answers, null for unanswered → complete, total (0 to 25), index (0 to 100), low."""
    known = [one for one in items(case, COUNT, MOST) if one is not None]
    total = sum(known) if len(known) == COUNT else None
    index = None if total is None else FACTOR * total
    return {
        "complete": total is not None,
        "total": total,
        "index": index,
        "low": None if index is None else index <= LOW,
    }
