"""A desk without anybody at it: signs in as its watcher and hears what every desk of a team hears."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# The stream pings every 15 seconds; a line silent for longer than two pings is dead.
SILENT_S = 40.0
COOKIE = "__Host-alongside-team"


class NotIn(Exception):  # noqa: N818 - the door's word, not a program's fault
    """Signing in, or opening the stream, did not work; the words name the phase and status."""


class Desk:
    """A signed-in watcher's line to the stream, made anew whenever it breaks."""

    def __init__(self, public_url: str, account: Path) -> None:
        self._url = urlsplit(public_url)
        self._account = account
        self._cookie: str | None = None

    def events(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Sign in if need be, open the stream, and give (name, data) of each event until the line breaks."""
        if self._cookie is None:
            self._cookie = self._sign_in()
        connection = self._connect()
        try:
            connection.request(
                "GET",
                "/api/v1/stream?audience=team",
                headers={"Accept": "text/event-stream", "Cookie": f"{COOKIE}={self._cookie}"},
            )
            answer = connection.getresponse()
            if answer.status != 200:
                self._cookie = None
                raise NotIn(f"stream {answer.status}")
            yield from _parsed(answer)
        finally:
            connection.close()

    def _connect(self) -> HTTPConnection:
        kind = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        return kind(self._url.hostname or "localhost", self._url.port, timeout=SILENT_S)

    def _sign_in(self) -> str:
        try:
            account = json.loads(self._account.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise NotIn("no account yet") from None
        connection = self._connect()
        try:
            connection.request(
                "POST",
                "/api/v1/session",
                json.dumps({"username": account["username"], "password": account["password"]}),
                {
                    "Content-Type": "application/json",
                    "Sec-Fetch-Site": "same-origin",
                    "X-Alongside-Audience": "team",
                },
            )
            answer = connection.getresponse()
            answer.read()
            for header in answer.headers.get_all("Set-Cookie", []):
                name, _, value = header.partition(";")[0].partition("=")
                if answer.status == 200 and name == COOKIE:
                    return value
            raise NotIn(f"sign-in {answer.status}")
        finally:
            connection.close()


def _parsed(answer: HTTPResponse) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of a text/event-stream; comments (the pings) only keep the line alive."""
    name, data = "message", ""
    for raw in answer:
        line = raw.decode().rstrip("\r\n")
        if line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            data += line[5:].strip()
        elif not line:
            if data:
                yield name, json.loads(data)
            name, data = "message", ""
