"""Every pathway goes live over HTTP from what its page asks, and is refused in words for each thing missing."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from backend.kit.life import STEPS as PROOF
from backend.pathways.folder import read_folder
from backend.pathways.service import PACKS
from tests.caseload.conftest import CONTACTS, TARGET, Desk, House
from tests.factories import Factory, Ref

NEEDED = {pack.pathway: pack.facts_needed for pack, _ in read_folder(PACKS)}
SAID: dict[str, Any] = {
    "usual-spo2": "90", "home-oxygen": False, "insulin": True, "sulfonylurea": False, "sglt2-inhibitor": False,
    "type1": False, "anticoagulant": True, "blood-pressure-treated": True, "usual-systolic-low": "105",
    "usual-systolic-high": "130", "dry-weight": "71.5",
}  # fmt: skip
# What the refusal has to say of whatever is missing.
WORDS = {
    "spo2-target": "spo2 target with a low and a high end", "lives-alone": "whether the person lives alone",
    "least-restrictive-reason": "reason why a door or location sensor",
    "telecare-route": "24-hour telecare route named and proved",
}  # fmt: skip


def words_of(fact: str) -> str:
    return WORDS.get(fact, fact.replace("-", " "))


class Joiner:
    """Somebody who is registered and of whom nothing is known yet; each fact is then said as its page does."""

    def __init__(self, nurse: Desk, make: Factory, pathway: str) -> None:
        self.nurse, self.make = nurse, make
        self.pathways: dict[str, Any] = {"pathways": [pathway], "limits": []}
        self.facts: dict[str, Any] = {}
        alone = CONTACTS | {"lives_alone": None}
        self.draft = nurse.join(contacts=alone, facts={}, pathways=self.pathways)

    def problems(self) -> list[str]:
        """Why they cannot go live, as the refusal says it."""
        refused = self.nurse.step(self.draft, "go-live", status=412)
        assert refused["code"] == "cannot-go-live"
        said: list[str] = refused["current"]["problems"]
        assert self.nurse.read(f"/joinings/{self.draft['id']}")["problems"] == said
        return said

    def say(self, fact: str) -> None:
        """Say one fact where it is asked."""
        if fact == "lives-alone":
            self.nurse.step(self.draft, "contacts", CONTACTS | {"lives_alone": False})
        elif fact == "spo2-target":
            self.nurse.step(self.draft, "pathways", self.pathways | {"limits": [TARGET]})
        elif fact == "least-restrictive-reason":
            self.give("door-sensor", least_restrictive_because="Leaves at night, her daughter asked")
        elif fact == "telecare-route":
            prove(self.nurse, self.give("pendant"))
        else:
            self.facts[fact.replace("-", "_")] = SAID[fact]
            self.nurse.step(self.draft, "facts", self.facts)

    def give(self, kind: str, **why: str) -> Ref:
        """Give a piece of kit by its label."""
        kit = self.make.device(kind)
        self.nurse.step(self.draft, "kit", {"device": kit.name} | why)
        return kit


def prove(nurse: Desk, kit: Ref, steps: tuple[str, ...] = tuple(PROOF)) -> None:
    """Name the route of a piece of kit and prove it where it stands."""

    def do(path: str, body: dict[str, Any]) -> None:
        version = nurse.read(f"/kit/{kit.public_id}")["version"]
        answer = nurse.send(f"/kit/{kit.public_id}{path}", body, version)
        assert answer.status_code == 200, answer.get_data(as_text=True)

    do("/route", {"name": "Test centre", "phone": "01632 960500", "answers_24_hours": True})
    for step in steps:
        do("/installation", {"step": step, "outcome": "proved"})


@pytest.mark.hazard("H13")
@pytest.mark.parametrize("pathway", sorted(NEEDED))
def test_each_pathway_goes_live_from_what_its_page_asks_and_not_while_anything_is_missing(
    nurse: Desk, make: Factory, house: House, pathway: str
) -> None:
    joiner, missing = Joiner(nurse, make, pathway), list(NEEDED[pathway])
    while missing:
        problems = joiner.problems()
        for fact in NEEDED[pathway]:
            named = any(words_of(fact) in one for one in problems)
            assert named is (fact in missing), (fact, problems)
        joiner.say(missing.pop(0))
    live = nurse.step(joiner.draft, "go-live")
    assert (live["state"], live["patient"]["status"]) == ("live", "live")


@pytest.mark.hazard("H22")
def test_telecare_does_not_go_live_with_an_unproved_route_beside_a_proved_one(
    nurse: Desk, make: Factory, house: House
) -> None:
    joiner = Joiner(nurse, make, "frailty_falls")
    for fact in ("lives-alone", "anticoagulant", "telecare-route"):
        joiner.say(fact)
    second = joiner.give("fall-detector")
    prove(nurse, second, tuple(one for one in PROOF if one != "route"))
    assert joiner.problems() == [
        f"the fall detector {second.name} is not proved yet: name and prove its 24-hour route"
    ]
    prove(nurse, second, ("route",))
    assert nurse.step(joiner.draft, "go-live")["state"] == "live"


def test_kit_that_calls_nobody_and_an_unproved_pendant_beside_copd_is_said_and_stops_nothing(
    nurse: Desk, make: Factory, house: House
) -> None:
    draft = nurse.join()
    pendant = make.device("pendant")
    seen = nurse.step(draft, "kit", {"device": pendant.name})
    assert seen["warnings"] == [f"The pendant {pendant.name} is not proved yet: prove its 24-hour route."]
    assert nurse.step(draft, "go-live")["state"] == "live"


def test_a_smoke_detector_is_no_way_for_a_person_to_call(nurse: Desk, make: Factory, house: House) -> None:
    joiner = Joiner(nurse, make, "frailty_falls")
    prove(nurse, joiner.give("smoke-detector"))
    assert any(words_of("telecare-route") in one for one in joiner.problems())


def test_a_sensor_given_on_the_page_of_kit_gets_its_reason_on_the_page_of_joining(
    house: House, nurse: Desk, make: Factory, connection: Connection
) -> None:
    joiner = Joiner(nurse, make, "dementia_telecare")
    patient = make.find_patient(joiner.draft["patient"]["id"])
    kit = make.device("door-sensor", kit_state="issued")
    make.wears(patient, kit)
    assert any("door or location sensor" in one for one in joiner.problems())
    why = {"device": kit.name, "least_restrictive_because": "Leaves at night"}
    nurse.step(joiner.draft, "kit", why)
    assert not any("door or location sensor" in one for one in joiner.problems())


@pytest.mark.parametrize("ends", [{"low": "88", "high": None}, {"low": None, "high": "92"}])
def test_a_target_with_one_end_is_no_oxygen_target(
    nurse: Desk, house: House, ends: dict[str, object]
) -> None:
    draft = nurse.join(pathways={"pathways": ["copd"], "limits": [TARGET | ends]})
    refused = nurse.step(draft, "go-live", status=412)
    assert any(words_of("spo2-target") in one for one in refused["current"]["problems"])


@pytest.mark.parametrize("alone", [True, False, None])
def test_whether_somebody_lives_alone_is_yes_no_or_not_known_everywhere(
    house: House, nurse: Desk, alone: bool | None, connection: Connection
) -> None:
    patient = house.patient("copd")
    assert nurse.care(patient)["lives_alone"] is None
    nurse.change(patient, "/contacts", CONTACTS | {"lives_alone": alone})
    assert nurse.care(patient)["lives_alone"] is alone
    assert nurse.read(f"/patients/{patient.public_id}/record")["patient"]["lives_alone"] is alone
    asked = text("select lives_alone from patient where id = :id")
    assert connection.execute(asked, {"id": patient.id}).scalar_one() is alone
