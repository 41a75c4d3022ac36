"""One durable MQTT session: takes messages off the network at once and acknowledges them when told to."""

import logging
import queue
import time
from collections.abc import Callable, Sequence

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from backend.core import clock
from backend.core.config import MqttAddress
from device_gateway.arrival import Arrived
from device_gateway.drained import DrainedClient, Publish

log = logging.getLogger("device_gateway.session")

RECEIVE_MAXIMUM = 4_000
KEEPALIVE_S = 30
SESSION_S = 7 * 24 * 3600
# Mosquitto 2.0 counts a burst of PUBACKs wrongly and then sends more than Receive Maximum (measured: 8,000 for
# 2,000), so the queue has a bound of its own: above it we stop reading, and TCP holds the broker back.
LONGEST_QUEUE = 2 * RECEIVE_MAXIMUM
# The same in bytes of payload, because a message may have 64 kB: in the queue, and in one batch.
MOST_BYTES, MOST_BATCH_BYTES = 32_000_000, 8_000_000
PAUSE_S = 0.002
ECHO_TOPIC = "al/v1/_gateway/echo"
# What the broker says of itself, by the name it has in the gateway's heartbeat.
BROKER_COUNTERS = {
    "$SYS/broker/store/messages/count": "held",
    "$SYS/broker/store/messages/bytes": "held_bytes",
    "$SYS/broker/retained messages/count": "retained",
    "$SYS/broker/publish/messages/dropped": "dropped",
    "$SYS/broker/clients/connected": "connected",
}
# 1: retained messages only with a new subscription, so that subscribing at every connect repeats nothing.
RETAINED_ONCE = 1


