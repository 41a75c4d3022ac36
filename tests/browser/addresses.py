"""Real addresses for the sweeps: whose record, which piece of kit, which draft, which member of staff."""

import json
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import uuid4

from tests.running import Running

_FOUND: dict[tuple[str, str], str] = {}


def asked(demo: Running, username: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """An answer of the API to a member of staff; with a body it is posted."""
    # The cookies are Secure, which a browser sends to localhost and Python has to be told.
    jar = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
    ask = build_opener(HTTPCookieProcessor(jar)).open
    team = {"Content-Type": "application/json", "Origin": demo.url, "X-Alongside-Audience": "team"}
    sign_in = json.dumps({"username": username, "password": demo.password(username)}).encode()
    with ask(Request(f"{demo.url}/api/v1/session", sign_in, team)) as answer:
        more = {"X-CSRF-Token": json.load(answer)["csrf"], "Idempotency-Key": str(uuid4())}
    data = None if body is None else json.dumps(body).encode()
    with ask(Request(f"{demo.url}/api/v1{path}", data, {**team, **more})) as answer:
        return json.load(answer)


def a_draft(demo: Running) -> str:
    """The id of a draft of somebody who joins; made once, because signing in is limited."""
    key = (demo.url, "draft")
    if key not in _FOUND:
        _FOUND[key] = str(asked(demo, "demo-nurse", "/joinings", {})["id"])
    return _FOUND[key]


def a_colleague(demo: Running) -> str:
    """The id of a member of staff."""
    key = (demo.url, "staff")
    if key not in _FOUND:
        _FOUND[key] = str(asked(demo, "demo-admin", "/staff")["rows"][0]["id"])
    return _FOUND[key]


def an_alert(demo: Running) -> str:
    """The id of a card on the nurse's list."""
    key = (demo.url, "alert")
    if key not in _FOUND:
        _FOUND[key] = str(asked(demo, "demo-nurse", "/worklist")["rows"][0]["id"])
    return _FOUND[key]


def a_check_in(demo: Running) -> str:
    """The id of the newest check-in of the demo's person that has a total."""
    key = (demo.url, "check-in")
    if key not in _FOUND:
        given = asked(demo, "demo-nurse", f"/patients/{demo.patient('demo-person')}/check-ins")["given"]
        _FOUND[key] = str(next(one["id"] for one in given if (one["result"] or {}).get("total") is not None))
    return _FOUND[key]


def a_readings_custody(demo: Running) -> str:
    """The address of every step of somebody's newest oxygen reading."""
    key = (demo.url, "custody")
    if key not in _FOUND:
        person = demo.patient("demo-person")
        found = asked(demo, "demo-nurse", f"/patients/{person}/series?kind=spo2&days=90")
        query = urlencode({"at": found["points"][-1]["effective_at"], "code": "spo2"})
        _FOUND[key] = f"/team/person/{person}/custody?{query}"
    return _FOUND[key]
