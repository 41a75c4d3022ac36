"""Notes what reaches the watcher's desk, so that all-green-but-dead shows."""

import logging
import threading
from collections.abc import Mapping
from datetime import datetime
from http.client import HTTPException
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy.exc import DBAPIError

from backend.canary import runs
from backend.canary.desk import Desk, NotIn
from backend.canary.runs import Kind
from backend.core.clock import now
from backend.core.db import transaction
from backend.core.heartbeat import beat

log = logging.getLogger("alongside.canary")

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 10.0
# Which rule's alert each canary is to raise.
RAISED: Mapping[str, Kind] = {"spo2_low": "red", "device_silent": "silent", "fall": "fall"}


def heard(name: str, event: Mapping[str, Any]) -> tuple[Kind, str | None] | None:
    """Which canary an event of the stream may be of, and what caused it; None when it is of none."""
    if name == "observation":
        return "normal", event.get("m")
    if name == "alert" and event.get("s") == "open" and event.get("k") in RAISED:
        return RAISED[str(event["k"])], event.get("x")
    return None


def note_arrival(app: Flask, name: str, event: Mapping[str, Any]) -> None:
    """Write that a run was seen; of a reading also the heartbeat `canary`: milliseconds from measuring to a desk."""
    found = heard(name, event)
    if found is None:
        return
    kind, cause = found
    try:
        with app.app_context(), transaction():
            runs.saw(kind, UUID(str(event["p"])), cause)
            if name == "observation":
                latency = now() - datetime.fromisoformat(str(event["e"]))
                beat("canary", {"latency_ms": round(latency.total_seconds() * 1000), "message": cause})
    except DBAPIError as error:
        # A run that stays unseen is what tells; this process must live to note the next.
        log.warning("arrival not noted", extra={"phase": "heartbeat", "error": type(error).__name__})


def watch(app: Flask, desk: Desk, stop: threading.Event, seated: threading.Event) -> None:
    """Until told to stop: listen, note, and after a break wait a little and listen again."""
    wait = FIRST_WAIT_S
    while not stop.is_set():
        try:
            for name, event in desk.events():
                wait = FIRST_WAIT_S
                seated.set()
                note_arrival(app, name, event)
                if stop.is_set():
                    return
            log.info("stream ended", extra={"phase": "stream"})
        except (NotIn, OSError, HTTPException, ValueError, KeyError) as error:
            why = str(error) if isinstance(error, NotIn) else type(error).__name__
            log.info("stream lost", extra={"phase": "stream", "why": why})
        stop.wait(wait)
        wait = min(wait * 2, LONGEST_WAIT_S)
