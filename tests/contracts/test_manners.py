"""The manners of every route: headers, no cross-site writes, repeats answered once, versions respected."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from backend.app import create_app
from backend.core.http import COOKIES
from tests.browsing import Browser
from tests.conftest import Database
from tests.factories import Factory, Ref

Browse = Callable[..., Browser]


@pytest.fixture
def desk(make: Factory, browse: Browse) -> tuple[Browser, Ref, Ref]:
    """A nurse at the desk, her patient, and an open alert."""
    nurse, patient = make.practitioner(), make.patient()
    make.team([nurse], [patient])
    return browse(make.account(practitioner=nurse), "team"), patient, make.alert(patient)


def test_no_answer_lets_a_page_load_or_run_anything_from_elsewhere(app: Flask) -> None:
    for path in ("/health", "/api/v1/session", "/api/docs", "/nothing"):
        headers = app.test_client().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert app.test_client().get("/api/v1/session").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "", "Origin": "https://elsewhere.example"},
        {"Sec_Fetch_Site": "", "Origin": "null"},
        {"Sec_Fetch_Site": ""},
    ],
)
def test_a_write_from_another_site_is_refused(
    desk: tuple[Browser, Ref, Ref], headers: dict[str, str]
) -> None:
    browser, _, alert = desk
    answer = browser.post(f"/alerts/{alert.public_id}/claim", {}, If_Match='W/"1"', **headers)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "cross-site")
    assert browser.post("/session", {"username": "a", "password": "b"}, **headers).status_code == 403


def test_our_own_origin_will_do_where_the_browser_sends_no_fetch_metadata(
    desk: tuple[Browser, Ref, Ref],
) -> None:
    browser, _, alert = desk
    answer = browser.post(
        f"/alerts/{alert.public_id}/claim",
        {},
        If_Match='W/"1"',
        Sec_Fetch_Site="",
        Origin="https://localhost",
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_write_without_the_sessions_own_token_is_refused(
    desk: tuple[Browser, Ref, Ref], token: str
) -> None:
    browser, _, alert = desk
    browser.csrf = token or None
    answer = browser.post(f"/alerts/{alert.public_id}/claim", {}, If_Match='W/"1"')
    assert (answer.status_code, answer.get_json()["code"]) == (403, "csrf")


def test_the_token_of_one_session_is_worth_nothing_in_another(
    desk: tuple[Browser, Ref, Ref], make: Factory, browse: Browse
) -> None:
    browser, _, alert = desk
    browser.csrf = browse(make.account(patient=make.patient())).csrf
    assert browser.post(f"/alerts/{alert.public_id}/claim", {}, If_Match='W/"1"').status_code == 403


def test_a_change_needs_the_version_that_was_seen(desk: tuple[Browser, Ref, Ref]) -> None:
    browser, _, alert = desk
    path = f"/alerts/{alert.public_id}/claim"
    assert browser.post(path, {}).status_code == 428
    assert browser.post(path, {}, If_Match='W/"x"').status_code == 422
    stale = browser.post(path, {}, If_Match='W/"7"')
    assert (stale.status_code, stale.get_json()["kind"]) == (412, "conflict")
    assert stale.get_json()["current"]["version"] == 1
    # A strong tag of the same version is the same version.
    assert browser.post(path, {}, If_Match='"1"').status_code == 200


def test_the_same_change_again_gets_the_first_answer_and_is_made_once(
    desk: tuple[Browser, Ref, Ref], connection: Connection
) -> None:
    browser, _, alert = desk
    path, key = f"/alerts/{alert.public_id}/claim", str(uuid4())
    first = browser.post(path, {}, If_Match='W/"1"', Idempotency_Key=key)
    again = browser.post(path, {}, If_Match='W/"1"', Idempotency_Key=key)
    assert first.status_code == again.status_code == 200
    assert first.get_json() == again.get_json()
    assert first.headers.get("ETag") == again.headers.get("ETag")
    events = text("select count(*) from alert_event where alert_id = :id and kind = 'claimed'")
    assert connection.execute(events, {"id": alert.id}).scalar_one() == 1


def test_a_key_used_for_another_change_is_refused(desk: tuple[Browser, Ref, Ref]) -> None:
    browser, _, alert = desk
    key = str(uuid4())
    path = f"/alerts/{alert.public_id}"
    browser.post(f"{path}/claim", {}, If_Match='W/"1"', Idempotency_Key=key)
    answer = browser.post(f"{path}/close", {"outcome": "advice"}, If_Match='W/"2"', Idempotency_Key=key)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency-key-reused")
    assert browser.post(f"{path}/close", {"outcome": "advice"}, Idempotency_Key="no").status_code == 422


def test_a_change_that_failed_is_tried_anew_under_the_same_key(desk: tuple[Browser, Ref, Ref]) -> None:
    browser, _, alert = desk
    path, key = f"/alerts/{alert.public_id}/claim", str(uuid4())
    assert browser.post(path, {}, If_Match='W/"7"', Idempotency_Key=key).status_code == 412
    assert browser.post(path, {}, If_Match='W/"1"', Idempotency_Key=key).status_code == 200


def test_an_unchanged_page_is_not_sent_again(make: Factory, browse: Browse) -> None:
    patient = make.patient()
    browser = browse(make.account(patient=patient))
    path = f"/patients/{patient.public_id}/home"
    first = browser.get(path)
    assert first.headers["ETag"].startswith('W/"')
    assert browser.get(path, If_None_Match=first.headers["ETag"]).status_code == 304
    make.wears(patient, make.device())
    assert browser.get(path, If_None_Match=first.headers["ETag"]).status_code == 200


def test_a_database_that_does_not_answer_is_said_in_the_one_shape(database: Database, tmp_path: Path) -> None:
    app = create_app(database.config(tmp_path, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none"))
    client = app.test_client()
    client.set_cookie("__Host-alongside-person", "x", domain="localhost", secure=True)
    answer = client.get("/api/v1/session", base_url="https://localhost")
    assert (answer.status_code, answer.get_json()["kind"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "5"
    assert client.get("/health").status_code == 503


@pytest.fixture
def pages(database: Database, tmp_path: Path) -> Flask:
    """An app with a small build beside a file that is none of its business."""
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    for name in ("index.html", "team.html", "sw.js", "manifest.webmanifest", "assets/a-1b2c.js"):
        (dist / name).write_text(name)
    (tmp_path / "secret.txt").write_text("secret")
    return create_app(database.config(tmp_path, pwa_dist=dist))


@pytest.mark.parametrize(
    ("path", "body", "cache"),
    [
        ("/", "index.html", "no-cache"),
        ("/readings/spo2", "index.html", "no-cache"),
        ("/team", "team.html", "no-cache"),
        ("/team/person/1", "team.html", "no-cache"),
        ("/teams", "index.html", "no-cache"),
        ("/sw.js", "sw.js", "no-cache"),
        ("/assets/a-1b2c.js", "assets/a-1b2c.js", "public, max-age=31536000, immutable"),
    ],
)
def test_the_pages_are_served_fresh_and_their_hashed_parts_for_ever(
    pages: Flask, path: str, body: str, cache: str
) -> None:
    with pages.test_client().get(path) as answer:
        assert (answer.status_code, answer.get_data(as_text=True)) == (200, body)
        assert answer.headers["Cache-Control"] == cache


@pytest.mark.parametrize(
    ("path", "headers", "asks"),
    [
        ("/", {"Sec-Fetch-Dest": "document", "Cookie": f"{COOKIES['person']}=any"}, True),
        ("/", {"Sec-Fetch-Dest": "document"}, False),
        # What the service worker keeps would ask again at each opening, on a locked phone too.
        ("/", {"Sec-Fetch-Dest": "empty", "Cookie": f"{COOKIES['person']}=any"}, False),
        ("/readings", {"Sec-Fetch-Dest": "document", "Cookie": f"{COOKIES['person']}=any"}, False),
        ("/team", {"Sec-Fetch-Dest": "document", "Cookie": f"{COOKIES['team']}=any"}, False),
    ],
)
def test_only_a_first_visit_of_somebody_signed_in_asks_before_the_page_can(
    pages: Flask, path: str, headers: dict[str, str], asks: bool
) -> None:
    with pages.test_client(use_cookies=False).get(path, headers=headers) as answer:
        assert answer.status_code == 200
        assert ("Link" in answer.headers) is asks
        assert "/api/v1/home" in answer.headers.get("Link", "/api/v1/home")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/x%00.js",
        "/gone.js",
    ],
)
def test_no_path_leaves_the_built_pages(pages: Flask, path: str) -> None:
    answer = pages.test_client().get(path)
    assert answer.status_code == 404
    assert b"secret" not in answer.data
