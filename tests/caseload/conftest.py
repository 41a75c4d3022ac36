"""A team whose members have roles, and somebody who adds a person step by step."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.alerts.service import raise_alarm
from backend.core.db import transaction
from backend.observations.reading import Alarm, AlarmKind, Phase
from backend.pathways import service as pathways
from tests.browsing import Browser
from tests.factories import Factory, Ref, nhs_number

Json = dict[str, Any]

IDENTITY: Json = {
    "nhs_number": nhs_number(1), "given_name": "Test", "family_name": "Joiner", "birth_date": "1950-02-03",
    "gender": "female", "phone": "01632 960002", "second_phone": None, "address": "9 Test Row",
    "postcode": None, "gp_ods_code": None, "checked_by": "document",
}  # fmt: skip
CONTACTS: Json = {
    "lives_alone": True, "key_safe_reference": "KS-9",
    "contacts": [
        {"relation": "next-of-kin", "name": "Next Kin", "phone": "07700 900301", "tell": True},
        {"relation": "key-holder", "name": "Key Holder", "phone": "07700 900302", "tell": False},
    ],
}  # fmt: skip
NEEDS: Json = {"language": "cy", "interpreter": True, "hearing": "Loud, left ear", "rescue_pack": True}
PROXY: Json = {
    "name": "Act For", "phone": None, "basis": "lpa-health-and-welfare", "decision": "Being monitored",
    "evidence": "Registered LPA seen", "granted_by": "The person", "review_on": "2027-11-01",
    "scopes": ["readings", "alerts"],
}  # fmt: skip
CAPACITY: Json = {
    "decision": "Being monitored", "outcome": "lacks", "evidence": "Could not weigh it",
    "assessed_by": "A doctor", "assessed_on": "2026-10-01", "review_on": "2099-05-01",
}  # fmt: skip
CONSENT: Json = {"monitoring": True, "how": "spoken", "capacity": None, "proxies": []}
FACTS: Json = {"home_oxygen": True, "oxygen_litres": "1.5", "usual_spo2": "90"}
TARGET: Json = {"code": "spo2", "low": "88", "high": "92", "reason": "Agreed in clinic"}
STEPS: Json = {
    "identity": IDENTITY, "contacts": CONTACTS, "needs": NEEDS, "consent": CONSENT, "facts": FACTS,
    "pathways": {"pathways": ["copd"], "limits": [TARGET]},
}  # fmt: skip


class Desk:
    """Somebody of the team, who sends changes at the version that stands."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def send(self, path: str, body: Json | None = None, version: int | None = None) -> Any:
        """A change; `version` when it needs one."""
        match = {} if version is None else {"If_Match": f'W/"{version}"'}
        return self.browser.post(path, body or {}, **match)

    def read(self, path: str) -> Json:
        """What stands at an address."""
        answer = self.browser.get(path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        body: Json = answer.get_json()
        return body

    def care(self, patient: Ref | str) -> Json:
        """One person's care."""
        return self.read(f"/patients/{_id(patient)}/care")

    def change(self, patient: Ref | str, path: str, body: Json | None = None, status: int = 200) -> Json:
        """A change of somebody's care, which has to answer `status`."""
        version = self.care(patient)["version"]
        answer = self.send(f"/patients/{_id(patient)}{path}", body, version)
        assert answer.status_code == status, answer.get_data(as_text=True)
        done: Json = answer.get_json()
        return done

    def start(self) -> Json:
        """A new draft."""
        answer = self.send("/joinings")
        assert answer.status_code == 201, answer.get_data(as_text=True)
        body: Json = answer.get_json()
        return body

    def step(self, draft: Json, path: str, body: Json | None = None, status: int = 200) -> Json:
        """One step of a draft, at the version that stands."""
        version = self.read(f"/joinings/{draft['id']}")["version"]
        answer = self.send(f"/joinings/{draft['id']}/{path}", body, version)
        assert answer.status_code == status, answer.get_data(as_text=True)
        done: Json = answer.get_json()
        return done

    def fill(self, draft: Json, **other: Json) -> Json:
        """Every step; `other` replaces one."""
        for step, body in STEPS.items():
            draft = self.step(draft, step, other.get(step, body))
        return draft

    def join(self, **other: Json) -> Json:
        """Somebody registered; `other` replaces a step."""
        return self.step(self.fill(self.start(), **other), "register")


def _id(patient: Ref | str) -> str:
    return patient if isinstance(patient, str) else str(patient.public_id)


class House:
    """One team with somebody of each role."""

    def __init__(self, make: Factory, browse: Callable[..., Browser]) -> None:
        self.make, self._browse = make, browse
        self.team = make.team()
        self._desks: dict[str, Desk] = {}

    def desk(self, role: str = "nurse", another: bool = False) -> Desk:
        """Somebody of this role, signed in; `another` for a second one."""
        key = role + "+" * another
        if key not in self._desks:
            person = self.make.practitioner(role=role)
            if role != "administrator":
                self.make.membership(self.team, person)
            self._desks[key] = Desk(self._browse(self.make.account(practitioner=person), "team"))
        return self._desks[key]

    def patient(self, pathway: str = "hypertension", status: str = "live", **other: Any) -> Ref:
        """Somebody on the caseload and on a pathway, who agreed to be monitored."""
        patient = self.make.patient(**other)
        self.make.caseload(self.team, patient)
        self.make.monitoring_consent(patient)
        self.make.enrolment(patient, self.make.pathway(pathway), status)
        return patient


@pytest.fixture
def house(make: Factory, browse: Callable[..., Browser], app: Flask) -> House:
    """A team, and the shipped pathways."""
    with app.app_context(), transaction():
        pathways.load_packs()
    return House(make, browse)


@pytest.fixture
def nurse(house: House) -> Desk:
    """A nurse of the team."""
    return house.desk()


@pytest.fixture
def step_time(connection: Connection) -> Callable[[str], None]:
    """Set this test's database clock so far ahead: `step_time("8 days")`. Who is signed in stays so."""

    def step(by: str) -> None:
        connection.execute(
            text(
                "update sign_in_session set last_seen_at = clock_timestamp() + cast(:by as interval),"
                " expires_at = clock_timestamp() + cast(:by as interval) + interval '1 day'"
            ),
            {"by": by},
        )
        connection.execute(text("select set_config('alongside.clock_offset', :by, true)"), {"by": by})

    return step


def ahead(**time: float) -> str:
    """A time to come, as JSON has it."""
    return (datetime.now(UTC) + timedelta(**time)).isoformat()


def press(app: Flask, kit: Ref, patient: Ref | None) -> None:
    """A press of a pendant, as the gateway hands it on."""
    alarm = Alarm(
        f"alarm-{uuid4().hex}", Phase.RAISE, AlarmKind.SOS, None, datetime.now(UTC), kit.name, message_id="m"
    )
    with app.app_context(), transaction():
        raise_alarm(alarm, kit.id, patient.id if patient else None)
