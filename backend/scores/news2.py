"""Scores NEWS2, exactly and only when all seven were measured; what is missing is never taken for normal.

SOURCE. Royal College of Physicians, National Early Warning Score 2 (December 2017), chart 1 (points) and chart 4
(bands); the score may be used by anybody who names the College. Not for people under 16 or in pregnancy. Scale 2 of
oxygen saturation stands only where a clinician has confirmed hypercapnic respiratory failure and prescribed 88 to 92
per cent: no diagnosis chooses it.

The chart knows whole numbers, and tenths of a degree. A value between two of its bands gets the points of the worse
neighbour: 91.5% scores as 91, 38.05 as 38.1 (Alongside default, not national guidance). Nothing is rounded first.
With a parameter missing there is no total: known points are a floor, `max_possible` the roof, and a band is given
only when the floor alone reaches it (Alongside default: known points may escalate, and never reassure).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from backend.scores.case import BadCase, boolean, choice, decimal

PARAMETERS: Final = (
    "respiratory_rate", "spo2", "oxygen", "systolic", "pulse", "consciousness", "temperature",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bands:
    """Points of one parameter: under an edge (worst first), over an edge (worst first), otherwise none."""

    under: tuple[tuple[Decimal, int], ...]
    over: tuple[tuple[Decimal, int], ...] = ()

    def points(self, value: Decimal) -> int:
        """The points of a value; an edge itself belongs to the milder band."""
        for edge, points in self.under:
            if value < edge:
                return points
        for edge, points in self.over:
            if value > edge:
                return points
        return 0


def _edges(*pairs: tuple[str, int]) -> tuple[tuple[Decimal, int], ...]:
    return tuple((Decimal(edge), points) for edge, points in pairs)


# "Under 9" is the chart's "8 or less", "over 24" its "25 or more": written so, what lies between is the worse one.
RESPIRATORY_RATE = Bands(_edges(("9", 3), ("12", 1)), _edges(("24", 3), ("20", 2)))
SPO2_SCALE_1 = Bands(_edges(("92", 3), ("94", 2), ("96", 1)))
SPO2_SCALE_2_AIR = Bands(_edges(("84", 3), ("86", 2), ("88", 1)))
SPO2_SCALE_2_OXYGEN = Bands(SPO2_SCALE_2_AIR.under, _edges(("96", 3), ("94", 2), ("92", 1)))
SYSTOLIC = Bands(_edges(("91", 3), ("101", 2), ("111", 1)), _edges(("219", 3)))
PULSE = Bands(_edges(("41", 3), ("51", 1)), _edges(("130", 3), ("110", 2), ("90", 1)))
TEMPERATURE = Bands(_edges(("35.1", 3), ("36.1", 1)), _edges(("39.0", 2), ("38.0", 1)))
OXYGEN_POINTS = 2
CONSCIOUSNESS: Final[Mapping[str, int]] = {"A": 0, "C": 3, "V": 3, "P": 3, "U": 3}

RED = 3
MEDIUM, HIGH = 5, 7
YOUNGEST = 16


@dataclass(frozen=True, slots=True)
class Observations:
    """What was measured; None is not measured. Units: /min, %, mm[Hg], /min, Cel; `consciousness` is A C V P or U."""

    respiratory_rate: Decimal | None = None
    spo2: Decimal | None = None
    spo2_scale: int = 1
    oxygen: bool | None = None
    systolic: Decimal | None = None
    pulse: Decimal | None = None
    consciousness: str | None = None
    temperature: Decimal | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The parameters that were not measured, in the order of the chart."""
        return tuple(name for name in PARAMETERS if getattr(self, name) is None)


@dataclass(frozen=True, slots=True)
class News2:
    """`points` by parameter (None: not to be scored); `total` only when nothing is missing."""

    points: Mapping[str, int | None]
    missing: tuple[str, ...]
    known_points: int
    max_possible: int
    total: int | None
    single_red: bool
    band: str | None


