"""A member of staff over plain HTTP, for what a test has to arrange before a device can speak."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

Json = dict[str, Any]
# How often a write is asked again when what it was written over moved on meanwhile (the ladder rings by itself).
TRIES = 5


class MovedOnError(AssertionError):
    """412: what was read is no longer the newest."""


class Staff:
    """Signed in to the team's side of a running system."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url = url
        self._headers = {
            "Content-Type": "application/json", "Origin": url, "X-Alongside-Audience": "team",
        }  # fmt: skip
        request = Request(
            f"{url}/api/v1/session",
            json.dumps({"username": username, "password": password}).encode(),
            self._headers,
        )
        with urlopen(request) as answer:
            # The cookie is Secure: over plain http it is carried by hand.
            self._headers["Cookie"] = str(answer.headers["Set-Cookie"]).split(";")[0]
            self._headers["X-CSRF-Token"] = json.load(answer)["csrf"]

    def get(self, path: str) -> Json:
        """A page of the API."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: Json, version: int | None = None) -> Json:
        """One write; raises with the problem's words when it is refused."""
        more = {"Idempotency-Key": str(uuid4())}
        if version is not None:
            more["If-Match"] = f'W/"{version}"'
        return self._ask("POST", path, body, more)

    def new_kit(self, kind: str) -> Json:
        """A new piece of kit, in stock."""
        return self.post("/kit", {"kind": kind, "model": "vendor-1"})

    def somebody(self) -> str:
        """The public id of a person on the caseload for whom no alarm is open."""
        people = [str(row["id"]) for row in self.get("/kit/people")["rows"]]
        return next(one for one in people if self.alarm_of(one) is None)

    def give(self, kit: Json, patient: str) -> None:
        """Give a piece of kit to a person, from now on."""
        self._over(
            lambda: self.get(f"/kit/{kit['id']}"),
            f"/kit/{kit['id']}/wearers",
            {"patient_id": patient, "slot": 0},
        )

    def claim_code(self, kit: Json) -> str:
        """A code for a device to claim its account with."""
        return str(self.post(f"/kit/{kit['id']}/claim-codes", {})["code"])

    def trade(self, code: str) -> Json:
        """The account a code is good for, as any HTTP client gets it."""
        request = Request(
            f"{self._url}/device/claim",
            json.dumps({"code": code}).encode(),
            {"Content-Type": "application/json"},
        )
        with urlopen(request) as answer:
            found: Json = json.load(answer)
        return found

    def revoke(self, kit: Json, reason: str) -> None:
        """Put a device out."""
        self._over(lambda: self.get(f"/kit/{kit['id']}"), f"/kit/{kit['id']}/revoke", {"reason": reason})

    def alarm_of(self, patient: str) -> Json | None:
        """The open alarm of a person on the worklist."""
        for row in self.get("/worklist")["rows"]:
            if row["kind"] == "alarm" and row["patient"] is not None and row["patient"]["id"] == patient:
                found: Json = row
                return found
        return None

    def claim(self, patient: str) -> None:
        """Take the open alarm of a person."""
        row = self._alarm(patient)
        self._over(lambda: self._alarm(patient), f"/alerts/{row['id']}/claim", {})

    def close(self, patient: str) -> None:
        """End the open alarm of a person, so that the next test finds none."""
        row = self._alarm(patient)
        self._over(
            lambda: self._alarm(patient),
            f"/alerts/{row['id']}/close",
            {"outcome": "contact", "note": None, "confirm": True},
        )

    def _alarm(self, patient: str) -> Json:
        row = self.alarm_of(patient)
        assert row is not None
        return row

    def _over(self, newest: Callable[[], Json], path: str, body: Json) -> None:
        """A write over what is newest, read again when somebody or something was quicker, as a page does."""
        for tried in range(TRIES):
            try:
                self.post(path, body, newest()["version"])
                return
            except MovedOnError:
                if tried == TRIES - 1:
                    raise

    def _ask(self, method: str, path: str, body: Json | None, more: dict[str, str]) -> Json:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self._url}/api/v1{path}", data, self._headers | more, method=method)
        try:
            with urlopen(request) as answer:
                found: Json = json.load(answer)
        except HTTPError as refusal:
            kind = MovedOnError if refusal.code == HTTPStatus.PRECONDITION_FAILED else AssertionError
            raise kind(f"{method} {path}: {refusal.read().decode()[:500]}") from refusal
        return found
