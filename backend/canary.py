"""Watches the staff stream as a desk would and notes each arrival, so that all-green-but-dead shows."""

import json
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.exc import DBAPIError

from backend.core.answers import log_to_stderr
from backend.core.clock import now
from backend.core.config import Config
from backend.core.db import database_app, transaction
from backend.core.heartbeat import beat

log = logging.getLogger("alongside.canary")

# The stream pings every 15 seconds; a line silent for longer than two pings is dead.
SILENT_S = 40.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 10.0
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


def note_arrival(app: Flask, event: dict[str, Any]) -> None:
    """Write the heartbeat `canary`: milliseconds from measuring to its arrival at a desk."""
    arrived = now()
    latency = arrived - datetime.fromisoformat(str(event["e"]))
    detail = {"latency_ms": round(latency.total_seconds() * 1000), "message": event.get("m")}
    try:
        with app.app_context(), transaction():
            beat("canary", detail)
    except DBAPIError as error:
        # A missing heartbeat is what tells; this process must live to write the next.
        log.warning("arrival not noted", extra={"phase": "heartbeat", "error": type(error).__name__})


def watch(app: Flask, desk: Desk, stop: threading.Event) -> None:
    """Until told to stop: listen, note, and after a break wait a little and listen again."""
    wait = FIRST_WAIT_S
    while not stop.is_set():
        try:
            for name, event in desk.events():
                wait = FIRST_WAIT_S
                if name == "observation":
                    note_arrival(app, event)
                if stop.is_set():
                    return
            log.info("stream ended", extra={"phase": "stream"})
        except (NotIn, OSError, HTTPException, ValueError, KeyError) as error:
            why = str(error) if isinstance(error, NotIn) else type(error).__name__
            log.info("stream lost", extra={"phase": "stream", "why": why})
        stop.wait(wait)
        wait = min(wait * 2, LONGEST_WAIT_S)


def main() -> int:
    """Run the canary's watcher as told by the environment."""
    log_to_stderr()
    config = Config.from_environ()
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        # The stream may be silent for a while yet: nothing is lost by leaving it.
        sys.exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    app = database_app(config, pool_size=1, name="alongside-canary")
    watch(app, Desk(config.public_url, config.home / "canary.json"), stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
