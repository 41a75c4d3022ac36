"""What the gateway remembers of who wears what is what the database would answer, whatever has changed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from backend.core.config import Config
from backend.core.db import database_app, db, transaction
from backend.devices.service import Wearer, Wearing, wearers
from tests.device_gateway.rig import World

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
# Bounds of every kind, with times that do not fall on whole seconds.
RANGES = (
    "[2026-06-01 12:00:00Z,2026-06-02 12:00:00.000001Z)", "(2026-06-02 12:00:00.000001Z,2026-06-03 12:00:00Z]",
    "[2026-06-04,infinity)", "(,2025-01-01]", "[-infinity,2025-06-01)",
)  # fmt: skip
MOMENTS = [
    at + apart
    for at in (
        NOON, NOON + timedelta(days=1, microseconds=1), NOON + timedelta(days=2), NOON + timedelta(days=3),
        datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2099, 1, 1, tzinfo=UTC),
    )
    for apart in (-TICK, timedelta(), TICK)
]  # fmt: skip

Ask = Callable[[Wearing | None, list[tuple[str, datetime, int]]], list[Wearer]]


@pytest.fixture
def ask(world: World, tmp_path: Path) -> Iterator[Ask]:
    """Asks as a gateway does, in a transaction of its own; without a memory: by query."""
    config = Config.from_environ({"DATABASE_URL": world.gateway_url, "ALONGSIDE_HOME": str(tmp_path)})
    app: Flask = database_app(config, pool_size=1)

    def asked(memory: Wearing | None, questions: list[tuple[str, datetime, int]]) -> list[Wearer]:
        with app.app_context(), transaction():
            return wearers(questions) if memory is None else memory.wearers(questions)

    yield asked
    with app.app_context():
        db.engine.dispose()


def test_every_bound_of_a_binding_and_of_a_consent_is_remembered_as_it_is(world: World, ask: Ask) -> None:
    questions = []
    for slot, ranges in ((0, RANGES[:3]), (2, RANGES[3:4]), (3, RANGES[4:])):
        device = world.device()
        for valid in ranges:
            patient = world.patient(consent=None)
            for consent in RANGES:
                world.db.execute(
                    "insert into consent (patient_id, kind, valid) values (%s, 'monitoring', %s)",
                    (patient, consent),
                )
            world.bind(device, patient, valid, slot)
        questions += [(device, at, one) for at in MOMENTS for one in (slot, 1, -1)]
    world.db.execute("update device set revoked_at = now() where device_id = %s", (questions[-1][0],))
    shared = world.device()
    for slot, valid in ((0, "[2020-01-01,)"), (1, "[2026-06-01 12:00:00Z,2026-06-02)")):
        world.bind(shared, world.patient(), valid, slot)
    questions += [(shared, at, slot) for at in MOMENTS for slot in (-1, -2, 0, 1)]
    questions += [("nobody-knows-it", NOON, 0), ("nobody-knows-it", NOON, -1)]
    questions += [("No Device", NOON, 0), (world.device(), NOON, 0)]
    memory = Wearing()
    assert ask(memory, questions) == ask(None, questions)
    assert ask(memory, questions) == ask(None, questions)
    assert len(set(ask(None, questions))) > 8


CHANGES = {
    "bound": "insert into device_association (device_id, patient_id, valid, slot)"
    " select d.id, %(other)s, '[2020-01-01,)', 1 from device d where d.device_id = %(device)s",
    "given to another": "update device_association set patient_id = %(other)s where patient_id = %(patient)s",
    "ended": "update device_association set valid = '[2020-01-01,2021-01-01)' where patient_id = %(patient)s",
    "taken away": "delete from device_association where patient_id = %(patient)s",
    "agreement withdrawn": "update consent set revoked_at = now() where patient_id = %(patient)s",
    "agreement ended": "update consent set valid = '[2020-01-01,2021-01-01)' where patient_id = %(patient)s",
    "agreement deleted": "delete from consent where patient_id = %(patient)s",
    "put out": "update device set revoked_at = now() where device_id = %(device)s",
    "renamed": "update device set device_id = %(device)s || '-old' where device_id = %(device)s",
}  # fmt: skip


@pytest.mark.parametrize("sql", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_counts_from_its_commit_on_and_not_before(world: World, ask: Ask, sql: str) -> None:
    (device, patient), other = world.worn(), world.patient()
    questions = [(device, NOON, 0), (device, NOON, 1)]
    memory = Wearing()
    before = ask(memory, questions)
    assert before[0].patient_id == patient
    with psycopg.connect(world.owner_dsn) as desk:
        desk.execute(sql, {"device": device, "patient": patient, "other": other})
        assert ask(memory, questions) == before
        desk.commit()
        after = ask(memory, questions)
        assert after == ask(None, questions) != before
        desk.execute("update device_association set patient_id = %s where patient_id = %s", (patient, other))
        desk.rollback()
    assert ask(memory, questions) == after


def test_a_device_registered_after_it_was_first_heard_is_known_at_once(world: World, ask: Ask) -> None:
    memory, device = Wearing(), f"late-{datetime.now(UTC):%H%M%S%f}"
    assert ask(memory, [(device, NOON, 0)]) == [Wearer(None, None, None, False)]
    world.db.execute("insert into device (device_id, kind) values (%s, 'scale')", (device,))
    assert ask(memory, [(device, NOON, 0)])[0].device_row_id is not None


def test_a_fleet_changed_in_one_transaction_counts_once(world: World) -> None:
    before = world.one("select epoch from binding_epoch")
    with psycopg.connect(world.owner_dsn) as desk:
        for _ in range(3):
            desk.execute(
                "insert into consent (patient_id, kind, valid)"
                " select %s, 'monitoring', '[2020-01-01,)' from generate_series(1, 500)",
                (world.patient(consent=None),),
            )
    # Three people are registered beside, none of them with a consent of theirs.
    assert world.one("select epoch from binding_epoch") == before + 1
