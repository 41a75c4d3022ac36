"""What several pathways ask of one person together: one schedule, one check-in, one ladder for what is missed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.pathways.check_ins import Sitting, sittings
from backend.pathways.limits import ON_OXYGEN, ON_SCALE_2
from backend.pathways.pack import MissedRung, Pack
from backend.pathways.schedule import DueReading, combined, due_between
from backend.pathways.vocabulary import MISSED_DOES

# The rule by which a pack asks that what is expected is also waited for.
WAITED_FOR = "readings_missed"


def due_readings(packs: Iterable[Pack], since: datetime, until: datetime) -> list[DueReading]:
    """What these packs wait for after `since` and up to `until`; a pack without the rule waits for nothing."""
    expected = [one for pack in packs if WAITED_FOR in pack.rules for one in pack.expected]
    return due_between(combined(expected), since, until)


def missed_ladder(packs: Iterable[Pack], kind: str) -> tuple[MissedRung, ...]:
    """What is done about a kind of reading that does not come: every step of every pack that waits for it.

    Each is taken when the first of the packs asks for it, so that no pack's step comes later for being combined.
    """
    rungs = {
        rung
        for pack in packs
        if WAITED_FOR in pack.rules and any(one.kind == kind for one in pack.expected)
        for rung in pack.missed
    }
    return tuple(sorted(rungs, key=lambda rung: (MISSED_DOES.index(rung.do), str(rung))))


def check_ins_of(packs: Sequence[Pack], *, is_rostered: bool) -> list[Sitting]:
    """The check-ins of these packs as one list; without somebody rostered to answer, no PHQ-9."""
    return sittings((one for pack in packs for one in pack.check_ins), is_rostered=is_rostered)


def known_facts(stored: Mapping[str, Any]) -> frozenset[str]:
    """The names of the facts that are known of a person, from `patient.facts`; None is not known.

    "on-home-oxygen" is among them for who has oxygen at home.
    """
    known = {name.replace("_", "-") for name, value in stored.items() if value is not None}
    said = {ON_OXYGEN: stored.get("home_oxygen"), ON_SCALE_2: stored.get("spo2_scale2")}
    return frozenset(known | {name for name, value in said.items() if value is True})
