"""What a rule sees of one person at one moment, and what it may answer; pure and small."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from backend.alerts.home import Home
from backend.alerts.levels import Severity
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading

__all__ = [
    "DeviceState",
    "Due",
    "Facts",
    "Finding",
    "History",
    "Limit",
    "Parameters",
    "Pause",
    "Severity",
    "Span",
]

Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Due:
    """A reading the pathways expect: how often, and what must be measured."""

    code: Code
    every_s: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of the person that change what a value means. None is "not known", which is never "no"."""

    home_oxygen: bool | None = None
    lives_alone: bool | None = None
    # A clinician has confirmed hypercapnic respiratory failure: NEWS2 SpO2 scale 2. COPD alone never sets it.
    spo2_scale2: bool | None = None
    usual_spo2: Decimal | None = None
    oxygen_litres: Decimal | None = None
    immunosuppressed: bool | None = None
    insulin: bool | None = None
    sulfonylurea: bool | None = None
    sglt2_inhibitor: bool | None = None
    # Type 1 diabetes, or told to be prone to ketosis.
    type1: bool | None = None
    anticoagulant: bool | None = None
    blood_pressure_treated: bool | None = None
    usual_systolic_low: Decimal | None = None
    usual_systolic_high: Decimal | None = None
    atrial_fibrillation: bool | None = None
    heart_failure: bool | None = None
    dry_weight: Decimal | None = None
    personal_best_peak_flow: Decimal | None = None
    end_of_life: bool | None = None
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A device the person has now. `every_s` is how often it gives a sign of life, in seconds."""

    device_id: str
    kind: str
    every_s: int
    bound_at: datetime
    last_seen_at: datetime | None
    asleep_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Monitoring of the person's readings is off between these times; household alarms go on."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Span:
    """A time that says nothing of how somebody usually is: an episode of theirs, or a stay in hospital.

    `end` is None while it lasts. `rule` names the episode's rule, "" for a stay.
    """

    start: datetime
    end: datetime | None
    kind: Literal["episode", "admission"]
    rule: str = ""

    def holds(self, at: datetime) -> bool:
        """Whether a moment lies within."""
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class History:
    """One person as of one moment. `readings` are in order of time and none is later than `as_of`.

    A rule is given readings of the codes it WATCHES, not older than its LOOKBACK. A companion value (a symptom, oxygen
    in use) belongs in WATCHES as well, or it would matter which of the two arrived first. `parameters` are those
    that the person's pathways set for the rule. `closed_spans` are left out of a baseline.
    """

    readings: tuple[Reading, ...]
    as_of: datetime
    limits: Mapping[Code, Limit] = field(default_factory=dict)
    expected: tuple[Due, ...] = ()
    facts: Facts = Facts()
    device: DeviceState | None = None
    pauses: tuple[Pause, ...] = ()
    parameters: Parameters = field(default_factory=dict)
    closed_spans: tuple[Span, ...] = ()
    # What the clock rules look at; the sweep that judges fills it.
    home: Home = field(default_factory=Home)

    def of(self, *codes: Code) -> tuple[Reading, ...]:
        """Readings of these codes, oldest first."""
        return tuple(reading for reading in self.readings if reading.code in codes)

    def at(self, as_of: datetime) -> "History":
        """The same person at an earlier moment: later readings are not there yet."""
        return replace(self, as_of=as_of, readings=tuple(r for r in self.readings if r.effective_at <= as_of))

    def times(self, *codes: Code) -> Iterator[datetime]:
        """Each moment at which one of these codes was measured, oldest first, once."""
        seen: datetime | None = None
        for reading in self.readings:
            if reading.code in codes and reading.effective_at != seen:
                seen = reading.effective_at
                yield seen


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule is true. With `recheck_at` it is not raised yet: a repeat is awaited until then.

    `reason` is one sentence as a nurse would say it; `true_at` the time of the newest evidence. With `call_999`
    the words about 999 come before all others.
    """

    severity: Severity
    title: str
    reason: str
    evidence: tuple[Reading, ...]
    true_at: datetime
    recheck_at: datetime | None = None
    call_999: bool = False


def number(value: Decimal) -> str:
    """A value as it is spoken: 86, 37.5, never 86.0 or 1E+2; converted ones with two decimals at most."""
    text = format(value if int(value.as_tuple().exponent) >= -2 else value.quantize(Decimal("0.01")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def minutes_apart(first: datetime, second: datetime) -> str:
    """How far apart two readings are, in words: "in 5 minutes"."""
    minutes = max(1, round(abs((second - first).total_seconds()) / 60))
    return "in 1 minute" if minutes == 1 else f"in {minutes} minutes"
