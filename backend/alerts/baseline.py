"""The statistics of what is usual for one person; pure, in Decimal, and without knowing what was measured.

SOURCES. Centre and spread: median and 1.4826 times the median absolute deviation, with a floor, because whole
numbers (oxygen) make the deviation 0. Robust z above 3.5: Iglewicz and Hoaglin (0.6745 (x - median) / MAD, which is
(x - median) / spread). EWMA: lambda 0.2, limits of 3 sigma that widen with the number of values (textbook; the best of
those compared on daily gait data in one study). CUSUM: k 0.5, h 5, in sigma (textbook). That these are used on home
readings, and the counts of readings and days, are Alongside defaults, not national guidance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

LEAST_READINGS = 10
LEAST_DAYS = 14
MAD_TO_SIGMA = Decimal("1.4826")
Z_LIMIT = Decimal("3.5")
LAMBDA = Decimal("0.2")
EWMA_LIMIT = Decimal(3)
CUSUM_K = Decimal("0.5")
CUSUM_H = Decimal(5)
# How wide "usual" is said to be: Alongside default, for words and charts only.
USUAL_WIDTH = Decimal(2)

Side = Literal["above", "below"]


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for somebody, in the unit of the readings; `spread` is never 0."""

    centre: Decimal
    spread: Decimal

    @property
    def low(self) -> Decimal:
        """The lower end of what is called usual."""
        return self.centre - USUAL_WIDTH * self.spread

    @property
    def high(self) -> Decimal:
        """The upper end of what is called usual."""
        return self.centre + USUAL_WIDTH * self.spread


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle value, or half way between the two middle ones; ValueError when there is none."""
    if not values:
        raise ValueError("no values, no median")
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def usual(values: Sequence[Decimal], floor: Decimal) -> Usual:
    """Centre and spread of `values`; the spread is `floor` at least."""
    centre = median(values)
    deviation = median([abs(value - centre) for value in values])
    return Usual(centre, max(MAD_TO_SIGMA * deviation, floor))


def robust_z(value: Decimal, known: Usual) -> Decimal:
    """How many spreads a value lies above (or, negative, below) the centre."""
    return (value - known.centre) / known.spread


def far_out(value: Decimal, known: Usual) -> Side | None:
    """On which side a single value lies further out than the limit; exactly on it is not."""
    z = robust_z(value, known)
    if abs(z) <= Z_LIMIT:
        return None
    return "above" if z > 0 else "below"


def ewma(values: Sequence[Decimal], known: Usual) -> Decimal:
    """The weighted average of standardised values in order of time, begun at the centre; in sigma."""
    average = Decimal(0)
    for value in values:
        average = LAMBDA * robust_z(value, known) + (1 - LAMBDA) * average
    return average


def ewma_limit(count: int) -> Decimal:
    """The limit after `count` values, in sigma: narrower at first, because the average still remembers the centre."""
    widening = 1 - (1 - LAMBDA) ** (2 * count)
    return EWMA_LIMIT * (LAMBDA / (2 - LAMBDA) * widening).sqrt()


def cusum(values: Sequence[Decimal], known: Usual, side: Side) -> tuple[Decimal, int]:
    """The sum of what exceeds k on one side, in sigma, and over how many of the last values it has built up."""
    total, run = Decimal(0), 0
    for value in values:
        z = robust_z(value, known)
        total = max(Decimal(0), total + (z if side == "above" else -z) - CUSUM_K)
        run = run + 1 if total > 0 else 0
    return total, run


def drift(values: Sequence[Decimal], known: Usual, sides: Sequence[Side]) -> tuple[Side, int] | None:
    """On which of `sides` the values drift, and over how many of the last of them.

    EWMA and CUSUM must both be over their limit: on simulated steady people that halves the alerts for nothing and
    costs a day or two on a slow drift (Alongside default, not national guidance). The last value must lie on that
    side itself: somebody who is back where they were does not drift.
    """
    # Asked first, because most days nobody is off their centre and the sums cost a hundred times as much.
    if not values or values[-1] == known.centre:
        return None
    side: Side = "above" if values[-1] > known.centre else "below"
    if side not in sides:
        return None
    total, run = cusum(values, known, side)
    if total <= CUSUM_H:
        return None
    average = ewma(values, known) * (1 if side == "above" else -1)
    return (side, run) if average > ewma_limit(len(values)) else None
