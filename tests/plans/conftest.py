"""Somebody with COPD, their carer and their team, each with a page of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.core.db import transaction
from backend.pathways import service as pathways
from backend.pathways.schedule import HOME, on
from tests.browsing import Browser
from tests.factories import Factory, Ref

Json = dict[str, Any]
RED: Json = {"signs": ["I cannot finish a sentence."], "do": ["Sit upright.", "Ring 999."], "call": "999"}
AMBER: Json = {"signs": ["More cough."], "do": ["Two puffs, rest."], "call": "The team on 01632 960100"}


@dataclass
class Page:
    """Somebody's page of one person's plan."""

    browser: Browser
    patient: Ref

    @property
    def at(self) -> str:
        """Where everything of this person is."""
        return f"/patients/{self.patient.public_id}"

    def plan(self) -> Json:
        """The plan as this reader sees it."""
        answer = self.browser.get(f"{self.at}/plan")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        body: Json = answer.get_json()
        return body

    def section(self, key: str) -> Json:
        """One section of it."""
        found: Json = next(one for one in self.plan()["sections"] if one["key"] == key)
        return found

    def history(self, which: str = "") -> list[Json]:
        """Every version, newest first; `which` as "section=red"."""
        rows: list[Json] = self.browser.get(f"{self.at}/plan/history?{which}").get_json()["rows"]
        return rows

    def put(self, path: str, body: Json, version: int | None = None, **headers: str) -> Any:
        """Send what was written, at a version when one was seen."""
        match = {} if version is None else {"If_Match": f'W/"{version}"'}
        return self.browser.put(f"{self.at}{path}", body, **match, **headers)

    def write(
        self, key: str, body: Json, version: int | None = None, status: int = 200, **headers: str
    ) -> Json:
        """Write a section, by default at the version that stands; has to answer `status`."""
        seen = self.section(key)["version"] if version is None else version
        answer = self.put(f"/plan/sections/{key}", {"body": body}, seen, **headers)
        assert answer.status_code == status, answer.get_data(as_text=True)
        said: Json = answer.get_json()
        return said

    def post(self, path: str, body: Json | None = None, version: int | None = None, **headers: str) -> Any:
        """Send a change."""
        match = {} if version is None else {"If_Match": f'W/"{version}"'}
        return self.browser.post(f"{self.at}{path}", body, **match, **headers)

    def agree(self, key: str, version: int | None = None, status: int = 200) -> Json:
        """Sign a section, by default the version that stands."""
        seen = self.section(key)["version"] if version is None else version
        answer = self.post(f"/plan/sections/{key}/agree", None, seen)
        assert answer.status_code == status, answer.get_data(as_text=True)
        said: Json = answer.get_json()
        return said

    def task(self, **said: Any) -> Json:
        """Something new to do."""
        answer = self.put(f"/todo/{uuid4()}", {"text": "Walk to the gate"} | said)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        made: Json = answer.get_json()
        return made

    def tick(self, task: Json, day: str, time: str | None = None, done: bool = True, **said: Any) -> Any:
        """Say that it was done."""
        return self.post(f"/todo/{task['id']}/ticks", {"day": day, "time": time, "done": done} | said)


@dataclass
class Circle:
    """A person and those around them."""

    person: Page
    carer: Page
    nurse: Page
    lead: Page
    patient: Ref
    other: Page

    def agreed(self, key: str = "red", body: Json = RED) -> Json:
        """A section that both have signed."""
        self.person.write(key, body)
        return self.lead.agree(key)


@pytest.fixture
def circle(app: Flask, make: Factory, browse: Callable[..., Browser]) -> Circle:
    """Somebody on the COPD pathway, live, with a carer who may see and write the plan."""
    with app.app_context(), transaction():
        pathways.load_packs()
        copd = pathways.newest_versions()["copd"]
    patient = make.patient()
    nurse, lead = make.practitioner(), make.practitioner(role="clinician", display_name="Dr Lead")
    make.team(members=[nurse, lead], patients=[patient])
    make.enrolment(patient, Ref(copd, uuid4()))
    carer, other = make.carer(display_name="Sam Helper"), make.carer()
    make.proxy_consent(patient, carer, ["readings", "plan"])
    make.proxy_consent(patient, other, ["readings", "alerts"])

    def page(account: str, audience: str = "person") -> Page:
        return Page(browse(account, audience), patient)

    return Circle(
        page(make.account(patient=patient)), page(make.account(carer=carer)),
        page(make.account(practitioner=nurse), "team"), page(make.account(practitioner=lead), "team"), patient,
        page(make.account(carer=other)),
    )  # fmt: skip


@pytest.fixture
def step_to(connection: Connection) -> Callable[..., datetime]:
    """Set this test's database clock to a time on the wall of tomorrow, or `days` later; answers that moment in UTC.

    Who is signed in stays so.
    """
    begun = datetime.now(HOME).date() + timedelta(days=1)

    def step(at: time, days: int = 0) -> datetime:
        moment = on(begun + timedelta(days=days), at)
        by = f"{(moment - datetime.now(UTC)).total_seconds()} seconds"
        connection.execute(
            text(
                "update sign_in_session set last_seen_at = clock_timestamp() + cast(:by as interval),"
                " expires_at = clock_timestamp() + cast(:by as interval) + interval '1 day'"
            ),
            {"by": by},
        )
        connection.execute(text("select set_config('alongside.clock_offset', :by, true)"), {"by": by})
        return moment

    return step
