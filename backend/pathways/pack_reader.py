"""Reads a pathway pack; a bad one is refused in words before anyone is on it.

A pack says `schema: 2`. One without it is of the first kind, stored before there were check-ins, measures and ladders
by level: it is read for ever, because people are on it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from backend.pathways.pack import (
    GRACE,
    BadPackError,
    CheckIn,
    Example,
    ExpectedReading,
    Ladder,
    Light,
    Measure,
    MissedRung,
    Pack,
    PackLimit,
    PlanSection,
    Stop,
)
from backend.pathways.pack_fields import Fields
from backend.pathways.vocabulary import (
    CHECK_INS,
    CODES,
    DAYS,
    ESCALATES_TO,
    FACTS,
    KINDS,
    KIT,
    LEVELS,
    LIGHTS,
    MISSED_DOES,
)

_NAMES = (*Pack.__dataclass_fields__, "schema")
_EXAMPLE = ("say", "rule", "readings", "limits", "level", "facts", "as_of", "start", "missed", "quiet_hours")


def read_pack(data: object, where: str) -> Pack:
    """A Pack from parsed YAML or a stored body. Raises BadPackError."""
    if not isinstance(data, dict):
        raise BadPackError(where, ["a pack is a mapping of names to values"])
    problems: list[str] = []
    top = Fields(data, "", problems)
    top.known(*_NAMES)
    is_first_kind = "schema" not in data
    if not is_first_kind and data["schema"] != 2:
        top.refuse("'schema' must be 2")
    pack = Pack(
        pathway=top.text("pathway"),
        version=top.text("version"),
        locality=top.text("locality", empty=True),
        title=top.text("title"),
        reason=top.text("reason"),
        author=top.text("author"),
        for_whom=top.text("for_whom"),
        source=top.text("source"),
        kit=top.words("kit", KIT, needed=is_first_kind),
        facts_needed=top.words("facts_needed", FACTS),
        expected=tuple(_expected(entry) for entry in top.each("expected", needed=is_first_kind)),
        limits=tuple(_limit(entry) for entry in top.each("limits")),
        rules={
            entry.text("id"): _parameters(entry, sourced=not is_first_kind)
            for entry in top.each("rules", needed=True)
        },
        advice={light: _light(top.part("advice").part(light)) for light in LIGHTS},
        escalation=_escalation(top, is_first_kind),
        missed=_missed(top, needed=bool(data.get("expected"))),
        examples=tuple(_example(entry) for entry in top.each("examples", needed=True)),
        **({} if is_first_kind else _second_kind(top)),
    )
    _check_examples(pack, problems)
    if problems:
        raise BadPackError(where, problems)
    return pack


def _second_kind(top: Fields) -> dict[str, Any]:
    """What only a pack of the second kind says, and has to."""
    stop = top.part("stop")
    stop.known("when", "do")
    return {
        "check_ins": tuple(_check_in(entry) for entry in top.each("check_ins")),
        "plan": tuple(
            PlanSection(*(entry.text(name) for name in ("id", "title", "say")))
            for entry in top.each("plan", needed=True)
        ),
        "measures": tuple(
            Measure(*(entry.text(name) for name in ("id", "say", "source")))
            for entry in top.each("measures", needed=True)
        ),
        "aim": top.text("aim"),
        "stop": Stop(stop.texts("when", needed=True), stop.text("do")),
    }


def _check_examples(pack: Pack, problems: list[str]) -> None:
    for example in pack.examples:
        if example.rule not in pack.rules:
            problems.append(f"the example {example.say!r} tests {example.rule!r}, which is not in rules")


def _expected(entry: Fields) -> ExpectedReading:
    entry.known("kind", "times", "source", "grace_minutes", "days")
    times = [entry.clock(written) for written in entry.texts("times", needed=True)]
    grace = entry.whole("grace_minutes")
    return ExpectedReading(
        entry.word("kind", KINDS),
        tuple(sorted(times)),
        entry.text("source"),
        GRACE if grace is None else timedelta(minutes=grace),
        entry.words("days", DAYS),
    )


def _limit(entry: Fields) -> PackLimit:
    entry.known("code", "low", "high", "source", "from_age", "under_age")
    low, high = entry.decimal("low"), entry.decimal("high")
    if low is None and high is None:
        entry.refuse("a limit needs a low, a high or both")
    if low is not None and high is not None and low > high:
        entry.refuse("low is above high")
    code = entry.word("code", CODES)
    ages = entry.whole("from_age"), entry.whole("under_age")
    return PackLimit(code, low, high, entry.text("source"), *ages)


def _parameters(entry: Fields, *, sourced: bool) -> Mapping[str, str]:
    entry.known("id", "parameters", "source")
    found = entry.data.get("parameters", {})
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        entry.refuse("'parameters' must be names with values in quotes")
        return {}
    if found and sourced:
        entry.text("source")
    return dict(found)


def _light(entry: Fields) -> Light:
    entry.known("signs", "do", "call")
    return Light(entry.texts("signs", needed=True), entry.texts("do", needed=True), entry.text("call"))


def _check_in(entry: Fields) -> CheckIn:
    entry.known("id", "at", "days", "every_weeks", "source")
    return CheckIn(
        entry.word("id", CHECK_INS),
        entry.clock(entry.data.get("at")),
        entry.words("days", DAYS),
        entry.whole("every_weeks") or 1,
        entry.text("source"),
    )


def _escalation(top: Fields, is_first_kind: bool) -> Mapping[str, Ladder]:
    """By level. The first kind had one ladder for all of them."""
    if is_first_kind:
        return dict.fromkeys(LEVELS, _ladder(top, "escalation"))
    levels = top.part("escalation")
    levels.known(*LEVELS)
    for level in ("urgent", "emergency"):
        if not levels.data.get(level):
            levels.refuse(f"{level!r} needs a ladder")
    return {level: _ladder(levels, level) for level in LEVELS if level in levels.data}


def _ladder(top: Fields, name: str) -> Ladder:
    rungs: list[tuple[int, str]] = []
    for entry in top.each(name, needed=True):
        entry.known("after_minutes", "to")
        rungs.append((entry.whole("after_minutes") or 0, entry.word("to", ESCALATES_TO)))
    if rungs != sorted(rungs, key=lambda rung: rung[0]):
        top.refuse(f"{name!r} must climb: each step later than the one before")
    return tuple(rungs)


def _missed(top: Fields, *, needed: bool) -> tuple[MissedRung, ...]:
    rungs = []
    for entry in top.each("missed", needed=needed):
        entry.known("due_readings", "after_hours", "do")
        rung = MissedRung(
            entry.word("do", MISSED_DOES), entry.whole("due_readings"), entry.decimal("after_hours")
        )
        if (rung.due_readings is None) == (rung.after_hours is None):
            entry.refuse("say either 'due_readings' or 'after_hours'")
        rungs.append(rung)
    order = [MISSED_DOES.index(rung.do) for rung in rungs if rung.do]
    counts = [rung.due_readings for rung in rungs if rung.due_readings is not None]
    if order != sorted(order) or counts != sorted(counts):
        top.refuse("'missed' must climb: each step later and more than the one before")
    return tuple(rungs)


def _example(entry: Fields) -> Example:
    entry.known(*_EXAMPLE)
    level = None if entry.data.get("level") is None else entry.word("level", LEVELS)
    about_silence = "missed" in entry.data or "quiet_hours" in entry.data
    for reading in entry.each("readings", needed=not about_silence):
        reading.known("minute", *CODES)
    return Example(
        entry.text("say"),
        entry.text("rule"),
        tuple(reading.data for reading in entry.each("readings")),
        entry.data.get("limits", {}),
        level,
        entry.data.get("facts", {}),
        entry.whole("as_of"),
        entry.clock(entry.data.get("start", "09:00")),
        entry.data.get("missed", {}),
        entry.whole("quiet_hours"),
    )
