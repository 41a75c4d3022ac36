"""The yardstick: plain paho at the gateway's MQTT version and QoS that counts messages and drops them."""

import sys
import time

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from backend.core.config import MqttAddress
from device_gateway.session import RECEIVE_MAXIMUM


def main(url: str, count: int) -> None:
    """Receive `count` messages; prints `ready`, then the CPU seconds it took."""
    address = MqttAddress.parse(url)
    seen = 0

    def on_message(_client: Client, _data: object, _message: MQTTMessage) -> None:
        nonlocal seen
        seen += 1
        if seen == 1:
            print("first", flush=True)
        if seen == count:
            print(f"done {time.process_time()}", flush=True)

    client = Client(
        CallbackAPIVersion.VERSION2, client_id="al-bench-paho", protocol=MQTTProtocolVersion.MQTTv5
    )
    client.username_pw_set(address.username, address.password)
    client.on_message = on_message
    client.on_connect = lambda one, *_: one.subscribe("al/v1/+/up/obs", 1)
    client.on_subscribe = lambda *_: print("ready", flush=True)
    # paho's Properties is the one class it left untyped.
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    client.connect(address.host, address.port, clean_start=True, properties=properties)
    client.loop_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
