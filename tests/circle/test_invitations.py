"""A person invites somebody: a code, an account, what they may see, and how either of them ends it."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from tests.browsing import Browser
from tests.factories import PASSWORD, Factory, Ref

Browse = Callable[..., Browser]
INVITE: dict[str, object] = {
    "for_name": "Sam", "relation": "daughter", "scopes": ["readings", "plan"], "until": None, "tell_seen": True,
}  # fmt: skip


@pytest.fixture
def patient(make: Factory) -> Ref:
    """Somebody with a team."""
    found = make.patient()
    make.team([make.practitioner()], [found])
    return found


@pytest.fixture
def person(make: Factory, browse: Browse, patient: Ref) -> Browser:
    """The same, signed in."""
    return browse(make.account(patient=patient))


def invite(person: Browser, patient: Ref, **other: object) -> str:
    """Send an invitation; answers its code."""
    answer = person.put(f"/patients/{patient.public_id}/invitations/{uuid4()}", INVITE | other)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_json()["code"])


def accept(browser: Browser, code: str, **other: object) -> Browser:
    """Come to help with a new account."""
    answer = browser.post(
        "/invitation/accept", {"code": code, "name": "Sam Helper", "password": PASSWORD, **other}
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)
    browser.csrf = answer.get_json()["csrf"]
    return browser


def circle(browser: Browser, patient: Ref) -> dict[str, Any]:
    """Who is around a person, as somebody sees it."""
    answer = browser.get(f"/patients/{patient.public_id}/circle")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def test_an_invited_helper_chooses_a_password_and_sees_what_was_shared_and_nothing_else(
    browse: Browse, person: Browser, patient: Ref
) -> None:
    code = invite(person, patient)
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", code)
    shown = browse().post("/invitation", {"code": code.lower().replace("-", " ")}).get_json()
    assert (shown["by"], shown["relation"], shown["scopes"]) == (
        patient.name,
        "daughter",
        ["plan", "readings"],
    )
    helper = accept(browse(), code)
    session = helper.get("/session").get_json()
    assert [(one["id"], one["relation"], one["scopes"]) for one in session["patients"]] == [
        (str(patient.public_id), "carer", ["plan", "readings"])
    ]
    assert helper.get(f"/patients/{patient.public_id}/home").status_code == 200
    assert helper.get(f"/patients/{patient.public_id}/desk-messages").status_code == 404
    [row] = circle(person, patient)["people"]
    assert (row["name"], row["relation"], row["basis"], row["tell_seen"]) == (
        "Sam Helper", "daughter", "invitation", True,
    )  # fmt: skip
    assert row["review_on"] is not None
    assert row["last_looked_at"] is not None
    assert circle(person, patient)["invitations"][0]["state"] == "accepted"


def test_the_code_stands_in_the_link_where_no_server_sees_it_and_nowhere_in_the_database(
    person: Browser, patient: Ref, connection: Connection
) -> None:
    answer = person.put(f"/patients/{patient.public_id}/invitations/{uuid4()}", INVITE).get_json()
    plain = answer["code"].replace("-", "")
    assert answer["link"].endswith(f"/invitation#{plain}")
    kept = connection.execute(text("select body::text from idempotency_key")).scalars().all()
    assert all(plain not in (body or "") and answer["code"] not in (body or "") for body in kept)


def test_a_code_is_used_once_and_is_over_when_withdrawn_or_after_seven_days(
    browse: Browse, person: Browser, patient: Ref, connection: Connection
) -> None:
    code = invite(person, patient)
    accept(browse(), code)
    used = browse().post("/invitation", {"code": code})
    assert (used.status_code, used.get_json()["code"]) == (404, "invitation-unknown")
    withdrawn, invitation = invite(person, patient), circle(person, patient)["invitations"][0]
    for _ in range(2):
        path = f"/patients/{patient.public_id}/invitations/{invitation['id']}/withdraw"
        assert person.post(path).status_code == 204
    late = invite(person, patient)
    connection.execute(text("update invitation set expires_at = now() where accepted_at is null"))
    for gone in (withdrawn, late):
        refused = browse().post("/invitation/accept", {"code": gone, "name": "S", "password": PASSWORD})
        assert refused.get_json() == used.get_json()


def test_put_again_an_invitation_has_another_code_and_the_one_before_is_over(
    browse: Browse, person: Browser, patient: Ref
) -> None:
    path = f"/patients/{patient.public_id}/invitations/{uuid4()}"
    first, second = (person.put(path, INVITE).get_json()["code"] for _ in range(2))
    assert browse().post("/invitation", {"code": first}).status_code == 404
    accept(browse(), second)
    assert len(circle(person, patient)["invitations"]) == 1
    assert person.put(path, INVITE).get_json()["code"] == "invitation-over"


def test_another_persons_invitation_is_not_there(
    make: Factory, browse: Browse, person: Browser, patient: Ref
) -> None:
    mine = uuid4()
    person.put(f"/patients/{patient.public_id}/invitations/{mine}", INVITE)
    other = make.patient()
    stranger = browse(make.account(patient=other))
    assert stranger.put(f"/patients/{other.public_id}/invitations/{mine}", INVITE).status_code == 404
    assert stranger.post(f"/patients/{other.public_id}/invitations/{mine}/withdraw").status_code == 404


def test_wrong_codes_are_slowed_by_address(browse: Browse, person: Browser, patient: Ref) -> None:
    browser = browse()
    tries = [browser.post("/invitation", {"code": "WRONG-ONE"}).status_code for _ in range(6)]
    assert tries == [404] * 5 + [429]
    assert int(browser.post("/invitation/accept", {"code": "X", "name": "S"}).headers["Retry-After"]) > 0


def test_a_helper_signed_in_takes_a_second_person_on_with_the_same_account(
    make: Factory, browse: Browse, person: Browser, patient: Ref
) -> None:
    carer, other = make.carer(), make.patient()
    make.proxy_consent(other, carer)
    helper = browse(make.account(carer=carer))
    code = invite(person, patient)
    assert helper.post("/invitation/accept", {"code": code}, X_CSRF_Token="").status_code == 403
    answer = helper.post("/invitation/accept", {"code": code}).get_json()
    assert {one["id"] for one in answer["patients"]} == {str(other.public_id), str(patient.public_id)}


def test_somebody_with_a_record_of_their_own_is_told_to_make_an_account_to_help_with(
    make: Factory, browse: Browse, person: Browser, patient: Ref
) -> None:
    code = invite(person, patient)
    neighbour = browse(make.account(patient=make.patient()))
    refused = neighbour.post("/invitation/accept", {"code": code})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "needs-own-account")
    assert browse().post("/invitation/accept", {"code": code, "name": "S"}).status_code == 422
    accept(browse(), code)


def test_a_user_name_that_is_taken_uses_no_code_up(
    make: Factory, browse: Browse, person: Browser, patient: Ref
) -> None:
    taken, code = make.account(carer=make.carer()), invite(person, patient)
    body = {"code": code, "name": "Sam", "password": PASSWORD, "username": taken}
    assert browse().post("/invitation/accept", body).get_json()["code"] == "username-taken"
    accept(browse(), code, username="sam.helper")


def test_a_second_invitation_of_the_same_helper_takes_the_place_of_the_first(
    browse: Browse, person: Browser, patient: Ref
) -> None:
    helper = accept(browse(), invite(person, patient))
    code = invite(person, patient, scopes=["messages"])
    assert helper.post("/invitation/accept", {"code": code}).status_code == 200
    [row] = circle(person, patient)["people"]
    assert row["scopes"] == ["messages"]
    assert helper.get(f"/patients/{patient.public_id}/home").status_code == 404


def test_the_person_changes_what_a_helper_sees_at_the_version_they_saw(
    browse: Browse, person: Browser, patient: Ref
) -> None:
    helper = accept(browse(), invite(person, patient))
    [row] = circle(person, patient)["people"]
    path, less = f"/patients/{patient.public_id}/people/{row['id']}", {"scopes": ["messages"], "until": None}
    assert person.put(path, less).status_code == 428
    stale = person.put(path, less, If_Match='W/"7"')
    assert stale.status_code == 412
    assert stale.get_json()["current"]["scopes"] == ["plan", "readings"]
    assert person.put(path, less, If_Match=f'W/"{row["version"]}"').status_code == 200
    assert helper.get(f"/patients/{patient.public_id}/home").status_code == 404
    refused: list[dict[str, object]] = [
        {"scopes": []},
        {"scopes": ["everything"]},
        {**less, "until": "2020-01-01T00:00:00Z"},
    ]
    for wrong in refused:
        assert person.put(path, wrong, If_Match='W/"2"').status_code == 422


def test_what_a_helper_may_see_ends_on_its_day(
    browse: Browse, person: Browser, patient: Ref, connection: Connection
) -> None:
    helper = accept(browse(), invite(person, patient, until="2099-01-01T00:00:00Z"))
    assert helper.get(f"/patients/{patient.public_id}/home").status_code == 200
    connection.execute(
        text("update consent set valid = tstzrange(lower(valid), clock_timestamp()) where kind = 'proxy'")
    )
    assert helper.get(f"/patients/{patient.public_id}/home").status_code == 404
    assert circle(person, patient)["people"] == []


def test_the_person_ends_it_and_the_helper_sees_nothing_from_then_on(
    browse: Browse, person: Browser, patient: Ref
) -> None:
    helper = accept(browse(), invite(person, patient))
    [row] = circle(person, patient)["people"]
    for _ in range(2):
        assert person.post(f"/patients/{patient.public_id}/people/{row['id']}/end").status_code == 200
    assert helper.get("/session").get_json()["patients"] == []
    for path in ("home", "circle", "photo"):
        assert helper.get(f"/patients/{patient.public_id}/{path}").status_code == 404
    assert helper.post(f"/patients/{patient.public_id}/concern").status_code == 404
    [former] = circle(person, patient)["former"]
    assert (former["name"], former["ended_by"]) == ("Sam Helper", "person")


def test_a_helper_steps_back_by_themselves_and_the_person_sees_it(
    browse: Browse, person: Browser, patient: Ref
) -> None:
    helper = accept(browse(), invite(person, patient))
    assert helper.post(f"/patients/{patient.public_id}/hand-back").status_code == 204
    assert helper.get(f"/patients/{patient.public_id}/home").status_code == 404
    assert circle(person, patient)["former"][0]["ended_by"] == "carer"
    assert person.post(f"/patients/{patient.public_id}/hand-back").status_code == 404


def test_what_the_team_wrote_down_is_not_the_persons_to_change_here(
    make: Factory, person: Browser, patient: Ref, connection: Connection
) -> None:
    make.proxy_consent(patient, make.carer())
    connection.execute(text("update consent set basis = 'lpa-health-and-welfare' where kind = 'proxy'"))
    [row] = circle(person, patient)["people"]
    assert row["stands"] is False
    ended = person.post(f"/patients/{patient.public_id}/people/{row['id']}/end")
    assert (ended.status_code, ended.get_json()["code"]) == (409, "by-the-team")
