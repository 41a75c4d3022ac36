"""Asks the API as a browser's page does: cookies, CSRF token, fetch metadata, one audience."""

from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import PASSWORD

BASE_URL = "https://localhost"


class Browser:
    """One browser on one of the two pages."""

    def __init__(self, app: Flask, audience: str = "person") -> None:
        self.client: FlaskClient = app.test_client()
        self.audience = audience
        self.csrf: str | None = None

    def sign_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        """Sign in and remember the CSRF token when it worked."""
        answer = self.post("/session", {"username": username, "password": password})
        if answer.status_code == 200:
            self.csrf = answer.get_json()["csrf"]
        return answer

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask a path under /api/v1; header names with underscores for dashes."""
        return self._send("GET", path, None, headers)

    def post(self, path: str, body: object | None = None, **headers: str) -> TestResponse:
        """Send a change with an Idempotency-Key of its own."""
        return self._send("POST", path, body, {"Idempotency_Key": str(uuid4()), **headers})

    def put(self, path: str, body: object | None = None, **headers: str) -> TestResponse:
        """Put what the page made or edited, with an Idempotency-Key of its own."""
        return self._send("PUT", path, body, {"Idempotency_Key": str(uuid4()), **headers})

    def delete(self, path: str, **headers: str) -> TestResponse:
        """Remove."""
        return self._send("DELETE", path, None, headers)

    def _send(self, method: str, path: str, body: object | None, headers: dict[str, str]) -> TestResponse:
        sent: dict[str, Any] = {"X-Alongside-Audience": self.audience, "Sec-Fetch-Site": "same-origin"}
        if self.csrf and method != "GET":
            sent["X-CSRF-Token"] = self.csrf
        sent |= {name.replace("_", "-"): value for name, value in headers.items() if value != ""}
        for name in [name.replace("_", "-") for name, value in headers.items() if value == ""]:
            sent.pop(name, None)
        address = path if path.startswith(("/api", "/health", "/device/claim")) else f"/api/v1{path}"
        return self.client.open(address, method=method, json=body, headers=sent, base_url=BASE_URL)
