"""A nurse at her desk with two people, kit that nobody wears, and messages as the gateway leaves them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml
from flask import Flask
from sqlalchemy import Connection, text

from backend.pathways.service import PACKS
from device_gateway.arrival import Arrived
from device_gateway.ingest import Ingest
from device_gateway.replay import replay_waiting
from tests.browsing import Browser
from tests.device_gateway.rig import Json, message_id
from tests.factories import Factory, Ref

Rows = list[tuple[Any, ...]]


@dataclass
class Desk:
    """Who sits there and whom they look after; `rose` and `fern` are on the list and agreed to monitoring."""

    app: Flask
    make: Factory
    connection: Connection
    nurse: Ref
    browser: Browser
    rose: Ref
    fern: Ref

    def sends(
        self, device: Ref, value: float = 91, *, ago: float = 5, came: float | None = None, **more: Any
    ) -> Json:
        """An oxygen value of `ago` minutes that came `came` minutes ago, as the gateway takes it in."""
        taken = datetime.now(UTC) - timedelta(minutes=ago)
        body: Json = {
            "v": 1, "id": message_id(), "boot": "b1", "seq": 0, "clock": {"src": "ntp"},
            "taken": taken.isoformat(), "m": [{"k": "spo2", "val": value, "u": "%"}], **more,
        }  # fmt: skip
        self.brings(device, body, ago if came is None else came)
        return body

    def brings(self, device: Ref, body: Json | bytes, came: float = 0) -> None:
        """The gateway takes this message of `came` minutes ago in."""
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = datetime.now(UTC) - timedelta(minutes=came)
        with self.app.app_context():
            Ingest().handle([Arrived(f"al/v1/{device.name}/up/obs", payload, at)])

    def gateway_replays(self) -> int:
        """The gateway's thread comes round once."""
        with self.app.app_context():
            return replay_waiting()

    def held(self, **query: str) -> list[Json]:
        """The list as the page has it."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        rows: list[Json] = self.ok("GET", f"/quarantine?{asked}")["rows"]
        return rows

    def only(self) -> str:
        """The id of the one message that is held."""
        (row,) = self.held()
        return str(row["id"])

    def gives(self, message: str, person: Ref, reason: str = "She told me it was hers") -> Json:
        """Say whose it is and let the gateway come round; answers the progress after it."""
        asked = self.ok(
            "POST",
            f"/quarantine/{message}/attribution",
            {"patient_id": str(person.public_id), "reason": reason},
        )
        self.gateway_replays()
        return self.ok("GET", f"/quarantine/replays/{asked['id']}")

    def undo_of(self, message: str) -> str:
        """The correction of a message that can be undone."""
        tries = self.ok("GET", f"/quarantine/{message}")["tries"]
        return next(str(one["correction"]) for one in tries if one["correction"])

    def undoes(self, correction: str, reason: str = "It was her sister's") -> Json:
        """Take a correction back."""
        return self.ok("POST", f"/corrections/{correction}/undo", {"reason": reason})

    def watches(self, person: Ref, low: str, high: str) -> None:
        """The rules judge this person's oxygen by a target of their own."""
        body = yaml.safe_load((PACKS / "copd.yaml").read_text())
        self.make.enrolment(person, self.make.pathway("copd", body))
        self.connection.execute(
            text(
                "insert into alert_limit (patient_id, code, low, high, set_by) values (:p, 5, :l, :h, 'Dr Test')"
            ),
            {"p": person.id, "l": low, "h": high},
        )

    def alerts_of(self, person: Ref) -> list[Json]:
        """Somebody's alerts as the team's page has them."""
        found: list[Json] = self.ok("GET", f"/patients/{person.public_id}/record")["alerts"]
        return found

    def phone_of(self, person: Ref) -> Browser:
        """The person's own phone."""
        phone = Browser(self.app)
        assert phone.sign_in(self.make.account(patient=person)).status_code == 200
        return phone

    def ok(self, method: str, path: str, body: object = None) -> Json:
        """Ask, and fail with what was answered when it is no success."""
        answer = self.browser.get(path) if method == "GET" else self.browser.post(path, body)
        assert answer.status_code in (200, 204), answer.get_data(as_text=True)
        found: Json = answer.get_json(silent=True) or {}
        return found

    def rows(self, question: str, **values: object) -> Rows:
        """Ask the database."""
        return [tuple(row) for row in self.connection.execute(text(question), values)]

    def record_of(self, person: Ref) -> tuple[list[Json], list[Json], Rows]:
        """What reads back of somebody's record: points of the chart, tiles of the page, the newest values."""
        points = self.ok("GET", f"/patients/{person.public_id}/series?kind=spo2&days=14")["points"]
        tiles = self.ok("GET", f"/patients/{person.public_id}/record")["latest"]
        newest = self.rows("select * from latest where patient_id = :id order by code", id=person.id)
        # Ages grow by themselves.
        for tile in tiles:
            tile.pop("age_s")
        return points, tiles, newest


Seat = Callable[..., Desk]
