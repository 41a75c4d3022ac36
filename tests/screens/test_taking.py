"""What the phone judges by is what the rules would say, value for value, and words never lack."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.alerts.bands import STEPS, _bands, _Judged, _level
from backend.alerts.history import Facts, Severity
from backend.alerts.judge import rules_watching, runs_for
from backend.core.db import transaction
from backend.observations.codes import Code
from backend.observations.reading import Limit
from backend.pathways import service as pathways
from tests.browsing import Browser
from tests.factories import Factory, Ref

Browse = Callable[..., Browser]
TOLD = {"soon", "urgent", "emergency"}
OWN = {
    Code.SPO2: Limit(Decimal(88), Decimal(92), "prescribed", personal=True),
    Code.SYSTOLIC: Limit(Decimal(85), Decimal(150), "a clinician", personal=True),
    Code.PULSE: Limit(Decimal(38), Decimal(125), "a clinician", personal=True),
    Code.GLUCOSE: Limit(Decimal(5), Decimal(12), "a clinician", personal=True),
}
PEOPLE = {
    "nobody said anything": (Facts(), {}),
    "own limits": (Facts(home_oxygen=True, oxygen_litres=Decimal(2)), OWN),
    "on insulin": (Facts(insulin=True, dry_weight=Decimal(71), personal_best_peak_flow=Decimal(420)), {}),
    "immunosuppressed": (Facts(immunosuppressed=True, usual_systolic_low=Decimal(110)), {}),
}


@pytest.mark.hazard("H84")
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("code", STEPS, ids=lambda code: code.value)
def test_no_edge_of_a_rule_is_lost_between_two_tried_values(code: Code, who: str) -> None:
    facts, limits = PEOPLE[who]
    names = [(name, ()) for name, rule in rules_watching(code) if runs_for(name, rule, ())]
    judged = _Judged(facts, tuple(sorted(limits.items(), key=lambda one: one[0].value)), tuple(names))
    bands = _bands(code, judged)
    step, low, high = STEPS[code][0], *code.info.hard
    for index in range(int((high - low) / step) + 1):
        value = low + step * index
        said: Severity | None = _level(code, value, judged)
        expected = said.value if said is not None and said.value in TOLD else None
        found = [band.level for band in bands if band.low <= value <= band.high]
        assert found == ([] if expected is None else [expected]), value


@pytest.fixture
def ann(app: Flask, make: Factory, connection: Connection) -> Ref:
    """A patient on COPD with a prescribed target and oxygen at home."""
    with app.app_context(), transaction():
        pathways.load_packs()
    row = connection.execute(text("select id, public_id from pathway_version where pathway = 'copd'")).one()
    patient = make.patient(facts={"home_oxygen": True, "oxygen_litres": "1.5"})
    make.team([make.practitioner()], [patient])
    make.enrolment(patient, Ref(row.id, row.public_id, "copd"))
    connection.execute(
        text(
            "insert into alert_limit (patient_id, code, low, high, set_by) values (:id, 5, 88, 92, 'Dr Test')"
        ),
        {"id": patient.id},
    )
    return patient


def taking(browse: Browse, make: Factory, patient: Ref) -> dict[str, Any]:
    answer = browse(make.account(patient=patient)).get(f"/patients/{patient.public_id}/taking")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.mark.hazard("H84")
def test_a_phone_is_told_which_value_means_what_for_this_person_alone(
    make: Factory, browse: Browse, ann: Ref
) -> None:
    found = taking(browse, make, ann)
    assert found["monitored"] is True
    first = found["kinds"][0]
    assert (first["kind"], first["expected"], first["device"]) == ("spo2", True, None)
    assert first["codes"][0]["bands"] == [
        {"from": "30", "to": "83", "level": "emergency"},
        {"from": "84", "to": "87", "level": "urgent"},
    ]
    assert (first["codes"][0]["hard"], first["codes"][0]["soft"]) == (["30", "100"], ["75", "100"])
    assert found["oxygen"] == {"litres": "1.5"}
    assert found["hypo"] == {"under": "4"}
    assert "COPD" in " ".join(first["acts"]["emergency"]["words"])
    assert first["acts"]["urgent"]["from"] == "pathway"


def test_somebody_on_no_pathway_still_meets_words_and_bands(make: Factory, browse: Browse) -> None:
    found = taking(browse, make, make.patient())
    assert (found["monitored"], found["oxygen"], found["line"]) == (False, None, None)
    spo2 = next(one for one in found["kinds"] if one["kind"] == "spo2")
    assert spo2["codes"][0]["bands"][0] == {"from": "30", "to": "92", "level": "emergency"}
    assert spo2["acts"]["emergency"] == {"words": ["Call 999 now."], "from": "nobody"}
    assert {one["kind"] for one in found["kinds"]} == {
        "blood-pressure", "spo2", "weight", "glucose", "temperature", "pulse", "peak-flow",
    }  # fmt: skip
    assert datetime.fromisoformat(found["as_of"]) <= datetime.now(UTC)
