"""A reading that stands on an alert is raised again only for something worse: the judge alone, without a database."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import cast

import pytest

from backend.alerts.history import Finding, History
from backend.alerts.judge import Rule, judge, name_of
from backend.alerts.levels import Severity
from backend.observations.codes import Code
from backend.observations.reading import Reading, Source, StoredReading

T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LOW = Reading(Code.SPO2, Decimal(85), Code.SPO2.unit, T, Source.DEVICE)
STORED = StoredReading(LOW, T, 1, None)


@dataclass
class Says:
    """A rule that rests on one reading, whatever else it thinks of it by then."""

    level: Severity
    WATCHES: frozenset[Code] = frozenset({Code.SPO2})
    LOOKBACK: timedelta = timedelta(hours=1)

    def evaluate(self, history: History) -> Finding | None:
        return Finding(self.level, "Oxygen", "low", history.readings, T)


@pytest.mark.hazard("H06")
@pytest.mark.parametrize("level", list(Severity))
@pytest.mark.parametrize("stands", [None, *Severity])
def test_the_same_reading_is_raised_again_only_by_a_worse_finding(
    level: Severity, stands: Severity | None
) -> None:
    seen = {} if stands is None else {name_of(STORED): stands.rank}
    said = judge(cast(Rule, Says(level)), History((), T), [STORED], T, T, seen)
    is_news = stands is None or level.worse_than(stands)
    assert (said.finding is not None) == is_news
    if is_news:
        assert said.finding is not None
        assert (said.finding.severity, said.evidence) == (level, (STORED,))
    assert said.said == {name_of(STORED)}
