"""The doors: what opens, what stays shut, what is written of both, and saving without loss."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.access.record import Action, Purpose, Record, RecordRefused, open_panel, open_record
from backend.audit.service import broken
from backend.core.db import db, transaction
from backend.core.errors import Conflict, Invalid, NotAllowed, NotFound
from backend.core.http import ANONYMOUS, Actor
from backend.devices.models import DeviceAssociation
from tests.factories import Factory, Ref, ended, since


def patient_actor(patient: Ref) -> Actor:
    return Actor("patient", patient.public_id, 1, patient_id=patient.id)


def nurse_actor(nurse: Ref) -> Actor:
    return Actor("practitioner", nurse.public_id, 1, practitioner_id=nurse.id)


def trail(connection: Connection, patient: Ref) -> list[tuple[str, str, str, str]]:
    rows = connection.execute(
        text(
            "select action, outcome, purpose, detail ->> 'rule' as rule from audit_event"
            " where entity_id = :id order by at"
        ),
        {"id": str(patient.public_id)},
    )
    return [(row.action, row.outcome, row.purpose, row.rule) for row in rows]


def test_an_opened_record_carries_the_patient_and_is_audited(
    app: Flask, make: Factory, connection: Connection
) -> None:
    patient = make.patient()
    with app.app_context(), transaction():
        record = open_record(patient_actor(patient), patient.public_id, Purpose.PATRQT)
        assert (record.patient.id, record.patient.display_name) == (patient.id, patient.name)
        assert record.may(Action.READ_ALERTS)
        assert not record.may(Action.ACT_ON_ALERT)
    assert trail(connection, patient) == [("read-readings", "success", "PATRQT", "self")]


def test_a_refusal_stays_written_when_the_caller_rolls_back(
    app: Flask, make: Factory, connection: Connection
) -> None:
    patient, other = make.patient(), make.patient()
    with app.app_context(), pytest.raises(RecordRefused), transaction():
        open_record(patient_actor(other), patient.public_id, Purpose.PATRQT)
    assert trail(connection, patient) == [("read-readings", "refused", "PATRQT", "not-self")]


def test_many_refusals_beside_an_open_record_never_wait_for_themselves(
    app: Flask, make: Factory, connection: Connection
) -> None:
    # Each refusal takes another server process; one in eight would share the shard this transaction holds.
    patient, other = make.patient(), make.patient()
    with app.app_context(), transaction():
        open_record(patient_actor(other), other.public_id, Purpose.PATRQT)
        for _ in range(20):
            with pytest.raises(RecordRefused):
                open_record(patient_actor(other), patient.public_id, Purpose.PATRQT)
    assert len(trail(connection, patient)) == 20
    with app.app_context():
        assert broken() == []


def test_a_record_that_is_not_there_is_refused_in_the_same_words(app: Flask, make: Factory) -> None:
    patient, other = make.patient(), make.patient()
    bodies = []
    for wanted in (patient.public_id, uuid4()):
        with app.app_context(), pytest.raises(RecordRefused) as refused, transaction():
            open_record(patient_actor(other), wanted, Purpose.PATRQT)
        bodies.append(refused.value.body())
    assert bodies[0] == bodies[1]
    assert (bodies[0]["status"], bodies[0]["kind"]) == (404, "not-found")
    assert isinstance(refused.value, NotAllowed)


def test_a_panel_holds_the_people_on_the_caseloads_of_now_and_nobody_else(app: Flask, make: Factory) -> None:
    nurse, mine, former, others = make.practitioner(), make.patient(), make.patient(), make.patient()
    canary = make.patient(is_canary=True)
    team = make.team([nurse], [mine, canary])
    make.caseload(team, former, ended())
    make.team([make.practitioner()], [others])
    with app.app_context(), transaction():
        panel = open_panel(nurse_actor(nurse))
        assert set(panel.patients) == {mine.id}
        assert panel.public_ids == {mine.public_id}
        assert (panel.practitioner.id, panel.team.name, panel.watches_canary) == (nurse.id, team.name, False)


def test_the_canarys_watcher_sees_the_canary_and_nobody_else(app: Flask, make: Factory) -> None:
    watcher, person, canary = (
        make.practitioner("canary-watcher"),
        make.patient(),
        make.patient(is_canary=True),
    )
    make.team([watcher], [person, canary])
    with app.app_context(), transaction():
        panel = open_panel(nurse_actor(watcher))
        assert (set(panel.patients), panel.watches_canary) == ({canary.id}, True)


@pytest.mark.parametrize("who", ["nobody", "patient", "teamless", "former member"])
def test_a_panel_stays_shut_for_whoever_is_in_no_team_now(app: Flask, make: Factory, who: str) -> None:
    nurse = make.practitioner()
    if who == "former member":
        make.membership(make.team(), nurse, ended())
    actor = {"nobody": ANONYMOUS, "patient": patient_actor(make.patient())}.get(who, nurse_actor(nurse))
    with app.app_context(), pytest.raises(NotAllowed), transaction():
        open_panel(actor)


@pytest.fixture
def worn(make: Factory) -> tuple[Ref, Ref]:
    """A patient and a device nobody wears."""
    return make.patient(), make.device()


@contextmanager
def opened(app: Flask, patient: Ref) -> Iterator[Record]:
    with app.app_context(), transaction():
        yield open_record(patient_actor(patient), patient.public_id, Purpose.PATRQT)


def association(device: Ref) -> DeviceAssociation:
    return DeviceAssociation(device_id=device.id, slot=0, valid=since())


def create(app: Flask, patient: Ref, device: Ref, change: UUID) -> UUID:
    with opened(app, patient) as record:
        return record.save(association(device), if_version=None, change_id=change).public_id


def test_a_new_row_begins_at_version_one_and_belongs_to_the_patient(
    app: Flask, worn: tuple[Ref, Ref]
) -> None:
    patient, device = worn
    made = create(app, patient, device, uuid4())
    with opened(app, patient) as record:
        row = record.get(DeviceAssociation, made)
        assert (row.patient_id, row.version) == (patient.id, 1)
        assert [one.public_id for one in record.list(DeviceAssociation)] == [made]


def test_the_same_change_again_answers_with_the_row_as_it_now_is(app: Flask, worn: tuple[Ref, Ref]) -> None:
    patient, device = worn
    change = uuid4()
    made = create(app, patient, device, change)
    assert create(app, patient, device, change) == made
    edit = uuid4()
    for _ in range(2):
        with opened(app, patient) as record:
            row = record.get(DeviceAssociation, made)
            row.slot = 1
            assert record.save(row, if_version=1, change_id=edit).version == 2
    with opened(app, patient) as record:
        assert len(record.list(DeviceAssociation)) == 1
        assert record.get(DeviceAssociation, made).slot == 1


def test_whoever_is_second_learns_what_stands_and_overwrites_nothing(
    app: Flask, worn: tuple[Ref, Ref]
) -> None:
    patient, device = worn
    made = create(app, patient, device, uuid4())
    with opened(app, patient) as record:
        row = record.get(DeviceAssociation, made)
        row.slot = 1
        record.save(row, if_version=1, change_id=uuid4())
    with opened(app, patient) as record:
        row = record.get(DeviceAssociation, made)
        row.slot = 2
        with pytest.raises(Conflict) as conflict:
            record.save(row, if_version=1, change_id=uuid4(), describe=lambda stands: {"slot": stands.slot})
    assert (conflict.value.status, conflict.value.current) == (412, {"slot": 1})
    with opened(app, patient) as record:
        assert record.get(DeviceAssociation, made).slot == 1


def test_a_change_id_used_for_another_patients_change_is_refused(
    app: Flask, make: Factory, worn: tuple[Ref, Ref]
) -> None:
    patient, device = worn
    change = uuid4()
    create(app, patient, device, change)
    with pytest.raises(Invalid):
        create(app, make.patient(), make.device(), change)


def test_another_patients_row_is_not_found_through_this_record(
    app: Flask, make: Factory, worn: tuple[Ref, Ref]
) -> None:
    patient, device = worn
    made = create(app, patient, device, uuid4())
    with pytest.raises(NotFound), opened(app, make.patient()) as record:
        record.get(DeviceAssociation, made)


def test_a_save_is_audited_with_the_version_it_made(
    app: Flask, worn: tuple[Ref, Ref], connection: Connection
) -> None:
    patient, device = worn
    made = create(app, patient, device, uuid4())
    row = connection.execute(
        text("select action, patient_id, detail from audit_event where entity_id = :id"), {"id": str(made)}
    ).one()
    assert (row.action, row.patient_id, row.detail) == ("create", patient.id, {"version": 1})
    with app.app_context():
        assert db.session.execute(text("select count(*) from change")).scalar_one() == 1
