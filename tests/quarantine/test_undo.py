"""Whatever is taken out and put back: the record reads as if it had never happened, newest values and all."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backend.core.db import transaction
from backend.observations import service as observations
from backend.observations.codes import Code
from tests.factories import Ref
from tests.quarantine.desk_of import Desk

# Each example is a person with kit and messages on the real database; looking for a smaller one would take minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
NOW = datetime.now(UTC)
# (minutes ago, which of two devices, value): a minute is used once, so that "newest" has one answer.
READINGS = st.lists(
    st.tuples(st.integers(1, 600), st.booleans(), st.integers(80, 99)),
    min_size=1, max_size=6, unique_by=lambda one: one[0],
)  # fmt: skip


def read_back(app: Flask, person: Ref) -> tuple[Any, Any, Any]:
    """The series, what the rules see, and the newest value."""
    with app.app_context(), transaction():
        since, until = NOW - timedelta(days=2), NOW + timedelta(days=1)
        return (
            observations.series(person.id, [Code.SPO2], since, until),
            observations.recent({(person.id, Code.SPO2): since}),
            observations.latest([person.id]).get(person.id, {}),
        )


@settings(
    max_examples=8,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(first=READINGS, late=READINGS, start=st.integers(0, 600), length=st.integers(1, 600))
@pytest.mark.hazard("H47")
def test_void_and_undo_leave_the_record_as_if_nothing_had_happened(
    desk: Desk, first: list[Any], late: list[Any], start: int, length: int
) -> None:
    person = desk.make.patient()
    desk.make.monitoring_consent(person)
    devices = {flag: desk.make.device() for flag in (False, True)}
    for device in devices.values():
        desk.make.wears(person, device)
    by = desk.nurse.id
    taken = {minute for minute, _, _ in first}
    late = [one for one in late if one[0] not in taken]

    def arrive(readings: list[Any]) -> None:
        for minute, which, value in readings:
            at = (NOW - timedelta(minutes=minute)).isoformat()
            desk.sends(devices[which], value, came=0, taken=at)

    arrive(first)
    before = read_back(desk.app, person)
    ends, starts = NOW - timedelta(minutes=start), NOW - timedelta(minutes=start + length)
    with desk.app.app_context(), transaction():
        found = observations.measured_by(devices[True].id, [person.id], starts, ends)
        made = observations.void(
            found, by=by, reason="faulty", device_row_id=devices[True].id, starts_at=starts, ends_at=ends
        )
    inside = {m for m, which, _ in first if which and start < m <= start + length}
    left = sorted((m, v) for m, _, v in first if m not in inside)
    series, _, newest = read_back(desk.app, person)
    assert [one.reading.value for one in series] == [Decimal(v) for _, v in reversed(left)]
    assert [one.reading.value for one in newest.values()] == [Decimal(v) for _, v in left[:1]]
    arrive(late)
    with desk.app.app_context(), transaction():
        observations.undo(made.public_id, by=by, reason="not faulty")
    all_ = sorted((m, v) for m, _, v in [*first, *late])
    series, recent, newest = read_back(desk.app, person)
    assert [one.reading.value for one in series] == [Decimal(v) for _, v in reversed(all_)]
    assert recent == {person.id: series}
    assert newest[Code.SPO2].reading.value == Decimal(all_[0][1])
    if not late:
        assert (series, recent, newest) == before


@pytest.mark.hazard("H01")
@settings(
    max_examples=4,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(own=READINGS, minute=st.integers(1, 600))
def test_giving_and_taking_back_leave_both_records_as_they_were(
    desk: Desk, own: list[Any], minute: int
) -> None:
    person, device, nobodys = desk.make.patient(), desk.make.device(), desk.make.device()
    desk.make.team([desk.nurse], [person])
    desk.make.monitoring_consent(person)
    desk.make.wears(person, device)
    for ago, _, value in own:
        desk.sends(device, value, came=0, taken=(NOW - timedelta(minutes=ago)).isoformat())
    before = read_back(desk.app, person)
    desk.sends(nobodys, 91, came=0, taken=(NOW - timedelta(minutes=minute, seconds=30)).isoformat())
    message = str(desk.held(device=nobodys.name)[0]["id"])
    assert desk.gives(message, person)["stored"] == 1
    assert len(read_back(desk.app, person)[0]) == len(own) + 1
    desk.undoes(desk.undo_of(message))
    assert read_back(desk.app, person) == before
