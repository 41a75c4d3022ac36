"""Judges what somebody's answers came to: each value has its level and its words, and only the newest is looked at."""

from collections.abc import Mapping
from decimal import Decimal

from backend.alerts.history import Finding, History, Severity
from backend.observations.codes import Code


def judged(
    history: History, code: Code, words: Mapping[Decimal, tuple[Severity, str, str]]
) -> Finding | None:
    """The newest answers of `code` as of `history.as_of`; `words` is level, title and reason by value."""
    said = history.of(code)
    if not said or said[-1].effective_at != history.readings[-1].effective_at:
        return None
    newest = said[-1]
    if not isinstance(newest.value, Decimal) or newest.value not in words:
        return None
    level, title, reason = words[newest.value]
    return Finding(level, title, reason, (newest,), newest.effective_at)
