"""A monitored person in few words: enrolled, on a team's list, with readings as the gateway leaves them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from backend.alerts.jobs import evaluate_new
from backend.core.db import database_app, db, transaction
from backend.observations.codes import Code
from backend.observations.reading import Special
from tests.conftest import Database
from tests.factories import Factory, Ref

_messages = count(1)


@dataclass(frozen=True)
class Monitored:
    """Somebody the rules judge, and the nurse whose list they are on."""

    app: Flask
    make: Factory
    patient: Ref
    team: Ref
    nurse: Ref

    def limit(self, code: Code, low: str | None, high: str | None) -> None:
        """A clinician's own range for this person."""
        self.run(
            "insert into alert_limit (patient_id, code, low, high, set_by)"
            " values (:p, :c, :l, :h, 'Dr Test')",
            p=self.patient.id, c=code.number, l=low and Decimal(low), h=high and Decimal(high),
        )  # fmt: skip

    def measures(
        self, value: str | Special | tuple[str, str], *, ago: float = 0, arrived: float | None = None,
        waits: bool = True,
    ) -> int:  # fmt: skip
        """An oxygen value, or a (systolic, diastolic) pair, `ago` minutes; it came `arrived` minutes ago."""
        pair = value if isinstance(value, tuple) else (value,)
        codes = (Code.SYSTOLIC, Code.DIASTOLIC) if isinstance(value, tuple) else (Code.SPO2,)
        return self.says(dict(zip(codes, pair, strict=True)), ago=ago, arrived=arrived, waits=waits)

    def says(
        self, values: Mapping[Code, str | Special], *, ago: float = 0, arrived: float | None = None,
        waits: bool = True, at: datetime | None = None,
    ) -> int:  # fmt: skip
        """Values of any codes in one message, measured `ago` minutes (or `at`); it came `arrived` minutes ago."""
        at = at or datetime.now(UTC) - timedelta(minutes=ago)
        received = datetime.now(UTC) - timedelta(minutes=ago if arrived is None else arrived)
        with self.app.app_context(), transaction():
            message: int = db.session.execute(text("select nextval('device_message_id')")).scalar_one()
            db.session.execute(
                text(
                    "insert into device_message (id, received_at, channel, device, message_id, payload)"
                    " values (:id, :received, 0, 'test', :name, '')"
                ),
                {"id": message, "received": received, "name": f"test-message-{next(_messages)}"},
            )
            for code, one in values.items():
                db.session.execute(
                    text(
                        "insert into observation (patient_id, code, effective_at, received_at, value,"
                        " special, device_message_id) values (:p, :c, :at, :received, :v, :s, :m)"
                    ),
                    {
                        "p": self.patient.id,
                        "c": code.number,
                        "at": at,
                        "received": received,
                        "m": message,
                        "v": None if isinstance(one, Special) else Decimal(one),
                        "s": one.value if isinstance(one, Special) else None,
                    },
                )
            if waits:
                db.session.execute(
                    text(
                        "insert into evaluation_wait (patient_id, codes, effective_from)"
                        " values (:p, cast(:c as smallint[]), :at)"
                    ),
                    {"p": self.patient.id, "c": [code.number for code in values], "at": at},
                )
        return message

    def snooze(self, rule: str, **snooze: Any) -> None:
        """What the desk writes when somebody snoozes an alert for an hour, with the time it was done."""
        self.run(
            "update alert set snoozed_until = db_now() + interval '1 hour', snooze = cast(:s as jsonb)"
            " || jsonb_build_object('at', db_now(), 'level', level)"
            " where patient_id = :p and rule = :r and closed_at is null",
            p=self.patient.id, r=rule, s=json.dumps(snooze),
        )  # fmt: skip

    def snoozed(self) -> list[str]:
        """Rules whose open alert is snoozed now."""
        rows = self.run(
            "select rule from alert where patient_id = :p and closed_at is null and snoozed_until > db_now()"
            " order by rule",
            p=self.patient.id,
        )
        return [row.rule for row in rows]

    def alerts(self) -> list[Any]:
        """Every alert of this person, oldest first."""
        return self.run("select * from alert where patient_id = :p order by id", p=self.patient.id)

    def waits(self) -> list[Any]:
        """The marks that make this person wait for the rules."""
        return self.run(
            "select *, not_before - effective_from as after from evaluation_wait where patient_id = :p",
            p=self.patient.id,
        )

    def events(self) -> list[str]:
        """What happened to this person's alerts, in order."""
        rows = self.run("select kind from alert_event where patient_id = :p order by id", p=self.patient.id)
        return [row.kind for row in rows]

    def told(self) -> list[tuple[str, str]]:
        """To whom which template was queued about this person."""
        rows = self.run(
            "select to_kind, template from communication where patient_id = :p order by id", p=self.patient.id
        )
        return [(row.to_kind, row.template) for row in rows]

    def run(self, sql: str, **parameters: Any) -> list[Any]:
        """One statement in a unit of work of its own."""
        return run(self.app, sql, **parameters)


@contextmanager
def own_app(database: Database, role: str, home: Path) -> Iterator[Flask]:
    """A database app of a role on a database of the test's own: it commits, and closes what it opened."""
    app = database_app(database.config(home, database_url=database.url(role)))
    yield app
    with app.app_context():
        db.engine.dispose()


def run(app: Flask, sql: str, **parameters: Any) -> list[Any]:
    """One statement in a unit of work of its own; its rows, if it has any."""
    with app.app_context(), transaction():
        result: Any = db.session.execute(text(sql), parameters)
        return list(result) if result.returns_rows else []


def judge(app: Flask) -> int:
    """One round of the worker's job."""
    with app.app_context():
        return evaluate_new()


def monitored(app: Flask, make: Factory, status: str = "live", **patient: Any) -> Monitored:
    """A person on COPD's pathway, with that status, on the list of a team with one nurse."""
    person = make.patient(**patient)
    nurse = make.practitioner()
    team = make.team([nurse], [person])
    make.enrolment(person, make.pathway("copd", {}), status)
    return Monitored(app, make, person, team, nurse)
