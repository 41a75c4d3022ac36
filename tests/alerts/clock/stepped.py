"""Steps the database's clock for a test, and puts somebody on a shipped pathway in few words."""

from datetime import datetime, timedelta
from typing import Any

import yaml
from flask import Flask

from backend.alerts.clock_jobs import sweep_protection, sweep_readings, sweep_signs
from backend.observations.codes import Code
from backend.pathways import service as pathways
from tests.alerts.people import Monitored, run
from tests.factories import Factory

PACKS = {path.stem: yaml.safe_load(path.read_text()) for path in pathways.PACKS.glob("*.yaml")}


def on_pathway(app: Flask, make: Factory, *names: str, status: str = "live", **patient: Any) -> Monitored:
    """A person on shipped pathways from now on, on the list of a team with one nurse."""
    person = make.patient(**patient)
    nurse = make.practitioner()
    team = make.team([nurse], [person])
    for name in names:
        make.enrolment(person, make.pathway(name, PACKS[name]), status)
    return Monitored(app, make, person, team, nurse)


def now(app: Flask) -> datetime:
    """The time by the database's clock."""
    found: datetime = run(app, "select db_now() as now")[0].now
    return found


def step_to(app: Flask, at: datetime) -> None:
    """Set the database's clock; back again when the test's transaction ends."""
    run(
        app,
        "select set_config('alongside.clock_offset',"
        " cast(cast(:at as timestamptz) - clock_timestamp() as text), false)",
        at=at,
    )


def step(app: Flask, **by: float) -> datetime:
    """Move the database's clock on."""
    at = now(app) + timedelta(**by)
    step_to(app, at)
    return at


def readings(app: Flask) -> None:
    """One round of what is due and what was missed, as the worker makes it until nothing is left."""
    with app.app_context():
        while sweep_readings():
            pass


def signs(app: Flask) -> None:
    """One round of who gives no sign."""
    with app.app_context():
        while sweep_signs():
            pass


def protection(app: Flask) -> None:
    """One round of who cannot call for help, and who fell again."""
    with app.app_context():
        sweep_protection()


def states(person: Monitored) -> list[tuple[str, str]]:
    """Kind and state of everything that has been due for a person so far, in order."""
    rows = person.run(
        "select kind, state from reading_due where patient_id = :p and due_at <= db_now() order by due_at, kind",
        p=person.patient.id,
    )
    return [(row.kind, row.state) for row in rows]


def takes(person: Monitored, code: Code, value: str, at: datetime | None = None) -> None:
    """A value in the record, by default measured at the database's now."""
    person.make.reading(person.patient, code, value, at or now(person.app))
