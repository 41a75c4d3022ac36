"""How bad a thing is, and by when somebody must have acknowledged it and spoken to the person."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


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


@dataclass(frozen=True, slots=True)
class Clock:
    """Time to acknowledge from opening, and time to contact the person from acknowledging."""

    acknowledge: timedelta
    contact: timedelta


# Alongside defaults, not national guidance: a deploying organisation's clinical safety officer confirms or
# changes them. The contact times are the second clock after a claim; hours by the rota are a later issue.
PERSON_ALARM = Clock(timedelta(seconds=60), timedelta(minutes=3))
CLOCKS: dict[Severity, Clock] = {
    Severity.EMERGENCY: Clock(timedelta(minutes=2), timedelta(minutes=10)),
    Severity.URGENT: Clock(timedelta(minutes=15), timedelta(minutes=60)),
    Severity.SOON: Clock(timedelta(hours=4), timedelta(hours=24)),
    Severity.ROUTINE: Clock(timedelta(hours=24), timedelta(hours=72)),
    Severity.INFO: Clock(timedelta(days=7), timedelta(days=7)),
}
# A pendant or a fall: nobody may know yet whether the person can get up.
PERSON_ALARM_RULES = frozenset({"sos", "fall"})


def clock_for(rule: str, level: Severity) -> Clock:
    """The clock of a rule at a level."""
    return PERSON_ALARM if rule in PERSON_ALARM_RULES else CLOCKS[level]