class Session:
    """A client id of ours at the broker, its queue of arrivals, and the echo that proves the broker serves us."""

    def __init__(
        self,
        address: MqttAddress,
        client_id: str,
        topics: Sequence[str],
        *,
        plain: bool = False,
        counts: bool = False,
    ) -> None:
        self.address, self.client_id, self.topics = address, client_id, tuple(topics)
        # Handed over in the groups that one read of the network brought. Two counts and not one, because each has
        # one writer: the network thread, and whoever takes.
        self._arrivals: queue.SimpleQueue[list[Arrived]] = queue.SimpleQueue()
        self._arrived = self._taken = 0
        self._arrived_bytes = self._taken_bytes = 0
        self._over: list[Arrived] = []
        # Takes a message that is not for the store, on the network thread; True when it did.
        self.aside: Callable[[Arrived], bool] | None = None
        self.epoch = 0
        self.echo_ms: float | None = None
        # The broker's counters as last told; empty for a session that was not asked to keep them.
        self.broker: dict[str, int] = {}
        self._counts = counts
        self._listening_mid: int | None = None
        self.echoed_at = time.monotonic()
        self._stopping = False
        self._echo = b""
        self._echo_sent_at = 0.0
        kind = Client if plain else DrainedClient
        self.client = kind(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            manual_ack=True,
        )
        self.client.username_pw_set(address.username, address.password)
        self.client.suppress_exceptions = False
        self.client.reconnect_delay_set(min_delay=1, max_delay=5)
        self.client.on_connect = self._on_connect
        self.client.on_disconnect = self._on_disconnect
        self.client.on_subscribe = self._on_subscribe
        self.client.on_message = self._on_message
        if isinstance(self.client, DrainedClient):
            self.client.arrive = self._arrive_all

    def start(self) -> None:
        """Connect, and again whenever the connection is lost; paho's own thread does both."""
        # paho's Properties is the one class it left untyped.
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_S
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        self.client.connect_async(
            self.address.host, self.address.port, KEEPALIVE_S, clean_start=False, properties=properties
        )
        self.client.loop_start()

    def stop(self) -> None:
        """Leave; the broker keeps the session and what was not acknowledged."""
        self._stopping = True
        self.client.disconnect()
        self.client.loop_stop()

    @property
    def depth(self) -> int:
        """How many messages wait for the store."""
        return self._arrived - self._taken

    def take(self, most: int, linger_s: float, wait_s: float) -> list[Arrived]:
        """What is queued, at most `most`, waiting `wait_s` for the first and `linger_s` for more."""
        batch, self._over = self._over, []
        held = 0
        until = time.monotonic() + (linger_s if batch else wait_s)
        while len(batch) < most and held < MOST_BATCH_BYTES:
            left = until - time.monotonic()
            try:
                group = self._arrivals.get(timeout=left) if left > 0 else self._arrivals.get_nowait()
            except queue.Empty:
                break
            if not batch:
                until = time.monotonic() + linger_s
            batch += group
            held += _size(group)
        if len(batch) > most:
            batch, self._over = batch[:most], batch[most:]
        self._taken += len(batch)
        self._taken_bytes += held
        return batch

    def acknowledge(self, batch: Sequence[Arrived]) -> None:
        """PUBACK in the order of arrival; what came on an earlier connection is left to its redelivery.

        Message numbers belong to a connection: a late PUBACK could confirm another message than it meant.
        """
        epoch = self.epoch
        mids = [arrived.mid for arrived in batch if arrived.epoch == epoch]
        if isinstance(self.client, DrainedClient):
            self.client.ack_all(mids)
            return
        for mid in mids:
            self.client.ack(mid, 1)

    def written(self, within_s: float) -> bool:
        """Wait until everything given to the network is on the wire; False when it is not in time."""
        until, quiet = time.monotonic() + within_s, 0
        # paho takes a packet off its list while it tries to send it, so one look is not enough.
        while quiet < 10:
            if time.monotonic() > until:
                return False
            quiet = 0 if self.client.want_write() else quiet + 1
            time.sleep(0.005)
        return True

    def publish(self, topic: str, payload: bytes, qos: int = 0) -> None:
        """Send down; without a connection QoS 0 is dropped, because the device sends again."""
        self.client.publish(topic, payload, qos)

    def publish_all(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Send many down at QoS 0."""
        if isinstance(self.client, DrainedClient):
            self.client.publish_all(messages)
            return
        for topic, payload in messages:
            self.client.publish(topic, payload, 0)

    def send_echo(self) -> None:
        """Ask the broker to give us something back; a process can accept connections and serve nobody."""
        self._echo_sent_at = time.monotonic()
        self._echo = f"{self.client_id}:{self._echo_sent_at}".encode()
        self.client.publish(ECHO_TOPIC, self._echo, 0)

    def _on_connect(
        self, client: Client, _data: object, flags: ConnectFlags, code: ReasonCode, _more: Properties | None
    ) -> None:
        if code.is_failure:
            log.error("%s: the broker refuses us: %s", self.client_id, code)
            return
        self.epoch += 1
        if flags.session_present:
            # Everything not acknowledged comes again on this connection; keeping both would only take room.
            self._forget()
        at_least_once = SubscribeOptions(qos=1, retainHandling=RETAINED_ONCE)
        topics = [(topic, at_least_once) for topic in self.topics]
        echo = (ECHO_TOPIC, SubscribeOptions(qos=0, retainHandling=RETAINED_ONCE))
        self._listening_mid = client.subscribe([*topics, echo])[1]
        if self._counts:
            client.subscribe([(topic, SubscribeOptions(qos=0)) for topic in BROKER_COUNTERS])
        log.info("%s: connected, session present: %s", self.client_id, flags.session_present)

    def _on_subscribe(
        self,
        _client: Client,
        _data: object,
        mid: int,
        _codes: list[ReasonCode],
        _more: Properties | None,
    ) -> None:
        # Only from here on does the broker keep a new session's messages for us.
        if mid == self._listening_mid:
            log.info("%s: listening", self.client_id)

    def _on_disconnect(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        code: ReasonCode,
        _more: Properties | None,
    ) -> None:
        # From here on no PUBACK of this connection may go out, whatever the next one will be.
        self.epoch += 1
        log.warning("%s: disconnected: %s", self.client_id, code)

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        topic = message.topic
        if topic == ECHO_TOPIC:
            if message.payload == self._echo:
                self.echoed_at = time.monotonic()
                self.echo_ms = round((self.echoed_at - self._echo_sent_at) * 1000, 1)
            return
        if topic in BROKER_COUNTERS:
            if message.payload.isdigit():
                self.broker[BROKER_COUNTERS[topic]] = int(message.payload)
            return
        self._arrive(topic, bytes(message.payload), message.mid, message.retain)

    def _arrive(self, topic: str, payload: bytes, mid: int, retained: bool) -> None:
        self._arrive_all([(topic, payload, mid, retained)])

    def _arrive_all(self, publishes: Sequence[Publish]) -> None:
        now, epoch = clock.now(), self.epoch
        # Whatever the broker gives us proves it as an echo does, and an echo waits behind a backlog.
        self.echoed_at = time.monotonic()
        group = [
            Arrived(topic, payload, now, retained, epoch, mid) for topic, payload, mid, retained in publishes
        ]
        if self.aside is not None:
            group = [arrived for arrived in group if not self.aside(arrived)]
        if group:
            self._arrived += len(group)
            self._arrived_bytes += _size(group)
            self._arrivals.put(group)
        while self._is_full() and not self._stopping:
            time.sleep(PAUSE_S)

    def _is_full(self) -> bool:
        return self.depth > LONGEST_QUEUE or self._arrived_bytes - self._taken_bytes > MOST_BYTES

    def _forget(self) -> None:
        while True:
            try:
                group = self._arrivals.get_nowait()
            except queue.Empty:
                return
            self._arrived -= len(group)
            self._arrived_bytes -= _size(group)


def _size(group: Sequence[Arrived]) -> int:
    return sum([len(arrived.payload) for arrived in group])
