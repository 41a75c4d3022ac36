"""Begins each canary when its time has come: a row first, then what its device sends."""

import json
import logging
import threading
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import DBAPIError

from backend.canary import runs
from backend.canary.device import Door, NotSent, speak
from backend.core.db import transaction

log = logging.getLogger("alongside.canary")

LOOK_EVERY_S = 1.0
# The watcher has to sit at its desk by then; if it cannot, the runs begin all the same, and nobody sees them.
SEATED_WITHIN_S = 30.0


class Prober:
    """Speaks for the canary's devices. Secrets are read anew each time: they may come after this process."""

    def __init__(self, app: Flask, door: Door, account: Path) -> None:
        self._app, self._door, self._account = app, door, account

    def run(self, stop: threading.Event, seated: threading.Event) -> None:
        """Until told to stop."""
        seated.wait(SEATED_WITHIN_S)
        while not stop.is_set():
            self.round()
            stop.wait(LOOK_EVERY_S)

    def round(self) -> None:
        """Begin what is due. A run that could not be sent stays unseen, which is what tells."""
        try:
            with self._app.app_context(), transaction():
                begun = runs.begin_due()
        except DBAPIError as error:
            log.warning("no run begun", extra={"phase": "begin", "error": type(error).__name__})
            return
        for run in begun:
            try:
                speak(self._door, run, self._secret(run.device))
            except NotSent as why:
                log.warning("canary not sent", extra={"phase": "send", "kind": run.kind, "why": str(why)})

    def _secret(self, device: str) -> str:
        try:
            return str(json.loads(self._account.read_text(encoding="utf-8"))["devices"][device])
        except (OSError, ValueError, KeyError):
            raise NotSent("no account yet") from None
