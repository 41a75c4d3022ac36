"""What a pathway pack says, as plain types: who it is for, what is expected, what runs and who is told when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from decimal import Decimal
from typing import Any


class BadPackError(ValueError):
    """A pack that is refused; `problems` says everything that is wrong with it, a sentence each."""

    def __init__(self, where: str, problems: Sequence[str]) -> None:
        super().__init__(f"{where}: " + "; ".join(problems))
        self.problems = tuple(problems)


# Alongside default, not national guidance: how long after its time a reading is still on time, unless the pack says.
GRACE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class ExpectedReading:
    """A kind of reading, taken at these local times on these days (none named: every day), and who says so.

    One that has not come `grace` after its time is missed.
    """

    kind: str
    times: tuple[time, ...]
    source: str
    grace: timedelta = GRACE
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackLimit:
    """A default range for one code; `from_age` and `under_age` in whole years say for whom."""

    code: str
    low: Decimal | None
    high: Decimal | None
    source: str
    from_age: int | None = None
    under_age: int | None = None

    def is_for(self, age: int | None) -> bool:
        """True when a person of this age is meant; someone of unknown age is meant by no aged limit."""
        if self.from_age is None and self.under_age is None:
            return True
        if age is None:
            return False
        return age >= (self.from_age or 0) and (self.under_age is None or age < self.under_age)


@dataclass(frozen=True, slots=True)
class Light:
    """One colour of the traffic light: my signs, what I do, whom I call."""

    signs: tuple[str, ...]
    do: tuple[str, ...]
    call: str


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A questionnaire, at a local time on these days, every so many weeks."""

    id: str
    at: time
    days: tuple[str, ...]
    every_weeks: int
    source: str


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A section of the person's plan, with the words it begins with."""

    id: str
    title: str
    say: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What shows whether the pathway does good."""

    id: str
    say: str
    source: str


@dataclass(frozen=True, slots=True)
class Stop:
    """When somebody leaves the pathway, and what is done then."""

    when: tuple[str, ...]
    do: str


@dataclass(frozen=True, slots=True)
class MissedRung:
    """What is done once so many due readings, or so many hours since the first of them, have gone by."""

    do: str
    due_readings: int | None = None
    after_hours: Decimal | None = None


# Minutes after opening, and who is told: "assigned", "team", "on-call", "duty-manager" or "alarm-centre".
Ladder = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A case that tests the pack: readings in minutes from a start, and the level a rule must find.

    `as_of` is the minute it is judged at, by default that of the last reading. `missed` (kind, count, hours) and
    `quiet_hours` are for the rules that look at what did not come.
    """

    say: str
    rule: str
    readings: tuple[Mapping[str, Any], ...]
    limits: Mapping[str, Mapping[str, str]]
    level: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    as_of: int | None = None
    start: time = time(9, 0)
    missed: Mapping[str, Any] = field(default_factory=dict)
    quiet_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """A pathway as one locality wants it."""

    pathway: str
    version: str
    locality: str
    title: str
    reason: str
    author: str
    for_whom: str
    source: str
    kit: tuple[str, ...]
    facts_needed: tuple[str, ...]
    expected: tuple[ExpectedReading, ...]
    limits: tuple[PackLimit, ...]
    rules: Mapping[str, Mapping[str, str]]
    advice: Mapping[str, Light]
    escalation: Mapping[str, Ladder]
    missed: tuple[MissedRung, ...]
    examples: tuple[Example, ...]
    check_ins: tuple[CheckIn, ...] = ()
    plan: tuple[PlanSection, ...] = ()
    measures: tuple[Measure, ...] = ()
    aim: str = ""
    stop: Stop | None = None

    def ladder(self, level: str) -> Ladder:
        """Who is told at this level and when; empty when the pack does not say."""
        return self.escalation.get(level, ())


def bare_pack(pathway: str, version: str, title: str) -> Pack:
    """A pack that asks nothing and advises nothing."""
    empty: tuple[()] = ()
    return Pack(pathway, version, "", title, "", "", "", "", *(empty,) * 4, {}, {}, {}, empty, empty)
