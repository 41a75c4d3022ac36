"""Knows what lies in a home folder and who runs in it, so `down` and `status` find what `up` started."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from backend.supervise.files import write_private

# Everything `--fresh` may delete. A list by name, because a home may hold other things.
DATA = (
    "postgres", "mosquitto", "stubs", "log", "secrets.json", "ports.json", "run.json", "ca.crt",
    "demo.json", "canary.json", "fleet.json", "simulated.json",
)  # fmt: skip


@dataclass
class Run:
    """What runs in a home, as kept in HOME/run.json (mode 0600: it holds the demo's passwords)."""

    supervisor: int
    public_url: str
    demo: bool
    ready: bool = False
    links: dict[str, str] = field(default_factory=dict)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)
    restarts: dict[str, int] = field(default_factory=dict)
    device: dict[str, Any] | None = None
    ways: list[str] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        """Return the one object `--json` prints."""
        return {name: asdict(self)[name] for name in ("links", "accounts", "ports", "pids", "device")}

    def in_words(self) -> str:
        """What whoever started it reads: where the pages are, and in the demo who to sign in as."""
        lines = ["", "Alongside runs."]
        names = {"phone": "A phone", "team": "The team"}
        lines += [f"  {names.get(name, name):<9} {link}" for name, link in self.links.items()]
        if not self.links:
            lines.append(f"  {self.public_url}")
        if self.accounts:
            lines += ["", "Sign in as"]
            lines += [
                f"  {one['username']:<22} password {one['password']:<18} {one['role']}"
                for one in self.accounts
            ]
        if self.device is not None:
            words = "(secret and topics: run.json in the home)"
            lines += ["", f"A device for your own readings: {self.device['id']} {words}"]
        if self.demo:
            words = "Within two minutes the pretend oximeter falls: watch both screens. Ctrl-C stops all."
            lines += ["", words]
        return "\n".join(lines)


class Home:
    """A folder with one Alongside in it."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._lock: int | None = None

    def make(self) -> None:
        """Make the folder: others may walk through it (the servers' own account must) and list nothing."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        # Should the home lie in somebody's checkout, no secret of it may ever be committed.
        (self.path / ".gitignore").write_text("*\n")

    def claim(self) -> bool:
        """Take this home for ourselves until we end; False when another supervisor has it."""
        handle = os.open(self.path / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._lock = handle
        return True

    def release(self) -> None:
        """Give the home back."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def is_running(self) -> bool:
        """Say whether a supervisor runs here. The lock is asked, not a process id: numbers are used again."""
        if not (self.path / "supervisor.lock").exists():
            return False
        free = self.claim()
        if free:
            self.release()
        return not free

    def forget(self) -> None:
        """Delete all data of this home, for a start from nothing; what was unpacked from Debian stays."""
        for name in DATA:
            there = self.path / name
            if there.is_symlink():
                shutil.rmtree(there.resolve(), ignore_errors=True)
                there.unlink()
            elif there.is_dir():
                shutil.rmtree(there)
            else:
                there.unlink(missing_ok=True)

    def write(self, run: Run) -> None:
        """Keep what runs here."""
        write_private(self.path / "run.json", json.dumps(asdict(run), indent=1))

    def read(self) -> Run | None:
        """Return what runs here, or None when nothing was ever started."""
        noted = self.path / "run.json"
        if not noted.exists():
            return None
        return Run(**json.loads(noted.read_text()))
