"""What no helper may do, whatever they were let see: control by a relative is a hazard of its own (H18, H19)."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, text

from backend.access.policy import SCOPES
from tests.browsing import Browser
from tests.circle.test_invitations import INVITE, circle
from tests.factories import Factory, Ref
from tests.phones.sealer import PhoneOf

Browse = Callable[..., Browser]

# What the person says of how they are reminded, and over which way.
REMINDERS = (
    "readings", "check_ins", "medicines", "times", "quiet_from", "quiet_to", "channel", "email", "tell_seen",
)  # fmt: skip


@pytest.fixture
def patient(make: Factory) -> Ref:
    """Somebody with a team."""
    found = make.patient()
    make.team([make.practitioner()], [found])
    return found


@pytest.fixture
def helper(make: Factory, browse: Browse, patient: Ref) -> Browser:
    """Somebody whom the person lets see and do all that can be shared."""
    carer = make.carer()
    make.proxy_consent(patient, carer, sorted(SCOPES))
    return browse(make.account(carer=carer))


def proxies(connection: Connection, patient: Ref) -> list[tuple[object, ...]]:
    """Everybody who may act for a person, whole."""
    asked = text(
        "select id, scopes, valid::text, revoked_at, version from consent where patient_id = :id order by id"
    )
    return [tuple(row) for row in connection.execute(asked, {"id": patient.id})]


@pytest.mark.hazard("H18")
def test_a_helper_adds_no_helper(helper: Browser, patient: Ref, connection: Connection) -> None:
    before = proxies(connection, patient)
    sent = helper.put(f"/patients/{patient.public_id}/invitations/{uuid4()}", INVITE)
    assert (sent.status_code, sent.get_json()["code"]) == (404, "no-record")
    assert connection.execute(text("select count(*) from invitation")).scalar_one() == 0
    assert proxies(connection, patient) == before


@pytest.mark.hazard("H18")
def test_a_helper_changes_neither_their_own_scopes_nor_anothers(
    make: Factory, helper: Browser, patient: Ref, connection: Connection
) -> None:
    make.proxy_consent(patient, make.carer(), ["readings"])
    before = proxies(connection, patient)
    ids = connection.execute(text("select public_id from consent where kind = 'proxy'")).scalars().all()
    for one in ids:
        path = f"/patients/{patient.public_id}/people/{one}"
        changed = helper.put(path, {"scopes": ["readings"], "until": None}, If_Match='W/"1"')
        assert changed.status_code == 404
        assert helper.post(f"{path}/end").status_code == 404
    assert proxies(connection, patient) == before


@pytest.mark.hazard("H18")
def test_a_helper_changes_no_way_to_reach_the_person(
    make: Factory, browse: Browse, helper: Browser, patient: Ref, connection: Connection
) -> None:
    asked = text("select phone, second_phone, version from patient where id = :id")
    before = connection.execute(asked, {"id": patient.id}).one()
    for path in ("contacts", "needs", "pairing-codes", "proxies", "capacity"):
        answer = helper.post(f"/patients/{patient.public_id}/{path}", {}, If_Match='W/"1"')
        assert answer.status_code == 403
    reminders = (
        browse(make.account(patient=patient)).get(f"/patients/{patient.public_id}/reminders").get_json()
    )
    told = {name: reminders[name] for name in REMINDERS if name in reminders}
    assert helper.get(f"/patients/{patient.public_id}/reminders").status_code == 404
    put = helper.put(f"/patients/{patient.public_id}/reminders", told, If_Match='W/"0"')
    assert (put.status_code, put.get_json()["code"]) == (404, "no-record")
    assert helper.put(f"/patients/{patient.public_id}/photo", {"jpeg": "AAAA"}).status_code == 404
    assert helper.delete(f"/patients/{patient.public_id}/photo").status_code == 404
    after = browse(make.account(patient=patient)).get(f"/patients/{patient.public_id}/reminders").get_json()
    assert after == reminders
    assert connection.execute(asked, {"id": patient.id}).one() == before


@pytest.mark.hazard("H18")
def test_a_helper_does_not_shut_the_person_out(
    make: Factory, browse: Browse, helper: Browser, patient: Ref
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    assert helper.post(f"/phones/{phone.id}/revoke").status_code == 404
    assert helper.post(f"/patients/{patient.public_id}/phones/{phone.id}/revoke").status_code == 403
    assert helper.get(f"/patients/{patient.public_id}/phones").status_code == 403
    assert helper.get("/phones").get_json()["phones"] == []
    assert phone.browser.get("/session").status_code == 200


@pytest.mark.hazard("H18")
def test_a_helper_does_not_see_who_else_helps_who_was_invited_or_who_looked(
    make: Factory, browse: Browse, helper: Browser, patient: Ref
) -> None:
    make.proxy_consent(patient, make.carer(), ["readings"])
    person = browse(make.account(patient=patient))
    person.put(f"/patients/{patient.public_id}/invitations/{uuid4()}", INVITE)
    assert len(circle(person, patient)["people"]) == 2
    seen = circle(helper, patient)
    assert [row["me"] for row in seen["people"]] == [True]
    assert seen["invitations"] == seen["former"] == []
    assert seen["looked"] == {"last": []}
    assert helper.get(f"/patients/{patient.public_id}/looked").status_code == 404


@pytest.mark.hazard("H19")
def test_what_the_person_could_not_yet_send_is_not_shown_to_a_helper_on_the_same_phone(
    make: Factory, browse: Browse, patient: Ref
) -> None:
    carer = make.carer()
    make.proxy_consent(patient, carer, sorted(SCOPES))
    hers = PhoneOf(browse(), make.account(patient=patient), "shared")
    refused = hers.worry(uuid4(), body='{"words": "private"}')
    assert hers.bring(refused).status_code == 202
    shared = Browser(hers.browser.client.application, "person")
    shared.client = hers.browser.client
    assert shared.sign_in(make.account(carer=carer)).status_code == 200
    assert shared.get("/outbox/held").get_json()["items"] == []
    assert shared.post("/outbox/known", {"ids": [refused["id"]]}).get_json()["unknown"] == [refused["id"]]
    assert UUID(str(refused["id"]))


def test_staff_invite_nobody_and_look_into_nobodys_circle(
    make: Factory, browse: Browse, connection: Connection
) -> None:
    patient, nurse = make.patient(), make.practitioner()
    make.team([nurse], [patient])
    desk = browse(make.account(practitioner=nurse), "team")
    assert desk.put(f"/patients/{patient.public_id}/invitations/{uuid4()}", INVITE).status_code == 403
    for path in ("circle", "looked"):
        assert desk.get(f"/patients/{patient.public_id}/{path}").status_code == 403
