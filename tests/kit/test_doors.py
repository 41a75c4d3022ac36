"""Who sees which kit: names only of one's own people, an installer no reading, a recall that is audited."""

from sqlalchemy import Connection, text

from tests.kit.conftest import House, new_id


def test_kit_of_another_teams_person_is_not_listed_and_not_there(house: House) -> None:
    theirs, mine = house.make.device(device_id=new_id()), house.make.device(device_id=new_id())
    house.make.wears(house.elsewhere(), theirs)
    house.give(mine, house.people[0])
    listed = {row["device_id"] for row in house.nurse.browser.get("/kit").get_json()["rows"]}
    assert mine.name in listed
    assert theirs.name not in listed
    answer = house.nurse.browser.get(f"/kit/{theirs.public_id}")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "no-record")
    change = house.nurse.browser.post(f"/kit/{theirs.public_id}/revoke", {"reason": "lost"}, If_Match='W/"1"')
    assert change.status_code == 404


def test_who_shares_kit_from_another_team_is_shown_without_a_name(house: House) -> None:
    kit, other = house.make.device("scale"), house.elsewhere()
    house.give(kit, house.people[0])
    house.make.wears(other, kit, slot=1)
    wearers = house.nurse.read(kit)["wearers"]
    assert wearers[0]["patient"]["display_name"] == house.people[0].name
    assert wearers[1]["patient"] is None


def test_kit_is_not_given_to_a_person_of_another_team(house: House) -> None:
    kit = house.make.device()
    answer = house.nurse.send(kit, "/wearers", {"patient_id": str(house.elsewhere().public_id)})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "no-record")
    assert house.nurse.read(kit)["wearers"] == []


def test_an_installer_sees_kit_and_addresses_and_opens_no_reading(house: House) -> None:
    kit, person = house.make.device("pendant"), house.people[0]
    desk = house.installer()
    assert desk.browser.get("/session").get_json()["role"] == "installer"
    given = desk.do(kit, "/wearers", patient_id=str(person.public_id))
    assert (given["address"], given["wearers"][0]["patient"]["display_name"]) == ("0 Test Row", person.name)
    assert desk.do(kit, "/installation", step="press-bedroom", outcome="proved")["history"][0]["by"]
    people = desk.browser.get("/kit/people").get_json()["rows"]
    assert {"id": str(person.public_id), "display_name": person.name, "address": "0 Test Row"} in people
    for path in ("/worklist", "/quarantine"):
        answer = desk.browser.get(path)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "not-for-installers"), path
    for page in ("record", "series?kind=spo2"):
        assert desk.browser.get(f"/patients/{person.public_id}/{page}").status_code == 404
    alert = house.make.alert(person)
    claim = desk.browser.post(f"/alerts/{alert.public_id}/claim", {}, If_Match='W/"1"')
    assert claim.status_code == 404
    firmware = {"model": "m", "firmware": "1"}
    assert desk.browser.post("/kit/certified-firmware", firmware).status_code == 403
    wearer = desk.read(kit)["wearers"][0]
    dates = desk.send(kit, f"/wearers/{wearer['id']}/dates", {"from": wearer["from"]}, wearer["version"])
    assert dates.status_code == 404


def test_a_recall_lists_people_by_batch_and_audits_each(house: House, connection: Connection) -> None:
    batch = new_id()
    kits = [house.make.device(batch=batch, model="m-recalled") for _ in range(4)]
    house.make.device(batch="another")
    for kit, person in zip(kits[:2], house.people[:2], strict=True):
        house.give(kit, person)
    house.make.wears(house.elsewhere(), kits[2])
    house.make.says(kits[0], firmware="1.0")
    found = house.nurse.browser.get(f"/kit/recall?batch={batch}").get_json()
    assert (found["people"], found["elsewhere"], len(found["rows"])) == (2, 1, 3)
    since = {
        row["wearers"][0]["patient"]["id"]: row["wearers"][0]["from"]
        for row in found["rows"]
        if row["wearers"]
    }
    assert set(since) == {str(person.public_id) for person in house.people[:2]}
    audited = connection.execute(
        text("select patient_id from audit_event where action = 'recall' and detail ->> 'batch' = :batch"),
        {"batch": batch},
    )
    assert {row.patient_id for row in audited} == {person.id for person in house.people[:2]}
    narrowed = house.nurse.browser.get("/kit/recall?model=m-recalled&firmware=1.0").get_json()
    assert [row["device_id"] for row in narrowed["rows"]] == [kits[0].name]
    assert house.nurse.browser.get("/kit/recall").status_code == 422


def test_the_canarys_kit_is_nobodys(house: House) -> None:
    canary = house.make.device(is_canary=True)
    assert house.nurse.browser.get(f"/kit/{canary.public_id}").status_code == 404
    assert canary.name not in house.nurse.browser.get("/kit").get_data(as_text=True)


def test_every_change_of_kit_is_in_the_audit_trail_with_who_made_it(
    house: House, connection: Connection
) -> None:
    kit = house.make.device()
    house.nurse.do(kit, "/facts", serial="S-1")
    kept = connection.execute(
        text("select actor_kind from audit_event where action = 'kit-facts' and entity_id = :id"),
        {"id": str(kit.public_id)},
    )
    assert [row.actor_kind for row in kept] == ["practitioner"]
