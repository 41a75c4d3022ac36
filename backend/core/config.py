"""The only reader of the environment, so that what a process depends on stands in one place."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class MqttAddress:
    """Where a broker listens and who we are there."""

    host: str
    port: int
    username: str
    password: str

    @classmethod
    def parse(cls, url: str) -> "MqttAddress":
        """Read `mqtt://user:password@host:port`; raises ValueError, whose words never hold the password."""
        parts = urlsplit(url)
        if parts.scheme != "mqtt" or not parts.hostname or not parts.port:
            raise ValueError("MQTT_URL must look like mqtt://user:password@host:port")
        return cls(parts.hostname, parts.port, unquote(parts.username or ""), unquote(parts.password or ""))


@dataclass(frozen=True)
class Config:
    """Everything a process is told from outside."""

    home: Path
    database_url: str
    mqtt_url: str | None
    mqtt_control_url: str | None
    public_url: str
    demo: bool
    pwa_dist: Path
    mqtt_alarm_url: str | None = None
    # True: plain paho, packet by packet, should the drained reader ever be in doubt.
    mqtt_plain: bool = False
    # Fault injection for the tests of device_gateway/faults.py; never set in use.
    crash_at: str | None = None
    # Where devices connect and whose word they must trust (a PEM file): told to a device that claims its account.
    device_host: str | None = None
    device_port: int | None = None
    device_ca: Path | None = None
    # How many proxies of ours stand in front: so many of the addresses they add are believed, and no more.
    proxies: int = 0

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read the environment; raises ValueError with the name of a variable that is needed and missing."""
        if not environ.get("DATABASE_URL"):
            raise ValueError(
                "DATABASE_URL is not set: start with `alongside up`, which sets it for each process"
            )
        return cls(
            home=Path(environ.get("ALONGSIDE_HOME", ".alongside")).resolve(),
            database_url=environ["DATABASE_URL"],
            mqtt_url=environ.get("MQTT_URL"),
            mqtt_control_url=environ.get("MQTT_CONTROL_URL"),
            public_url=environ.get("ALONGSIDE_PUBLIC_URL", "http://localhost:8080"),
            demo=environ.get("ALONGSIDE_DEMO") == "1",
            pwa_dist=Path(environ.get("ALONGSIDE_PWA_DIST", "pwa/dist")).resolve(),
            mqtt_alarm_url=environ.get("MQTT_ALARM_URL"),
            mqtt_plain=environ.get("ALONGSIDE_MQTT_PLAIN") == "1",
            crash_at=environ.get("ALONGSIDE_CRASH_AT"),
            device_host=environ.get("ALONGSIDE_DEVICE_HOST"),
            device_port=int(environ["ALONGSIDE_DEVICE_PORT"])
            if environ.get("ALONGSIDE_DEVICE_PORT")
            else None,
            device_ca=Path(environ["ALONGSIDE_DEVICE_CA"]) if environ.get("ALONGSIDE_DEVICE_CA") else None,
            proxies=int(environ.get("ALONGSIDE_PROXIES") or 0),
        )

    def mqtt(self) -> MqttAddress:
        """The broker as this process's own service account; raises ValueError when it was not told."""
        if self.mqtt_url is None:
            raise ValueError("MQTT_URL is not set: this process needs the broker")
        return MqttAddress.parse(self.mqtt_url)

    def mqtt_alarm(self) -> MqttAddress:
        """The broker as the account of the alarm session; raises ValueError when it was not told."""
        if self.mqtt_alarm_url is None:
            raise ValueError("MQTT_ALARM_URL is not set: alarms have an account and a session of their own")
        return MqttAddress.parse(self.mqtt_alarm_url)


@dataclass(frozen=True)
class Surroundings:
    """What the supervisor itself is told from outside; every part of it may be missing."""

    home: Path
    tools: Path
    path: str
    admin_url: str | None
    mqtt_url: str | None
    chromium: Path | None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Surroundings":
        """Read ALONGSIDE_HOME, ALONGSIDE_TOOLS, PATH, DATABASE_URL (an admin's), MQTT_URL, CHROMIUM."""
        checkout = Path(__file__).resolve().parents[2]
        chromium = environ.get("CHROMIUM")
        return cls(
            home=Path(environ.get("ALONGSIDE_HOME") or checkout / ".alongside").resolve(),
            tools=Path(environ.get("ALONGSIDE_TOOLS") or checkout / ".alongside" / "debian").resolve(),
            path=environ.get("PATH", os.defpath),
            admin_url=environ.get("DATABASE_URL") or None,
            mqtt_url=environ.get("MQTT_URL") or None,
            chromium=Path(chromium) if chromium else None,
        )
