"""A helper is told that a member of staff saw their worry, where the person chose so, and not otherwise."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text

from tests.browsing import Browser
from tests.factories import Factory

Browse = Callable[..., Browser]


@pytest.mark.parametrize("is_told", [True, False])
def test_a_helper_learns_that_their_worry_was_seen_where_the_person_chose_so(
    make: Factory, browse: Browse, connection: Connection, is_told: bool
) -> None:
    patient, carer, nurse = make.patient(), make.carer(), make.practitioner(display_name="Nurse Lime")
    make.team([nurse], [patient])
    make.proxy_consent(patient, carer, ["readings"])
    connection.execute(text("update consent set tell_seen = :told"), {"told": is_told})
    helper, home = browse(make.account(carer=carer)), f"/patients/{patient.public_id}/home"
    alert = helper.post(f"/patients/{patient.public_id}/concern").get_json()["alert"]
    before = helper.get(home).get_json()["worry"]
    assert (before and (before["seen_at"], before["by"])) == ((None, None) if is_told else None)
    desk = browse(make.account(practitioner=nurse), "team")
    [shown] = desk.get("/worklist").get_json()["rows"]
    claimed = desk.post(f"/alerts/{alert}/claim", {}, If_Match=f'W/"{shown["version"]}"')
    assert claimed.status_code == 200, claimed.get_data(as_text=True)
    after = helper.get(home).get_json()["worry"]
    if is_told:
        assert after["seen_at"] is not None
        assert after["by"] == "Nurse Lime"
    else:
        assert after is None


def test_a_persons_own_worry_is_not_told_to_a_helper(
    make: Factory, browse: Browse, connection: Connection
) -> None:
    patient, carer = make.patient(), make.carer()
    make.team([make.practitioner()], [patient])
    make.proxy_consent(patient, carer, ["readings"])
    connection.execute(text("update consent set tell_seen = true"))
    browse(make.account(patient=patient)).post(f"/patients/{patient.public_id}/concern")
    helper = browse(make.account(carer=carer))
    assert helper.get(f"/patients/{patient.public_id}/home").get_json()["worry"] is None


_TOLD = """select c.to_ref, c.facts, c.alert_id is not null from communication c
    where c.template = 'nurse-has-seen' and c.to_kind = 'related-person' order by c.id"""


def _told(connection: Connection) -> list[str]:
    """Whom the outbox tells that a nurse has seen something, in order; nobody by a word about health."""
    rows = connection.execute(text(_TOLD)).all()
    assert all(set(facts) == {"alert"} and about_an_alert for _, facts, about_an_alert in rows)
    return [to for to, _, _ in rows]


def _take(desk: Browser) -> None:
    """Take what stands first on the worklist."""
    shown = desk.get("/worklist").get_json()["rows"][0]
    taken = desk.post(f"/alerts/{shown['id']}/claim", {}, If_Match=f'W/"{shown["version"]}"')
    assert taken.status_code == 200, taken.get_data(as_text=True)


@pytest.mark.hazard("H18")
def test_of_the_carers_only_those_chosen_who_may_see_alerts_are_told_once_that_a_nurse_has_seen_it(
    make: Factory, browse: Browse, connection: Connection
) -> None:
    patient, nurse = make.patient(), make.practitioner()
    make.team([nurse], [patient])
    told, not_chosen, sees_none, let_go = make.carer(), make.carer(), make.carer(), make.carer()
    for carer in (told, not_chosen, let_go):
        make.proxy_consent(patient, carer, ["alerts", "readings"])
    make.proxy_consent(patient, sees_none, ["readings"])
    chosen = {"ids": [told.id, sees_none.id, let_go.id], "gone": let_go.id}
    connection.execute(
        text("update consent set tell_seen = true where related_person_id = any(:ids)"), chosen
    )
    connection.execute(
        text("update consent set revoked_at = db_now() where related_person_id = :gone"), chosen
    )
    browse(make.account(patient=patient)).post(f"/patients/{patient.public_id}/concern")
    desk = browse(make.account(practitioner=nurse), "team")
    assert _told(connection) == [], "nobody has seen it yet"
    _take(desk)
    assert _told(connection) == [str(told.public_id)]
    row = desk.get("/worklist").get_json()["rows"][0]
    closing = {"outcome": "contact", "confirm": True}
    closed = desk.post(f"/alerts/{row['id']}/close", closing, If_Match=f'W/"{row["version"]}"')
    assert closed.status_code == 200, closed.get_data(as_text=True)
    assert _told(connection) == [str(told.public_id)], "the same thing is seen for the first time once"


def test_of_a_carers_own_worry_each_one_chosen_is_told_and_nobody_once_the_person_turned_it_off(
    make: Factory, browse: Browse, connection: Connection
) -> None:
    patient, carer, nurse = make.patient(), make.carer(), make.practitioner()
    make.team([nurse], [patient])
    make.proxy_consent(patient, carer, ["readings"])
    connection.execute(text("update consent set tell_seen = true"))
    helper = browse(make.account(carer=carer))
    desk = browse(make.account(practitioner=nurse), "team")
    helper.post(f"/patients/{patient.public_id}/concern")
    _take(desk)
    assert _told(connection) == [str(carer.public_id)]
    connection.execute(text("update alert set closed_at = db_now(), outcome = 'contact'"))
    turned_off = """insert into reminder_setting (patient_id, readings, check_ins, medicines, tell_seen)
        values (:p, false, false, false, false)"""
    connection.execute(text(turned_off), {"p": patient.id})
    helper.post(f"/patients/{patient.public_id}/concern")
    _take(desk)
    assert _told(connection) == [str(carer.public_id)]


@pytest.mark.hazard("H91")
def test_no_carer_is_told_that_a_nurse_has_seen_what_is_the_persons_alone(
    make: Factory, browse: Browse, connection: Connection
) -> None:
    patient, carer, nurse = make.patient(), make.carer(), make.practitioner()
    make.team([nurse], [patient])
    make.proxy_consent(patient, carer, ["alerts", "readings", "plan", "messages"])
    connection.execute(text("update consent set tell_seen = true"))
    browse(make.account(patient=patient)).post(f"/patients/{patient.public_id}/concern")
    connection.execute(text("update alert set rule = 'phq9_item9'"))
    _take(browse(make.account(practitioner=nurse), "team"))
    assert connection.execute(text("select 1 from alert where seen_at is not null")).all()
    assert _told(connection) == []
