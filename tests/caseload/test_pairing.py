"""A phone is paired by a code that lives ten minutes and is used once; guessing is slowed down in the database."""

from collections.abc import Callable

from sqlalchemy import Connection, text

from tests.browsing import Browser
from tests.caseload.conftest import PROXY, Desk, House
from tests.factories import Factory

PASSWORD = "a long enough password"
Browse = Callable[..., Browser]


def code_for(nurse: Desk, patient: object, who: str = "self") -> str:
    """A new code for somebody's phone."""
    answer = nurse.send(f"/patients/{getattr(patient, 'public_id', patient)}/pairing-codes", {"for": who})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return str(answer.get_json()["code"])


def test_a_person_pairs_their_phone_and_signs_in_again_with_the_name_they_were_told(
    house: House, nurse: Desk, browse: Browse
) -> None:
    patient = house.patient()
    phone = browse()
    paired = phone.post("/pairing", {"code": code_for(nurse, patient).lower(), "password": PASSWORD})
    body = paired.get_json()
    assert (paired.status_code, body["kind"]) == (200, "patient")
    assert [one["id"] for one in body["patients"]] == [str(patient.public_id)]
    assert phone.get(f"/patients/{patient.public_id}/home").status_code == 200
    assert "test" not in body["username"].lower()
    assert browse().sign_in(body["username"], PASSWORD).status_code == 200


def test_a_code_works_once_and_for_ten_minutes(
    house: House, nurse: Desk, browse: Browse, step_time: Callable[[str], None]
) -> None:
    patient = house.patient()
    code = code_for(nurse, patient)
    assert browse().post("/pairing", {"code": code, "password": PASSWORD}).status_code == 200
    again = browse().post("/pairing", {"code": code, "password": PASSWORD})
    late = code_for(nurse, patient)
    step_time("10 minutes 1 second")
    over = browse().post("/pairing", {"code": late, "password": PASSWORD})
    never = browse().post("/pairing", {"code": "AAAA-AAAA", "password": PASSWORD})
    assert (again.status_code, over.status_code, never.status_code) == (404, 404, 404)
    assert again.get_json() == over.get_json() == never.get_json()


def test_a_new_code_ends_the_one_before(house: House, nurse: Desk, browse: Browse) -> None:
    patient = house.patient()
    first, second = code_for(nurse, patient), code_for(nurse, patient)
    assert browse().post("/pairing", {"code": first, "password": PASSWORD}).status_code == 404
    assert browse().post("/pairing", {"code": second, "password": PASSWORD}).status_code == 200


def test_five_wrong_codes_and_the_sixth_waits(house: House, nurse: Desk, browse: Browse) -> None:
    code = code_for(nurse, house.patient())
    for _ in range(5):
        assert browse().post("/pairing", {"code": "WRNG-WRNG", "password": PASSWORD}).status_code == 404
    answer = browse().post("/pairing", {"code": code, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 600


def wrong(phone: Browser, address: str) -> int:
    """A wrong code from an address."""
    phone.client.environ_base["REMOTE_ADDR"] = address
    return phone.post("/pairing", {"code": "WRNG-WRNG", "password": PASSWORD}).status_code


def test_a_hundred_wrong_codes_from_everywhere_slow_down_and_lock_nobody_out(
    house: House, nurse: Desk, browse: Browse, step_time: Callable[[str], None]
) -> None:
    code, guesser = code_for(nurse, house.patient()), browse()
    for n in range(100):
        assert wrong(guesser, f"198.51.100.{n}") == 404
    # Now each address has one try a minute, and not five at once.
    assert wrong(guesser, "203.0.113.1") == 404
    assert wrong(guesser, "203.0.113.1") == 429
    honest = browse()
    honest.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert honest.post("/pairing", {"code": code, "password": PASSWORD}).status_code == 200
    step_time("1 minute 1 second")
    assert wrong(guesser, "203.0.113.1") == 404


def test_one_subscriber_has_no_more_tries_for_having_many_addresses(browse: Browse) -> None:
    phone = browse()
    assert [wrong(phone, f"2001:db8:1:2::{n}") for n in range(1, 7)] == [404] * 5 + [429]
    assert wrong(phone, "2001:db8:1:3::1") == 404
    assert [wrong(phone, one) for one in ("::ffff:192.0.2.1", *["192.0.2.1"] * 5)] == [404] * 5 + [429]


def test_a_lost_password_is_replaced_and_old_phones_are_signed_out(
    house: House, nurse: Desk, browse: Browse, make: Factory
) -> None:
    patient = house.patient()
    old = browse(make.account(patient=patient, username="home-1"))
    paired = browse().post("/pairing", {"code": code_for(nurse, patient), "password": PASSWORD})
    assert paired.get_json()["username"] == "home-1"
    assert old.get(f"/patients/{patient.public_id}/home").status_code == 401
    assert browse().sign_in("home-1", PASSWORD).status_code == 200


def test_a_taken_name_or_a_short_password_uses_no_code_up(
    house: House, nurse: Desk, browse: Browse, make: Factory
) -> None:
    make.account(patient=make.patient(), username="rose")
    code = code_for(nurse, house.patient())
    taken = browse().post("/pairing", {"code": code, "password": PASSWORD, "username": "Rose"})
    short = browse().post("/pairing", {"code": code, "password": "short"})
    assert (taken.status_code, taken.get_json()["code"], short.status_code) == (422, "username-taken", 422)
    assert (
        browse().post("/pairing", {"code": code, "password": PASSWORD, "username": "rosie"}).status_code
        == 200
    )


def test_a_code_of_one_page_is_worth_nothing_on_the_other(house: House, nurse: Desk, browse: Browse) -> None:
    code = code_for(nurse, house.patient())
    assert browse(None, "team").post("/pairing", {"code": code, "password": PASSWORD}).status_code == 404
    assert browse().post("/pairing", {"code": code, "password": PASSWORD}).status_code == 200


def test_who_may_act_for_a_person_gets_an_account_of_their_own(
    house: House, nurse: Desk, browse: Browse
) -> None:
    patient = house.patient()
    [proxy] = nurse.change(patient, "/proxies", PROXY | {"basis": "invitation"})["proxies"]
    paired = browse().post("/pairing", {"code": code_for(nurse, patient, proxy["id"]), "password": PASSWORD})
    assert [one["relation"] for one in paired.get_json()["patients"]] == ["carer"]


def test_no_code_stands_readable_anywhere(house: House, nurse: Desk, connection: Connection) -> None:
    code = code_for(nurse, house.patient()).replace("-", "")
    kept = connection.execute(text("select row_to_json(p)::text from pairing_code p")).scalars().all()
    stored = connection.execute(text("select coalesce(body::text, '') from idempotency_key")).scalars().all()
    trail = connection.execute(text("select detail::text from audit_event")).scalars().all()
    assert all(code not in said for said in (*kept, *stored, *trail))
