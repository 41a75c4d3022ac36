"""How bad a thing is, and by when somebody must have acknowledged it and spoken to the person."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from typing import NamedTuple

from backend.access.hours import watch


class Severity(Enum):
    """One list from mild to worst; the value is the word in the database, the API and on the screens."""

    INFO = "info"
    ROUTINE = "routine"
    SOON = "soon"
    URGENT = "urgent"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """0 for info to 4 for emergency."""
        return _ORDER.index(self)

    def worse_than(self, other: "Severity") -> bool:
        """Strictly worse."""
        return self.rank > other.rank


_ORDER = list(Severity)


class Hours(NamedTuple):
    """When a team watches, in its own time zone; equal times are round the clock."""

    opens: time
    closes: time
    zone: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Time to acknowledge from opening, and time to contact the person from acknowledging."""

    acknowledge: timedelta
    contact: timedelta


# Alongside defaults, not national guidance: a deploying organisation's clinical safety officer confirms or
# changes them. The contact times are the second clock after a claim.
PERSON_ALARM = Clock(timedelta(seconds=60), timedelta(minutes=3))
CLOCKS: dict[Severity, Clock] = {
    Severity.EMERGENCY: Clock(timedelta(minutes=2), timedelta(minutes=10)),
    Severity.URGENT: Clock(timedelta(minutes=15), timedelta(minutes=60)),
    Severity.SOON: Clock(timedelta(hours=4), timedelta(hours=24)),
    Severity.ROUTINE: Clock(timedelta(hours=24), timedelta(hours=72)),
    Severity.INFO: Clock(timedelta(days=7), timedelta(days=7)),
}
# While nobody of the team watches, who is on call is woken for an urgent one and needs a little longer; what can
# wait begins when the team opens. An emergency and an alarm never wait for hours.
OUT_OF_HOURS: dict[Severity, Clock] = {
    Severity.EMERGENCY: CLOCKS[Severity.EMERGENCY],
    Severity.URGENT: Clock(timedelta(minutes=30), timedelta(minutes=60)),
}
# A pendant or a fall: nobody may know yet whether the person can get up.
PERSON_ALARM_RULES = frozenset({"sos", "fall"})


def clock_for(rule: str, level: Severity, at: datetime | None = None, hours: Hours | None = None) -> Clock:
    """The clock of a rule at a level, for what opens `at` (aware UTC) on the list of a team with these hours.

    Without hours, somebody is taken to watch.
    """
    if rule in PERSON_ALARM_RULES:
        return PERSON_ALARM
    clock = CLOCKS[level]
    if at is None or hours is None:
        return clock
    watched = watch(hours.opens, hours.closes, hours.zone, at)
    if watched.now or watched.next_at is None:
        return clock
    if level in OUT_OF_HOURS:
        return OUT_OF_HOURS[level]
    return Clock(watched.next_at - at + clock.acknowledge, clock.contact)


def hours_matter(rule: str, level: Severity) -> bool:
    """Whether the clock is another one when nobody of the team watches."""
    return rule not in PERSON_ALARM_RULES and level is not Severity.EMERGENCY
