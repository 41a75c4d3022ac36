"""The plan of the pretend devices: who plays what, with the secrets the broker knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from backend.demo import kept
from backend.demo.history import body
from backend.demo.kit import DemoDevice, devices
from backend.devices.credentials import Credentials


def secrets(
    plan_file: Path,
    control_url: str,
    ours: Iterable[str],
    may_connect: Iterable[str],
    progress: Callable[[int], object] | None = None,
) -> dict[str, str]:
    """A secret for each device of `ours`, the same as in the plan of last time where there is one.

    The broker is put right too: accounts outside `may_connect` go, and one of ours it lost is issued anew.
    Raises Unavailable when the broker does not answer.
    """
    had = _secrets_in(plan_file)
    wanted = set(ours)
    with Credentials(control_url) as broker:
        missing = (set(broker.reconcile(may_connect).missing) & wanted) | (wanted - set(had))
        issued = broker.issue_many(sorted(missing), progress) if missing else {}
    return {name: secret for name, secret in (had | issued).items() if name in wanted}


def plan(
    home: Path, broker: Mapping[str, Any], secret_of: Mapping[str, str], began: date, today: date
) -> dict[str, Any]:
    """The plan as JSON. `spare` names the devices that no stub plays, for whoever wants to play them."""
    played = [one for one in devices() if one.played]
    spare = [one for one in devices() if not one.played]
    return {
        "broker": dict(broker),
        "state_dir": str(home / "stubs"),
        "devices": [_stub(one, secret_of[one.device_id], began, today) for one in played],
        "spare": [
            {"stub": one.stub, "device_id": one.device_id, "secret": secret_of[one.device_id]}
            for one in spare
        ],
    }


def _stub(one: DemoDevice, secret: str, began: date, today: date) -> dict[str, Any]:
    said: dict[str, Any] = {
        "stub": one.stub,
        "device_id": one.device_id,
        "secret": secret,
        "model": one.model,
        "seed": one.person.number,
        "baseline": dict(body(one.person, today, began).baseline),
        "start_after_s": one.start_after_s,
        "hb_s": one.hb_s,
    }
    if one.every_s is not None:
        said["every_s"] = one.every_s
    if one.course is not None:
        said["course"] = one.course
    return said


def _secrets_in(plan_file: Path) -> dict[str, str]:
    said = kept.read(plan_file)
    return {one["device_id"]: one["secret"] for name in ("devices", "spare") for one in said.get(name, ())}
