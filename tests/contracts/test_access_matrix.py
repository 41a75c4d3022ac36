"""Every route with every kind of actor: a route without a row here fails the build."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from tests.browsing import Browser
from tests.contracts import check_in_rows, circle_rows, people_rows, plan_rows, thread_rows
from tests.contracts.access_rows import BODIES, MATRIX, QUERIES
from tests.factories import Factory, Ref

ACTORS = (
    "anonymous", "self", "other patient", "carer in scope", "carer out of scope",
    "nurse on caseload", "nurse off caseload", "nurse in no team", "revoked session",
)  # fmt: skip
STAFF = frozenset({"nurse on caseload", "nurse off caseload", "nurse in no team", "revoked session"})

# In the order in which `Cast.ids` has them, after the patient and the alert.
IDS = (
    "kit_id",
    "binding_id",
    "message_id",
    "replay_id",
    "correction_id",
    "joining_id",
    "response_id",
    "task_id",
)
# A message of the patient's pendant that waits, a replay somebody asked for, a void that took a reading out.
HELD = """insert into quarantine (received_at, last_received_at, device, device_id, channel, topic, reason, detail,
    payload, payload_sha256) values (now(), now(), :name, :kit, 'obs', :name, 'not-bound', '', '', '')
    returning public_id"""
REPLAY = "insert into replay_request (asked_by, total) values (:by, 0) returning public_id"
CORRECTION = """with made as (insert into correction (kind, device_id, reason, made_by) values ('void', :kit, 'x', :by)
        returning id, public_id),
    marked as (insert into observation_correction (correction_id, kind, device_message_id, patient_id, device_id, codes,
        effective_at, received_at) select id, 'void', 1, :p, :kit, '{5}', now(), now() from made)
    select public_id from made"""
# Each changes the version that the next would have to name, so these are asked one by one.
ALONE = {
    "/api/v1/alerts/<uuid:alert_id>/close": "closed",
    "/api/v1/alerts/<uuid:alert_id>/responders": "claimed",
}


@dataclass
class Cast:
    """The patient everybody asks for, their alert, their pendant since when they wear it, and who asks."""

    patient: Ref
    alert: Ref
    kit: Ref
    wearer: Ref
    desk: tuple[UUID, ...]
    browsers: dict[str, Browser]

    @property
    def ids(self) -> tuple[UUID, ...]:
        """What the rows ask for."""
        seen = (self.patient, self.alert, self.kit, self.wearer)
        return (*(one.public_id for one in seen), *self.desk)


@pytest.fixture
def cast(make: Factory, browse: Callable[..., Browser], connection: Connection) -> Callable[[str], Cast]:
    """Everybody around one patient; only the asked actor is signed in, because signing in is slow."""
    patient, other = make.patient(), make.patient()
    within, beyond = make.carer(), make.carer()
    make.proxy_consent(patient, within, ["readings", "alerts"])
    make.proxy_consent(patient, beyond, ["plan"])
    nurse, stranger, teamless = make.practitioner(), make.practitioner(), make.practitioner()
    make.team([nurse], [patient])
    make.team([stranger], [other])
    alert, kit = make.alert(patient), make.device("pendant", version=7)
    wearer = make.wears(patient, kit)
    connection.execute(text("update device_association set version = 7"))
    connection.execute(text("update patient set version = 7"))
    connection.execute(text("insert into device_config (device_id) values (:id)"), {"id": kit.id})
    desk = tuple(
        connection.execute(
            text(made), {"kit": kit.id, "name": kit.name, "p": patient.id, "by": nurse.id}
        ).scalar_one()
        for made in (HELD, REPLAY, CORRECTION, people_rows.JOINING, check_in_rows.RESPONSE, plan_rows.TASK)
    )
    accounts: dict[str, Callable[[], str]] = {
        "self": lambda: make.account(patient=patient),
        "other patient": lambda: make.account(patient=other),
        "carer in scope": lambda: make.account(carer=within),
        "carer out of scope": lambda: make.account(carer=beyond),
        "nurse on caseload": lambda: make.account(practitioner=nurse),
        "nurse off caseload": lambda: make.account(practitioner=stranger),
        "nurse in no team": lambda: make.account(practitioner=teamless),
        "revoked session": lambda: make.account(practitioner=nurse),
    }

    def with_actor(actor: str) -> Cast:
        if actor == "anonymous":
            return Cast(patient, alert, kit, wearer, desk, {actor: browse()})
        browser = browse(accounts[actor](), "team" if actor in STAFF else "person")
        if actor == "revoked session":
            connection.execute(text("update sign_in_session set revoked_at = clock_timestamp()"))
        return Cast(patient, alert, kit, wearer, desk, {actor: browser})

    return with_actor


def routes(app: Flask) -> set[tuple[str, str]]:
    """Every method and rule the app answers."""
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def ask(
    browser: Browser, method: str, rule: str, patient_id: UUID, alert_id: UUID, *more: UUID
) -> tuple[int, dict[str, object]]:
    """Send the request of a row; returns status and JSON body."""
    path = rule.replace("<uuid:patient_id>", str(patient_id)).replace("<uuid:alert_id>", str(alert_id))
    for name, id_ in zip(IDS, more, strict=False):
        path = path.replace(f"<uuid:{name}>", str(id_))
    path = re.sub("<uuid:[a-z_]+>", str(uuid4()), path)
    path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path)
    path = path.replace("<path:path>", "api/nothing").removeprefix("/api/v1")
    hers: dict[str, object] = {"patient_id": str(patient_id), "reason": "hers"}
    bodies = BODIES | {"attribution": hers}
    path += QUERIES.get(path, "")
    if rule.endswith("/series"):
        path += "?kind=spo2"
    if rule.endswith("/recall"):
        path += "?batch=none"
    if method == "GET":
        answer = browser.client.get(
            ("/api/v1" if rule.startswith("/api/v1") else "") + path,
            headers={"X-Alongside-Audience": browser.audience},
            query_string={"audience": browser.audience} if rule.endswith("/stream") else None,
            base_url="https://localhost",
        )
        body = answer.get_json(silent=True) if (answer.mimetype or "").endswith("json") else None
        answer.close()
        return answer.status_code, body or {}
    if method == "DELETE":
        answer = browser.delete(path)
    else:
        body = people_rows.BODIES.get(rule, bodies.get(path.rsplit("/", 1)[-1], {}))
        send = browser.put if method == "PUT" else browser.post
        answer = send(path, body, If_Match='W/"1"')
    return answer.status_code, answer.get_json(silent=True) or {}


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    assert routes(app) == set(MATRIX)
    assert all(len(row) == len(ACTORS) for row in MATRIX.values())


@pytest.mark.parametrize("actor", ACTORS)
def test_every_route_answers_each_actor_as_the_matrix_says(cast: Callable[[str], Cast], actor: str) -> None:
    column = ACTORS.index(actor)
    found = cast(actor)
    browser = found.browsers[actor]
    # Stepping back and signing out come last, or every row after them would be asked by nobody.
    rows = sorted(MATRIX, key=lambda row: circle_rows.LAST.index(row) + 1 if row in circle_rows.LAST else 0)
    if actor == "nurse on caseload":
        rows = [row for row in rows if row[1] not in ALONE]
    answers = {row: ask(browser, *row, *found.ids)[0] for row in rows}
    assert answers == {row: MATRIX[row][column] for row in rows}


@pytest.mark.parametrize("rule", ALONE)
def test_a_nurse_on_the_caseload_may_close_the_alert_and_send_somebody(
    cast: Callable[[str], Cast], rule: str
) -> None:
    found = cast("nurse on caseload")
    status, row = ask(found.browsers["nurse on caseload"], "POST", rule, uuid4(), found.alert.public_id)
    assert (status, row["state"]) == (200, ALONE[rule])


@pytest.mark.parametrize(
    ("actor", "method", "rule"),
    [
        (actor, method, rule)
        for (method, rule), row in MATRIX.items()
        for actor, status in zip(ACTORS, row, strict=True)
        if status == 404
        and "<uuid:" in rule
        and (actor, rule) not in circle_rows.NOT_THERE | thread_rows.NOT_THERE
    ],
)
def test_what_may_not_be_opened_is_answered_as_if_it_were_not_there_and_audited(
    cast: Callable[[str], Cast], connection: Connection, actor: str, method: str, rule: str
) -> None:
    found = cast(actor)
    browser = found.browsers[actor]
    refused = ask(browser, method, rule, *found.ids)
    absent = ask(browser, method, rule, uuid4(), uuid4())
    assert refused == absent
    assert refused[1]["kind"] == "not-found"
    kept = connection.execute(
        text("select count(*) from audit_event where outcome = 'refused' and patient_id = :id"),
        {"id": found.patient.id},
    )
    assert kept.scalar_one() == 1


def test_a_person_opening_the_teams_pages_is_refused_and_audited(
    cast: Callable[[str], Cast], connection: Connection
) -> None:
    found = cast("self")
    status, body = ask(found.browsers["self"], "GET", "/api/v1/worklist", uuid4(), uuid4())
    assert (status, body["code"]) == (403, "wrong-audience")
    kept = connection.execute(
        text(
            "select detail ->> 'rule', entity_id from audit_event where outcome = 'refused'"
            " and actor_id = :id"
        ),
        {"id": found.patient.public_id},
    ).all()
    assert [tuple(row) for row in kept] == [("wrong-audience", "/api/v1/worklist")]


def test_the_worklist_of_another_team_does_not_hold_the_patient(cast: Callable[[str], Cast]) -> None:
    for actor, shown in (("nurse on caseload", True), ("nurse off caseload", False)):
        found = cast(actor)
        body = ask(found.browsers[actor], "GET", "/api/v1/worklist", uuid4(), uuid4())[1]
        assert (str(found.patient.public_id) in str(body)) is shown


def test_a_carer_without_the_scope_for_alerts_is_told_of_none(
    make: Factory, browse: Callable[..., Browser]
) -> None:
    patient, carer = make.patient(), make.carer()
    make.proxy_consent(patient, carer, ["readings"])
    make.alert(patient)
    home = browse(make.account(carer=carer)).get(f"/patients/{patient.public_id}/home").get_json()
    assert (home["alerts"], home["advice"]) == ([], None)
    own = browse(make.account(patient=patient)).get(f"/patients/{patient.public_id}/home").get_json()
    assert len(own["alerts"]) == 1
