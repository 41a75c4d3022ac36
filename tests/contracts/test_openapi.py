"""The OpenAPI document tells the truth: every route is in it, and every error has the one shape."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.contracts import people_rows, plan_rows, thread_rows

VERSIONED = {
    "POST /api/v1/patients/{patient_id}/limits",
    *(
        f"POST /api/v1/alerts/{{alert_id}}/{what}"
        for what in (
            "claim",
            "close",
            "responders",
            "accept",
            "contact",
            "note",
            "message",
            "snooze",
            "recheck",
            "recheck/done",
            "wrong-rule",
            "undo",
        )
    ),
    "POST /api/v1/kit/{kit_id}/config",
    *(
        f"POST /api/v1/kit/{{kit_id}}/{change}"
        for change in (
            "facts",
            "state",
            "move",
            "route",
            "installation",
            "rotate",
            "revoke",
            "wearers",
            "hand-over",
            "wearers/{binding_id}/end",
            "wearers/{binding_id}/dates",
        )
    ),
}
VERSIONED |= (
    thread_rows.VERSIONED | plan_rows.VERSIONED | {"PUT /api/v1/patients/{patient_id}/people/{helper_id}"}
)
VERSIONED |= {f"POST {path.replace('<uuid:', '{').replace('>', '}')}" for path in people_rows.VERSIONED}
# A device has no session and no page of ours.
FROM_NO_PAGE = {"POST /device/claim"}
KINDS = {"invalid", "not-allowed", "not-found", "conflict", "unavailable"}


@pytest.fixture
def spec(app: Flask) -> dict[str, Any]:
    document: dict[str, Any] = app.test_client().get("/api/openapi.json").get_json()
    return document


def operations(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in spec["paths"].items()
        for method, operation in item.items()
        if method in ("get", "post", "put", "delete")
    }


def _documented(rule: str) -> str:
    return re.sub(r"<[^>]*:([a-z_]+)>", r"{\1}", rule)


def test_every_route_of_the_api_is_documented(app: Flask, spec: dict[str, Any]) -> None:
    served = {
        f"{method} {_documented(rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/")
    }
    assert served <= set(operations(spec))


def test_every_operation_says_what_it_does_and_how_it_fails(spec: dict[str, Any]) -> None:
    for name, operation in operations(spec).items():
        assert operation.get("summary"), name
        assert "default" in operation["responses"], name
    problem = spec["components"]["schemas"]["Problem"]["properties"]
    assert set(problem) >= {"type", "title", "status", "kind", "code", "detail", "errors", "current"}


def test_every_write_asks_for_the_csrf_token_and_edits_for_the_version_seen(spec: dict[str, Any]) -> None:
    for name, operation in operations(spec).items():
        headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
        asks = not name.startswith("GET") and name not in FROM_NO_PAGE
        assert ("X-CSRF-Token" in headers) is asks, name
        assert ("If-Match" in headers) is (name in VERSIONED), name


def test_the_api_page_lists_every_operation_without_anything_from_elsewhere(
    app: Flask, spec: dict[str, Any]
) -> None:
    page = app.test_client().get("/api/docs")
    said = page.get_data(as_text=True)
    for path in spec["paths"]:
        assert path in said
    assert "<script" not in said
    assert "style=" not in said
    assert "http://" not in said
    assert "https://" not in said
    assert app.test_client().get("/api/docs.css").mimetype == "text/css"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing-here", 404),
        ("PUT", "/api/v1/session", 405),
        ("POST", "/api/v1/session", 403),
        ("GET", "/api/v1/session", 401),
        ("GET", "/api/v1/patients/not-a-uuid/home", 404),
    ],
)
def test_every_error_has_the_one_shape(app: Flask, method: str, path: str, status: int) -> None:
    answer = app.test_client().open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    body = answer.get_json()
    assert body["status"] == status
    assert body["kind"] in KINDS
    assert body["code"]
    assert body["detail"]


def _post(client: FlaskClient, **more: Any) -> Any:
    return client.post("/api/v1/session", headers={"Sec-Fetch-Site": "same-origin"}, **more)


def test_what_cannot_be_used_is_named_field_by_field(app: Flask) -> None:
    client = app.test_client()
    answer = _post(client, json={"username": "", "extra": 1})
    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == {"username", "password", "extra"}
    assert _post(client, data="x", content_type="text/plain").status_code == 415
    assert _post(client, data="{", content_type="application/json").status_code == 400
    assert _post(client, data="[" * 100_000, content_type="application/json").status_code in (400, 422)
    assert _post(client, data=b" " * 1_100_000, content_type="application/json").status_code == 413
