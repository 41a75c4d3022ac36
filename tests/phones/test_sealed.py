"""What a phone brings sealed after its session ended: stored once, as its author's, or held for them to see."""

import logging
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.phones import outbox
from tests.browsing import Browser
from tests.factories import Factory, Ref
from tests.phones.sealer import PhoneOf, seal

Browse = Callable[..., Browser]


def concerns(connection: Connection, patient: Ref) -> int:
    """How many worries of a person are on the team's list."""
    found = connection.execute(
        text("select count(*) from audit_event where action = 'raise-concern' and outcome = 'success'"
             " and patient_id = :id"), {"id": patient.id})  # fmt: skip
    return int(found.scalar_one())


@pytest.fixture
def patient(make: Factory) -> Ref:
    """Somebody with a team."""
    found = make.patient()
    make.team([make.practitioner()], [found])
    return found


def test_what_was_recorded_signed_out_is_stored_as_its_authors_and_marked(
    make: Factory, browse: Browse, connection: Connection, patient: Ref
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    worry = phone.worry(patient.public_id)
    phone.browser.delete("/session")
    brought = phone.bring(worry, browse())
    assert (brought.status_code, brought.data) == (204, b"")
    kept = connection.execute(
        text("select actor_id, detail ->> 'patient' from audit_event where action = 'bring-late'")
    ).one()
    assert tuple(kept) == (patient.public_id, str(patient.public_id))
    assert concerns(connection, patient) == 1


def test_the_same_change_is_stored_once_however_often_it_comes(
    make: Factory, browse: Browse, connection: Connection, patient: Ref
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    worry = phone.worry(patient.public_id)
    assert [phone.bring(worry).status_code for _ in range(3)] == [204, 204, 204]
    assert concerns(connection, patient) == 1


def test_a_change_whose_plain_request_lost_its_reply_is_not_stored_again_sealed(
    make: Factory, browse: Browse, connection: Connection, patient: Ref
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    worry = phone.worry(patient.public_id)
    plain = phone.browser.post(str(worry["path"]), Idempotency_Key=str(worry["id"]))
    assert plain.status_code == 201
    assert phone.bring(worry).status_code == 204
    assert concerns(connection, patient) == 1


@pytest.mark.parametrize("cut_after", ["_handled", "_mark"])
def test_cut_off_in_between_it_is_stored_once_when_it_comes_again(
    make: Factory, browse: Browse, connection: Connection, patient: Ref, cut_after: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    phone = PhoneOf(browse(), make.account(patient=patient))
    worry = phone.worry(patient.public_id)
    whole: Callable[..., object] = getattr(outbox, cut_after)

    def cut(*arguments: object) -> object:
        whole(*arguments)
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(outbox, cut_after, cut)
        assert phone.bring(worry).status_code == 500
    assert phone.bring(worry).status_code == 204
    assert concerns(connection, patient) == 1
    kept = connection.execute(text("select count(*) from late_change")).scalar_one()
    assert kept == 1


@pytest.mark.hazard("H19")
def test_what_the_route_refuses_is_held_for_its_author_alone(
    make: Factory, browse: Browse, patient: Ref
) -> None:
    name = make.account(patient=patient)
    phone = PhoneOf(browse(), name)
    elsewhere = make.patient()
    lost = phone.worry(elsewhere.public_id, body='{"words": "mine"}')
    for _ in range(2):
        held = phone.bring(lost, browse())
        assert (held.status_code, held.get_json()) == (202, {"held": True})
    author = browse(name)
    [item] = author.get("/outbox/held").get_json()["items"]
    assert (item["id"], item["patient"]) == (lost["id"], str(elsewhere.public_id))
    assert (item["body"], item["made_at"]) == (lost["body"], lost["madeAt"])
    assert (item["problem"]["code"], item["problem"]["status"]) == ("no-record", 404)
    somebody = browse(make.account(patient=make.patient()))
    assert somebody.get("/outbox/held").get_json()["items"] == []
    assert somebody.post(f"/outbox/held/{lost['id']}/settle", {"how": "let-go"}).status_code == 404
    for _ in range(2):
        assert author.post(f"/outbox/held/{lost['id']}/settle", {"how": "let-go"}).status_code == 204
    assert author.get("/outbox/held").get_json()["items"] == []
    # The phone may not have heard that it was settled.
    assert phone.bring(lost).status_code == 204
    assert author.get("/outbox/held").get_json()["items"] == []


@pytest.mark.parametrize(
    "path", ["invitations/00000000-0000-4000-8000-000000000000", "no-such-thing", "photo"]
)
def test_only_facts_and_the_plan_may_come_late(
    make: Factory, browse: Browse, patient: Ref, path: str
) -> None:
    name = make.account(patient=patient)
    phone = PhoneOf(browse(), name)
    change = phone.command(f"/patients/{patient.public_id}/{path}", method="PUT", body="{}")
    assert phone.bring(change).status_code == 202
    assert browse(name).get("/outbox/held").get_json()["items"][0]["problem"]["code"] == "not-late"


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "/session"}, {"path": "/patients/../session"}, {"path": "/patients/x/concern"},
        {"path": "/patients/11111111-1111-4111-8111-111111111111/concern?x=1"}, {"path": None},
        {"method": "DELETE"}, {"method": "GET"}, {"id": "1"}, {"id": None}, {"body": {"a": 1}},
        {"ifMatch": "a\r\nb"}, {"ticket": "another"}, {"ticket": None}, {"madeAt": 5},
    ],
)  # fmt: skip
def test_what_is_no_change_of_ours_stays_on_the_phone(
    make: Factory, browse: Browse, patient: Ref, wrong: dict[str, object]
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    answer = phone.bring(phone.worry(patient.public_id) | wrong)
    assert answer.status_code == 422
    assert answer.get_json()["code"] in ("cannot-open", "ticket-unknown")


def test_an_envelope_that_was_changed_or_is_for_another_key_cannot_be_opened(
    make: Factory, browse: Browse, patient: Ref
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    good = seal(phone.session["seal_key"], phone.worry(patient.public_id))
    changed = {"kid": "0" * 16, "epk": "AAAA", "iv": "AAAA", "ct": str(good["ct"])[:-2] + "AA"}
    for name, value in changed.items():
        answer = browse().post("/outbox/sealed", good | {name: value})
        assert (answer.status_code, answer.get_json()["code"]) == (422, "cannot-open")
    others: list[object] = [[], "words", None, 1]
    for plain in others:
        assert browse().post("/outbox/sealed", seal(phone.session["seal_key"], plain)).status_code == 422
    assert browse().post("/outbox/sealed", good).status_code == 204


def test_a_ticket_is_over_after_ninety_days_and_with_its_account(
    make: Factory, browse: Browse, connection: Connection, patient: Ref
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    connection.execute(text("update upload_right set expires_at = now() - interval '1 second'"))
    assert phone.bring(phone.worry(patient.public_id)).get_json()["code"] == "ticket-unknown"
    connection.execute(text("update upload_right set expires_at = now() + interval '1 day'"))
    connection.execute(text("update account set disabled_at = now()"))
    assert phone.bring(phone.worry(patient.public_id)).get_json()["code"] == "ticket-unknown"


def test_a_phone_that_was_shut_out_brings_what_it_had_for_fourteen_days_and_it_is_marked(
    make: Factory, browse: Browse, connection: Connection, patient: Ref
) -> None:
    name = make.account(patient=patient)
    phone, kept = PhoneOf(browse(), name), PhoneOf(browse(), name)
    kept.browser.post(f"/phones/{phone.id}/revoke")
    assert phone.bring(phone.worry(patient.public_id)).status_code == 204
    assert kept.browser.get("/phones").get_json()["shut_out"][0]["brought"] == 1
    assert connection.execute(text("select from_shut_out from late_change")).scalars().all() == [True]
    connection.execute(
        text("update phone set revoked_at = now() - interval '15 days' where revoked_at is not null")
    )
    assert phone.bring(phone.worry(patient.public_id)).get_json()["code"] == "ticket-unknown"


def test_many_that_cannot_be_opened_are_slowed_by_address_and_good_ones_are_not_counted(
    make: Factory, browse: Browse, patient: Ref, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_BY_ADDRESS", 3)
    phone = PhoneOf(browse(), make.account(patient=patient))
    good = phone.worry(patient.public_id)
    assert [phone.bring(good).status_code for _ in range(5)] == [204] * 5
    bad = good | {"ticket": "wrong"}
    assert [phone.bring(bad).status_code for _ in range(4)] == [422, 422, 422, 429]
    assert int(phone.bring(good).headers["Retry-After"]) > 0


def test_one_that_is_larger_than_anything_a_phone_records_is_refused(browse: Browse) -> None:
    envelope = {"v": 1, "kid": "k", "epk": "a", "iv": "a", "ct": "A" * 257 * 1024}
    assert browse().post("/outbox/sealed", envelope).status_code == 413


def test_another_sites_page_brings_nothing(make: Factory, browse: Browse, patient: Ref) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    sealed = seal(phone.session["seal_key"], phone.worry(patient.public_id))
    answer = browse().post("/outbox/sealed", sealed, Sec_Fetch_Site="cross-site")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "cross-site")


def test_too_many_refusals_stay_on_the_phone(
    make: Factory, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_HELD", 2)
    phone = PhoneOf(browse(), make.account(patient=make.patient()))
    lost = [phone.worry(uuid4()) for _ in range(3)]
    assert [phone.bring(one).status_code for one in lost] == [202, 202, 429]
    assert phone.bring(lost[0]).status_code == 202


def test_a_restored_service_is_told_what_it_does_not_have(
    make: Factory, browse: Browse, connection: Connection, patient: Ref
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    sealed, refused, plain, never = (phone.worry(patient.public_id) for _ in range(4))
    refused["path"] = f"/patients/{uuid4()}/concern"
    phone.bring(sealed)
    phone.bring(refused)
    phone.browser.post(str(plain["path"]), Idempotency_Key=str(plain["id"]))
    ids = [one["id"] for one in (sealed, refused, plain, never)]
    asked = phone.browser.post("/outbox/known", {"ids": ids})
    assert asked.get_json() == {"unknown": [never["id"]]}
    other = browse(make.account(patient=make.patient()))
    assert other.post("/outbox/known", {"ids": ids}).get_json() == {"unknown": ids}
    assert phone.browser.post("/outbox/known", {"ids": ids * 126}).status_code == 422


def test_a_service_without_a_key_says_so_and_the_phone_keeps_what_it_has(
    make: Factory, browse: Browse, patient: Ref, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    monkeypatch.setitem(app.config, "OUTBOX_KEY", None)
    assert browse().get("/outbox/key").status_code == 503
    assert phone.bring(phone.worry(patient.public_id)).status_code == 503
    assert phone.browser.get("/session").get_json()["seal_key"] is None


def test_after_a_change_of_key_what_was_sealed_to_the_old_one_is_still_opened(
    make: Factory, browse: Browse, patient: Ref, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    monkeypatch.setitem(app.config, "OUTBOX_KEY", f"a-new-seed {app.config['OUTBOX_KEY']}")
    assert browse().get("/outbox/key").get_json()["kid"] != phone.session["seal_key"]["kid"]
    assert phone.bring(phone.worry(patient.public_id)).status_code == 204


def test_nothing_of_what_was_sealed_is_in_the_logs(
    make: Factory,
    browse: Browse,
    patient: Ref,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(logging.getLogger("alongside"), "propagate", True)
    phone = PhoneOf(browse(), make.account(patient=patient))
    phone.bring(phone.worry(uuid4(), body='{"words": "a secret of mine"}'))
    phone.bring(phone.worry(patient.public_id, ticket="no ticket at all"))
    said = " ".join(str(vars(record)) for record in caplog.records)
    assert "a secret of mine" not in said
    assert str(patient.public_id) not in said
    assert phone.session["upload_ticket"] not in said
