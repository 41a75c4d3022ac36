"""What goes wrong with kit in a home, drawn from a seed so that a bad day can be lived again exactly."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from firmware_stubs.wire import Body

# Chances of a stretch of readings (each at most once in it) and of a single reading; Alongside defaults.
STRETCH: Final = 100
OF_A_STRETCH: Final = {"outage": 0.25, "stuck": 0.1, "adrift": 0.1, "unset": 0.08, "reboot": 0.15, "gap": 0.1}
OF_A_READING: Final = {"twice": 0.03, "motion": 0.02, "unit": 0.002, "implausible": 0.002}
KINDS: Final = (*OF_A_STRETCH, *OF_A_READING)
ALL: Final = "all"
LENGTHS: Final = {"outage": (4, 40), "stuck": (5, 20), "adrift": (20, 44), "unset": (2, 20), "gap": (1, 5)}
ADRIFT_S: Final = (-7200.0, 600.0)


@dataclass(frozen=True, slots=True)
class Mishap:
    """What befalls one reading.

    `outage` counts the readings from here that are made without a connection; `adrift_s` is how far the
    device's clock is ahead; `gap` counts messages that were numbered and then lost before they were kept.
    """

    outage: int = 0
    stuck: bool = False
    adrift_s: float = 0.0
    unset: bool = False
    reboot: bool = False
    gap: int = 0
    twice: bool = False
    motion: bool = False
    unit: bool = False
    implausible: bool = False


NOTHING: Final = Mishap()


class Troubles:
    """The mishaps of one device by the number of its reading. `kinds` names those that may happen, or says `all`.

    Raises ValueError for a kind that is not in KINDS.
    """

    def __init__(self, seed: int, kinds: Iterable[str]) -> None:
        named = frozenset(kinds)
        self._seed, self._kinds = seed, frozenset(KINDS) if ALL in named else named
        unknown = self._kinds - set(KINDS)
        if unknown:
            raise ValueError(f"fault {', '.join(sorted(unknown))} is none of {', '.join(KINDS)}")

    def at(self, number: int) -> Mishap:
        """What befalls reading `number` (from 1): the same for the same seed, whatever was asked before."""
        if not self._kinds:
            return NOTHING
        here = _drawn_out(self._seed, number // STRETCH).get(number % STRETCH, NOTHING)
        chance = random.Random(self._seed * 7_919 + number)
        for kind, odds in OF_A_READING.items():
            if chance.random() < odds:
                here = replace(here, **{kind: True})
        return self._only_chosen(here)

    def _only_chosen(self, here: Mishap) -> Mishap:
        absent = {_FIELD.get(kind, kind) for kind in KINDS} - {_FIELD.get(kind, kind) for kind in self._kinds}
        if not absent or here == NOTHING:
            return here
        return replace(here, **{name: getattr(NOTHING, name) for name in absent})


_FIELD: Final = {"adrift": "adrift_s"}


@lru_cache(maxsize=16_384)
def _drawn_out(seed: int, stretch: int) -> dict[int, Mishap]:
    """The mishaps of a stretch that last, or that come once in it, by their place."""
    chance, found = random.Random(f"{seed}/{stretch}"), dict[int, Mishap]()
    for kind, odds in OF_A_STRETCH.items():
        happens, start = chance.random() < odds, chance.randrange(1, STRETCH - 45)
        length = chance.randint(*LENGTHS.get(kind, (1, 1)))
        drift = round(chance.uniform(*ADRIFT_S), 3)
        lasting: dict[str, dict[str, Any]] = {
            "outage": {}, "gap": {}, "reboot": {}, "stuck": {"stuck": True}, "adrift": {"adrift_s": drift},
            "unset": {"unset": True},
        }  # fmt: skip
        # A clock is lost with the power, so this life begins there.
        first: dict[str, dict[str, Any]] = {
            "outage": {"outage": length}, "gap": {"gap": length}, "reboot": {"reboot": True},
            "unset": {"reboot": True},
        }  # fmt: skip
        for place in range(start, start + length) if happens else ():
            what = lasting[kind] | (first.get(kind, {}) if place == start else {})
            found[place] = replace(found.get(place, NOTHING), **what)
    return found


def spoilt(m: list[Body], mishap: Mishap) -> list[Body]:
    """A measurement as this mishap leaves it: shaken, in a unit of its own, or beyond any body."""
    if not m or not (mishap.motion or mishap.unit or mishap.implausible):
        return m
    first = dict(m[0])
    value = first.get("val")
    if mishap.motion:
        first["q"] = "motion"
    if mishap.implausible and isinstance(value, (int, float)):
        first["val"] = value * 10
    if mishap.unit:
        first["u"] = "unit-of-its-own"
    return [first, *m[1:]]
