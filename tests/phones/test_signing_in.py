"""Signing in on a phone: what it is told, how long it lasts, and how one is shut out."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.access import pairing
from backend.access.pairing import Owner
from backend.core.db import transaction
from backend.core.http import SYSTEM
from tests.browsing import Browser
from tests.factories import PASSWORD, Factory
from tests.phones.sealer import PhoneOf

Browse = Callable[..., Browser]


def test_a_named_phone_is_told_its_ticket_once_and_who_it_writes_as(make: Factory, browse: Browse) -> None:
    phone = PhoneOf(browse(), make.account(patient=make.patient()), label="Kitchen")
    told = phone.session
    assert told["phone"] == {"id": phone.id, "kind": "own"}
    assert told["lock_after_s"] == 300
    assert len(told["upload_ticket"]) >= 40
    assert set(told["seal_key"]) == {"kid", "public_key"}
    assert told["seal_key"] == browse().get("/outbox/key").get_json()
    again = phone.browser.get("/session").get_json()
    assert again["upload_ticket"] is None
    assert (again["phone"], again["account"]) == (told["phone"], told["account"])


def test_each_sign_in_on_a_phone_has_a_new_ticket_and_is_one_phone(make: Factory, browse: Browse) -> None:
    name = make.account(patient=make.patient())
    browser = browse()
    phone = PhoneOf(browser, name)
    body = {"username": name, "password": PASSWORD, "phone": {"id": phone.id, "kind": "own"}}
    second = browser.post("/session", body).get_json()
    assert second["upload_ticket"] not in (None, phone.session["upload_ticket"])
    assert [row["id"] for row in browser.get("/phones").get_json()["phones"]] == [phone.id]


def test_a_browser_that_names_no_phone_has_no_ticket(make: Factory, browse: Browse) -> None:
    session = browse(make.account(patient=make.patient())).get("/session").get_json()
    assert (session["phone"], session["upload_ticket"]) == (None, None)


@pytest.mark.hazard("H19")
def test_on_a_shared_phone_the_sign_in_ends_with_the_browser_and_after_twelve_hours(
    make: Factory, browse: Browse, connection: Connection
) -> None:
    phone = PhoneOf(browse(), make.account(patient=make.patient()), "shared")
    cookie = phone.signed_in.headers["Set-Cookie"]
    assert "Max-Age" not in cookie
    assert "HttpOnly" in cookie
    lives = connection.execute(text("select max(expires_at - created_at) from sign_in_session")).scalar_one()
    assert lives.total_seconds() == pytest.approx(12 * 3600, abs=60)
    own = PhoneOf(browse(), make.account(patient=make.patient()))
    assert "Max-Age=2592000" in own.signed_in.headers["Set-Cookie"]


@pytest.mark.hazard("H19")
def test_two_people_on_one_shared_phone_each_have_their_own_and_see_no_other(
    make: Factory, browse: Browse
) -> None:
    first = PhoneOf(browse(), make.account(patient=make.patient()), "shared", "Hall")
    other = make.account(patient=make.patient())
    phone = {"id": first.id, "kind": "shared", "label": "Tablet"}
    second = browse()
    second.csrf = second.post(
        "/session", {"username": other, "password": PASSWORD, "phone": phone}
    ).get_json()["csrf"]
    assert [row["label"] for row in second.get("/phones").get_json()["phones"]] == ["Tablet"]
    assert second.post(f"/phones/{first.id}/revoke").status_code == 204
    assert first.browser.get("/session").status_code == 200


def test_a_staff_sign_in_is_on_no_phone(make: Factory, browse: Browse) -> None:
    nurse = make.practitioner()
    make.team([nurse])
    desk = PhoneOf(browse(audience="team"), make.account(practitioner=nurse))
    assert (desk.session["phone"], desk.session["upload_ticket"]) == (None, None)


def test_a_phone_paired_by_a_code_has_a_ticket_too(app: Flask, make: Factory, browse: Browse) -> None:
    patient = make.patient()
    with app.app_context(), transaction():
        code, _ = pairing.make_code(SYSTEM, Owner(patient_id=patient.id))
    phone = {"id": "0b0e3f5c-6c1e-4a5e-9d4e-5a1d6f0b7c11", "kind": "own", "label": ""}
    answer = browse().post("/pairing", {"code": code, "password": PASSWORD, "phone": phone}).get_json()
    assert answer["phone"]["id"] == phone["id"]
    assert answer["upload_ticket"]


@pytest.mark.hazard("H19")
def test_a_phone_that_was_shut_out_is_told_so_until_it_says_it_is_empty(
    make: Factory, browse: Browse
) -> None:
    name = make.account(patient=make.patient())
    lost, kept = PhoneOf(browse(), name, label="Old"), PhoneOf(browse(), name, label="New")
    assert kept.browser.post(f"/phones/{lost.id}/revoke").status_code == 204
    refused = lost.browser.get("/session")
    assert (refused.status_code, refused.get_json()["code"]) == (401, "phone-revoked")
    listed = kept.browser.get("/phones").get_json()
    assert [(row["id"], row["this"]) for row in listed["phones"]] == [(kept.id, True)]
    assert [(row["id"], row["wiped_at"], row["brought"]) for row in listed["shut_out"]] == [
        (lost.id, None, 0)
    ]
    wiped = lost.browser.post("/phones/wiped")
    assert (wiped.status_code, wiped.headers["Clear-Site-Data"]) == (204, '"cache", "storage"')
    assert lost.browser.get("/session").get_json()["code"] == "signed-out"
    assert kept.browser.get("/phones").get_json()["shut_out"][0]["wiped_at"] is not None


def test_nobody_wipes_a_phone_that_was_not_shut_out(make: Factory, browse: Browse) -> None:
    phone = PhoneOf(browse(), make.account(patient=make.patient()))
    for browser in (phone.browser, browse()):
        answer = browser.post("/phones/wiped")
        assert answer.status_code == 403
        assert "Clear-Site-Data" not in answer.headers
    assert phone.browser.get("/session").status_code == 200


def test_a_phone_that_was_found_again_is_let_in_by_the_password(make: Factory, browse: Browse) -> None:
    name = make.account(patient=make.patient())
    phone = PhoneOf(browse(), name)
    phone.browser.post(f"/phones/{phone.id}/revoke")
    body = {"username": name, "password": PASSWORD, "phone": {"id": phone.id, "kind": "own"}}
    assert phone.browser.post("/session", body).status_code == 200
    assert phone.browser.get("/phones").get_json()["shut_out"] == []


def test_the_team_shuts_out_a_phone_that_a_person_lost_and_no_others(
    make: Factory, browse: Browse, connection: Connection
) -> None:
    patient, other, nurse = make.patient(), make.patient(), make.practitioner()
    make.team([nurse], [patient, other])
    lost = PhoneOf(browse(), make.account(patient=patient), label="Old")
    desk = browse(make.account(practitioner=nurse), "team")
    assert [
        row["label"] for row in desk.get(f"/patients/{patient.public_id}/phones").get_json()["phones"]
    ] == ["Old"]
    assert desk.post(f"/patients/{other.public_id}/phones/{lost.id}/revoke").status_code == 404
    assert desk.post(f"/patients/{patient.public_id}/phones/{lost.id}/revoke").status_code == 204
    assert lost.browser.get("/session").get_json()["code"] == "phone-revoked"
    kept = connection.execute(
        text("select detail ->> 'by' from audit_event where action = 'shut-out-phone' and patient_id = :id"),
        {"id": patient.id},
    )
    assert kept.scalars().all() == ["team"]
