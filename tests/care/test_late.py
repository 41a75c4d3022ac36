"""A burst of days comes at once: what it says is of its time, and how somebody is now stands on top."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from backend.observations.codes import Code
from tests.alerts.people import Monitored, judge
from tests.browsing import Browser
from tests.desk.acting import listed
from tests.factories import Factory

HOUR = 60.0


def burst(person: Monitored, *, then: str, now: str) -> None:
    """72 hours of oxygen every four hours arrive in this minute: low sixty hours ago, and as `now` since."""
    for hours in range(72, -1, -4):
        value = then if hours in (60, 56) else now
        person.says({Code.SPO2: value}, ago=hours * HOUR + 1, arrived=0)
    judge(person.app)


@pytest.mark.hazard("H11")
def test_72h_burst(app: Flask, person: Monitored, nurse: Browser) -> None:
    """What was low sixty hours ago is one card, labelled late, and says that it has been in range since."""
    burst(person, then="86", now="91")
    (row,) = listed(nurse)
    assert row["late"]
    assert "arrived late, in range since" in row["reason"]
    assert len(row["findings"]) == 1
    true_at = datetime.fromisoformat(row["true_at"])
    assert timedelta(hours=55) < datetime.now(UTC) - true_at < timedelta(hours=61)


@pytest.mark.hazard("H11")
def test_in_a_burst_of_72_hours_the_danger_of_now_is_not_hidden_by_the_old(
    app: Flask, make: Factory, person: Monitored, nurse: Browser
) -> None:
    burst(person, then="82", now="91")
    person.measures("81")
    judge(app)
    (row,) = listed(nurse)
    assert (row["level"], row["reason"].startswith("Oxygen 81%")) == ("emergency", True)
    assert "late" not in row["reason"]