def judge(seen: Observations) -> News2:
    """Score what was measured; pure, and the same for a rule and for somebody who tries a case."""
    points = points_of(seen)
    known = sum(one for one in points.values() if one is not None)
    single_red = RED in points.values()
    total = None if seen.missing else known
    worst = known if seen.oxygen is not None else max(_sure(seen, True), _sure(seen, False))
    still = (RED for name in seen.missing if name != "oxygen")
    return News2(
        points, seen.missing, known, worst + sum(still), total, single_red, _band(known, single_red, total)
    )


def points_of(seen: Observations) -> dict[str, int | None]:
    """Points by parameter; None where it was not measured, or means nothing without knowing about oxygen."""
    oxygen = None if seen.oxygen is None else OXYGEN_POINTS if seen.oxygen else 0
    return {
        "respiratory_rate": _points(RESPIRATORY_RATE, seen.respiratory_rate),
        "spo2": _saturation(seen),
        "oxygen": oxygen,
        "systolic": _points(SYSTOLIC, seen.systolic),
        "pulse": _points(PULSE, seen.pulse),
        "consciousness": None if seen.consciousness is None else CONSCIOUSNESS[seen.consciousness],
        "temperature": _points(TEMPERATURE, seen.temperature),
    }


def _points(bands: Bands, value: Decimal | None) -> int | None:
    return None if value is None else bands.points(value)


def _saturation(seen: Observations) -> int | None:
    """On scale 2 a high value is right on air and dangerous on oxygen: unknown is neither."""
    if seen.spo2 is None:
        return None
    if seen.spo2_scale == 1:
        return SPO2_SCALE_1.points(seen.spo2)
    on_air, on_oxygen = SPO2_SCALE_2_AIR.points(seen.spo2), SPO2_SCALE_2_OXYGEN.points(seen.spo2)
    if on_air == on_oxygen:
        return on_air
    return None if seen.oxygen is None else on_oxygen if seen.oxygen else on_air


def _sure(seen: Observations, oxygen: bool) -> int:
    """The known points if oxygen were in use, or were not."""
    return sum(one or 0 for one in points_of(replace(seen, oxygen=oxygen)).values())


def _band(known: int, single_red: bool, total: int | None) -> str | None:
    """The college's words; of an incomplete set only what the known points reach by themselves."""
    if known >= HIGH:
        return "high"
    if known >= MEDIUM:
        return "medium"
    if single_red:
        return "low-medium"
    return None if total is None else "low"


KEYS = frozenset({*PARAMETERS, "spo2_scale", "age", "pregnant"})


def score(case: Mapping[str, Any]) -> dict[str, Any]:
    """Score {respiratory_rate, spo2, spo2_scale, oxygen, systolic, pulse, consciousness, temperature}.

    Absent or null is not measured; spo2_scale is 1 unless it says 2. Answers points, complete, missing, total,
    known_points, max_possible, single_red and band ("low", "low-medium", "medium", "high", or null: not known).
    An `age` under 16 or `pregnant` true is refused. Raises BadCase.
    """
    age = decimal(case, "age", least=0)
    if age is not None and age < YOUNGEST:
        raise BadCase("NEWS2 is not for anybody under 16")
    if boolean(case, "pregnant"):
        raise BadCase("NEWS2 is not for use in pregnancy")
    found = judge(
        Observations(
            respiratory_rate=decimal(case, "respiratory_rate", least=0, most=200),
            spo2=decimal(case, "spo2", least=0, most=100),
            spo2_scale=_scale(case),
            oxygen=boolean(case, "oxygen"),
            systolic=decimal(case, "systolic", least=0, most=400),
            pulse=decimal(case, "pulse", least=0, most=400),
            consciousness=choice(case, "consciousness", tuple(CONSCIOUSNESS)),
            temperature=decimal(case, "temperature", least=20, most=50),
        )
    )
    return {
        "points": dict(found.points),
        "complete": found.total is not None,
        "missing": list(found.missing),
        "total": found.total,
        "known_points": found.known_points,
        "max_possible": found.max_possible,
        "single_red": found.single_red,
        "band": found.band,
    }


def _scale(case: Mapping[str, Any]) -> int:
    scale = decimal(case, "spo2_scale")
    if scale not in (None, 1, 2):
        raise BadCase(f"spo2_scale must be 1 or 2, not {scale}")
    return 2 if scale == 2 else 1
