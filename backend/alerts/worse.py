"""What ends a snooze before its time: a worse level, a worse value within it, a new symptom, another rule.

SOURCE. That a snooze is broken by these is a care rule of this project. SpO2 by 2 and systolic by 15 and every other
step here are Alongside defaults, not national guidance, for the clinical safety officer to confirm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.alerts.levels import Severity
from backend.observations.codes import Code

Evidence = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """By how much a value has to fall or to rise to be worse; with a middle, only on that side of it."""

    fall: Decimal | None = None
    rise: Decimal | None = None
    middle: Decimal | None = None

    def is_worse(self, before: Decimal, now: Decimal) -> bool:
        """Compared as they came, never rounded."""
        fell = self.fall is not None and before - now >= self.fall
        rose = self.rise is not None and now - before >= self.rise
        return (fell and (self.middle is None or now < self.middle)) or (
            rose and (self.middle is None or now > self.middle)
        )


def _step(fall: str | None, rise: str | None, middle: str | None = None) -> Step:
    return Step(*(None if one is None else Decimal(one) for one in (fall, rise, middle)))


STEPS: dict[Code, Step] = {
    Code.SPO2: _step("2", None),
    Code.SYSTOLIC: _step("15", "15", "120"),
    Code.DIASTOLIC: _step("10", "10", "75"),
    Code.STANDING_SYSTOLIC: _step("15", None),
    Code.PULSE: _step("15", "15", "75"),
    Code.TEMPERATURE: _step("0.5", "0.5", "37"),
    Code.RESPIRATORY_RATE: _step("3", "3", "16"),
    Code.WEIGHT: _step("1", "0.5"),
    Code.GLUCOSE: _step("0.5", "3", "7"),
    Code.KETONES: _step(None, "0.5"),
    Code.PEAK_FLOW: _step("30", None),
    Code.OXYGEN_USE: _step(None, "1"),
    Code.ACVPU: _step(None, "1"),
}
# Where a rule is about the other side of what is measured.
STEPS_OF_RULES: dict[str, dict[Code, Step]] = {"spo2_high_on_oxygen": {Code.SPO2: _step(None, "2")}}


def broken_by(
    rule: str, snooze: Mapping[str, Any], levels: tuple[Severity, Severity], before: Evidence, fresh: Evidence
) -> str | None:
    """Why a snooze ends, in words; None when nothing is worse than what was snoozed.

    `snooze` is the alert's column: {"level", "values": {code: value}} as they were then, where it says them. `levels`
    are those before and now, `before` and `fresh` the evidence the alert had and what came to it.
    """
    was, level = levels
    if "level" in snooze:
        was = min(was, Severity(snooze["level"]), key=lambda one: one.rank)
    if level.worse_than(was):
        return f"worse: {level.value}"
    for entry in fresh:
        if "code" not in entry:
            continue
        code = Code(entry["code"])
        if code is Code.UNWELL and entry.get("value") == "1":
            return "a new symptom"
        if _is_worse(rule, code, _then(snooze, before, code), str(entry.get("value"))):
            return f"a worse value of {code.value.replace('-', ' ')}"
    return None


def _then(snooze: Mapping[str, Any], before: Evidence, code: Code) -> str | None:
    """What the value was when it was snoozed; what is not said is the newest that the alert had."""
    said = snooze.get("values") or {}
    if code.value in said:
        return str(said[code.value])
    had = [one for one in before if one.get("code") == code.value]
    return str(max(had, key=lambda one: str(one["at"]))["value"]) if had else None


def _is_worse(rule: str, code: Code, then: str | None, now: str) -> bool:
    if then is None:
        # Something else than what was snoozed stands against the person now.
        return code in STEPS
    try:
        step = STEPS_OF_RULES.get(rule, {}).get(code) or STEPS.get(code)
        return step is not None and step.is_worse(Decimal(then), Decimal(now))
    except InvalidOperation:
        # LO, HI and the like are no numbers: one that was not there before is worse.
        return then != now
