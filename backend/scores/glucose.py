"""The band of one capillary glucose, the same for the rules and for a safety officer trying a value.

SOURCE. Under 3.0 mmol/L: International Hypoglycaemia Study Group, level 2. Under 4.0: the UK's "four is the floor"
(the group's level 1 is 3.9 or less). Over 14.0: sick-day rules of NHS trusts (check ketones). 30 or more: usual mark
of a hyperosmolar state (Alongside default, not national guidance). 18.016 mg/dL are 1 mmol/L. A band is found from
the value as measured, never from the one shown: 3.96 shows as 4.0 and is a hypo.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from backend.scores.case import BadCase, Case, decimal

MGDL_PER_MMOL = Decimal("18.016")
LEVEL_2 = Decimal("3.0")
FLOOR = Decimal("4.0")
HIGH = Decimal("14.0")
VERY_HIGH = Decimal(30)

Band = Literal["level-2-hypo", "hypo", "in-range", "high", "very-high"]


def mmol(mg_dl: Decimal) -> Decimal:
    """Milligrams in a decilitre as millimoles in a litre, not rounded."""
    return mg_dl / MGDL_PER_MMOL


def band(value: Decimal) -> Band:
    """Where a glucose in mmol/L stands, for anybody; what it asks for depends on treatment and is the rules'."""
    if value < LEVEL_2:
        return "level-2-hypo"
    if value < FLOOR:
        return "hypo"
    if value >= VERY_HIGH:
        return "very-high"
    return "high" if value > HIGH else "in-range"


def edge_words(value: Decimal) -> str:
    """A limit as glucose is spoken of, with one decimal at least: 4.0, 13.5."""
    return f"{int(value)}.0" if value == value.to_integral_value() else format(value.normalize(), "f")


KEYS = frozenset({"mmol_L", "mg_dL"})


def score(case: Case) -> dict[str, Any]:
    """`mmol_L` or `mg_dL`, a number or a meter's "LO" or "HI" → band, mmol_display (one decimal; null for LO, HI)."""
    names = [name for name in ("mmol_L", "mg_dL") if case.get(name) is not None]
    if len(names) != 1:
        raise BadCase("give the glucose as mmol_L or as mg_dL, one of them")
    if case[names[0]] in ("LO", "HI"):
        beyond: Band = "level-2-hypo" if case[names[0]] == "LO" else "very-high"
        return {"band": beyond, "mmol_display": None}
    given = decimal(case, names[0], least=0, most=2000)
    assert given is not None
    value = given if names[0] == "mmol_L" else mmol(given)
    return {"band": band(value), "mmol_display": value.quantize(Decimal("0.1"), ROUND_HALF_UP)}
