"""A reading of a device without a clock keeps its time, however long its message waited on the way."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given as such_that
from hypothesis import settings
from hypothesis import strategies as st

from device_gateway.anchors import judged
from device_gateway.arrival import Arrived
from device_gateway.ingest import Ingest
from tests.alerts.people import run
from tests.device_gateway.rig import Json, message_id, spo2
from tests.factories import Factory, Ref

BOOTED = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def device(app: Flask, make: Factory) -> Ref:
    patient, device = make.patient(), make.device()
    make.monitoring_consent(patient)
    make.wears(patient, device)
    return device


def say(
    app: Flask, ingest: Ingest, device: Ref, measured: timedelta, sent: timedelta, waited: timedelta = timedelta(0),
    boot: str = "b1", received: datetime | None = None,
) -> datetime | None:  # fmt: skip
    """A reading at this uptime, sent at that one, which then waited; the time it has in the record."""
    body: Json = {
        "v": 1, "id": message_id(), "boot": boot, "seq": 0, "up_ms": measured // timedelta(milliseconds=1),
        "clock": {"src": "none", "up_ms": sent // timedelta(milliseconds=1)}, "m": [spo2(97)],
    }  # fmt: skip
    at = received or BOOTED + sent + waited
    with app.app_context():
        (verdict,) = ingest.handle([Arrived(f"al/v1/{device.name}/up/obs", json.dumps(body).encode(), at)])
    assert verdict.refused is None
    rows = run(
        app,
        "select effective_at from observation where received_at = :at and device_id = :d",
        at=at,
        d=device.id,
    )
    return rows[0].effective_at if rows else None


@pytest.mark.hazard("H08")
def test_a_message_that_waited_at_the_broker_while_the_gateway_was_away_keeps_its_time(
    app: Flask, device: Ref
) -> None:
    assert say(app, Ingest(), device, HOUR, HOUR) == BOOTED + HOUR
    restarted = Ingest()
    late = say(app, restarted, device, 2 * HOUR, 2 * HOUR, waited=4 * HOUR)
    assert late is not None
    assert abs(late - (BOOTED + 2 * HOUR)) < timedelta(seconds=3)


def test_the_first_message_of_a_life_is_taken_as_it_comes_and_a_quicker_one_mends_what_follows(
    app: Flask, device: Ref
) -> None:
    ingest = Ingest()
    assert say(app, ingest, device, HOUR, HOUR, waited=5 * MINUTE) == BOOTED + HOUR + 5 * MINUTE
    assert say(app, ingest, device, 2 * HOUR, 2 * HOUR) == BOOTED + 2 * HOUR
    later = say(app, ingest, device, 3 * HOUR, 3 * HOUR, waited=10 * MINUTE)
    assert later is not None
    assert abs(later - (BOOTED + 3 * HOUR)) < timedelta(seconds=3)


def test_another_life_has_an_anchor_of_its_own(app: Flask, device: Ref) -> None:
    ingest = Ingest()
    say(app, ingest, device, HOUR, HOUR)
    at = BOOTED + 20 * HOUR
    assert say(app, ingest, device, MINUTE, MINUTE, boot="b2", received=at) == at


def test_an_uptime_that_begins_anew_under_the_same_boot_shifts_nothing(app: Flask, device: Ref) -> None:
    ingest = Ingest()
    say(app, ingest, device, 10 * HOUR, 10 * HOUR)
    at = BOOTED + 20 * HOUR
    assert say(app, ingest, device, MINUTE, 2 * MINUTE, received=at) == at - MINUTE


def test_a_batch_that_is_rolled_back_is_dated_anew(app: Flask, device: Ref) -> None:
    ingest = Ingest()
    say(app, ingest, device, HOUR, HOUR)
    ingest.anchors.known.clear()
    ingest.anchors._unstored = True
    late = say(app, ingest, device, 2 * HOUR, 2 * HOUR, waited=HOUR)
    assert late is not None
    assert abs(late - (BOOTED + 2 * HOUR)) < timedelta(seconds=3)


@such_that(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**5)), min_size=1, max_size=40).map(sorted),
    st.floats(-80e-6, 80e-6),
)
@settings(max_examples=200, deadline=None)
def test_a_message_is_never_dated_before_it_was_measured_nor_later_than_it_came(
    sent: list[tuple[int, int]], drift: float
) -> None:
    """`sent` is (true seconds since boot, seconds it waited), in order of sending; a crystal up to 80 ppm off."""
    anchor = None
    came = BOOTED
    for true_s, waited_s in sent:
        # The broker gives one device's messages in their order.
        came = max(came, BOOTED + timedelta(seconds=true_s + waited_s))
        up_ms = int(true_s * 1000 * (1 + drift))
        anchor, waited = judged(anchor, came, up_ms)
        dated = came - waited
        assert waited >= timedelta(0)
        # By no more than the crystal's own error since the anchor was noted is a time too early.
        assert dated >= BOOTED + timedelta(seconds=true_s) - timedelta(seconds=1 + true_s * 200e-6)
        assert dated <= came
