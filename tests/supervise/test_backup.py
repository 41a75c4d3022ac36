"""A backup is worth what it gives back: every record, and every device signing in as if nothing had happened."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from backend.core.db import plain_dsn
from backend.supervise.backup import NotABackupError, back_up, restore
from backend.supervise.home import Home
from backend.supervise.ports import any_free
from backend.supervise.postgres import Postgres
from tests.device_gateway.rig import until


def alongside(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command, as an operator would."""
    return subprocess.run(
        [sys.executable, "-m", "backend.cli", *words],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder under /tmp, where the servers' own account can walk to; everything in it ends with the test."""
    path = Path(tempfile.mkdtemp(prefix="alongside-backup-"))
    path.chmod(0o711)
    yield path
    for home in (path / "first", path / "second"):
        alongside("down", "--home", str(home))
        Home(home).forget()
    shutil.rmtree(path, ignore_errors=True)


def started(home: Path) -> dict[str, Any]:
    """A demo that runs; what `up --json` told."""
    done = alongside("up", "--demo", "--detach", "--json", "--home", str(home), "--port", str(any_free()))
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


class Kit:
    """A device in somebody's home, which knows its secret and the authority it trusts and nothing else."""

    def __init__(self, device: dict[str, Any], ca: str) -> None:
        self._device, self._ca = device, ca
        self.receipts: set[str] = set()

    def says(self, host: str, port: int, body: dict[str, Any]) -> None:
        """Sign in over TLS, publish one reading and wait for its receipt."""
        name = self._device["id"]
        client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5)
        client.username_pw_set(name, self._device["secret"])
        client.tls_set(ca_certs=self._ca)
        client.on_message = lambda _c, _d, message: self.receipts.update(
            json.loads(message.payload).get("ids", [])
        )
        client.on_connect = lambda c, *_: c.subscribe(f"al/v1/{name}/down/#", 1)
        client.on_subscribe = lambda c, *_: c.publish(f"al/v1/{name}/up/obs", json.dumps(body), 1)
        client.connect(host, port)
        client.loop_start()
        try:
            until(lambda: body["id"] in self.receipts, 120, "the receipt")
        finally:
            client.disconnect()
            client.loop_stop()


def reading() -> dict[str, Any]:
    """A reading taken now."""
    now = datetime.now(UTC).isoformat()
    return {
        "v": 1, "id": uuid4().hex, "boot": "b1", "seq": 0, "sent": now, "clock": {"src": "ntp"}, "taken": now,
        "m": [{"k": "spo2", "val": 95, "u": "%"}],
    }  # fmt: skip


def stored(home: Path, port: int) -> set[str]:
    """Message ids in the database of a home that runs."""
    postgres = Postgres(home)
    postgres.attach(port)
    with psycopg.connect(plain_dsn(postgres.admin_url("alongside"))) as connection:
        return {row[0] for row in connection.execute("select message_id from message_key")}


@pytest.mark.slow
def test_a_device_signs_in_to_a_restored_home_and_every_reading_is_there(folder: Path) -> None:
    told = started(folder / "first")
    own_copy = folder / "trusted.crt"
    own_copy.write_text(Path(told["device"]["ca_file"]).read_text())
    kit, before, after = Kit(told["device"], str(own_copy)), reading(), reading()
    kit.says("localhost", told["ports"]["mqtts"], before)
    file = folder / "kept.tar"
    done = alongside("backup", str(file), "--home", str(folder / "first"))
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert alongside("down", "--home", str(folder / "first")).returncode == 0
    Home(folder / "first").forget()

    done = alongside("restore", str(file), "--home", str(folder / "second"))
    assert done.returncode == 0, done.stderr
    again = started(folder / "second")
    assert again["device"]["id"] == told["device"]["id"]
    assert before["id"] in stored(folder / "second", again["ports"]["postgres"])
    kit.says("localhost", again["ports"]["mqtts"], after)
    # What was receipted before the backup is known: sent again, it is receipted and stored once.
    kit.receipts.clear()
    kit.says("localhost", again["ports"]["mqtts"], before)
    assert {before["id"], after["id"]} <= stored(folder / "second", again["ports"]["postgres"])


def test_a_damaged_backup_is_refused_and_leaves_nothing(folder: Path) -> None:
    manifest = {
        "format": 1,
        "made_at": "2026-11-22T08:00:00+00:00",
        "counts": {},
        "sha256": {"database.dump": "0"},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "database.dump").write_bytes(b"half of it")
    file = folder / "damaged.tar"
    with tarfile.open(file, "w") as tar:
        for name in ("manifest.json", "database.dump"):
            tar.add(folder / name, arcname=name)
    with pytest.raises(NotABackupError, match="damaged"):
        restore(file, folder / "second")
    assert not (folder / "second").exists()


def _climbing(file: Path) -> None:
    with tarfile.open(file, "w") as tar:
        member = tarfile.TarInfo("../outside")
        tar.addfile(member)


@pytest.mark.parametrize("write", [lambda file: file.write_bytes(b"not a backup"), _climbing])
def test_a_file_that_is_no_backup_is_refused_in_words(folder: Path, write: Callable[[Path], object]) -> None:
    file = folder / "other.tar"
    write(file)
    done = alongside("restore", str(file), "--home", str(folder / "second"))
    assert done.returncode == 1
    assert "not a whole backup" in done.stderr
    assert not (folder / "second").exists()


def test_a_restore_never_writes_over_a_home_with_data(folder: Path) -> None:
    home = folder / "second"
    home.mkdir()
    (home / "secrets.json").write_text("{}")
    manifest = {"format": 1, "made_at": "x", "counts": {}, "sha256": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    file = folder / "whole.tar"
    with tarfile.open(file, "w") as tar:
        tar.add(folder / "manifest.json", arcname="manifest.json")
    with pytest.raises(RuntimeError, match="holds data already"):
        restore(file, home)
    assert (home / "secrets.json").read_text() == "{}"


def test_a_home_that_does_not_run_is_not_backed_up_by_halves(folder: Path) -> None:
    with pytest.raises(RuntimeError, match="nothing runs"):
        back_up(folder / "first", folder / "kept.tar")
    assert os.listdir(folder) == []
