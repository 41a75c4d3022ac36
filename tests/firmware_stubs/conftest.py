"""Fixtures of the device tests: a broker and a far end of their own, and plans for the fleet."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.firmware_stubs.stand_in import Broker, FarEnd

Starter: TypeAlias = Callable[..., "subprocess.Popen[bytes]"]
Planner: TypeAlias = Callable[..., Path]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A running Mosquitto."""
    one = Broker(tmp_path)
    one.start()
    yield one
    one.kill()


@pytest.fixture
def far_end(broker: Broker) -> Iterator[FarEnd]:
    """Something that receipts readings; each message it saw must have kept the schema."""
    one = FarEnd(broker.port)
    yield one
    one.close()
    assert one.wrong == []


@pytest.fixture
def plan(tmp_path: Path, broker: Broker) -> Callable[..., Path]:
    """Write a plan of `devices` (each a dict without its secret) and return its path."""

    def write(devices: list[dict[str, Any]], **more: Any) -> Path:
        listed = [{"secret": "not-checked-here", **device} for device in devices]
        said = {
            "broker": {"host": "127.0.0.1", "port": broker.port, "ca_file": None, "protocol": 5},
            "state_dir": str(tmp_path / "state"),
            "resend_s": 1.0,
            "devices": listed,
            **more,
        }
        path = tmp_path / "plan.json"
        path.write_text(json.dumps(said))
        return path

    return write


@pytest.fixture
def start() -> Iterator[Starter]:
    """Start `python -m firmware_stubs.<module>` with arguments; what still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def run(module: str, *arguments: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"firmware_stubs.{module}", *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()
