"""Rows of a rule's table in few words, by the rule's name, so that a whole table can also be seen to fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from backend.alerts.history import Facts, Finding, History, Limit
from backend.alerts.judge import rules
from backend.observations.codes import Code
from backend.observations.reading import Reading, Special

# A Monday.
T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NOBODY = Facts()
Value = str | Special


@dataclass(frozen=True)
class Case:
    """One line of a table: what was measured (code, value, minute), of whom, and the level the reference gives."""

    measured: tuple[tuple[Code, Value, float], ...]
    expected: str | None
    facts: Facts = NOBODY
    limits: Mapping[Code, Limit] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    after: float = 0

    def history(self) -> History:
        """As of `after` minutes after the newest reading."""
        readings = tuple(reading(*one) for one in self.measured)
        at = readings[-1].effective_at + timedelta(minutes=self.after)
        return History(readings, at, self.limits, facts=self.facts, parameters=self.parameters)


def reading(code: Code, value: Value, minute: float = 0) -> Reading:
    """A value `minute` minutes after T."""
    stored = value if isinstance(value, Special) else Decimal(value)
    return Reading(code, stored, code.unit, T + timedelta(minutes=minute))


def personal(code: Code, low: str | None = None, high: str | None = None) -> dict[Code, Limit]:
    """A clinician's own range for somebody."""
    edges = [None if edge is None else Decimal(edge) for edge in (low, high)]
    return {code: Limit(edges[0], edges[1], "set by a clinician", personal=True)}


def level(found: Finding | None) -> str | None:
    """The level in words; "999" where those words come first, "ask a repeat" while one is awaited."""
    if found is None:
        return None
    if found.recheck_at is not None:
        return "ask a repeat"
    return "999" if found.call_999 else found.severity.value


def mismatches(rule: str, table: Sequence[Case]) -> list[str]:
    """The rows that the rule judges otherwise than the table, in words."""
    judged = ((row, level(rules()[rule].evaluate(row.history()))) for row in table)
    return [f"{row.measured}: {got}, expected {row.expected}" for row, got in judged if got != row.expected]
