"""Averages a set of home blood pressures as NICE says, and says nothing of a set that is too short for it.

SOURCE. NICE NG136: two readings at least a minute apart, morning and evening, for at least 4 and ideally 7 days; the
first day is left out and all the others are averaged. Stage 1 is an average of 135/85 or more, stage 2 of 150/95 or
more, either component being enough, and NICE asks for a clinic's 140/90 (160/100) besides, which is not known here.
A day counts towards the 4 when it has two readings at least, so that one morning and one evening reading are enough
(Alongside default, not national guidance: NICE asks for two each time); readings of other days are averaged all the
same. Averages are compared before they are rounded for showing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backend.scores.case import as_decimal, days, listing, required, spoken

LEAST_DAYS = 4
LEAST_A_DAY = 2
STAGE_1 = (Decimal(135), Decimal(85))
STAGE_2 = (Decimal(150), Decimal(95))


@dataclass(frozen=True, slots=True)
class Taken:
    """One reading in mm[Hg]; `day` only tells days apart and puts them in order."""

    day: int
    systolic: Decimal
    diastolic: Decimal


@dataclass(frozen=True, slots=True)
class HomeAverage:
    """`n` readings without those of the first day; the averages are None when the set is not valid."""

    n: int
    systolic: Decimal | None = None
    diastolic: Decimal | None = None

    @property
    def stage(self) -> int | None:
        """0 under stage 1, 1 or 2; of somebody not treated yet."""
        if self.reaches(STAGE_2):
            return 2
        return None if self.systolic is None else 1 if self.reaches(STAGE_1) else 0

    def reaches(self, edge: tuple[Decimal, Decimal]) -> bool:
        """Whether either component is there or above."""
        if self.systolic is None or self.diastolic is None:
            return False
        return self.systolic >= edge[0] or self.diastolic >= edge[1]


def average(taken: Sequence[Taken]) -> HomeAverage:
    """The average of a set in any order."""
    first = min((one.day for one in taken), default=0)
    kept = [one for one in taken if one.day != first]
    if len(days_that_count(taken)) < LEAST_DAYS:
        return HomeAverage(len(kept))
    count = len(kept)
    return HomeAverage(
        count,
        sum(one.systolic for one in kept) / Decimal(count),
        sum(one.diastolic for one in kept) / Decimal(count),
    )


def days_that_count(taken: Sequence[Taken]) -> list[int]:
    """The days with two readings at least, in order."""
    counts: dict[int, int] = {}
    for one in taken:
        counts[one.day] = counts.get(one.day, 0) + 1
    return sorted(day for day, count in counts.items() if count >= LEAST_A_DAY)


KEYS = frozenset({"readings"})


def score(case: Mapping[str, Any]) -> dict[str, Any]:
    """Average {readings: [[day, systolic, diastolic], ...]}; a day is a whole number or a date (YYYY-MM-DD).

    Answers valid, n, sys, dia (rounded to two decimals for showing) and stage (0, 1, 2); the last three are null
    when the set is not valid. A reading with a null was not taken and is left out. Raises BadCase.
    """
    rows = listing(case, "readings", width=3)
    numbers = days([row[0] for row in rows], "reading")
    numbered = enumerate(zip(numbers, rows, strict=True), 1)
    found = average([_taken(day, row, place) for place, (day, row) in numbered if None not in row[1:]])
    is_valid = found.systolic is not None and found.diastolic is not None
    return {
        "valid": is_valid,
        "n": found.n,
        "sys": None if found.systolic is None else spoken(found.systolic, 2),
        "dia": None if found.diastolic is None else spoken(found.diastolic, 2),
        "stage": found.stage,
    }


def _taken(day: int, row: Sequence[Any], place: int) -> Taken:
    names = (f"systolic of reading {place}", f"diastolic of reading {place}")
    values = [
        required(as_decimal(value, name, least=0, most=400), name)
        for value, name in zip(row[1:], names, strict=True)
    ]
    return Taken(day, values[0], values[1])
