"""Runs Mosquitto under our own configuration and accounts, so that a device reaches us and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from backend.supervise import certificates, debian, process
from backend.supervise.account import Account, give, private_folder, service_account
from backend.supervise.broker_accounts import CONTROL, SERVICES, first_list
from backend.supervise.files import last_lines, write_private
from backend.supervise.keyring import Keyring
from backend.supervise.ports import Ports, answers

DEVICE_PORT = 8883  # the port registered for MQTT over TLS
LOCAL_NAMES = ("localhost", "127.0.0.1")

CONFIG = """\
# Written by `alongside up` at every start: change backend/supervise/mosquitto.py, not this file.
per_listener_settings false
allow_anonymous false
allow_zero_length_clientid false
plugin {plugin}
plugin_opt_config_file {folder}/dynamic-security.json

# PUBACK means "in the broker's memory": device buffer and receipt carry the promise, this helps.
persistence true
persistence_location {folder}/
# Not oftener: while it writes, nobody is served (a quarter of a second for 200,000 waiting messages).
autosave_interval 120
persistent_client_expiration 14d

# An absent gateway may queue by bytes, not by count, and never exhausts memory.
max_queued_messages 0
max_queued_bytes 536870912
max_packet_size 65536
max_keepalive 600
max_connections -1
# For an MQTT 5 client the broker sends as much as the client's own Receive Maximum (the gateway says 4000);
# this number is what a publisher may have unconfirmed, and the limit for older clients.
max_inflight_messages 100
set_tcp_nodelay true
sys_interval 5

log_dest stderr
log_type error
log_type warning
log_type notice
log_timestamp_format %Y-%m-%dT%H:%M:%S
connection_messages false

# Our own processes, this machine only.
listener {plain_port} 127.0.0.1

# Devices.
listener {tls_port}{device_address}
cafile {folder}/ca.crt
certfile {folder}/server.crt
keyfile {folder}/server.key
tls_version tlsv1.2
"""


class Mosquitto:
    """One home's broker.

    ``device_host`` is the name devices use, None keeps their listener on loopback;
    ``device_port`` is the port to ask for first, None takes any.
    """

    def __init__(self, home: Path, device_host: str | None = None, device_port: int | None = None) -> None:
        self.home = home.resolve()
        self._device_port = device_port
        self._names = LOCAL_NAMES if device_host is None else (device_host, *LOCAL_NAMES)
        self._keyring = Keyring(self.home)
        self._server: subprocess.Popen[bytes] | None = None
        self.device_host = device_host or "localhost"
        self.plain_port = 0
        self.tls_port = 0
        self.way = ""

    @property
    def log(self) -> Path:
        """The broker's log file."""
        return self.home / "log" / "mosquitto.log"

    @property
    def pid(self) -> int | None:
        """The broker's process id, or None when it does not run."""
        return self._server.pid if self._server is not None and self._server.poll() is None else None

    @property
    def server(self) -> subprocess.Popen[bytes] | None:
        """The broker's process, for whoever watches that it lives."""
        return self._server

    @property
    def ca_file(self) -> Path:
        """The authority a device must trust, readable by everybody."""
        return self.home / "ca.crt"

    def start(self) -> None:
        """Start the broker, finding or fetching Mosquitto first.

        Raises RuntimeError with the end of the log when it does not listen within 20 seconds.
        """
        found = debian.mosquitto()
        self.way = found.way
        account = service_account()
        folder = private_folder(self.home, "mosquitto", account)
        _retire_leftover(folder)
        if self._server is not None:
            process.sweep(self._server)
        for last_try in (False, False, True):
            self._write(folder, found, account)
            argv = [str(found.server), "-c", str(folder / "mosquitto.conf")]
            self._server = process.spawn(argv, log=self.log, env=found.environment, account=account)
            write_private(folder / "pid", str(self._server.pid))
            if self._became_ready(self._server):
                return
            # Somebody may have taken a port between our choice and the broker's start: choose again.
            self.stop()
            if last_try:
                raise RuntimeError(f"Mosquitto did not start:\n{last_lines(self.log)}")

    def stop(self) -> None:
        """Stop the broker; it writes what it holds to disk first."""
        if self._server is not None:
            process.end(self._server, wait=15)
            self._server = None

    def attach(self, plain_port: int) -> None:
        """Speak of a broker that somebody else started on this port from the same home."""
        self.plain_port = plain_port

    def service_url(self, name: str) -> str:
        """Return ``mqtt://user:password@127.0.0.1:port`` of one of our processes; ValueError if unknown."""
        if name not in {service.name for service in SERVICES}:
            raise ValueError(f"no such broker account: {name}")
        return f"mqtt://{name}:{quote(self._password(name), safe='')}@127.0.0.1:{self.plain_port}"

    def control_url(self) -> str:
        """Return the url of the account that issues and revokes device credentials."""
        return self.service_url(CONTROL)

    def _password(self, name: str) -> str:
        return self._keyring.get(f"mqtt:{name}")

    def _write(self, folder: Path, found: debian.Found, account: Account | None) -> None:
        ports = Ports(self.home)
        self.plain_port = ports.choose("mqtt")
        self.tls_port = ports.choose("mqtts", prefer=self._device_port)
        accounts = folder / "dynamic-security.json"
        if not accounts.exists():
            write_private(
                accounts, first_list({service.name: self._password(service.name) for service in SERVICES})
            )
        certificates.ensure(folder, self._names)
        write_private(self.ca_file, (folder / "ca.crt").read_text(), mode=0o644)
        config = CONFIG.format(
            plugin=found.plugin,
            folder=folder,
            plain_port=self.plain_port,
            tls_port=self.tls_port,
            device_address=" 127.0.0.1" if self._names == LOCAL_NAMES else "",
        )
        write_private(folder / "mosquitto.conf", config)
        for path in folder.iterdir():
            # The authority's key stays with whoever runs set-up: the broker never needs it.
            if path.name != "ca.key":
                give(path, account, 0o600)

    def _became_ready(self, server: subprocess.Popen[bytes]) -> bool:
        until = time.monotonic() + 120
        while server.poll() is None and time.monotonic() < until:
            if answers(self.plain_port) and answers(self.tls_port):
                # It may have been another broker that answered, and ours about to give up the port.
                time.sleep(0.03)
                return server.poll() is None
            time.sleep(0.03)
        return False


def _retire_leftover(folder: Path) -> None:
    """Stop a broker that an earlier supervisor left running on this folder."""
    noted = folder / "pid"
    if not noted.exists():
        return
    pid = int(noted.read_text() or 0)
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return
    if str(folder / "mosquitto.conf").encode() in words:
        os.kill(pid, signal.SIGTERM)
        if not process.wait_gone(pid, 15):
            os.kill(pid, signal.SIGKILL)
            process.wait_gone(pid, 5)
