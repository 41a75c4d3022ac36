"""A database, a broker, a gateway and a fleet of their own, each of which a test may kill."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from backend.devices.credentials import Credentials
from backend.migrations import upgrade
from backend.supervise.mosquitto import Mosquitto
from backend.supervise.postgres import Postgres
from firmware_stubs.journal import Ledger, read_ledger
from tests.device_gateway.rig import GatewayProcess, World


class Arena:
    """Everything from the device's buffer to the row; `home` lies under /tmp for the servers' own account."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="alongside-chaos-"))
        self.home.chmod(0o711)
        self.postgres = Postgres(self.home)
        self.postgres.start()
        upgrade(self.postgres.url("al_migrate"))
        self.broker = Mosquitto(self.home)
        self.broker.start()
        self.world = World(self.postgres.url("al_migrate"), self.postgres.url("al_gateway"), self.broker)
        self.gateway = GatewayProcess(self.world, self.home)
        self.fleet: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """Stop what runs."""
        if self.fleet is not None and self.fleet.poll() is None:
            self.fleet.kill()
            self.fleet.wait(60)
        if self.gateway.process is not None:
            self.gateway.stop()
        self.world.db.close()
        self.broker.stop()
        self.postgres.stop()

    def kill_database(self) -> None:
        """kill -9 of the server and, with it, of everything it had not committed."""
        assert self.postgres.pid is not None
        os.kill(self.postgres.pid, signal.SIGKILL)

    def start_database(self) -> None:
        """The server again, on its port; this test's own connection is made anew."""
        self.postgres.start()
        self.world.connect()

    def reconnect(self) -> None:
        """This test's own connection anew, as soon as the server is there."""
        with contextlib.suppress(psycopg.Error):
            self.world.connect()

    def kill_broker(self) -> None:
        """kill -9 of the broker: what it held only in memory is gone."""
        assert self.broker.pid is not None
        os.kill(self.broker.pid, signal.SIGKILL)

    def start_fleet(self, devices: int, count: int, rate: float) -> None:
        """Worn devices that make `count` readings, `rate` a second, each kept until its receipt."""
        names = [self.world.worn("pulse-oximeter")[0] for _ in range(devices)]
        with Credentials(self.broker.control_url()) as credentials:
            secrets = credentials.issue_many(names)
        plan = {
            "broker": {"host": "127.0.0.1", "port": self.broker.plain_port},
            "state_dir": str(self.home / "fleet"),
            "resend_s": 1.0,
            "devices": [
                {
                    "stub": "pulse_oximeter",
                    "device_id": name,
                    "secret": secrets[name],
                    "seed": seed,
                    "every_s": 3600,
                }
                for seed, name in enumerate(names)
            ],
        }
        path = self.home / "plan.json"
        path.write_text(json.dumps(plan))
        words = ["--plan", str(path), "--count", str(count), "--rate", str(rate), "--timeout", "120"]
        with (self.home / "fleet.log").open("ab") as log:
            self.fleet = subprocess.Popen(
                [sys.executable, "-m", "firmware_stubs.fleet", *words], stdout=log, stderr=log
            )

    def ledger(self) -> Ledger:
        """What the devices made and what was receipted, from their own file."""
        return read_ledger(self.home / "fleet")

    def counted(self) -> dict[str, Any]:
        """The devices' ledger against the database: every receipted reading once, and nothing else twice."""
        ledger = self.ledger()
        rows = self.world.all("select message_id, device_message_id from message_key")
        stored = {message_id for message_id, _ in rows}
        values = self.world.one("select count(*) from observation")
        distinct = self.world.one(
            "select count(*) from (select distinct device_message_id, code from observation) o"
        )
        return {
            "made": len(ledger.made_ids()),
            "receipted": len(ledger.receipted_ids()),
            "stored": len(stored),
            "lost": len(ledger.receipted_ids() - stored),
            "unknown": len(stored - ledger.made_ids()),
            "duplicates": values - distinct,
            "without_values": self.world.one(
                "select count(*) from message_key k where not exists"
                " (select from observation o where o.device_message_id = k.device_message_id)"
            ),
        }
