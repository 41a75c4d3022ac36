"""Where two pathways set a rule differently somebody who knows the person chooses, while joining and afterwards."""

from typing import Any

import pytest

from backend.pathways.folder import read_folder
from backend.pathways.service import PACKS
from tests.caseload.conftest import STEPS, Desk, House
from tests.factories import Factory, Ref

OPEN = [
    {
        "rule": "no_sign", "name": "hours",
        "values": [{"value": "24", "source": "Hypertension"}, {"value": "12", "source": "COPD"}],
    }
]  # fmt: skip
CHOICE = {"rule": "no_sign", "name": "hours", "value": "12", "reason": "Lives alone and fell in May"}


@pytest.fixture
def packs(make: Factory) -> dict[str, Ref]:
    """A locality's copies of two pathways, which wait differently long for a sign of the person."""
    bodies = {pack.pathway: body for pack, body in read_folder(PACKS)}
    made: dict[str, Ref] = {}
    for pathway, title, hours in (("hypertension", "Hypertension", "24"), ("copd", "COPD", "12")):
        rule = {"id": "no_sign", "parameters": {"hours": hours}, "source": "locality"}
        rules = [one for one in bodies[pathway]["rules"] if one["id"] != "no_sign"]
        made[pathway] = make.pathway(pathway, bodies[pathway] | {"title": title, "rules": [*rules, rule]})
    return made


@pytest.mark.hazard("H13")
def test_a_rule_set_differently_is_shown_and_chosen_while_joining(
    nurse: Desk, house: House, packs: dict[str, Ref]
) -> None:
    both = {"pathways": ["hypertension", "copd"], "limits": STEPS["pathways"]["limits"]}
    draft = nurse.join(pathways=both, facts=STEPS["facts"] | {"blood_pressure_treated": True})
    seen = nurse.read(f"/joinings/{draft['id']}")
    assert _ordered(seen["rule_conflicts"]) == _ordered(OPEN)
    assert nurse.step(draft, "go-live", status=412)["code"] == "cannot-go-live"
    nurse.step(draft, "pathways", both | {"choices": [CHOICE]})
    assert nurse.read(f"/joinings/{draft['id']}")["rule_conflicts"] == []
    assert nurse.step(draft, "go-live")["patient"]["status"] == "live"


@pytest.mark.hazard("H13")
def test_a_rule_set_differently_is_shown_and_chosen_on_the_care_page(
    nurse: Desk, house: House, make: Factory, packs: dict[str, Ref]
) -> None:
    patient = make.patient()
    make.caseload(house.team, patient)
    for pack in packs.values():
        make.enrolment(patient, pack)
    care = nurse.care(patient)
    assert _ordered(care["rule_conflicts"]) == _ordered(OPEN)
    names = [one["pathway"] for one in care["enrolments"]]
    asked = {"pathways": names, "limits": [], "choices": [CHOICE | {"value": "48"}]}
    refused = nurse.change(patient, "/pathways", asked, status=422)
    assert refused["code"] == "choice"
    after = nurse.change(patient, "/pathways", asked | {"choices": [CHOICE]})
    assert after["rule_conflicts"] == []
    assert [one["pathway"] for one in after["enrolments"]] == names
    assert {one["status"] for one in after["enrolments"]} == {"live"}


def _ordered(conflicts: list[Any]) -> list[object]:
    return [(one["rule"], one["name"], sorted(str(value) for value in one["values"])) for one in conflicts]
