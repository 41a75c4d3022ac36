"""Speaks as the canary's devices do: through the devices' own door, with an account and a receipt like any other."""

import json
import secrets
import threading
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from backend.canary.runs import Run
from backend.core.clock import now

PATIENCE_S = 15.0
WELL, DANGEROUS = 97, 80
_BOOT = secrets.token_hex(8)
_SEQ = count()


class NotSent(Exception):  # noqa: N818 - the device's word, not a program's fault
    """The broker did not take it; the words name the phase and never the secret."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where devices connect, and the authority they trust (None: a plain line, on this machine only)."""

    host: str
    port: int
    ca_file: Path | None


def message(run: Run) -> tuple[str, dict[str, Any]]:
    """The channel and body of a run. The silent one says that all is well, and then nothing any more."""
    at = now().isoformat()
    head: dict[str, Any] = {
        "v": 1, "id": run.cause, "boot": _BOOT, "seq": next(_SEQ), "sent": at, "clock": {"src": "ntp"}
    }  # fmt: skip
    if run.kind == "fall":
        return "alarm", {**head, "alarm": run.cause, "phase": "raise", "kind": "fall", "raised": at}
    value = DANGEROUS if run.kind == "red" else WELL
    return "obs", {**head, "taken": at, "m": [{"k": "spo2", "val": value, "u": "%", "q": "ok"}]}


def speak(door: Door, run: Run, secret: str) -> None:
    """Connect as the run's device, publish, wait for the broker to have it, and leave; raises NotSent."""
    channel, body = message(run)
    connected, refusal = threading.Event(), ["no answer"]

    def on_connect(
        _client: Client, _data: object, _flags: ConnectFlags, code: ReasonCode, _more: Properties | None
    ) -> None:
        refusal[0] = str(code) if code.is_failure else ""
        connected.set()

    client = Client(CallbackAPIVersion.VERSION2, client_id=run.device, protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(run.device, secret)
    client.on_connect = on_connect
    if door.ca_file is not None:
        client.tls_set(ca_certs=str(door.ca_file))
    try:
        client.connect(door.host, door.port, keepalive=60)
        client.loop_start()
        if not connected.wait(PATIENCE_S) or refusal[0]:
            raise NotSent(f"connect {refusal[0]}")
        sent = client.publish(f"al/v1/{run.device}/up/{channel}", json.dumps(body).encode(), qos=1)
        sent.wait_for_publish(PATIENCE_S)
        if not sent.is_published():
            raise NotSent("publish no answer")
    except (OSError, ValueError, RuntimeError) as error:
        raise NotSent(type(error).__name__) from None
    finally:
        client.disconnect()
        client.loop_stop()
