"""A table of boundaries that can be run as a whole, so that one that could not fail is itself found out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

from backend.alerts.history import Facts, Finding, History
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading, Special

# A Monday.
T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

Value = str | int | Special
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """`rows` end with what is expected; `found` answers it for the rest of a row. `of` is the file under test.

    `step` is how little a boundary of that file may be moved before a row must show it.
    """

    name: str
    of: ModuleType
    rows: Sequence[Row]
    found: Callable[..., Any]
    step: Decimal = Decimal("0.1")

    def wrong(self) -> list[Row]:
        """The rows that do not come out as expected."""
        return [row for row in self.rows if self.found(*row[:-1]) != row[-1]]


def seen(
    *readings: tuple[Code, Value] | tuple[Code, Value, float],
    as_of: float | None = None,
    facts: Facts | None = None,
    own: Mapping[Code, tuple[str | None, str | None]] | None = None,
) -> History:
    """A person's readings (code, value, minutes after T), judged at the newest or so many minutes after T."""
    made = [_reading(*one) for one in readings]
    made.sort(key=lambda one: one.effective_at)
    at = T + timedelta(minutes=as_of) if as_of is not None else made[-1].effective_at
    limits = {
        code: Limit(_edge(low), _edge(high), "a clinician", personal=True)
        for code, (low, high) in (own or {}).items()
    }
    return History(tuple(made), at, limits=limits, facts=facts or Facts())


def _reading(code: Code, value: Value, minute: float = 0) -> Reading:
    stored = value if isinstance(value, Special) else Decimal(value)
    return Reading(code, stored, code.unit, T + timedelta(minutes=minute))


def _edge(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def level(finding: Finding | None) -> str | None:
    """The word of its level; "ask a repeat" while one is awaited."""
    if finding is None:
        return None
    return "ask a repeat" if finding.recheck_at is not None else finding.severity.value
