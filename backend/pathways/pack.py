"""What a pathway pack may hold; a bad one is refused in words before anyone is on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any

# The measurable codes by name; a test holds this list to backend.observations.codes, which stands above us.
CODES = frozenset({
    "systolic", "diastolic", "mean-arterial-pressure", "pulse", "spo2", "temperature", "respiratory-rate", "weight",
    "glucose", "peak-flow", "oxygen-use", "ketones", "steps", "acvpu", "fall", "pendant", "bed-occupancy",
    "chair-occupancy", "door", "property-exit", "movement", "medication-dispenser", "irregular-pulse",
    "concern", "unwell", "standing-systolic",
})  # fmt: skip
KINDS = frozenset({"blood-pressure", "spo2", "pulse", "weight", "temperature", "glucose", "peak-flow"})
ESCALATES_TO = frozenset({"assigned", "team", "on-call", "duty-manager", "alarm-centre"})
MISSED_DOES = frozenset({"nudge", "nudge-and-contact", "task", "same-day-call"})
LEVELS = frozenset({"info", "routine", "soon", "urgent", "emergency"})
LIGHTS = ("green", "amber", "red")


class BadPackError(ValueError):
    """A pack that is refused; `problems` says everything that is wrong with it, a sentence each."""

    def __init__(self, where: str, problems: Sequence[str]) -> None:
        super().__init__(f"{where}: " + "; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class ExpectedReading:
    """A kind of reading, taken at these local times each day, and who says so."""

    kind: str
    times: tuple[time, ...]
    source: str


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
class Example:
    """A case that tests the pack: readings in minutes from a start, and the level a rule must find."""

    say: str
    rule: str
    readings: tuple[Mapping[str, Any], ...]
    limits: Mapping[str, Mapping[str, str]]
    level: str | None


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
    escalation: tuple[tuple[int, str], ...]
    missed: tuple[tuple[int, str], ...]
    examples: tuple[Example, ...]


def bare_pack(pathway: str, version: str, title: str) -> Pack:
    """A pack that asks nothing and advises nothing."""
    empty: tuple[()] = ()
    return Pack(pathway, version, "", title, "", "", "", "", *(empty,) * 4, {}, {}, *(empty,) * 3)


class _Reader:
    """Reads a mapping and remembers every problem instead of stopping at the first."""

    def __init__(self, data: Mapping[str, Any], where: str, problems: list[str]) -> None:
        self.data = data
        self.where = where
        self.problems = problems

    def refuse(self, words: str) -> None:
        self.problems.append(f"{self.where}{words}")

    def known(self, *names: str) -> None:
        for name in sorted(set(self.data) - set(names)):
            self.refuse(f"{name!r} is not something a pack can say")

    def text(self, name: str, *, empty: bool = False) -> str:
        value = self.data.get(name)
        if not isinstance(value, str) or not (value or empty):
            self.refuse(f"{name!r} must be words")
            return ""
        return value

    def texts(self, name: str, *, needed: bool = False) -> tuple[str, ...]:
        value = self.data.get(name, [])
        if (
            not isinstance(value, list)
            or not all(isinstance(v, str) for v in value)
            or (needed and not value)
        ):
            self.refuse(f"{name!r} must be a list of words")
            return ()
        return tuple(value)

    def decimal(self, name: str) -> Decimal | None:
        value = self.data.get(name)
        if value is None:
            return None
        try:
            # A YAML number is a float already and has lost what was written.
            if not isinstance(value, str):
                raise InvalidOperation
            return Decimal(value)
        except InvalidOperation:
            self.refuse(f'{name!r} must be a number in quotes, as "135"')
            return None

    def whole(self, name: str) -> int | None:
        value = self.data.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
            return value
        self.refuse(f"{name!r} must be a whole number, 0 or more")
        return None

    def word(self, name: str, allowed: frozenset[str]) -> str:
        value = self.data.get(name)
        if value not in allowed:
            self.refuse(f"{name!r} must be one of {', '.join(sorted(allowed))}")
            return ""
        return str(value)

    def each(self, name: str, *, needed: bool = False) -> list["_Reader"]:
        value = self.data.get(name, [])
        if (
            not isinstance(value, list)
            or not all(isinstance(v, dict) for v in value)
            or (needed and not value)
        ):
            self.refuse(f"{name!r} must be a list of entries")
            return []
        return [_Reader(v, f"{self.where}{name}[{n}]: ", self.problems) for n, v in enumerate(value)]

    def part(self, name: str) -> "_Reader":
        value = self.data.get(name)
        if not isinstance(value, dict):
            self.refuse(f"{name!r} is missing")
            value = {}
        return _Reader(value, f"{self.where}{name}: ", self.problems)


_NAMES = tuple(Pack.__dataclass_fields__)


def read_pack(data: object, where: str) -> Pack:
    """A Pack from parsed YAML or a stored body. Raises BadPackError."""
    if not isinstance(data, dict):
        raise BadPackError(where, ["a pack is a mapping of names to values"])
    problems: list[str] = []
    top = _Reader(data, "", problems)
    top.known(*_NAMES)
    pack = Pack(
        pathway=top.text("pathway"),
        version=top.text("version"),
        locality=top.text("locality", empty=True),
        title=top.text("title"),
        reason=top.text("reason"),
        author=top.text("author"),
        for_whom=top.text("for_whom"),
        source=top.text("source"),
        kit=top.texts("kit", needed=True),
        facts_needed=top.texts("facts_needed"),
        expected=tuple(_expected(entry) for entry in top.each("expected", needed=True)),
        limits=tuple(_limit(entry) for entry in top.each("limits")),
        rules={entry.text("id"): _parameters(entry) for entry in top.each("rules", needed=True)},
        advice={light: _light(top.part("advice").part(light)) for light in LIGHTS},
        escalation=_ladder(top, "escalation", "after_minutes", "to", ESCALATES_TO),
        missed=_ladder(top, "missed", "due_readings", "do", MISSED_DOES),
        examples=tuple(_example(entry) for entry in top.each("examples", needed=True)),
    )
    for example in pack.examples:
        if example.rule not in pack.rules:
            problems.append(f"the example {example.say!r} tests {example.rule!r}, which is not in rules")
    if problems:
        raise BadPackError(where, problems)
    return pack


def _expected(entry: _Reader) -> ExpectedReading:
    entry.known("kind", "times", "source")
    times = []
    for written in entry.texts("times", needed=True):
        try:
            times.append(time.fromisoformat(written))
        except ValueError:
            entry.refuse(f'{written!r} is not a time of day as "08:00"')
    return ExpectedReading(entry.word("kind", KINDS), tuple(sorted(times)), entry.text("source"))


def _limit(entry: _Reader) -> PackLimit:
    entry.known("code", "low", "high", "source", "from_age", "under_age")
    low, high = entry.decimal("low"), entry.decimal("high")
    if low is None and high is None:
        entry.refuse("a limit needs a low, a high or both")
    if low is not None and high is not None and low > high:
        entry.refuse("low is above high")
    code = entry.word("code", CODES)
    ages = entry.whole("from_age"), entry.whole("under_age")
    return PackLimit(code, low, high, entry.text("source"), *ages)


def _parameters(entry: _Reader) -> Mapping[str, str]:
    entry.known("id", "parameters")
    found = entry.data.get("parameters", {})
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        entry.refuse("'parameters' must be names with values in quotes")
        return {}
    return dict(found)


def _light(entry: _Reader) -> Light:
    entry.known("signs", "do", "call")
    return Light(entry.texts("signs", needed=True), entry.texts("do", needed=True), entry.text("call"))


def _ladder(
    top: _Reader, name: str, step: str, action: str, allowed: frozenset[str]
) -> tuple[tuple[int, str], ...]:
    rungs = []
    for entry in top.each(name, needed=True):
        entry.known(step, action)
        rungs.append((entry.whole(step) or 0, entry.word(action, allowed)))
    if rungs != sorted(rungs, key=lambda rung: rung[0]):
        top.refuse(f"{name!r} must climb: each step later than the one before")
    return tuple(rungs)


def _example(entry: _Reader) -> Example:
    entry.known("say", "rule", "readings", "limits", "level")
    level = None if entry.data.get("level") is None else entry.word("level", LEVELS)
    for reading in entry.each("readings", needed=True):
        reading.known("minute", *CODES)
    limits = entry.data.get("limits", {})
    readings = tuple(reading.data for reading in entry.each("readings"))
    return Example(entry.text("say"), entry.text("rule"), readings, limits, level)
