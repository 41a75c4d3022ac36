"""The durable session, by plain paho and by the drained client: order, PUBACKs, TLS, and a bound on memory."""

import dataclasses
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from msgspec.structs import replace

from backend.core.config import MqttAddress
from backend.supervise.mosquitto import Mosquitto
from device_gateway.arrival import Arrived
from device_gateway.session import LONGEST_QUEUE, Session
from tests.device_gateway.rig import Speaker, until

COUNT = 3_000


@pytest.fixture
def speaker(mosquitto_broker: Mosquitto) -> Iterator[Speaker]:
    """A device that publishes."""
    made = Speaker(mosquitto_broker, f"test-{uuid4().hex[:12]}")
    yield made
    made.close()


def session(broker: Mosquitto, speaker: Speaker, *, plain: bool, tls: bool = False) -> Session:
    """A session that hears this device only."""
    address = MqttAddress.parse(broker.service_url("al-gateway-obs"))
    if tls:
        address = dataclasses.replace(address, host="localhost", port=broker.tls_port)
    made = Session(address, f"al-{speaker.device}", [f"al/v1/{speaker.device}/up/obs"], plain=plain)
    if tls:
        made.client.tls_set(str(broker.ca_file))
    made.start()
    until(lambda: made.epoch, what="connected")
    until(lambda: echoed(made), what="subscribed")
    return made


def echoed(made: Session) -> bool:
    """Whether the echo has come back, which it does once the subscription stands."""
    made.send_echo()
    time.sleep(0.05)
    return made.echo_ms is not None


@pytest.mark.parametrize("tls", [False, True], ids=["loopback", "tls"])
@pytest.mark.parametrize("plain", [False, True], ids=["drained", "plain"])
def test_a_burst_comes_whole_and_in_order_and_what_was_acknowledged_never_again(
    mosquitto_broker: Mosquitto, speaker: Speaker, plain: bool, tls: bool
) -> None:
    first = session(mosquitto_broker, speaker, plain=plain, tls=tls)
    for n in range(COUNT):
        size = 20_000 if n % 500 == 0 else 20
        speaker.client.publish(f"al/v1/{speaker.device}/up/obs", f"{n}".zfill(size), 1)
    heard: list[Arrived] = []
    while len(heard) < COUNT:
        batch = first.take(1000, 0.003, 60)
        assert batch, f"{len(heard)} of {COUNT} came"
        first.acknowledge(batch)
        heard += batch
    assert [int(one.payload[-20:]) for one in heard] == list(range(COUNT))
    assert first.written(60)
    first.stop()
    second = session(mosquitto_broker, speaker, plain=plain, tls=tls)
    assert second.take(10, 0.0, 0.5) == []
    second.stop()


def test_what_was_not_acknowledged_comes_again_and_a_late_puback_of_an_earlier_connection_is_not_sent(
    mosquitto_broker: Mosquitto, speaker: Speaker
) -> None:
    first = session(mosquitto_broker, speaker, plain=False)
    speaker.send("obs", b"1")
    old = first.take(10, 0.1, 60)
    first.stop()
    second = session(mosquitto_broker, speaker, plain=False)
    again = second.take(10, 0.1, 60)
    assert [one.payload for one in again] == [one.payload for one in old] == [b"1"]
    second.acknowledge([replace(one, epoch=second.epoch - 1) for one in old])
    assert second.written(5)
    second.stop()
    third = session(mosquitto_broker, speaker, plain=False)
    last = third.take(10, 0.1, 60)
    assert [one.payload for one in last] == [b"1"], "still not acknowledged"
    third.acknowledge(last)
    third.stop()


def test_a_writer_that_stands_still_bounds_the_queue_and_loses_nothing(
    mosquitto_broker: Mosquitto, speaker: Speaker
) -> None:
    made = session(mosquitto_broker, speaker, plain=False)
    for n in range(3 * LONGEST_QUEUE):
        speaker.client.publish(f"al/v1/{speaker.device}/up/obs", str(n), 1)
    time.sleep(3)
    assert made.depth <= LONGEST_QUEUE + 1
    heard: list[int] = []
    while len(heard) < 3 * LONGEST_QUEUE:
        batch = made.take(1000, 0.003, 60)
        assert batch, f"{len(heard)} came"
        made.acknowledge(batch)
        heard += [int(one.payload) for one in batch]
        assert made.depth <= LONGEST_QUEUE + 1
    assert heard == list(range(3 * LONGEST_QUEUE))
    made.stop()
