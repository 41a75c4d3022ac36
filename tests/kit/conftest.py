"""A team with a nurse and an installer, people they look after, and kit, for every test of this folder."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from backend.app import create_app
from backend.core.db import db
from backend.directory.models import Location
from backend.supervise.mosquitto import Mosquitto
from tests.browsing import Browser
from tests.conftest import Database
from tests.factories import Factory, Ref

Json = dict[str, Any]


class Desk:
    """Somebody of the team at the list of kit."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def read(self, kit: Ref | str) -> Json:
        """One piece whole."""
        answer = self.browser.get(f"/kit/{_id(kit)}")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        body: Json = answer.get_json()
        return body

    def send(self, kit: Ref | str, path: str, body: Json | None = None, version: int | None = None) -> Any:
        """Send a change at the version that stands, or at the one given."""
        seen = self.read(kit)["version"] if version is None else version
        return self.browser.post(f"/kit/{_id(kit)}{path}", body or {}, If_Match=f'W/"{seen}"')

    def do(self, kit: Ref | str, path: str, **body: Any) -> Json:
        """Send a change that has to succeed; `from_` for the word that Python keeps for itself."""
        answer = self.send(kit, path, {name.rstrip("_"): value for name, value in body.items()})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        done: Json = answer.get_json()
        return done


def _id(kit: Ref | str) -> str:
    return kit if isinstance(kit, str) else str(kit.public_id)


class House:
    """One team: its people, its nurse's and its installer's desk."""

    def __init__(self, make: Factory, browse: Callable[..., Browser]) -> None:
        self.make, self._browse = make, browse
        nurse, installer = make.practitioner(), make.practitioner(role="installer")
        self.people = [self.person(n) for n in range(3)]
        self.team = make.team([nurse, installer], self.people)
        self.nurse = Desk(browse(make.account(practitioner=nurse), "team"))
        self._installer = installer

    def person(self, number: int) -> Ref:
        """Somebody with an address."""
        place, _ = self.make._add(Location(line=f"{number} Test Row"))
        return self.make.patient(location_id=place)

    def installer(self) -> Desk:
        """The installer, signed in (which takes a while)."""
        return Desk(self._browse(self.make.account(practitioner=self._installer), "team"))

    def elsewhere(self) -> Ref:
        """Somebody on another team's list."""
        other = self.make.patient()
        self.make.team([self.make.practitioner()], [other])
        return other

    def give(self, kit: Ref, person: Ref, **more: Any) -> Json:
        """Give kit to somebody."""
        return self.nurse.do(kit, "/wearers", patient_id=str(person.public_id), **more)


@pytest.fixture
def house(make: Factory, browse: Callable[..., Browser]) -> House:
    """A team with three people."""
    return House(make, browse)


@pytest.fixture
def with_broker(app: Flask, mosquitto_broker: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> Mosquitto:
    """The app knows a real broker, and where devices reach it."""
    for name, value in {
        "MQTT_CONTROL_URL": mosquitto_broker.control_url(), "DEVICE_HOST": "localhost",
        "DEVICE_PORT": mosquitto_broker.tls_port, "DEVICE_CA": mosquitto_broker.ca_file,
    }.items():  # fmt: skip
        monkeypatch.setitem(app.config, name, value)
    return mosquitto_broker


def new_id() -> str:
    """A device id of this test alone: the broker is shared."""
    return f"kit-{uuid4().hex[:12]}"


@pytest.fixture
def racing(flow_database: Database, tmp_path: Path, mosquitto_broker: Mosquitto) -> Iterator[Flask]:
    """An app on a database of its own, where transactions of several threads meet."""
    app = create_app(
        flow_database.config(
            tmp_path, mqtt_control_url=mosquitto_broker.control_url(), device_host="localhost",
            device_port=mosquitto_broker.tls_port, device_ca=mosquitto_broker.ca_file,
        )
    )  # fmt: skip
    yield app
    with app.app_context():
        db.engine.dispose()


def together(many: int, what: Callable[[], object]) -> None:
    """Do one thing in so many threads at once."""
    gate = threading.Barrier(many)

    def run() -> None:
        gate.wait(60)
        what()

    threads = [threading.Thread(target=run) for _ in range(many)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 180
    for thread in threads:
        thread.join(max(0.1, end - time.monotonic()))
