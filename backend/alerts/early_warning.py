"""Puts the seven parameters of NEWS2 together as one person's readings have them, for the two rules that score them.

SOURCE. RCP NEWS2 2017. Alongside defaults, not national guidance: all must be measured within 60 minutes, the newest of
each counts, and whether oxygen was in use must have been said within 15 minutes of the saturation. A device's LO or HI
scores as beyond the last band on its side. Scale 2 stands only where a clinician has said so. Where the target for
oxygen is one that scale 1 would score, and scale 2 was not said to be right, the saturation is not scored at all:
spo2_low judges it. Consciousness is what somebody recorded, and is never worked out. The score itself is the
college's, whoever it is of; what is raised because of it leaves out the points of a sign that is inside the range a
clinician set for this person, and says so: nobody is alarmed for being where they should be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from backend.alerts.companions import age, oxygen_in_use, personal_range, range_words
from backend.alerts.history import History
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special
from backend.scores.news2 import (
    PULSE,
    RED,
    RESPIRATORY_RATE,
    SPO2_SCALE_1,
    SPO2_SCALE_2_OXYGEN,
    SYSTOLIC,
    TEMPERATURE,
    YOUNGEST,
    Bands,
    News2,
    Observations,
    judge,
)

WATCHES: Final = frozenset(
    {
        Code.RESPIRATORY_RATE,
        Code.SPO2,
        Code.OXYGEN_USE,
        Code.SYSTOLIC,
        Code.PULSE,
        Code.ACVPU,
        Code.TEMPERATURE,
    }
)
WINDOW: Final = timedelta(minutes=60)
# The letters of the stored numbers, in the order of observations.codes.STATES.
LETTERS: Final = "ACVPU"
# A target that begins under this makes a saturation normal that scale 1 gives points.
SCALE_1_FULL: Final = Decimal(94)
_BEYOND: Final = {Special.LO: Decimal("-Infinity"), Special.HI: Decimal("Infinity")}

WORDS: Final = {
    "respiratory_rate": "breathing rate",
    "spo2": "oxygen saturation",
    "oxygen": "air or oxygen",
    "systolic": "blood pressure",
    "pulse": "pulse",
    "consciousness": "consciousness",
    "temperature": "temperature",
}

# The signs a clinician may set a range for, each with the bands that tell on which side of normal a value is.
RANGED: Final[Mapping[str, tuple[Code, Bands]]] = {
    "respiratory_rate": (Code.RESPIRATORY_RATE, RESPIRATORY_RATE),
    "spo2": (Code.SPO2, SPO2_SCALE_1),
    "systolic": (Code.SYSTOLIC, SYSTOLIC),
    "pulse": (Code.PULSE, PULSE),
    "temperature": (Code.TEMPERATURE, TEMPERATURE),
}

LIMITS: Final = tuple(code for code, _ in RANGED.values())


@dataclass(frozen=True, slots=True)
class Judged:
    """The score as the college has it, and what of it counts for an alert: `alerting` leaves out `within`.

    `unscored` are signs that were measured and stand for nothing here; `within` are words for a reason.
    """

    score: News2
    alerting: Mapping[str, int]
    evidence: tuple[Reading, ...]
    within: tuple[str, ...] = ()
    unscored: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """What counts for an alert, added up."""
        return sum(self.alerting.values())

    @property
    def single_red(self) -> bool:
        """Whether one sign alone, outside a range of the person's own, has 3 points."""
        return RED in self.alerting.values()

    @property
    def parts(self) -> str:
        """What counts, the worst first: "breathing rate 3, pulse 2"."""
        scored = sorted(((name, n) for name, n in self.alerting.items() if n), key=lambda one: -one[1])
        return ", ".join(f"{WORDS[name]} {points}" for name, points in scored)

    @property
    def left_out(self) -> str:
        """What follows a reason: "; not counted: pulse in own range 38 to 125", or nothing."""
        return f"; not counted: {', '.join(self.within)}" if self.within else ""


def judged(history: History) -> Judged | None:
    """The newest signs scored, and what of them counts for an alert; None when nothing was measured, or under 16."""
    known = seen(history)
    if known is None or not known[1]:
        return None
    observations, evidence = known
    found = judge(observations)
    alerting = {name: points for name, points in found.points.items() if points is not None}
    within: list[str] = []
    for name, (code, usual) in RANGED.items():
        low, high = personal_range(history, code)
        bands = SPO2_SCALE_2_OXYGEN if name == "spo2" and observations.spo2_scale == 2 else usual
        if alerting.get(name) and _is_inside(getattr(observations, name), bands, low, high):
            del alerting[name]
            within.append(f"{WORDS[name]} in {range_words(low, high)}")
    was_measured = any(one.code is Code.SPO2 for one in history.readings)
    left = ("spo2",) if _scale(history) is None and was_measured else ()
    return Judged(found, alerting, evidence, tuple(within), left)


def _is_inside(value: Decimal, bands: Bands, low: Decimal | None, high: Decimal | None) -> bool:
    """Whether the range answers for a value with points: by its low end for a low one, by its high end for a high."""
    if value < bands.under[-1][0]:
        return low is not None and value >= low
    return high is not None and value <= high


def seen(history: History) -> tuple[Observations, tuple[Reading, ...]] | None:
    """What was measured within the window, and the readings it rests on, oldest first; None for under 16."""
    years = age(history.facts, history.as_of.date())
    if years is not None and years < YOUNGEST:
        return None
    newest = {one.code: one for one in history.readings if history.as_of - one.effective_at <= WINDOW}
    saturation = newest.get(Code.SPO2)
    litres = oxygen_in_use(history, saturation.effective_at if saturation is not None else history.as_of)
    acvpu = _value(newest.get(Code.ACVPU))
    scale = _scale(history)
    observations = Observations(
        respiratory_rate=_value(newest.get(Code.RESPIRATORY_RATE)),
        spo2=None if scale is None else _saturation(saturation),
        spo2_scale=scale or 1,
        oxygen=None if litres is None else litres > 0,
        systolic=_value(newest.get(Code.SYSTOLIC)),
        pulse=_value(newest.get(Code.PULSE)),
        consciousness=None if acvpu is None else LETTERS[int(acvpu)],
        temperature=_value(newest.get(Code.TEMPERATURE)),
    )
    used = [one for code, one in newest.items() if code in WATCHES and (code is not Code.SPO2 or scale)]
    return observations, tuple(sorted(used, key=lambda one: one.effective_at))


def _scale(history: History) -> int | None:
    if history.facts.spo2_scale2:
        return 2
    limit = history.limits.get(Code.SPO2)
    is_lower = limit is not None and limit.low is not None and limit.low < SCALE_1_FULL
    return None if is_lower else 1


def _saturation(reading: Reading | None) -> Decimal | None:
    """No oximeter means anything by HI."""
    return None if reading is not None and reading.value is Special.HI else _value(reading)


def _value(reading: Reading | None) -> Decimal | None:
    if reading is None:
        return None
    if isinstance(reading.value, Special):
        return _BEYOND.get(reading.value)
    return reading.value if isinstance(reading.value, Decimal) else None
