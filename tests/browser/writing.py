"""Sends what somebody's phone would, so that a test of the staff's pages has something to answer."""

import json
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener
from uuid import uuid4

from tests.running import Running

# Signing in is slow on purpose, and limited: once for each account of a demo.
_SIGNED_IN: dict[tuple[str, str], tuple[OpenerDirector, str]] = {}


def write(demo: Running, username: str, kind: str, words: str) -> str:
    """A message of this account about its own person; answers its id."""
    id_ = str(uuid4())
    send(demo, username, "PUT", f"/threads/{kind}/messages/{id_}", {"words": words}, {"Idempotency-Key": id_})
    return id_


def send(
    demo: Running, username: str, method: str, path: str, body: object, more: Mapping[str, str] | None = None
) -> Any:
    """A change of this account to its own person, `path` beginning after the person; answers what was answered."""
    opener, csrf = _signed_in(demo, username)
    headers = _headers(demo) | {"X-CSRF-Token": csrf, "Idempotency-Key": str(uuid4())} | dict(more or {})
    at = f"{demo.url}/api/v1/patients/{demo.patient(username)}{path}"
    with opener.open(Request(at, json.dumps(body).encode(), headers, method=method)) as answer:
        assert answer.status in (200, 201, 202)
        return json.load(answer)


def read(demo: Running, username: str, path: str) -> Any:
    """What this account reads of its own person."""
    opener, _ = _signed_in(demo, username)
    with opener.open(
        Request(f"{demo.url}/api/v1/patients/{demo.patient(username)}{path}", headers=_headers(demo))
    ) as answer:
        return json.load(answer)


def _headers(demo: Running) -> dict[str, str]:
    return {"Content-Type": "application/json", "Origin": demo.url}


def _signed_in(demo: Running, username: str) -> tuple[OpenerDirector, str]:
    key = (demo.url, username)
    if key not in _SIGNED_IN:
        # The cookies are Secure, which a browser sends to localhost and Python has to be told.
        jar = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        opener = build_opener(HTTPCookieProcessor(jar))
        body = json.dumps({"username": username, "password": demo.password(username)}).encode()
        with opener.open(Request(f"{demo.url}/api/v1/session", body, _headers(demo))) as answer:
            _SIGNED_IN[key] = (opener, json.load(answer)["csrf"])
    return _SIGNED_IN[key]
