"""Runs the web process as it runs in service (granian, threads) and listens to its streams over a real socket."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from backend.supervise.programs import APP_THREADS
from tests.conftest import Database
from tests.factories import PASSWORD


def free_port() -> int:
    """A port nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Visitor:
    """Somebody signed in at a running server."""

    port: int
    cookie: str
    audience: str

    def get(self, path: str) -> tuple[int, dict[str, object]]:
        """Ask a path under /api/v1."""
        return ask(self.port, "GET", f"/api/v1{path}", headers=self._headers())

    def listen(self) -> "Listener":
        """Open the live stream."""
        return Listener(self.port, f"/api/v1/stream?audience={self.audience}", self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "X-Alongside-Audience": self.audience}


@dataclass
class Listener:
    """An open stream, read event by event."""

    port: int
    path: str
    headers: dict[str, str]
    _left: bytes = field(default=b"", init=False)

    def __post_init__(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        lines = [f"GET {self.path} HTTP/1.1", "Host: localhost", "Accept: text/event-stream"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def next(self, timeout: float = 60.0) -> tuple[str, dict[str, object]] | None:
        """The next event as (name, data); None when the server ended the stream. Raises TimeoutError."""
        until = time.monotonic() + timeout
        while True:
            start = self._left.find(b"event: ")
            end = self._left.find(b"\n\n", start) if start >= 0 else -1
            if end >= 0:
                name, data = self._left[start:end].decode().split("\n", 1)
                self._left = self._left[end + 2 :]
                return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))
            self.socket.settimeout(max(0.01, until - time.monotonic()))
            more = self.socket.recv(65536)
            if not more or more.endswith(b"0\r\n\r\n"):
                return None
            self._left += more

    def close(self) -> None:
        """Go away without a word, as a phone does."""
        self.socket.close()


def ask(
    port: int, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, object]]:
    """One request; returns status and JSON body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    sent = {"Content-Type": "application/json", "Origin": "https://localhost"} | (headers or {})
    connection.request(method, path, None if body is None else json.dumps(body), sent)
    answer = connection.getresponse()
    said = answer.read()
    found = json.loads(said) if said else {}
    if cookie := answer.getheader("Set-Cookie"):
        found["cookie"] = cookie.split(";")[0]
    connection.close()
    return answer.status, found


def sign_in(port: int, username: str, audience: str = "person") -> Visitor:
    """Sign in at a running server."""
    status, body = ask(
        port,
        "POST",
        "/api/v1/session",
        {"username": username, "password": PASSWORD},
        {"X-Alongside-Audience": audience},
    )
    assert status == 200, body
    return Visitor(port, str(body["cookie"]), audience)


@contextmanager
def serving(database: Database, home: Path, processes: int = 1) -> Iterator[int]:
    """The web process on a free port, or several; yields the port, and ends them."""
    port = free_port()
    told = {
        "PATH": os.environ["PATH"], "DATABASE_URL": database.url(), "ALONGSIDE_HOME": str(home),
        "ALONGSIDE_PUBLIC_URL": "https://localhost", "ALONGSIDE_PWA_DIST": str(home),
    }  # fmt: skip
    argv = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(processes), "--blocking-threads", str(APP_THREADS), "--backpressure", "2048", "--no-ws",
        "--workers-kill-timeout", "5", "--log-level", "warning", "backend.app:wsgi",
    ]  # fmt: skip
    with (home / "app.log").open("wb") as log:
        process = subprocess.Popen(argv, env=told, stdout=log, stderr=log, start_new_session=True)
    try:
        _until_healthy(port, process, home / "app.log")
        yield port
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait(60)


def _until_healthy(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            if ask(port, "GET", "/health")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())
