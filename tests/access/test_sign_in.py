"""Signing in: the right password opens, the wrong one says nothing, and guessing is slowed."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.access.policy import SCOPES
from backend.access.sign_in import local
from backend.access.sign_in.local import MOST_BY_NAME
from backend.core.clock import now
from tests.browsing import Browser
from tests.factories import PASSWORD, Factory, ended

Browse = Callable[..., Browser]


def test_a_person_signs_in_and_learns_whose_record_they_may_open(make: Factory, browse: Browse) -> None:
    patient = make.patient()
    browser = browse(make.account(patient=patient))
    session = browser.get("/session").get_json()
    assert session["kind"] == "patient"
    assert session["audience"] == "person"
    assert session["patients"] == [
        {
            "id": str(patient.public_id),
            "display_name": patient.name,
            "relation": "self",
            "scopes": sorted(SCOPES),
        }
    ]
    assert session["team"] is None
    assert session["csrf"] == browser.csrf


def test_a_carer_sees_the_records_of_standing_consents_only(make: Factory, browse: Browse) -> None:
    carer, mine, former = make.carer(), make.patient(), make.patient()
    make.proxy_consent(mine, carer)
    make.proxy_consent(former, carer, valid=ended())
    session = browse(make.account(carer=carer)).get("/session").get_json()
    assert [one["id"] for one in session["patients"]] == [str(mine.public_id)]
    assert session["patients"][0]["relation"] == "carer"


def test_a_member_of_staff_learns_their_team(make: Factory, browse: Browse) -> None:
    nurse = make.practitioner()
    team = make.team([nurse])
    session = browse(make.account(practitioner=nurse), "team").get("/session").get_json()
    assert (session["kind"], session["team"]) == ("practitioner", {"name": team.name})


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(make: Factory, browse: Browse) -> None:
    name = make.account(patient=make.patient())
    wrong = browse().sign_in(name, "not it")
    unknown = browse().sign_in("nobody.here", "not it")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.get_json() == unknown.get_json()
    assert wrong.get_json()["code"] == "wrong-credentials"
    assert "Set-Cookie" not in wrong.headers


def test_an_unknown_name_costs_the_server_the_same_work_as_a_wrong_password(
    make: Factory, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Counted and not timed: on a busy machine a clock proves nothing. The cost stands in the hash itself.
    costs: list[str] = []
    real = local.HASHER

    class Counting:
        def verify(self, password_hash: str, password: str) -> bool:
            costs.append(password_hash.rsplit("$", 2)[0])
            return real.verify(password_hash, password)

    stored = local.hash_password(PASSWORD)
    monkeypatch.setattr(local, "HASHER", Counting())
    browse().sign_in(make.account(patient=make.patient(), password_hash=stored), "not it")
    browse().sign_in("nobody.here", "not it")
    assert costs == ["$argon2id$v=19$m=65536,t=1,p=1"] * 2


def test_a_name_that_no_column_can_hold_is_the_senders_mistake_and_not_ours(browse: Browse) -> None:
    assert browse().sign_in("a\0b").status_code == 422


def test_a_disabled_account_is_as_if_it_were_not_there(make: Factory, browse: Browse, app: Flask) -> None:
    name = make.account(patient=make.patient(), disabled_at=now())
    assert browse().sign_in(name).get_json()["code"] == "wrong-credentials"


def test_the_eleventh_try_is_refused_even_with_the_right_password(
    make: Factory, browse: Browse, connection: Connection
) -> None:
    name = make.account(patient=make.patient())
    browser = browse()
    for _ in range(MOST_BY_NAME):
        assert browser.sign_in(name, "not it").status_code == 401
    refused = browser.sign_in(name)
    assert refused.status_code == 429
    assert refused.get_json()["code"] == "too-many-attempts"
    assert refused.get_json()["detail"] == "Too many tries. Wait 15 minutes, then try again."
    assert 800 < int(refused.headers["Retry-After"]) <= 900
    # Judged by the database's clock: a quarter of an hour later it works.
    connection.execute(text("update sign_in_attempt set at = at - interval '15 minutes 1 second'"))
    assert browser.sign_in(name).status_code == 200


def test_tries_against_many_names_from_one_address_are_slowed_too(
    browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.access.sign_in.local.MOST_BY_ADDRESS", 3)
    answers = [browse().sign_in(f"nobody.{n}", "not it").status_code for n in range(4)]
    assert answers == [401, 401, 401, 429]


def test_signing_in_clears_the_count_of_a_name(make: Factory, browse: Browse) -> None:
    name = make.account(patient=make.patient())
    for _ in range(MOST_BY_NAME - 1):
        browse().sign_in(name, "not it")
    assert browse().sign_in(name).status_code == 200
    assert browse().sign_in(name, "not it").status_code == 401


def test_a_patient_does_not_sign_in_on_the_team_page(
    make: Factory, browse: Browse, connection: Connection
) -> None:
    name = make.account(patient=make.patient())
    answer = browse(None, "team").sign_in(name)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "wrong-audience")
    assert "Set-Cookie" not in answer.headers
    assert _trail(connection, "sign-in")[-1] == ("refused", "wrong-audience")


def test_every_try_is_audited_without_the_name_that_was_typed(
    make: Factory, browse: Browse, connection: Connection
) -> None:
    name = make.account(patient=make.patient())
    browse().sign_in(name, "not it")
    browse().sign_in(name)
    assert _trail(connection, "sign-in")[-2:] == [("refused", "wrong-credentials"), ("success", None)]
    kept = connection.execute(text("select detail::text from audit_event where action = 'sign-in'"))
    assert not any(name in detail for detail in kept.scalars())


def _trail(connection: Connection, action: str) -> list[tuple[str, str | None]]:
    rows = connection.execute(
        text("select outcome, detail ->> 'rule' from audit_event where action = :action order by at"),
        {"action": action},
    )
    return [(row[0], row[1]) for row in rows]


def test_the_cookie_is_host_only_secure_and_out_of_reach_of_scripts(make: Factory, browse: Browse) -> None:
    answer = browse().sign_in(make.account(patient=make.patient()))
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-alongside-person=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie
    token = re.split("[=;]", cookie)[1]
    assert len(token) >= 43


def test_only_hashes_of_the_tokens_are_kept(make: Factory, browse: Browse, connection: Connection) -> None:
    answer = browse().sign_in(make.account(patient=make.patient()))
    token = re.split("[=;]", answer.headers["Set-Cookie"])[1].encode()
    csrf = answer.get_json()["csrf"].encode()
    row = connection.execute(text("select token_hash, csrf_hash from sign_in_session")).one()
    assert bytes(row.token_hash) not in (token, csrf)
    assert bytes(row.csrf_hash) not in (token, csrf)


def test_signing_in_again_ends_the_session_the_browser_had(make: Factory, browse: Browse) -> None:
    name = make.account(patient=make.patient())
    browser = browse(name)
    former = browser.client.get_cookie("__Host-alongside-person", "localhost")
    assert former is not None
    browser.sign_in(name)
    thief = browse()
    thief.client.set_cookie("__Host-alongside-person", former.value, domain="localhost", secure=True)
    assert thief.get("/session").status_code == 401


def test_signing_out_ends_the_session_on_the_server(make: Factory, browse: Browse) -> None:
    browser = browse(make.account(patient=make.patient()))
    cookie = browser.client.get_cookie("__Host-alongside-person", "localhost")
    assert cookie is not None
    answer = browser.delete("/session")
    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    browser.client.set_cookie("__Host-alongside-person", cookie.value, domain="localhost", secure=True)
    assert browser.get("/session").get_json()["code"] == "signed-out"


@pytest.mark.parametrize(
    ("audience", "aged", "status"),
    [
        ("person", "expires_at = clock_timestamp() + interval '1 minute'", 200),
        ("person", "expires_at = clock_timestamp()", 401),
        ("person", "last_seen_at = clock_timestamp() - interval '29 days'", 200),
        ("team", "expires_at = clock_timestamp()", 401),
        ("team", "last_seen_at = clock_timestamp() - interval '59 minutes'", 200),
        ("team", "last_seen_at = clock_timestamp() - interval '60 minutes'", 401),
        ("team", "revoked_at = clock_timestamp()", 401),
    ],
)
def test_a_session_ends_by_age_by_idleness_and_by_being_revoked(
    make: Factory, browse: Browse, connection: Connection, audience: str, aged: str, status: int
) -> None:
    nurse, patient = make.practitioner(), make.patient()
    make.team([nurse], [patient])
    name = make.account(practitioner=nurse) if audience == "team" else make.account(patient=patient)
    browser = browse(name, audience)
    connection.execute(text(f"update sign_in_session set {aged}"))
    assert browser.get("/session").status_code == status


@pytest.mark.parametrize(("audience", "age"), [("person", timedelta(days=30)), ("team", timedelta(hours=12))])
def test_a_session_has_an_end_from_its_beginning(
    make: Factory, browse: Browse, connection: Connection, audience: str, age: timedelta
) -> None:
    nurse = make.practitioner()
    make.team([nurse])
    name = make.account(practitioner=nurse) if audience == "team" else make.account(patient=make.patient())
    browse(name, audience)
    left = connection.execute(text("select expires_at - clock_timestamp() from sign_in_session")).scalar_one()
    assert age - timedelta(minutes=5) < left <= age


def test_one_browser_may_hold_a_persons_and_a_staff_session_at_once(make: Factory, browse: Browse) -> None:
    nurse, patient = make.practitioner(), make.patient()
    make.team([nurse], [patient])
    browser = browse(make.account(patient=patient))
    browser.audience = "team"
    assert browser.sign_in(make.account(practitioner=nurse)).status_code == 200
    assert browser.get("/session").get_json()["kind"] == "practitioner"
    browser.audience = "person"
    assert browser.get("/session").get_json()["kind"] == "patient"


def test_the_name_may_be_typed_in_capitals_and_with_spaces_around(make: Factory, browse: Browse) -> None:
    name = make.account(patient=make.patient())
    assert browse().sign_in(f" {name.upper()} ", PASSWORD).status_code == 200
