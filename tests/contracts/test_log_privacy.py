"""What is logged holds ids and never a name, a number or a value."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from backend.core.answers import JsonLines
from tests.browsing import Browser
from tests.factories import PASSWORD, Factory


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything our loggers write during the test, as the process would write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    ours = logging.getLogger("alongside")
    ours.addHandler(handler)
    ours.setLevel(logging.DEBUG)
    yield written
    ours.removeHandler(handler)


def test_a_days_requests_leave_no_name_number_or_value_in_the_log(
    make: Factory, browse: Callable[..., Browser], logged: io.StringIO
) -> None:
    patient = make.patient(
        nhs_number="9990000018", given_name="Zebedee", family_name="Quill", phone="01632960777"
    )
    nurse = make.practitioner(display_name="Nurse Marigold")
    make.team([nurse], [patient])
    make.alert(patient, reason="Oxygen 86, twice")
    account = make.account(patient=patient, username="zebedee.quill")
    browser = browse(account)
    browser.get(f"/patients/{patient.public_id}/home")
    browser.get(f"/patients/{patient.public_id}/series?kind=spo2&days=14&note=Zebedee")
    browser.get("/patients/Zebedee/home")
    browse().sign_in("zebedee.quill", "wrong " + PASSWORD)
    staff = browse(make.account(practitioner=nurse), "team")
    staff.get("/worklist")
    staff.get(f"/patients/{patient.public_id}/record")
    said = logged.getvalue()
    for private in (
        "Zebedee",
        "zebedee",
        "Quill",
        "9990000018",
        "960777",
        "Marigold",
        "Oxygen",
        PASSWORD,
        "days=",
    ):
        assert private not in said
    lines = [json.loads(line) for line in said.splitlines()]
    assert {"method", "rule", "status", "ms", "account", "request"} <= set(lines[-1])
    assert any(line.get("rule") == "/api/v1/patients/<uuid:patient_id>/home" for line in lines)


def test_a_failure_says_where_and_what_kind_but_not_what_it_held(
    app: Flask,
    make: Factory,
    browse: Callable[..., Browser],
    logged: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("Zebedee Quill, 86 %")

    monkeypatch.setattr("backend.screens.service.home", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    patient = make.patient()
    answer = browse(make.account(patient=patient)).get(f"/patients/{patient.public_id}/home")
    assert (answer.status_code, answer.get_json()["kind"]) == (500, "unavailable")
    assert "Zebedee" not in logged.getvalue() + answer.get_data(as_text=True)
    failure = next(json.loads(line) for line in logged.getvalue().splitlines() if "unexpected" in line)
    assert failure["error"] == "ValueError"
    assert failure["where"].startswith("backend.screens.api:")
