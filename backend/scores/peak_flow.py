"""The zone of a peak flow in a person's own best, the same for the rule and for a safety officer trying a value.

SOURCE. Green from 80% of personal best, amber from 50%, red below (the zones of written asthma action plans). Below
33% an attack is life-threatening and 999 comes first (BTS/SIGN). Personal best: the best of three blows over two to
three weeks when well. Compared before rounding: 79.99% is amber.
"""

from decimal import Decimal
from typing import Any, Literal

from backend.scores.case import BadCase, Case, decimal, required, spoken

GREEN = Decimal(80)
AMBER = Decimal(50)
LIFE = Decimal(33)

Zone = Literal["green", "amber", "red"]


def is_under(pef: Decimal, best: Decimal, percent: Decimal) -> bool:
    """Whether a peak flow is under that percentage of the personal best; multiplied, so that nothing is rounded."""
    return pef * 100 < percent * best


def zone(pef: Decimal, best: Decimal) -> Zone:
    """The zone of a peak flow; both in L/min."""
    if is_under(pef, best, AMBER):
        return "red"
    return "amber" if is_under(pef, best, GREEN) else "green"


def is_life_threatening(pef: Decimal, best: Decimal) -> bool:
    """Whether 999 comes before anything else."""
    return is_under(pef, best, LIFE)


KEYS = frozenset({"pef", "personal_best"})


def score(case: Case) -> dict[str, Any]:
    """`pef` and `personal_best` in L/min → percent (two decimals), zone, call_999 (life-threatening)."""
    pef = required(decimal(case, "pef", least=0, most=1000), "pef")
    best = required(decimal(case, "personal_best", least=0, most=1000), "personal_best")
    if best == 0:
        raise BadCase("personal_best must be more than 0")
    return {
        "percent": spoken(pef * 100 / best, places=2),
        "zone": zone(pef, best),
        "call_999": is_life_threatening(pef, best),
    }
