"""A message that is lost on its way is seen by the gap it leaves, and the gap closes when it comes after all."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import given as such_that
from hypothesis import settings
from hypothesis import strategies as st

from backend.alerts.jobs import look_for_missing
from backend.alerts.service import open_alerts
from backend.devices.service import gaps_of
from device_gateway.arrival import Arrived
from device_gateway.gaps import Row
from device_gateway.ingest import Ingest
from tests.alerts.people import Monitored, monitored, run
from tests.device_gateway.rig import Json, alarm, message_id, obs
from tests.factories import Factory, Ref


def given(app: Flask, ingest: Ingest, device: Ref, *bodies: Json, channel: str = "obs") -> None:
    """Hand a batch to the gateway as the broker would."""
    batch = [
        Arrived(f"al/v1/{device.name}/up/{channel}", json.dumps(body).encode(), datetime.now(UTC))
        for body in bodies
    ]
    with app.app_context():
        ingest.handle(batch)


def seqs(*numbers: int, boot: str = "b1") -> list[Json]:
    return [obs(seq=number, boot=boot) for number in numbers]


def missing(app: Flask, device: Ref) -> dict[str, int]:
    with app.app_context():
        return {gap.boot: gap.missing for gap in gaps_of(device.id) if gap.missing}


def worn(app: Flask, make: Factory) -> tuple[Ref, Monitored]:
    person, device = monitored(app, make), make.device()
    make.monitoring_consent(person.patient)
    make.wears(person.patient, device)
    return device, person


@pytest.fixture
def device(app: Flask, make: Factory) -> Ref:
    return worn(app, make)[0]


@pytest.mark.hazard("H45")
def test_a_gap_is_written_down_and_closes_as_the_missing_come(app: Flask, device: Ref) -> None:
    ingest = Ingest()
    given(app, ingest, device, *seqs(0, 1, 5))
    assert missing(app, device) == {"b1": 3}
    given(app, ingest, device, *seqs(3))
    assert missing(app, device) == {"b1": 2}
    given(app, ingest, device, *seqs(2, 6, 4))
    assert missing(app, device) == {}
    with app.app_context():
        (gap,) = gaps_of(device.id)
    assert gap.filled_at is not None


def test_what_comes_out_of_order_within_a_batch_and_a_resend_are_no_gap(app: Flask, device: Ref) -> None:
    ingest, bodies = Ingest(), seqs(3, 0, 2, 1)
    given(app, ingest, device, *bodies)
    given(app, ingest, device, *bodies)
    assert missing(app, device) == {}


def test_refused_messages_statuses_and_alarms_count_in_the_row(app: Flask, device: Ref) -> None:
    ingest = Ingest()
    given(app, ingest, device, *seqs(0), obs([{"k": "spo2", "val": 97, "u": "kg"}], seq=1))
    given(
        app,
        ingest,
        device,
        {"v": 1, "id": message_id(), "boot": "b1", "seq": 2, "clock": {"src": "ntp"}},
        channel="status",
    )
    given(app, ingest, device, alarm(seq=3), channel="alarm")
    given(app, ingest, device, *seqs(4))
    assert missing(app, device) == {}


def test_a_new_life_begins_at_0_and_an_older_one_only_fills(app: Flask, device: Ref) -> None:
    ingest = Ingest()
    given(app, ingest, device, *seqs(0, 3, boot="b1"))
    given(app, ingest, device, *seqs(2, boot="b2"))
    assert missing(app, device) == {"b1": 2, "b2": 2}
    given(app, ingest, device, *seqs(1, 2, 4, boot="b1"))
    assert missing(app, device) == {"b2": 2}


def test_a_device_first_heard_in_the_middle_of_its_counting_has_lost_nothing(app: Flask, device: Ref) -> None:
    ingest = Ingest()
    given(app, ingest, device, *seqs(4_000, 4_001))
    given(app, ingest, device, *seqs(3_999))
    given(app, ingest, device, *seqs(4_002))
    assert missing(app, device) == {}


def test_one_that_counts_from_one_again_under_the_same_boot_has_lost_nothing(app: Flask, device: Ref) -> None:
    ingest = Ingest()
    for number in (0, 1, 2, 0, 1, 2):
        given(app, ingest, device, *seqs(number))
    assert missing(app, device) == {}


@pytest.mark.hazard("H45")
def test_a_gateway_that_was_killed_neither_invents_a_gap_nor_misses_one(app: Flask, device: Ref) -> None:
    first = Ingest()
    for number in range(8):
        # The row the first leaves lags behind what it stored, because signs of life are written seldom.
        given(app, first, device, *seqs(number))
    run(app, "update device_state set last_seq = 2 where device_id = :d", d=device.id)
    second = Ingest()
    given(app, second, device, *seqs(8))
    assert missing(app, device) == {}
    run(app, "update device_state set last_seq = 2 where device_id = :d", d=device.id)
    given(app, Ingest(), device, *seqs(11))
    assert missing(app, device) == {"b1": 2}
    given(app, Ingest(), device, *seqs(9, 10))
    assert missing(app, device) == {}


def test_a_batch_that_was_rolled_back_is_counted_anew(app: Flask, device: Ref) -> None:
    ingest = Ingest()
    given(app, ingest, device, *seqs(0))
    ingest.gaps.rows[(device.name, "b1")].next_seq = 99
    ingest.gaps._unstored = True
    given(app, ingest, device, *seqs(1, 4))
    assert missing(app, device) == {"b1": 2}


def test_a_boot_no_database_can_hold_and_a_device_nobody_knows_stop_nothing(
    app: Flask, make: Factory, device: Ref
) -> None:
    ingest = Ingest()
    given(app, ingest, device, *seqs(0, 9, boot="b\0"), *seqs(0, boot="b3"))
    given(app, ingest, Ref(0, device.public_id, "stranger-0000001"), *seqs(0, 9))
    assert missing(app, device) == {}


@such_that(st.lists(st.integers(0, 60), min_size=1, max_size=80, unique=True))
@settings(max_examples=300, deadline=None)
def test_the_holes_of_a_row_are_what_has_not_come_up_to_the_highest(numbers: list[int]) -> None:
    row = Row(0)
    for number in numbers:
        row.note(number, is_fresh=True)
    held = {seq for first, last in row.holes for seq in range(first, last + 1)}
    assert held == set(range(max(numbers))) - set(numbers)


def swept(app: Flask, person: Monitored) -> list[Any]:
    with app.app_context():
        look_for_missing()
    return [one for one in person.alerts() if one.rule == "readings_missing"]


@pytest.mark.hazard("H45")
def test_readings_missing_for_half_an_hour_are_told_once_and_it_is_said_when_they_have_come(
    app: Flask, make: Factory
) -> None:
    device, person = worn(app, make)
    ingest = Ingest()
    given(app, ingest, device, *seqs(0, 4))
    assert swept(app, person) == []
    run(app, "update device_gap set since = since - interval '31 minutes'")
    (finding,) = swept(app, person)
    assert (finding.level, finding.kind) == ("info", "technical")
    assert (
        finding.reason
        == "3 messages of the pulse oximeter have not come: lost on the way, or it still keeps them"
    )
    assert person.told() == []
    with app.app_context():
        # Information is the team's: the person's own page does not show it.
        assert open_alerts(person.patient.id) == []
    assert len(swept(app, person)) == 1
    given(app, ingest, device, *seqs(1, 2, 3))
    (finding,) = swept(app, person)
    assert (finding.closed_at is not None, finding.note) == (True, "What was missing has come")
