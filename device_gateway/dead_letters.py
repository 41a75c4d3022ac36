"""Keeps an alarm that the database refuses in every form, because a press must outlive our own mistakes."""

import base64
import json
import os
from pathlib import Path

from device_gateway.arrival import Arrived


def keep(folder: Path, arrived: Arrived) -> None:
    """Write the alarm to a file of its own, on the disk when this returns; the same bytes are kept once."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    body = {
        "topic": arrived.topic,
        "received_at": arrived.received_at.isoformat(),
        "payload": base64.b64encode(arrived.payload).decode(),
    }
    path = folder / f"{arrived.fingerprint()[:40]}.json"
    with open(path, "w", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        json.dump(body, file)
        file.flush()
        os.fsync(file.fileno())


def count(folder: Path) -> int:
    """How many alarms wait for somebody to look at them; nobody but a human takes one away."""
    return len(list(folder.glob("*.json"))) if folder.is_dir() else 0
