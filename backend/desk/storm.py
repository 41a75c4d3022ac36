"""Sees when too much comes at once for people to read, so that it is counted and named and hides nothing red."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from backend.alerts.models import Alert
from backend.core.db import db
from backend.desk.cards import RED, Line

# More new ones than this in this time are a storm. Alongside defaults, not national guidance.
THRESHOLD = 20
WITHIN = timedelta(minutes=10)


def storm(lines: Sequence[Line], now: datetime) -> dict[str, Any] | None:
    """{"since", "count", "threshold", "by_rule"} of the mild alerts that came lately; None when they are few.

    Reds are never among them: they stand by themselves, each one.
    """
    lately = [one for one in lines if one.ours and one.level not in RED and one.opened_at > now - WITHIN]
    if len(lately) <= THRESHOLD:
        return None
    rules = Counter(one.rule for one in lately)
    titles = _titles(lately)
    return {
        "since": min(one.opened_at for one in lately),
        "count": len(lately),
        "threshold": THRESHOLD,
        "by_rule": [{"rule": rule, "title": titles[rule], "count": n} for rule, n in rules.most_common()],
    }


def _titles(lines: Sequence[Line]) -> dict[str, str]:
    """A title for each rule: that of one of its alerts."""
    one_each = {line.rule: line.id for line in lines}
    rows = db.session.execute(select(Alert.rule, Alert.title).where(Alert.id.in_(list(one_each.values()))))
    return {row.rule: row.title for row in rows}
