"""Pings an outside watcher while all is well: when everything here is dead, it is the silence that tells."""

import logging
import threading
from http.client import HTTPException
from urllib.request import Request, urlopen

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.canary import runs
from backend.core.db import db

log = logging.getLogger("alongside.canary")

PATIENCE_S = 10.0
# The other half of the dead-man's switch runs in the worker; when it has not looked for so long, all is not well.
OTHER_HALF = "canary-watch"
_LOOKS = text(
    """select count(*) = 2 from heartbeat where name = any(array['canary-watch', 'worker'])
        and at > clock_timestamp() - interval '2 minutes'"""
)


class Deadman:
    """Asks the database whether all is well, and only then pings. It sends nothing but the request itself."""

    def __init__(self, app: Flask, url: str, every_s: float) -> None:
        self._app, self._url, self._every_s = app, url, every_s

    def run(self, stop: threading.Event) -> None:
        """Until told to stop."""
        while not stop.wait(self._every_s):
            if self.is_well():
                self.ping()

    def is_well(self) -> bool:
        """True while every canary that is set up is in time, there is one, and the worker looks after them too."""
        try:
            with self._app.app_context():
                found = runs.standing()
                looks = bool(db.session.scalar(_LOOKS))
        except DBAPIError as error:
            log.warning("no ping", extra={"phase": "ask", "error": type(error).__name__})
            return False
        return bool(found) and looks and not any(one.is_late for one in found)

    def ping(self) -> bool:
        """Whether the outside watcher heard it; a ping that is lost is its alarm, and never ours to hide."""
        try:
            request = Request(self._url, method="GET")  # noqa: S310 - an address the operator chose
            with urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - the same
                return bool(200 <= answer.status < 300)
        except (OSError, HTTPException, ValueError) as error:
            log.warning("ping lost", extra={"phase": "ping", "error": type(error).__name__})
            return False
