"""Puts the seven parameters of NEWS2 together as one person's readings have them, for the two rules that score them.

SOURCE. RCP NEWS2 2017. Alongside defaults, not national guidance: all must be measured within 60 minutes, the newest of
each counts, and whether oxygen was in use must have been said within 15 minutes of the saturation. A device's LO or HI
scores as beyond the last band on its side. Scale 2 stands only where a clinician has said so. Where a clinician set a
target for oxygen that scale 1 would score, and nobody said which scale is right, the saturation is not scored at all:
nobody is alarmed for being where they should be. Consciousness is what somebody recorded, and is never worked out.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from backend.alerts.companions import age, oxygen_in_use
from backend.alerts.history import History
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special
from backend.scores.news2 import YOUNGEST, Observations

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
    return None if is_lower and history.facts.spo2_scale2 is None else 1


def _saturation(reading: Reading | None) -> Decimal | None:
    """No oximeter means anything by HI."""
    return None if reading is not None and reading.value is Special.HI else _value(reading)


def _value(reading: Reading | None) -> Decimal | None:
    if reading is None:
        return None
    if isinstance(reading.value, Special):
        return _BEYOND.get(reading.value)
    return reading.value if isinstance(reading.value, Decimal) else None
