"""Every route with staff of a GP practice: what they may open is listed here whole, and nothing else answers them."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from tests.browsing import Browser
from tests.contracts.access_rows import MATRIX
from tests.contracts.test_access_matrix import ask
from tests.factories import Factory, Ref

_THREADS = "/api/v1/patients/<uuid:patient_id>/threads"
# What is nobody's, and one's own session, browser and way to be reached.
OWN = frozenset({
    ("GET", "/api/v1/session"), ("GET", "/api/v1/stream"), ("GET", "/api/v1/me/reach"), ("POST", "/api/v1/me/reach"),
    ("GET", "/health"), ("GET", "/api/openapi.json"), ("GET", "/api/v1/outbox/key"), ("GET", "/api/v1/push/key"),
    ("GET", "/api/v1/questionnaires"), ("GET", "/api/docs"), ("GET", "/api/docs.css"),
    ("POST", "/api/v1/push/subscription"), ("POST", "/api/v1/me/reach/test"),
})  # fmt: skip
LAST = ("DELETE", "/api/v1/session")


@pytest.fixture
def registered(make: Factory, connection: Connection) -> tuple[Ref, Ref, Ref]:
    """Somebody registered at a practice and watched by a team, somebody of another practice, and the receptionist."""
    here, there = make.organization("gp-practice"), make.organization("gp-practice")
    mine, other = make.patient(gp_practice_id=here.id), make.patient(gp_practice_id=there.id)
    make.team([make.practitioner()], [mine, other])
    receptionist = make.practitioner("practice")
    connection.execute(
        text("insert into practice_member (practitioner_id, organization_id, valid)"
             " values (:who, :at, tstzrange(now() - interval '1 day', null))"),
        {"who": receptionist.id, "at": here.id})  # fmt: skip
    return mine, other, receptionist


def answered(browser: Browser, patient: Ref, alert: Ref) -> set[tuple[str, str]]:
    """The routes that answered anything but a refusal."""
    rows = [row for row in MATRIX if row != LAST]
    found = {row: ask(browser, *row, patient.public_id, alert.public_id)[0] for row in rows}
    # 422 before a door is looked at tells nothing: the body or the address is what is wrong.
    return {row for row, status in found.items() if status not in (401, 403, 404, 422)}


@pytest.mark.hazard("H13")
def test_practice_staff_are_answered_by_the_conversations_of_their_own_people_and_by_nothing_else(
    make: Factory, browse: Callable[..., Browser], registered: tuple[Ref, Ref, Ref]
) -> None:
    mine, other, receptionist = registered
    browser = browse(make.account(practitioner=receptionist), "team")
    theirs = answered(browser, mine, make.alert(mine))
    assert {row for row in theirs - OWN if "/threads" not in row[1]} == set()
    assert ("GET", "/api/v1/threads") in theirs
    assert {
        row for row in answered(browser, other, make.alert(other)) - OWN if "<uuid:patient_id>" in row[1]
    } == set()
    assert browser.get(f"/patients/{mine.public_id}/threads").status_code == 200
    assert browser.get(f"/patients/{uuid4()}/threads").status_code == 404
