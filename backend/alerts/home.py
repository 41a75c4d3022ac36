"""What the clock rules see of a person's home: what was due and did not come, signs of life, and what is broken."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

MissedAction = Literal["nudge", "nudge-and-contact", "task", "same-day-call"]
Trouble = Literal["silent", "flat-battery", "line-down", "no-mains", "taken-away", "none-worn"]


@dataclass(frozen=True, slots=True)
class MissedRow:
    """Readings of one kind that were due one after another and did not come.

    `since` is when the first of them was due, `count` how many, `rungs` the pathways' ladder: (due readings or
    None, hours or None, what is done). `quiet_device` is the kit it is measured with where that is not heard: then
    the reading may have been taken. `due_7d` and `missed_7d` count the last seven days.
    """

    kind: str
    since: datetime
    count: int
    rungs: tuple[tuple[int | None, float | None, MissedAction], ...]
    quiet_device: str | None = None
    due_7d: int = 0
    missed_7d: int = 0


@dataclass(frozen=True, slots=True)
class OwnPattern:
    """How a home usually is: its own longest usual time without a movement in the hours when it is active.

    Learnt over `days` days. `active_from` and `active_to` are times on the wall in Europe/London.
    """

    usual_gap: timedelta
    active_from: time
    active_to: time
    days: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A device that cannot call for help as it should, and since when; "taken-away" where there is none any
    more, "none-worn" where their pathway asks for one and none is theirs."""

    device: str
    kind: str
    trouble: Trouble
    since: datetime


@dataclass(frozen=True, slots=True)
class Home:
    """A person's home as of `History.as_of`. `last_sign_at` is the newest sign of the person from any source.

    `watched_since` is from when a sign would have been seen. `faults` are those of a person who has no working way
    to call left; empty while one works.
    """

    missed: tuple[MissedRow, ...] = ()
    last_sign_at: datetime | None = None
    last_sign: str = ""
    watched_since: datetime | None = None
    last_movement_at: datetime | None = None
    # Since when the last thing seen was somebody leaving; None while anything moved inside after it.
    out_since: datetime | None = None
    pattern: OwnPattern | None = None
    faults: tuple[Fault, ...] = ()
