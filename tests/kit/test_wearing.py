"""Who has kit from when to when: half-open, one at a time, and never at the price of a reading that crosses."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import Range

from backend.core.db import transaction
from backend.core.errors import Conflict
from backend.core.http import Actor
from backend.kit import wearing
from backend.observations.codes import Code
from tests.factories import Factory, Ref
from tests.kit.conftest import House, together

Json = dict[str, Any]


def at(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


def reading(make: Factory, kit: Ref, person: Ref, **ago: float) -> None:
    """One value of this person by this kit in the record."""
    make.reading(person, Code.SPO2, "96", datetime.now(UTC) - timedelta(**ago), device_id=kit.id)


def worn(house: House, kit: Ref, person: Ref, *, days: float = 10) -> Json:
    """The binding of somebody who has had it for so many days."""
    house.make.wears(person, kit, Range(datetime.now(UTC) - timedelta(days=days), None))
    found: Json = house.nurse.read(kit)["wearers"][0]
    return found


def test_a_slot_has_one_wearer_at_a_time(house: House) -> None:
    kit, first, second = house.make.device(), *house.people[:2]
    house.give(kit, first)
    answer = house.nurse.send(kit, "/wearers", {"patient_id": str(second.public_id)})
    assert (answer.status_code, answer.get_json()["code"]) == (412, "slot-taken")
    assert str(first.public_id) not in answer.get_data(as_text=True)


def test_users_of_a_shared_device_have_slots_with_names(house: House) -> None:
    kit, first, second = house.make.device("scale"), *house.people[:2]
    house.nurse.do(kit, "/facts", slot_names=["Ash", "Oak"])
    house.give(kit, first, slot=0)
    both = house.give(kit, second, slot=1)
    assert [(one["slot"], one["slot_name"]) for one in both["wearers"]] == [(0, "Ash"), (1, "Oak")]
    third = house.nurse.send(kit, "/wearers", {"patient_id": str(second.public_id), "slot": 2})
    assert (third.status_code, third.get_json()["code"]) == (422, "slot")


def test_kit_is_not_given_from_a_time_to_come(house: House) -> None:
    body = {"patient_id": str(house.people[0].public_id), "from": at(days=-1)}
    answer = house.nurse.send(house.make.device(), "/wearers", body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "from-in-future")


def test_a_changed_date_that_would_strand_readings_is_asked_about_and_never_silent(house: House) -> None:
    kit, person = house.make.device(), house.people[0]
    binding = worn(house, kit, person)
    for days in (1, 2, 5):
        reading(house.make, kit, person, days=days)
    path, body = f"/wearers/{binding['id']}/dates", {"from": binding["from"], "until": at(days=3)}
    asked = house.nurse.send(kit, path, body, binding["version"])
    assert (asked.status_code, asked.get_json()["code"]) == (412, "readings-stranded")
    assert asked.get_json()["current"]["count"] == 2
    assert house.nurse.read(kit)["wearers"][0]["until"] is None
    kept = house.nurse.send(kit, path, body | {"readings": "keep"}, binding["version"])
    assert (kept.status_code, kept.get_json()["wearers"]) == (200, [])
    assert kept.get_json()["history"][0]["kind"] == "dates"


def test_an_earlier_beginning_does_not_take_readings_of_the_one_before(house: House) -> None:
    kit, first, second = house.make.device(), *house.people[:2]
    binding = worn(house, kit, first)
    reading(house.make, kit, first, days=1)
    end = f"/wearers/{binding['id']}/end"
    body = {"at": at(days=3)}
    assert house.nurse.send(kit, end, body, 1).get_json()["code"] == "readings-stranded"
    assert house.nurse.send(kit, end, body | {"readings": "keep"}, 1).status_code == 200
    give = {
        "patient_id": str(second.public_id), "from": at(days=2), "without_cleaning_because": "One household",
    }  # fmt: skip
    assert house.nurse.send(kit, "/wearers", give).get_json()["code"] == "readings-stranded"
    assert house.nurse.send(kit, "/wearers", give | {"readings": "keep"}).status_code == 200


def test_dates_cannot_be_moved_onto_somebody_elses_time(house: House) -> None:
    kit, first, second = house.make.device(), *house.people[:2]
    binding = worn(house, kit, first, days=2)
    house.make.wears(
        second, kit, Range(datetime.now(UTC) - timedelta(days=9), datetime.now(UTC) - timedelta(days=3))
    )
    path = f"/wearers/{binding['id']}/dates"
    assert house.nurse.send(kit, path, {"from": at(days=4)}, 1).get_json()["code"] == "slot-taken"
    assert house.nurse.send(kit, path, {"from": at(days=1), "until": at(days=1.5)}, 1).status_code == 422
    assert house.nurse.send(kit, path, {"from": at(days=2.5)}, 7).get_json()["code"] == "changed-meanwhile"
    assert house.nurse.send(kit, path, {"from": at(days=2.5)}, 1).status_code == 200


def test_a_change_sent_twice_is_made_once(house: House, connection: Connection) -> None:
    kit = house.make.device()
    key = "8f7de7f6-6c9c-4a4b-8a39-59d1a4a9b0aa"
    body = {"patient_id": str(house.people[0].public_id)}
    for _ in range(2):
        answer = house.nurse.browser.post(
            f"/kit/{kit.public_id}/wearers", body, If_Match='W/"1"', Idempotency_Key=key
        )
        assert answer.status_code == 200
    count = text("select count(*) from device_association where device_id = :id")
    assert connection.execute(count, {"id": kit.id}).scalar_one() == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["assign", "hand-over", "end", "dates"]), st.integers(0, 2), st.integers(0, 40),
        st.integers(0, 40), st.integers(0, 1),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_is_given_ended_and_corrected_no_two_wear_one_slot_at_a_time(
    house: House, connection: Connection, steps: list[tuple[str, int, int, int, int]]
) -> None:
    kit = house.make.device()
    for step, person, first, second, slot in steps:
        _try(house, kit, step, house.people[person], (at(hours=first), at(hours=second)), slot)
    overlapping = connection.execute(
        text(
            "select count(*) from device_association a join device_association b on a.device_id = b.device_id"
            " and a.slot = b.slot and a.id < b.id and a.valid && b.valid where a.device_id = :id"
        ),
        {"id": kit.id},
    )
    assert overlapping.scalar_one() == 0
    empty = text("select count(*) from device_association where device_id = :id and isempty(valid)")
    assert connection.execute(empty, {"id": kit.id}).scalar_one() == 0


def _try(house: House, kit: Ref, step: str, person: Ref, times: tuple[str, str], slot: int) -> None:
    """One thing somebody might do; refused or done, in words and never by a failure."""
    now = house.nurse.read(kit)
    every = now["wearers"] + now["past_wearers"]
    give = {
        "patient_id": str(person.public_id),
        "slot": slot,
        "without_cleaning_because": "A test",
        "readings": "keep",
    }
    if step == "assign":
        answer = house.nurse.send(kit, "/wearers", give | {"from": times[0]})
    elif step == "hand-over":
        answer = house.nurse.send(kit, "/hand-over", give | {"at": times[0]})
    elif every:
        one = every[slot % len(every)]
        body = {"at": times[0]} if step == "end" else {"from": times[0], "until": times[1]}
        answer = house.nurse.send(
            kit, f"/wearers/{one['id']}/{step}", body | {"readings": "keep"}, one["version"]
        )
    else:
        return
    assert answer.status_code in (200, 412, 422), answer.get_data(as_text=True)


def test_the_database_itself_refuses_two_wearers_of_one_slot(house: House, connection: Connection) -> None:
    kit = house.make.device()
    house.make.wears(house.people[0], kit)
    with pytest.raises(Exception) as refused, connection.begin_nested():
        connection.execute(
            text(
                "insert into device_association (public_id, device_id, patient_id, valid)"
                " values (gen_random_uuid(), :device, :person, '[2020-01-01,)')"
            ),
            {"device": kit.id, "person": house.people[1].id},
        )
    assert isinstance(refused.value.__cause__, psycopg.errors.ExclusionViolation)


def test_of_two_who_are_given_it_at_once_one_gets_it(racing: Flask) -> None:
    make = Factory(racing)
    nurse, people, kit = make.practitioner(), [make.patient(), make.patient()], make.device()
    make.team([nurse], people)
    actor = Actor("practitioner", nurse.public_id, practitioner_id=nurse.id)
    outcomes: list[str] = []

    def give(person: Ref) -> None:
        with racing.app_context():
            try:
                with transaction():
                    wearing.assign(
                        actor, kit.public_id, person.public_id, 0, None, because=None, keep=False,
                        if_version=1, change_id=uuid4(),
                    )  # fmt: skip
                outcomes.append("given")
            except Conflict as conflict:
                outcomes.append(conflict.code)

    waiting = [*people, *people]
    together(4, lambda: give(waiting.pop()))
    assert sorted(outcomes) == ["changed-meanwhile"] * 3 + ["given"]
