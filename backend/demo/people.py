"""The 25 invented people of the demo: who they are, what they wear and how they have been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

Course = Literal["steady", "falling", "bp-rising", "spo2-drifting", "weight-rising", "silent"]
Status = Literal["live", "paused", "awaiting-kit"]

BP: Final = "blood-pressure-monitor"
OX: Final = "pulse-oximeter"
SCALE: Final = "scale"
PENDANT: Final = "pendant"

HTN: Final = ("hypertension",)
COPD: Final = ("copd",)
BOTH: Final = ("hypertension", "copd")


def check_digit(first_nine: str) -> int | None:
    """The NHS number's tenth digit (modulus 11, weights 10 to 2); None where none exists."""
    rest = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(first_nine)) % 11
    return {11: 0, 10: None}.get(rest, rest)


def nhs_number(wanted: int) -> str:
    """The `wanted`-th valid number (from 0) of the range 999 000 0000, which is kept for tests."""
    found = -1
    first_nine = 999_000_000
    while True:
        digit = check_digit(str(first_nine))
        found += digit is not None
        if found == wanted:
            return f"{first_nine}{digit}"
        first_nine += 1


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One invented person.

    `level` gives the middle of each vital sign (SpO2 in %, mmHg, kg, beats a minute); `course` how the
    last weeks went. `target` is a personal SpO2 range a clinician set. `live_every_s` is how often the
    pretend devices measure while the demo runs. `missed` is the share of readings that were not taken.
    """

    number: int
    given: str
    family: str
    gender: Literal["female", "male"]
    born: date
    pathways: tuple[str, ...]
    kit: tuple[str, ...]
    level: Mapping[str, float]
    lives_alone: bool = False
    status: Status = "live"
    course: Course = "steady"
    target: tuple[int, int] | None = None
    home_oxygen_litres: int | None = None
    live_every_s: int | None = None
    missed: float = 0.08
    therapy: tuple[str, ...] = field(default=())

    @property
    def nhs_number(self) -> str:
        """The person's number, valid by its check digit and given to nobody."""
        return nhs_number(self.number)

    @property
    def display_name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"

    @property
    def phone(self) -> str:
        """A number of the range Ofcom keeps for drama."""
        return f"07700 900{100 + self.number}"


# The person whose oxygen falls for every visitor, and the one who has not been heard of.
FALLING: Final = 1
SILENT: Final = 14


def _levels(
    systolic: float = 0, diastolic: float = 0, *, spo2: float = 0, weight: float = 0
) -> dict[str, float]:
    given = {"systolic": systolic, "diastolic": diastolic, "spo2": spo2, "weight": weight}
    return {name: value for name, value in given.items() if value}


def _born(year: int, month: int, day: int) -> date:
    return date(year, month, day)


