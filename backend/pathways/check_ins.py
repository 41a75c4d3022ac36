"""One check-in for somebody on several pathways: what is asked on one day is asked once and together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from backend.pathways.pack import CheckIn
from backend.pathways.vocabulary import DAYS, NEEDS_A_ROSTER


@dataclass(frozen=True, slots=True)
class Sitting:
    """Questionnaires asked together at a time on the wall, on a day of the week, every so many weeks."""

    at: time
    day: str
    every_weeks: int
    ids: tuple[str, ...]


def sittings(check_ins: Iterable[CheckIn], *, is_rostered: bool) -> list[Sitting]:
    """The check-ins of several packs as one list of sittings, in order of the week.

    On one day there is one sitting, at the earliest time asked for, and a questionnaire comes in it once. Without
    somebody rostered to answer, one whose answer may need a human at once is left out (care rules, section 4).
    """
    by_day: dict[tuple[str, int], list[CheckIn]] = {}
    for one in check_ins:
        if one.id in NEEDS_A_ROSTER and not is_rostered:
            continue
        for day in one.days or DAYS:
            by_day.setdefault((day, one.every_weeks), []).append(one)
    # The same questionnaire every week and every second week on a day is one: the weekly one.
    weekly = {(day, one.id) for (day, weeks), ones in by_day.items() if weeks == 1 for one in ones}
    found = []
    for (day, weeks), ones in by_day.items():
        kept = [one for one in ones if weeks == 1 or (day, one.id) not in weekly]
        if kept:
            ids = tuple(dict.fromkeys(one.id for one in kept))
            found.append(Sitting(min(one.at for one in kept), day, weeks, ids))
    return sorted(found, key=lambda one: (DAYS.index(one.day), one.at, one.every_weeks))


def left_out(check_ins: Iterable[CheckIn], *, is_rostered: bool) -> tuple[str, ...]:
    """What is not scheduled because nobody is rostered to answer it, each once."""
    return () if is_rostered else tuple(sorted({one.id for one in check_ins} & NEEDS_A_ROSTER))
