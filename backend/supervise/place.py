"""Says where a home's servers are and how to sign in to them, for whoever starts programs or looks on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.core.config import Surroundings
from backend.supervise.home import Run
from backend.supervise.mosquitto import Mosquitto
from backend.supervise.named_broker import NamedBroker
from backend.supervise.postgres import Postgres


@dataclass(frozen=True)
class Place:
    """What every program needs to know: the home, its address, and how to sign in to database and broker."""

    home: Path
    port: int
    public_url: str
    demo: bool
    database: Callable[[str], str]
    broker: Callable[[str], str]
    control_url: str
    device_host: str = "localhost"
    device_port: int = 0
    device_ca: Path | None = None


def place_of(home: Path, run: Run) -> Place:
    """Return the place of a home that somebody else runs (with the same DATABASE_URL and MQTT_URL)."""
    around = Surroundings.from_environ()
    postgres = Postgres(home, around.admin_url)
    postgres.attach(run.ports.get("postgres", 0))
    broker: Mosquitto | NamedBroker
    if around.mqtt_url is not None:
        broker = NamedBroker(around.mqtt_url, home)
    else:
        broker = Mosquitto(home)
        broker.attach(run.ports.get("mqtt", 0))
    return Place(
        home=home,
        port=run.ports.get("app", 0),
        public_url=run.public_url,
        demo=run.demo,
        database=postgres.url,
        broker=broker.service_url,
        control_url=broker.control_url(),
        device_host=broker.device_host,
        device_port=run.ports.get("mqtts", 0),
        device_ca=broker.ca_file,
    )
