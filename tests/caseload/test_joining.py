"""A person is added step by step, by whoever has a minute, and is monitored only when everything is known."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from backend.observations.codes import Code
from backend.pathways.folder import read_folder
from backend.pathways.service import PACKS
from tests.caseload.conftest import CAPACITY, CONSENT, IDENTITY, PROXY, STEPS, TARGET, Desk, House
from tests.factories import Factory, nhs_number


def test_a_person_is_added_from_a_draft_to_live_and_the_first_reading_is_seen(
    house: House, nurse: Desk, make: Factory, connection: Connection
) -> None:
    draft = nurse.start()
    assert [one["step"] for one in draft["missing"]] == list(STEPS)
    draft = nurse.fill(draft)
    assert (draft["missing"], draft["patient"], draft["state"]) == ([], None, "draft")
    joined = nurse.step(draft, "register")
    assert joined["patient"]["status"] == "awaiting-kit"
    assert (joined["problems"], joined["first_reading"], joined["paired"]) == ([], None, False)
    kit = make.device("pulse-oximeter", serial="SN-1")
    joined = nurse.step(draft, "kit", {"device": "SN-1"})
    assert [one["device_id"] for one in joined["kit"]] == [kit.name]
    patient = house.make.find_patient(joined["patient"]["id"])
    at = make.reading(patient, Code.SPO2, "91")
    first = nurse.read(f"/joinings/{draft['id']}")["first_reading"]
    assert first["kind"] == "spo2"
    assert first["at"].startswith(at.isoformat()[:19])
    live = nurse.step(draft, "go-live")
    assert (live["state"], live["patient"]["status"]) == ("live", "live")
    assert connection.execute(text("select draft from joining")).scalar_one() == {}
    care = nurse.care(joined["patient"]["id"])
    assert care["monitored"] is True
    assert care["facts"]["oxygen_litres"] == "1.5"
    assert [one["name"] for one in care["contacts"]] == ["Next Kin", "Key Holder"]
    assert care["needs"]["language"] == "cy"
    assert care["review_due"] is not None


def test_a_draft_is_left_and_carried_on_with_by_somebody_else_of_the_team(house: House, nurse: Desk) -> None:
    draft = nurse.start()
    nurse.step(draft, "identity", IDENTITY)
    other = house.desk("clinician")
    rows = other.read("/joinings")["rows"]
    assert [(row["id"], row["done"], row["display_name"]) for row in rows] == [
        (draft["id"], ["identity"], "Test Joiner")
    ]
    kept = other.read(f"/joinings/{draft['id']}")
    assert kept["steps"]["identity"]["birth_date"] == "1950-02-03"
    stale = nurse.send(f"/joinings/{draft['id']}/needs", {}, draft["version"])
    assert (stale.status_code, stale.get_json()["code"]) == (412, "changed-meanwhile")


def test_another_team_does_not_see_the_draft(house: House, nurse: Desk, make: Factory) -> None:
    draft = nurse.start()
    stranger = make.practitioner()
    make.team([stranger])
    other = Desk(house._browse(make.account(practitioner=stranger), "team"))
    assert other.read("/joinings")["rows"] == []
    refused = other.browser.get(f"/joinings/{draft['id']}")
    absent = other.browser.get(f"/joinings/{uuid4()}")
    assert (refused.status_code, refused.get_json()) == (404, absent.get_json())


@pytest.mark.parametrize("wrong", ["9990000019", "999 000 001", "99900000A8", "0000000001", "٩٩٩٠٠٠٠٠١٨"])
def test_a_number_that_is_no_nhs_number_is_refused(nurse: Desk, wrong: str) -> None:
    answer = nurse.send("/joinings/nhs-number", {"nhs_number": wrong})
    assert answer.status_code == 422
    assert "nhs_number" in answer.get_json()["errors"]


def test_a_known_number_is_said_without_leaking_a_record_that_is_not_theirs(
    house: House, nurse: Desk, make: Factory, connection: Connection
) -> None:
    mine, theirs, former = house.patient(), make.patient(), make.patient()
    make.team([make.practitioner()], [theirs])

    def asked(of: object) -> object:
        number = connection.execute(
            text("select nhs_number from patient where id = :id"), {"id": of}
        ).scalar_one()
        said = nurse.send("/joinings/nhs-number", {"nhs_number": f"{number[:3]} {number[3:6]} {number[6:]}"})
        return {k: v for k, v in said.get_json().items() if k != "words"}

    assert asked(mine.id) == {"known": "yours", "patient_id": str(mine.public_id)}
    assert asked(theirs.id) == {"known": "here", "patient_id": None}
    assert asked(former.id) == {"known": "here", "patient_id": None}
    looked = text("select patient_id from audit_event where action = 'check-nhs-number' order by at")
    assert connection.execute(looked).scalars().all() == [mine.id, theirs.id, former.id]
    free = nurse.send("/joinings/nhs-number", {"nhs_number": nhs_number(2)}).get_json()
    assert free["known"] == "no"


def test_whoever_asks_for_many_numbers_waits_and_nobody_else_does(
    house: House, nurse: Desk, step_time: Callable[[str], None]
) -> None:
    body = {"nhs_number": nhs_number(2)}
    for _ in range(30):
        assert nurse.send("/joinings/nhs-number", body).status_code == 200
    refused = nurse.send("/joinings/nhs-number", body)
    assert (refused.status_code, refused.get_json()["code"]) == (429, "too-many-numbers")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert house.desk("clinician").send("/joinings/nhs-number", body).status_code == 200
    step_time("1 hour 1 minute")
    assert nurse.send("/joinings/nhs-number", body).status_code == 200


def test_that_another_team_looks_after_somebody_is_told_only_to_who_knows_name_and_birth_date(
    nurse: Desk, make: Factory
) -> None:
    number = nhs_number(4)
    theirs = make.patient(nhs_number=number, family_name="Joiner")
    make.team([make.practitioner()], [theirs])
    draft = nurse.fill(nurse.start(), identity=IDENTITY | {"nhs_number": number})
    assert nurse.step(draft, "register", status=412)["code"] == "details-differ"
    nurse.step(draft, "identity", IDENTITY | {"nhs_number": number, "birth_date": "1946-03-02"})
    assert nurse.step(draft, "register", status=412)["code"] == "already-known"


def test_somebody_who_was_here_before_is_taken_up_again_only_when_the_details_agree(
    nurse: Desk, make: Factory, connection: Connection
) -> None:
    number = nhs_number(3)
    make.patient(nhs_number=number, family_name="Joiner")
    draft = nurse.fill(nurse.start(), identity=IDENTITY | {"nhs_number": number})
    refused = nurse.step(draft, "register", status=412)
    assert refused["code"] == "details-differ"
    nurse.step(draft, "identity", IDENTITY | {"nhs_number": number, "birth_date": "1946-03-02"})
    joined = nurse.step(draft, "register")
    assert joined["patient"]["display_name"] == "Test Joiner"
    count = connection.execute(text("select count(*) from patient where nhs_number = :n"), {"n": number})
    assert count.scalar_one() == 1


def test_nobody_is_registered_without_consent_or_with_something_missing(nurse: Desk) -> None:
    draft = nurse.fill(nurse.start(), consent=CONSENT | {"monitoring": False})
    refused = nurse.step(draft, "register", status=412)
    assert refused["code"] == "not-ready"
    assert [one["step"] for one in refused["current"]["missing"]] == ["consent"]


@pytest.mark.parametrize(
    ("facts", "limits", "lacks"),
    [
        ({"home_oxygen": False, "usual_spo2": "90"}, [], "spo2 target"),
        ({"home_oxygen": False}, [TARGET], "usual spo2"),
        ({"home_oxygen": True, "usual_spo2": "90"}, [TARGET], "oxygen litres"),
        ({"usual_spo2": "90"}, [TARGET], "home oxygen"),
    ],
)
@pytest.mark.hazard("H13")
def test_copd_and_home_oxygen_do_not_go_live_without_target_usual_value_and_litres(
    nurse: Desk, facts: dict[str, object], limits: list[object], lacks: str
) -> None:
    draft = nurse.join(facts=facts, pathways={"pathways": ["copd"], "limits": limits})
    refused = nurse.step(draft, "go-live", status=412)
    assert refused["code"] == "cannot-go-live"
    assert any(lacks in one for one in refused["current"]["problems"])
    assert nurse.read(f"/joinings/{draft['id']}")["patient"]["status"] == "awaiting-kit"


@pytest.mark.hazard("H13")
def test_a_target_is_set_by_nurse_lead_or_clinician_and_nobody_else(house: House) -> None:
    manager = house.desk("duty-manager")
    draft = manager.start()
    refused = manager.step(draft, "pathways", STEPS["pathways"], status=403)
    assert refused["code"] == "role"
    manager.step(draft, "pathways", {"pathways": ["copd"]})
    house.desk("team-lead").step(draft, "pathways", STEPS["pathways"])


def test_a_power_of_attorney_for_finance_alone_is_refused(nurse: Desk) -> None:
    draft = nurse.start()
    body = CONSENT | {"proxies": [PROXY | {"basis": "lpa-property-and-finance"}]}
    refused = nurse.step(draft, "consent", body, status=422)
    assert refused["code"] == "lpa-finance"


def test_best_interests_need_capacity_recorded_as_lacking(nurse: Desk) -> None:
    draft = nurse.start()
    nurse.step(draft, "consent", CONSENT | {"how": "best-interests"}, status=422)
    nurse.step(draft, "consent", CONSENT | {"how": "best-interests", "capacity": CAPACITY})


def test_a_door_sensor_comes_with_why_it_is_the_least_restrictive_way(
    nurse: Desk, make: Factory, connection: Connection
) -> None:
    draft = nurse.join()
    kit = make.device("door-sensor")
    refused = nurse.step(draft, "kit", {"device": kit.name}, status=422)
    assert refused["code"] == "least-restrictive"
    nurse.step(
        draft, "kit", {"device": kit.name, "least_restrictive_because": "Leaves at night, asked for it"}
    )
    assert connection.execute(text("select count(*) from sensor_reason")).scalar_one() == 1


def test_kit_is_found_by_its_label_and_not_guessed(nurse: Desk, make: Factory) -> None:
    draft = nurse.join()
    for _ in range(2):
        make.device("scale", serial="TWICE")
    assert nurse.step(draft, "kit", {"device": "TWICE"}, status=412)["code"] == "several"
    assert nurse.step(draft, "kit", {"device": "NOBODY"}, status=404)["code"] == "no-such-kit"


def test_what_was_offered_and_declined_is_kept_apart_and_the_person_forgotten(
    nurse: Desk, connection: Connection
) -> None:
    draft = nurse.fill(nurse.start())
    nurse.step(
        draft, "board", {"ethnicity": "asian", "digital_access": "not-stated", "deprivation_decile": 2}
    )
    declined = nurse.step(draft, "decline", {"outcome": "declined", "reason": "privacy"})
    assert (declined["state"], declined["steps"]["identity"]) == ("declined", None)
    kept = connection.execute(
        text("select outcome, reason, ethnicity, digital_access, patient_id from board_record")
    )
    assert [tuple(row) for row in kept] == [("declined", "privacy", "asian", "not-stated", None)]
    assert connection.execute(text("select draft from joining")).scalar_one() == {}
    assert nurse.read("/joinings")["rows"] == []


def test_who_joined_is_counted_as_joined(nurse: Desk, connection: Connection) -> None:
    nurse.step(nurse.join(), "go-live")
    row = connection.execute(text("select outcome, patient_id is not null from board_record")).one()
    assert tuple(row) == ("joined", True)


def test_an_installer_adds_nobody(house: House) -> None:
    answer = house.desk("installer").send("/joinings")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "role")


@pytest.mark.hazard("H13")
def test_pathways_whose_limits_disagree_wait_until_a_clinician_has_chosen(
    house: House, nurse: Desk, make: Factory
) -> None:
    bodies = {pack.pathway: body for pack, body in read_folder(PACKS)}
    for pathway, low in (("hypertension", "94"), ("copd", "88")):
        limit = {"code": "spo2", "low": low, "high": "98", "source": f"locality {low}"}
        make.pathway(pathway, bodies[pathway] | {"limits": [limit]})
    both = {"pathways": ["hypertension", "copd"]}
    draft = nurse.join(pathways=both, facts=STEPS["facts"] | {"blood_pressure_treated": True})
    seen = nurse.read(f"/joinings/{draft['id']}")
    assert [one["code"] for one in seen["conflicts"]] == ["spo2"]
    assert {one["low"] for one in seen["conflicts"][0]["ranges"]} == {"94", "88"}
    refused = nurse.step(draft, "go-live", status=412)
    assert any(
        "disagree on spo2" in one and "a clinician has to choose" in one
        for one in refused["current"]["problems"]
    )
    house.desk("clinician").step(draft, "pathways", both | {"limits": [TARGET]})
    assert nurse.read(f"/joinings/{draft['id']}")["conflicts"] == []
    assert nurse.step(draft, "go-live")["patient"]["status"] == "live"
