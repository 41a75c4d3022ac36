"""A reading somebody typed: kept with who typed it, judged at once, never refused for being unlikely."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from backend.core.clock import now
from backend.observations.codes import Code
from tests.alerts.people import Monitored, judge, monitored, run
from tests.browsing import Browser
from tests.check_ins.conftest import Browse
from tests.factories import Factory, Ref


def typed(
    browser: Browser,
    person: Monitored,
    kind: str,
    values: dict[str, str],
    *,
    at: datetime | None = None,
    headers: dict[str, str] | None = None,
    **more: Any,
) -> TestResponse:
    """Send a reading as a phone does."""
    body = {"kind": kind, "values": values, "effective_at": (at or now()).isoformat(), **more}
    return browser.post(f"/patients/{person.patient.public_id}/readings", body, **(headers or {}))


def stored(person: Monitored) -> dict[str, tuple[str, int]]:
    """What stands in the record: name -> (value, source)."""
    names = {code.number: code.value for code in Code}
    rows = run(
        person.app, "select code, value, source from observation where patient_id = :p", p=person.patient.id
    )
    return {names[row.code]: (f"{row.value:f}", row.source) for row in rows if row.value is not None}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("blood-pressure", {"systolic": "138", "diastolic": "84"}),
        ("blood-pressure", {"systolic": "138", "diastolic": "84", "pulse": "72"}),
        ("spo2", {"spo2": "96"}),
        ("pulse", {"pulse": "72"}),
        ("weight", {"weight": "71.4"}),
        ("temperature", {"temperature": "36.6"}),
        ("glucose", {"glucose": "6.2"}),
        ("peak-flow", {"peak-flow": "410"}),
    ],
)
def test_each_kind_is_kept_digit_for_digit_as_the_persons_own(
    person: Monitored, phone: Browser, kind: str, values: dict[str, str]
) -> None:
    found = typed(phone, person, kind, values)
    assert found.status_code == 201, found.get_json()
    assert stored(person) == {name: (value, 1) for name, value in values.items()}
    body = found.get_json()
    assert (body["judged"], body["monitored"], body["level"], body["unlikely"]) == (True, True, None, False)


def test_values_typed_together_stand_together_on_every_page(person: Monitored, phone: Browser) -> None:
    typed(phone, person, "blood-pressure", {"systolic": "138", "diastolic": "84"})
    found = phone.get(f"/patients/{person.patient.public_id}/series?kind=blood-pressure").get_json()
    assert [point["values"] for point in found["points"]] == [{"systolic": "138", "diastolic": "84"}]
    tile = next(
        one
        for one in phone.get(f"/patients/{person.patient.public_id}/home").get_json()["latest"]
        if one["kind"] == "blood-pressure"
    )
    assert (tile["source"], len(tile["values"])) == ("person", 2)


@pytest.mark.hazard("H84")
def test_a_dangerous_reading_is_judged_before_the_answer_and_its_level_is_said(
    person: Monitored, phone: Browser
) -> None:
    found = typed(phone, person, "blood-pressure", {"systolic": "85", "diastolic": "50"}).get_json()
    (alert,) = [one for one in person.alerts() if one.rule == "bp_low"]
    assert (found["level"], found["judged"]) == (alert.level, True)
    assert found["level"] in ("urgent", "emergency")


@pytest.mark.hazard("H84")
def test_an_unlikely_reading_is_kept_and_judged_all_the_same(person: Monitored, phone: Browser) -> None:
    person.limit(Code.SPO2, "88", "92")
    found = typed(phone, person, "spo2", {"spo2": "70"}).get_json()
    assert (found["unlikely"], found["level"]) == (True, "emergency")
    assert stored(person)["spo2"] == ("70", 1)


def test_far_from_what_is_usual_for_them_is_unlikely_and_a_usual_one_is_not(
    person: Monitored, phone: Browser
) -> None:
    for day in range(12):
        person.measures(("128", "78"), ago=60 * 24 * (day + 1), waits=False)
    far = typed(phone, person, "blood-pressure", {"systolic": "198", "diastolic": "78"}).get_json()
    near = typed(phone, person, "blood-pressure", {"systolic": "136", "diastolic": "78"}).get_json()
    assert (far["unlikely"], near["unlikely"]) == (True, False)


@pytest.mark.hazard("H84")
def test_a_dangerous_reading_waits_in_the_lane_of_danger_when_it_cannot_be_judged_at_once(
    app: Flask, person: Monitored, phone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.alerts import at_once

    def broken(*_: object, **__: object) -> int:
        raise RuntimeError("not now")

    monkeypatch.setattr(at_once, "evaluate_waiting", broken)
    person.limit(Code.SPO2, "88", "92")
    found = typed(phone, person, "spo2", {"spo2": "70"})
    assert (found.status_code, found.get_json()["judged"], found.get_json()["level"]) == (201, False, None)
    assert [mark.priority for mark in person.waits()] == [10]
    typed(phone, person, "pulse", {"pulse": "72"})
    typed(phone, person, "pulse", {"pulse": "72"}, at=now() - timedelta(hours=5))
    assert [mark.priority for mark in person.waits()] == [10, 5, 0]
    monkeypatch.undo()
    judge(app)
    assert [alert.level for alert in person.alerts()] == ["emergency"]


@pytest.mark.parametrize(
    ("kind", "values", "code", "field"),
    [
        ("blood-pressure", {"systolic": "39", "diastolic": "20"}, "impossible", "systolic"),
        ("blood-pressure", {"systolic": "301", "diastolic": "80"}, "impossible", "systolic"),
        ("blood-pressure", {"systolic": "80", "diastolic": "120"}, "impossible", "systolic"),
        ("spo2", {"spo2": "101"}, "impossible", "spo2"),
        ("temperature", {"temperature": "98.6"}, "impossible", "temperature"),
        ("blood-pressure", {"systolic": "120"}, "values", "diastolic"),
        ("weight", {"weight": "70", "spo2": "96"}, "values", "spo2"),
    ],
)
def test_only_what_cannot_be_a_measurement_is_refused_by_its_field(
    person: Monitored, phone: Browser, kind: str, values: dict[str, str], code: str, field: str
) -> None:
    found = typed(phone, person, kind, values)
    assert (found.status_code, found.get_json()["code"]) == (422, code)
    assert field in found.get_json()["errors"]
    assert stored(person) == {}


@pytest.mark.parametrize("edge", [("40", "20"), ("300", "200")])
def test_the_edges_of_what_can_be_measured_are_kept(
    person: Monitored, phone: Browser, edge: tuple[str, str]
) -> None:
    assert (
        typed(
            phone, person, "blood-pressure", dict(zip(("systolic", "diastolic"), edge, strict=True))
        ).status_code
        == 201
    )


def test_a_time_that_has_not_been_is_refused_and_two_minutes_are_a_phones_clock(
    person: Monitored, phone: Browser
) -> None:
    late = typed(phone, person, "pulse", {"pulse": "72"}, at=now() + timedelta(minutes=4))
    assert (late.status_code, late.get_json()["code"]) == (422, "future")
    assert typed(phone, person, "pulse", {"pulse": "72"}, at=now() + timedelta(minutes=1)).status_code == 201
    old = typed(phone, person, "pulse", {"pulse": "72"}, at=datetime(2020, 1, 1, tzinfo=UTC))
    assert (old.status_code, old.get_json()["code"]) == (422, "too-old")


@pytest.mark.parametrize(
    ("litres", "kept"), [("2", "2"), ("0", "0"), ("1.5", "1.5"), ("unknown", None), (None, None)]
)
def test_oxygen_in_use_stands_beside_and_unknown_is_never_air(
    person: Monitored, phone: Browser, litres: str | None, kept: str | None
) -> None:
    typed(phone, person, "spo2", {"spo2": "96"}, oxygen_litres=litres)
    assert stored(person).get("oxygen-use", (None,))[0] == kept
    assert [row.oxygen for row in run(person.app, "select oxygen from reading_typed")] == [litres]


@pytest.mark.hazard("H84")
def test_unknown_oxygen_is_judged_neither_as_air_nor_as_what_was_said_before(
    person: Monitored, phone: Browser
) -> None:
    run(
        person.app, "update patient set facts = '{\"home_oxygen\": true, \"oxygen_litres\": \"2\"}' where id = :p",
        p=person.patient.id,
    )  # fmt: skip
    person.limit(Code.SPO2, "88", "92")
    for litres, rules in (("0", []), ("2", ["spo2_high_on_oxygen"]), ("unknown", [])):
        run(person.app, "update alert set closed_at = db_now(), outcome = 'advice' where closed_at is null")
        typed(phone, person, "spo2", {"spo2": "96"}, oxygen_litres=litres)
        assert [one.rule for one in person.alerts() if one.closed_at is None] == rules
    typed(phone, person, "spo2", {"spo2": "83"}, oxygen_litres="unknown")
    (alert,) = [one for one in person.alerts() if one.rule == "spo2_low"]
    assert "use now not known" in alert.reason


def test_symptoms_are_kept_beside(person: Monitored, phone: Browser) -> None:
    typed(phone, person, "pulse", {"pulse": "72"}, symptoms=True, repeated=True)
    assert stored(person)["unwell"] == ("1", 1)
    assert [row.repeated for row in run(person.app, "select repeated from reading_typed")] == [True]


@pytest.mark.parametrize("status", ["paused", "awaiting-kit", "ended"])
def test_a_reading_while_nobody_watches_is_kept_and_says_so(
    app: Flask, make: Factory, browse: Browse, status: str
) -> None:
    person = monitored(app, make, status)
    found = typed(browse(make.account(patient=person.patient)), person, "spo2", {"spo2": "80"}).get_json()
    assert (found["monitored"], found["judged"], found["level"]) == (False, False, None)
    assert stored(person)["spo2"] == ("80", 1)


def test_the_same_request_twice_is_one_reading_and_the_answer_is_as_of_now(
    person: Monitored, phone: Browser
) -> None:
    at, key = now(), {"Idempotency_Key": str(uuid4())}
    first, second = (
        typed(phone, person, "pulse", {"pulse": "150"}, at=at, headers=key).get_json() for _ in range(2)
    )
    assert first == second
    assert len(run(person.app, "select 1 from observation")) == 1
    assert len(person.alerts()) == 1


def test_a_carer_types_for_the_person_and_is_named(
    person: Monitored, carers_phone: Browser, carer: Ref, desk: Browser
) -> None:
    at = now()
    typed(
        carers_phone, person, "pulse", {"pulse": "72"}, at=at,
        headers={"X_Alongside_Made_At": at.isoformat(), "X_Alongside_Offline": "1"},
    )  # fmt: skip
    assert stored(person) == {"pulse": ("72", 3)}
    query = f"at={at.isoformat().replace('+', '%2B')}&code=pulse"
    steps = desk.get(f"/patients/{person.patient.public_id}/readings/custody?{query}").get_json()["steps"]
    assert [(one["what"], one["who"]) for one in steps][:3] == [
        ("measured", carer.name), ("typed", carer.name), ("received", "Alongside"),
    ]  # fmt: skip
    assert "without a network" in steps[1]["words"]


def test_the_person_is_named_as_who_typed(person: Monitored, phone: Browser, desk: Browser) -> None:
    at = now()
    typed(phone, person, "spo2", {"spo2": "96"}, at=at, oxygen_litres="unknown")
    query = f"at={at.isoformat().replace('+', '%2B')}&code=spo2"
    found = desk.get(f"/patients/{person.patient.public_id}/readings/custody?{query}").get_json()
    assert found["reading"]["device"] is None
    assert {one["who"] for one in found["steps"] if one["what"] in ("measured", "typed")} == {"the person"}
    assert "did not know how much oxygen" in str(found["steps"])


def test_a_carer_who_may_not_see_alerts_is_told_no_level(
    make: Factory, browse: Browse, person: Monitored
) -> None:
    carer = make.carer()
    make.proxy_consent(person.patient, carer, ["readings", "add-readings"])
    found = typed(browse(make.account(carer=carer)), person, "pulse", {"pulse": "150"}).get_json()
    assert (found["level"], len(person.alerts())) == (None, 1)


def test_a_reading_that_is_kept_is_said_to_be_kept_also_after_its_carer_was_let_go(
    person: Monitored, carers_phone: Browser, carer: Ref
) -> None:
    key, at = {"Idempotency_Key": str(uuid4())}, now()
    assert typed(carers_phone, person, "pulse", {"pulse": "72"}, at=at, headers=key).status_code == 201
    run(person.app, "update consent set revoked_at = db_now() where related_person_id = :r", r=carer.id)
    again = typed(carers_phone, person, "pulse", {"pulse": "72"}, at=at, headers=key)
    assert (again.status_code, again.get_json()["level"]) == (201, None)
    assert typed(carers_phone, person, "pulse", {"pulse": "73"}, at=at).status_code == 404
