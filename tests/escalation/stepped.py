"""A worker's ladder on a database of the test's own, whose clock the test steps."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

from backend.core.config import Messaging
from backend.core.db import db, plain_dsn, transaction
from backend.escalation.jobs import begin_early, climb, read_outcomes
from backend.escalation.service import LadderView, ladder_of
from backend.messages.jobs import deliver_due
from tests.alerts.people import own_app, run
from tests.conftest import Database
from tests.factories import Factory, Ref


@dataclass
class Stepped:
    """The worker, builders of people, and a clock."""

    database: Database
    worker: Flask
    make: Factory
    ahead: timedelta = field(default_factory=timedelta)

    def step(self, **more: float) -> None:
        """Let time pass for every process of this database."""
        self.ahead += timedelta(**more)
        admin = psycopg.connect(plain_dsn(self.database.server.admin_url()), autocommit=True)
        with admin:
            admin.execute(
                f"alter database {self.database.name} set alongside.clock_offset"
                f" to '{self.ahead.total_seconds()} seconds'"
            )
        admin.close()
        for app in (self.worker, self.make.app):
            with app.app_context():
                db.session.remove()
                db.engine.dispose()

    def tick(self) -> None:
        """One round of the worker's jobs: outcomes, early starts, what is due, and sending."""
        with self.worker.app_context():
            read_outcomes()
            begin_early()
            while climb():
                pass
            deliver_due()

    def settle(self) -> None:
        """As many rounds as it takes until a failed message has made its ladder go on as far as it goes."""
        for _ in range(8):
            self.tick()

    def settings(self, **told: Any) -> None:
        """How messages leave the house from now on."""
        self.worker.config["MESSAGING"] = Messaging(**told)

    def run(self, sql: str, **parameters: Any) -> list[Any]:
        """One statement as the owner of the tables."""
        return run(self.make.app, sql, **parameters)

    def contact(self, who: Ref, channel: str = "sms", address: str = "07700 900123") -> None:
        """Where a member of staff is reached."""
        self.run(
            "insert into practitioner_contact (practitioner_id, channel, address) values (:p, :c, :a)",
            p=who.id, c=channel, a=address,
        )  # fmt: skip

    def on_rota(self, team: Ref, who: Ref, role: str, hours: float = 48) -> None:
        """A duty from an hour ago on."""
        self.run(
            "insert into rota_shift (care_team_id, role, practitioner_id, valid) values (:t, :r, :p,"
            " tstzrange(db_now() - interval '1 hour', db_now() + :h * interval '1 hour'))",
            t=team.id, r=role, p=who.id, h=hours,
        )  # fmt: skip

    def raises(self, patient: Ref | None, team: Ref | None, **other: Any) -> int:
        """An alert that opens now, as the engine leaves it: due when its time to acknowledge is up."""
        seconds = other.pop("ack", 60)
        made = self.make.alert(patient, care_team_id=team.id if team else None, **other)
        self.run(
            "update alert set opened_at = db_now(), acknowledge_by = db_now() + :s * interval '1 second',"
            " rung_due_at = case when not is_canary then db_now() + :s * interval '1 second' end where id = :id",
            s=seconds, id=made.id,
        )  # fmt: skip
        return made.id

    def claimed(self, alert: int, by: Ref, contact_s: float) -> None:
        """Somebody has it: the second clock runs."""
        self.run(
            "update alert set owner_id = :o, claimed_at = db_now(),"
            " rung_due_at = db_now() + :s * interval '1 second' where id = :id",
            o=by.id, s=contact_s, id=alert,
        )  # fmt: skip

    def steps(self, alert: int) -> list[tuple[int, str, str, str]]:
        """What was tried: rung, place, channel, outcome."""
        rows = self.run("select * from escalation_step where alert_id = :id order by id", id=alert)
        return [(row.rung, row.place, row.channel, row.outcome) for row in rows]

    def due_in(self, alert: int) -> float | None:
        """Seconds until the next step."""
        (row,) = self.run(
            "select extract(epoch from rung_due_at - db_now()) as s from alert where id = :id", id=alert
        )
        return None if row.s is None else float(row.s)

    def view(self, alert: int) -> LadderView:
        """The ladder as a card shows it."""
        with self.worker.app_context(), transaction():
            return ladder_of([alert])[alert]

    def now(self) -> datetime:
        """The database's time."""
        at: datetime = self.run("select db_now() as at")[0].at
        return at

    def events(self, alert: int) -> Mapping[str, int]:
        """How often each kind of thing happened to an alert."""
        rows = self.run(
            "select kind, count(*) as n from alert_event where alert_id = :id group by kind", id=alert
        )
        return {row.kind: row.n for row in rows}


@contextmanager
def stepped(database: Database, home: Path) -> Iterator[Stepped]:
    """A worker app with a worker's rights, and an owner's for making people."""
    with ExitStack() as ends:
        worker = ends.enter_context(own_app(database, "al_worker", home))
        owner = ends.enter_context(own_app(database, "al_migrate", home))
        yield Stepped(database, worker, Factory(owner))
