"""Weight gained in a few days, the same for the rule and for a safety officer trying a series.

SOURCE. More than 2 kg in 3 days: European Society of Cardiology, heart failure. Strictly more: 2.0 kg is not. The
newest weight is held against every one of the days before, so the gain is over the lowest of them. Leaflets differ
by place, so kilograms and days are parameters of a locality. Days are days of the calendar: morning weights of
Monday and Thursday are three days apart, whatever the minute.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from backend.scores.case import Case, as_decimal, days, listing, required, spoken

KG = Decimal("2.0")
DAYS = 3

Weighed = tuple[int, Decimal]


def lowest_before(series: Sequence[Weighed], days: int = DAYS) -> int | None:
    """Where in `series` (day number, kg; oldest first) the weight stands that the newest is held against.

    It is the lowest of the `days` days before the newest, the newest such of equals; None when there is none.
    """
    if not series:
        return None
    since = series[-1][0] - days
    places = [place for place, (day, _) in enumerate(series[:-1]) if day >= since]
    return min(places, key=lambda place: (series[place][1], -place)) if places else None


def gain(series: Sequence[Weighed], within: int = DAYS) -> Decimal | None:
    """What the newest weight is over the lowest of the `within` days before, kg; None when none of them was weighed."""
    lowest = lowest_before(series, within)
    return None if lowest is None else series[-1][1] - series[lowest][1]


KEYS = frozenset({"series"})


def score(case: Case) -> dict[str, Any]:
    """`series`: list of [day, kg], a day as a whole number or a date → evaluable, gain (kg or null), alert.

    Without a weight in the days before there is nothing to compare: evaluable is false, and no alert then means
    nothing at all. Entries may come in any order; of one day, the later in the list is the newer. A day with null
    was not weighed and is left out.
    """
    rows = listing(case, "series", width=2)
    numbers = days([day for day, _ in rows], "entry")
    weighed = [
        (day, _kg(kg, place))
        for place, (day, (_, kg)) in enumerate(zip(numbers, rows, strict=True), 1)
        if kg is not None
    ]
    series = sorted(weighed, key=lambda row: row[0])
    gained = gain(series)
    return {
        "evaluable": gained is not None,
        "gain": None if gained is None else spoken(gained),
        "alert": gained is not None and gained > KG,
    }


def _kg(value: Any, place: int) -> Decimal:
    return required(as_decimal(value, f"kg of entry {place}", least=0, most=500), f"kg of entry {place}")
