"""How an answer is put together: asked once, written once, and with an ETag of what it says and not of when."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from backend.access import door, facts
from backend.access.models import CapacityAssessment, Consent
from backend.core.db import db, transaction
from backend.core.http import weak_etag
from backend.core.once import asked_once, one_reading
from tests.browsing import Browser
from tests.factories import Factory

Browse = Callable[..., Browser]


def test_the_same_question_is_asked_once_while_one_answer_is_made_and_anew_for_the_next() -> None:
    asked: list[int] = []

    @asked_once
    def facts_of(patient: int) -> list[int]:
        asked.append(patient)
        return [patient]

    with one_reading():
        assert [facts_of(1), facts_of(2), facts_of(1)] == [[1], [2], [1]]
    assert asked == [1, 2]
    with one_reading():
        facts_of(1)
    facts_of(1)
    facts_of(1)
    assert asked == [1, 2, 1, 1, 1]


def test_a_failure_leaves_nothing_known() -> None:
    asked: list[int] = []

    @asked_once
    def facts_of(patient: int) -> int:
        asked.append(patient)
        return patient

    def fails() -> None:
        with one_reading():
            facts_of(1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    facts_of(1)
    assert asked == [1, 1]


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        ('{"as_of":"2026-11-23T01:00:00Z","v":[1]}', '{"as_of":"2026-11-23T02:00:00Z","v":[1]}', True),
        ('{"as_of":"x","v":[1]}', '{"as_of":"x","v":[2]}', False),
        ('{"k":[{"age_s":60,"v":1}]}', '{"k":[{"age_s":null,"v":1}]}', True),
        # Whatever somebody wrote is a fact, also when it looks like a member of ours.
        ('{"words":"\\"as_of\\":\\"1\\""}', '{"words":"\\"as_of\\":\\"2\\""}', False),
        ('{"words":"as_of","n":1}', '{"words":"as_of","n":2}', False),
    ],
)
def test_an_etag_tells_facts_and_not_the_clock(before: str, after: str, is_same: bool) -> None:
    clock = frozenset({"as_of", "age_s"})
    assert (weak_etag(before.encode(), clock) == weak_etag(after.encode(), clock)) is is_same


def test_what_is_the_same_for_everybody_is_pressed_once_and_still_asks_who_is_there(
    make: Factory, browse: Browse
) -> None:
    one, other = (browse(make.account(patient=make.patient())) for _ in range(2))
    first = one.get("/questionnaires", Accept_Encoding="gzip")
    second = other.get("/questionnaires", Accept_Encoding="gzip")
    assert first.headers["Content-Encoding"] == "gzip"
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
    assert one.get("/questionnaires", If_None_Match=first.headers["ETag"]).status_code == 304
    assert len(one.get("/questionnaires").get_json()["questionnaires"]) > 5
    one.delete("/session")
    assert one.get("/questionnaires").status_code == 401


def test_the_door_and_the_lists_judge_capacity_alike(app: Flask, make: Factory) -> None:
    patient = make.patient()
    for words in ("Health and care.", "health  and care", "Money"):
        make.proxy_consent(patient, make.carer(), ["readings"])
        with app.app_context(), transaction():
            row = db.session.scalars(select(Consent).order_by(Consent.id.desc())).first()
            assert row is not None
            row.decision = words
    with app.app_context(), transaction():
        db.session.add(
            CapacityAssessment(
                patient_id=patient.id, decision="HEALTH AND CARE", outcome="lacks", evidence="", assessed_by="A nurse",
                assessed_on=date(2026, 1, 1), review_on=date(2999, 1, 1),
            )
        )  # fmt: skip
    with app.app_context():
        listed = db.session.execute(
            select(Consent.related_person_id, facts.lacks_capacity()).where(Consent.patient_id == patient.id)
        )
        found = door.of_patient(patient.public_id)
        assert found is not None
        grants = found[1].grants
        assert {one.related_person_id: one.lacks_capacity for one in grants} == {
            row[0]: row[1] for row in listed
        }
        assert sorted(one.lacks_capacity for one in grants) == [False, True, True]
