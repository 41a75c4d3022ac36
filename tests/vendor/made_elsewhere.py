"""Drives the MQTT.js device of this folder and keeps what it says, so that a test reads like a vendor's day."""

import json
import subprocess
import threading
from pathlib import Path
from typing import Any

from tests.device_gateway.rig import Json, until

SCRIPT = Path(__file__).with_name("device.mjs")
PATIENCE_S = 120.0


class JavaScriptDevice:
    """One Node process; every event it tells is kept in order."""

    def __init__(self) -> None:
        self.events: list[Json] = []
        self._process = subprocess.Popen(
            ["node", str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.name = ""

    def claim(self, url: str, code: str) -> Json:
        """Trade a claim code for an account; answers the event."""
        said = self._do("claimed", do="claim", url=url, code=code)
        self.name = str(said.get("device"))
        return said

    def connect(self) -> None:
        """Sign in over TLS and subscribe."""
        self._do("connected", do="connect", boot="vendor-boot-1")

    def publish(self, channel: str, body: Json, *, device: str | None = None) -> None:
        """Publish at QoS 1 and wait for the PUBACK, on one's own topic or, for a spoof, on another's."""
        self._do("published", do="publish", topic=f"al/v1/{device or self.name}/up/{channel}", body=body)

    def told(self, channel: str) -> list[Json]:
        """What came down on a channel."""
        return [one["body"] for one in list(self.events) if one.get("topic", "").endswith(f"/down/{channel}")]

    def receipted(self) -> set[str]:
        """Message ids it was told are stored."""
        return {one for body in self.told("ack") for one in body.get("ids", [])}

    def states(self, alarm_id: str) -> list[str]:
        """What it was told of an alarm."""
        return [body["state"] for body in self.told("alarm") if body["alarm"] == alarm_id]

    def count(self, event: str) -> int:
        """How often something happened."""
        return sum(one["event"] == event for one in list(self.events))

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.kill()
        self._process.wait(60)
        self._reader.join(60)
        self._process.stdin.close()
        self._process.stdout.close()

    def _do(self, event: str, **deed: Any) -> Json:
        before = self.count(event)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(deed) + "\n")
        self._process.stdin.flush()
        until(
            lambda: self.count(event) > before, PATIENCE_S, f"{event} after {deed['do']}: {self.events[-5:]}"
        )
        return [one for one in self.events if one["event"] == event][before]

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.events.append(json.loads(line))
