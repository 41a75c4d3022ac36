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
class Messaging:
    """How messages leave the house; what is not set is a channel that is not there.

    `sms_url` takes a POST of JSON with `sms_token` as bearer; `smtp_url` is smtp://user:password@host:port;
    `duty_sms` and `duty_email` are the last rung of every ladder; `push_key` is the seed of our push key pair, and
    `push_services` origins of push services (https://host) besides the browsers' own.
    """

    sms_url: str | None = None
    sms_sender: str = "Alongside"
    sms_token: str | None = None
    smtp_url: str | None = None
    email_from: str | None = None
    duty_sms: str | None = None
    duty_email: str | None = None
    push_key: str | None = None
    push_public_key: str | None = None
    push_subject: str | None = None
    push_services: tuple[str, ...] = ()

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Messaging":
        """Read the variables named in `MESSAGING`; an empty one is not set."""
        told = {name: environ[variable] for name, variable in MESSAGING.items() if environ.get(variable)}
        services = tuple(told.pop("push_services", "").split())
        return cls(**told, push_services=services)


# What an operator sets for the whole service, and what only the process that sends is told.
MESSAGING: Mapping[str, str] = {
    "sms_url": "ALONGSIDE_SMS_URL",
    "sms_sender": "ALONGSIDE_SMS_SENDER",
    "sms_token": "ALONGSIDE_SMS_TOKEN",
    "smtp_url": "ALONGSIDE_SMTP_URL",
    "email_from": "ALONGSIDE_EMAIL_FROM",
    "duty_sms": "ALONGSIDE_DUTY_SMS",
    "duty_email": "ALONGSIDE_DUTY_EMAIL",
    "push_key": "ALONGSIDE_PUSH_KEY",
    "push_public_key": "ALONGSIDE_PUSH_PUBLIC_KEY",
    "push_subject": "ALONGSIDE_PUSH_SUBJECT",
    "push_services": "ALONGSIDE_PUSH_SERVICES",
}


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
    messaging: Messaging = Messaging()
    # A folder of a locality's own pathway packs, read after those that are shipped.
    packs: Path | None = None
    # Pinged while all is well, so that an outside watcher alarms when the pings stop; and how often, in seconds.
    deadman_url: str | None = None
    deadman_every_s: float = 60.0
    # Seeds of the key that phones seal to, split by spaces: the first is told to phones, all of them open.
    outbox_key: str | None = None

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
            messaging=Messaging.from_environ(environ),
            packs=Path(environ["ALONGSIDE_PACKS"]).resolve() if environ.get("ALONGSIDE_PACKS") else None,
            deadman_url=environ.get("ALONGSIDE_DEADMAN_URL") or None,
            deadman_every_s=float(environ.get("ALONGSIDE_DEADMAN_EVERY_S") or 60),
            outbox_key=environ.get("ALONGSIDE_OUTBOX_KEY") or None,
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
    # By variable name, as they stand: handed on to the process that sends.
    messaging: Mapping[str, str]
    # A locality's own pathway packs; relative names are from where `alongside` was called.
    packs: Path | None = None
    # An outside watcher's address, which the canary pings while all is well.
    deadman_url: str | None = None
    # In place of the home's own, for one that was moved or whose key is being changed.
    outbox_key: str | None = None
    # The built pages, where they are not this checkout's own.
    pwa_dist: Path | None = None

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Surroundings":
        """Read ALONGSIDE_HOME, _TOOLS, _PACKS, _PWA_DIST, _DEADMAN_URL, PATH, DATABASE_URL (an admin's), CHROMIUM."""
        checkout = Path(__file__).resolve().parents[2]
        chromium = environ.get("CHROMIUM")
        return cls(
            home=Path(environ.get("ALONGSIDE_HOME") or checkout / ".alongside").resolve(),
            tools=Path(environ.get("ALONGSIDE_TOOLS") or checkout / ".alongside" / "debian").resolve(),
            path=environ.get("PATH", os.defpath),
            admin_url=environ.get("DATABASE_URL") or None,
            mqtt_url=environ.get("MQTT_URL") or None,
            chromium=Path(chromium) if chromium else None,
            messaging={name: environ[name] for name in MESSAGING.values() if environ.get(name)},
            packs=Path(environ["ALONGSIDE_PACKS"]).resolve() if environ.get("ALONGSIDE_PACKS") else None,
            deadman_url=environ.get("ALONGSIDE_DEADMAN_URL") or None,
            outbox_key=environ.get("ALONGSIDE_OUTBOX_KEY") or None,
            pwa_dist=Path(environ["ALONGSIDE_PWA_DIST"]).resolve()
            if environ.get("ALONGSIDE_PWA_DIST")
            else None,
        )