PEOPLE: Final[tuple[DemoPerson, ...]] = (
    DemoPerson(
        1, "Rose", "Ash", "female", _born(1948, 3, 9), BOTH, (OX, BP, PENDANT),
        _levels(124, 74, spo2=91), lives_alone=True, course="falling", target=(88, 92), home_oxygen_litres=1,
        live_every_s=10, missed=0.05,
    ),
    DemoPerson(
        2, "Peter", "Flint", "male", _born(1955, 7, 21), HTN, (BP,), _levels(127, 77), live_every_s=120,
    ),
    DemoPerson(
        3, "Amina", "Teasel", "female", _born(1962, 1, 30), HTN, (BP, SCALE), _levels(129, 79, weight=71.4),
        live_every_s=180, missed=0.04,
    ),
    DemoPerson(
        4, "George", "Slate", "male", _born(1941, 11, 2), COPD, (OX, PENDANT), _levels(spo2=90.5),
        lives_alone=True, target=(88, 92), home_oxygen_litres=2, live_every_s=90,
    ),
    DemoPerson(
        5, "Joan", "Bracken", "female", _born(1937, 5, 16), HTN, (BP, PENDANT), _levels(136, 74),
        lives_alone=True, live_every_s=300, missed=0.12, therapy=("anticoagulant",),
    ),
    DemoPerson(
        6, "Kwame", "Basalt", "male", _born(1968, 9, 4), HTN, (BP,),
        _levels(126, 80), live_every_s=240,
    ),
    DemoPerson(
        7, "Priya", "Quartz", "female", _born(1959, 12, 11), COPD, (OX,), _levels(spo2=96.4), target=(94, 98),
        live_every_s=60,
    ),
    DemoPerson(
        8, "Henry", "Alder", "male", _born(1946, 2, 27), BOTH, (BP, OX, SCALE),
        _levels(133, 80, spo2=96.1, weight=88.2), target=(94, 98), live_every_s=300, missed=0.15,
    ),
    DemoPerson(
        9, "Edith", "Juniper", "female", _born(1933, 10, 8), HTN, (BP, SCALE, PENDANT),
        _levels(139, 71, weight=58.3), lives_alone=True, course="weight-rising", missed=0.05,
        therapy=("anticoagulant", "diuretic"),
    ),
    DemoPerson(
        10, "Victor", "Granite", "male", _born(1953, 4, 19), HTN, (BP,), _levels(146, 88), course="bp-rising",
        missed=0.03,
    ),
    DemoPerson(
        11, "Mabel", "Sedge", "female", _born(1944, 8, 25), COPD, (OX,), _levels(spo2=91.6), target=(88, 92),
        course="spo2-drifting", home_oxygen_litres=2, missed=0.03,
    ),
    DemoPerson(12, "Samuel", "Larch", "male", _born(1974, 6, 13), HTN, (BP,), _levels(124, 79), missed=0.2),
    DemoPerson(13, "Lucia", "Marl", "female", _born(1966, 3, 3), HTN, (BP,), _levels(127, 77)),
    DemoPerson(
        14, "Winifred", "Thrift", "female", _born(1935, 1, 22), HTN, (BP,), _levels(140, 74),
        lives_alone=True, course="silent", missed=0.06,
    ),
    DemoPerson(
        15, "Arthur", "Chalk", "male", _born(1949, 9, 29), COPD, (OX,), _levels(spo2=96.2), target=(94, 98),
        status="paused",
    ),
    DemoPerson(
        16, "Nadia", "Willow", "female", _born(1957, 11, 17), HTN, (), _levels(), status="awaiting-kit",
    ),
    DemoPerson(
        17, "Tomasz", "Hazel", "male", _born(1960, 2, 5), HTN, (BP, SCALE),
        _levels(137, 84, weight=94.1),
    ),
    DemoPerson(
        18, "Beryl", "Shale", "female", _born(1939, 12, 31), COPD, (OX, PENDANT), _levels(spo2=96.0),
        target=(94, 98),
        lives_alone=True, missed=0.1,
    ),
    DemoPerson(
        19, "Desmond", "Rowan", "male", _born(1951, 7, 7), BOTH, (BP, OX),
        _levels(128, 77, spo2=96.3), target=(94, 98),
    ),
    DemoPerson(
        20, "Farida", "Linden", "female", _born(1973, 5, 24), HTN, (BP,),
        _levels(126, 81), missed=0.18,
    ),
    DemoPerson(
        21, "Cyril", "Gorse", "male", _born(1942, 4, 1), HTN, (BP,),
        _levels(135, 75), lives_alone=True,
    ),
    DemoPerson(
        22, "Mei", "Agate", "female", _born(1964, 10, 20), HTN, (BP, SCALE),
        _levels(130, 80, weight=62.7),
    ),
    DemoPerson(
        23, "Oswald", "Reed", "male", _born(1947, 6, 6), COPD, (OX,), _levels(spo2=90.8), target=(88, 92),
        missed=0.14,
    ),
    DemoPerson(24, "Grace", "Pumice", "female", _born(1969, 8, 14), HTN, (BP,), _levels(128, 79)),
    DemoPerson(
        25, "Ibrahim", "Sorrel", "male", _born(1956, 1, 9), BOTH, (BP, OX, SCALE),
        _levels(129, 79, spo2=96.5, weight=81.9), target=(94, 98), missed=0.07,
    ),
)  # fmt: skip
