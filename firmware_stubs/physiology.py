"""Believable vital signs from a seed: a person's own level, the day's rhythm, noise, and scripted courses."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

DAY_S: Final = 86_400.0
COURSES: Final = ("steady", "falling", "bp_severe", "weight_gain")

# Alongside defaults for a pretend adult, not national guidance: level, and how far people differ from it.
USUAL: Final[Mapping[str, tuple[float, float]]] = {
    "spo2": (96.0, 1.0),
    "pulse": (74.0, 7.0),
    "systolic": (132.0, 9.0),
    "diastolic": (80.0, 6.0),
    "weight": (76.0, 13.0),
    "temperature": (36.6, 0.2),
    "glucose": (6.4, 0.8),
}
# Half the height of the day's wave, the spread of one reading, and the height of the slow drift.
SWING: Final[Mapping[str, tuple[float, float, float]]] = {
    "spo2": (0.3, 0.35, 0.4),
    "pulse": (4.0, 2.5, 2.0),
    "systolic": (6.0, 4.5, 3.0),
    "diastolic": (4.0, 3.0, 2.0),
    "weight": (0.35, 0.12, 0.5),
    "temperature": (0.25, 0.1, 0.1),
    "glucose": (1.0, 0.7, 0.3),
}
# What no sensor of ours reports beyond.
BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "spo2": (70.0, 100.0),
    "pulse": (30.0, 220.0),
    "systolic": (70.0, 260.0),
    "diastolic": (40.0, 150.0),
    "weight": (30.0, 250.0),
    "temperature": (34.0, 41.5),
    "glucose": (1.5, 33.0),
}
# (seconds of the course, share of the whole change); straight lines between. The fall is done in 75 s.
SCRIPTS: Final[Mapping[str, tuple[tuple[float, float], ...]]] = {
    "steady": ((0.0, 0.0),),
    "falling": ((30.0, 0.0), (75.0, 1.0), (165.0, 1.0), (465.0, 0.0)),
    "bp_severe": ((20.0, 0.0), (60.0, 1.0), (360.0, 1.0), (960.0, 0.0)),
    "weight_gain": ((0.0, 0.0), (600.0, 1.0)),
}
# Where a course ends, as a level for those it pulls there and as a change for those it moves.
TARGETS: Final[Mapping[str, Mapping[str, float]]] = {
    "falling": {"spo2": 85.5},
    "bp_severe": {"systolic": 188.0, "diastolic": 116.0},
}
SHIFTS: Final[Mapping[str, Mapping[str, float]]] = {
    "falling": {"pulse": 22.0},
    "bp_severe": {"pulse": 8.0},
    "weight_gain": {"weight": 2.6},
}


@dataclass(frozen=True, slots=True)
class Vitals:
    """One instant (`at_s` since 1970).

    SpO2 in %, pulse a minute, blood pressure in mmHg, weight in kg, temperature in Cel, glucose in mmol/L.
    """

    spo2: int
    pulse: int
    systolic: int
    diastolic: int
    weight: float
    temperature: float
    glucose: float
    at_s: float


@dataclass(frozen=True, slots=True)
class Person:
    """A pretend body: the same seed, baseline and course give the same readings for ever.

    `baseline` names the levels that are known (`spo2`, `pulse`, `systolic`, `diastolic`, `weight`); the
    seed chooses the others. Raises ValueError for a course or a level that does not exist.
    """

    seed: int
    baseline: Mapping[str, float]
    course: str = "steady"

    def __post_init__(self) -> None:
        if self.course not in COURSES:
            raise ValueError(f"course {self.course!r} is none of {', '.join(COURSES)}")
        unknown = set(self.baseline) - set(USUAL)
        if unknown:
            raise ValueError(f"baseline {', '.join(sorted(unknown))} is none of {', '.join(USUAL)}")

    def vitals(self, at_s: float, course_s: float, number: int) -> Vitals:
        """The body at `at_s` (seconds since 1970), `course_s` into its course, for reading `number`."""
        chance = random.Random(self.seed * 1_000_003 + number)
        share = progress(self.course, course_s)
        value = {name: self._value(name, at_s, share, chance.gauss(0.0, 1.0)) for name in USUAL}
        diastolic = min(value["diastolic"], value["systolic"] - 15.0)
        return Vitals(
            spo2=round(value["spo2"]),
            pulse=round(value["pulse"]),
            systolic=round(value["systolic"]),
            diastolic=round(diastolic),
            weight=round(value["weight"], 1),
            temperature=round(value["temperature"], 1),
            glucose=round(value["glucose"], 1),
            at_s=at_s,
        )

    def level(self, name: str) -> float:
        """The person's own middle for `name`: given, or drawn once from the seed."""
        return self.baseline[name] if name in self.baseline else _habit(self.seed, name)[0]

    def _value(self, name: str, at_s: float, share: float, chance: float) -> float:
        wave, spread, drift = SWING[name]
        _, phase, weeks = _habit(self.seed, name)
        noise = chance * spread
        # Highest in the late afternoon and lowest in the small hours, as pulse and pressure are.
        rhythm = wave * math.cos((at_s / DAY_S - (17.0 - phase) / 24.0) * math.tau)
        slow = drift * math.sin(at_s / (weeks * 7 * DAY_S) * math.tau + phase)
        target = TARGETS.get(self.course, {}).get(name)
        if name == "spo2" and target is not None:
            # The scripted fall is told to visitors number by number, so chance may not move it a point.
            noise, rhythm, slow = min(max(noise, -0.45), 0.45), 0.0, 0.0
        calm = self.level(name) + rhythm + slow
        scripted = calm if target is None else calm + (target - calm) * share
        shift = SHIFTS.get(self.course, {}).get(name, 0.0) * share
        low, high = BOUNDS[name]
        return min(max(scripted + shift + noise, low), high)


@lru_cache(maxsize=65_536)
def _habit(seed: int, name: str) -> tuple[float, float, float]:
    """What the seed gives a person for life: level, hours the day's wave is early, weeks of the drift."""
    usual, spread = USUAL[name]
    own = random.Random(f"{seed}:{name}")
    drawn = own.gauss(usual, spread)
    level = min(max(drawn, usual - 2 * spread), usual + 2 * spread)
    return level, own.uniform(-1.5, 1.5), own.uniform(3.0, 9.0)


def progress(course: str, course_s: float) -> float:
    """How much of the whole change is there after `course_s`: 0 before, 1 at the worst, by the script."""
    points = SCRIPTS[course]
    before = points[0]
    for point in points:
        if course_s <= point[0]:
            span_s, rise = point[0] - before[0], point[1] - before[1]
            return before[1] + rise * (course_s - before[0]) / span_s if span_s > 0 else point[1]
        before = point
    return before[1]
