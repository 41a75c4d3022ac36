"""Stands in for our own Mosquitto when MQTT_URL names one that somebody else runs."""

from __future__ import annotations

import subprocess
from pathlib import Path

from backend.core.config import MqttAddress
from backend.supervise.ports import answers

DEVICE_PORT = 8883


class NamedBroker:
    """A Mosquitto with dynamic security somewhere else; ``url`` is an account that may do all ours may."""

    def __init__(self, url: str, home: Path) -> None:
        self._url = url
        self._address = MqttAddress.parse(url)
        self.plain_port = self._address.port
        self.tls_port = DEVICE_PORT
        self.device_host = self._address.host
        # Whoever runs that broker puts its authority here for devices.
        self.ca_file = home / "ca.crt"
        self.pid: int | None = None
        self.server: subprocess.Popen[bytes] | None = None
        self.way = f"Mosquitto: {self._address.host}:{self._address.port} (named by MQTT_URL)"

    def start(self) -> None:
        """Check that it answers; raises RuntimeError when it does not."""
        if not answers(self._address.port, self._address.host, timeout=5):
            raise RuntimeError(
                f"nothing answers at {self._address.host}:{self._address.port}, which MQTT_URL names"
            )

    def stop(self) -> None:
        """Leave it running: it is not ours."""

    def service_url(self, _name: str) -> str:
        """Return the one account we were given."""
        return self._url

    def control_url(self) -> str:
        """Return the one account we were given."""
        return self._url
