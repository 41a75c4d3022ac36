"""A prepared demo: the real command, against a real PostgreSQL and a real Mosquitto."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from backend import migrations
from backend.supervise.mosquitto import Mosquitto
from backend.supervise.postgres import Postgres


@dataclass
class Prepared:
    """A home with the demo in it; `command` prepares it again and returns what it printed.

    `seconds` is the processor's time, since other tests run beside this one.
    """

    home: Path
    database_url: str
    control_url: str
    command: Callable[..., dict[str, Any]]
    said: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    def again(self) -> dict[str, Any]:
        """Run the command once more, as the next `up --demo` would."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.said = self.command()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return self.said

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a question to the database."""
        with psycopg.connect(self.database_url.replace("+psycopg", "")) as connection:
            return connection.execute(question, values).fetchall()

    def one(self, question: str, *values: object) -> Any:
        """The only value of a question."""
        ((value,),) = self.rows(question, *values)
        return value

    def run(self, statement: str, *values: object) -> None:
        """Change something, as a visitor or a fault would."""
        with psycopg.connect(self.database_url.replace("+psycopg", "")) as connection:
            connection.execute(statement, values)


@pytest.fixture(scope="session")
def prepared() -> Iterator[Prepared]:
    """The demo after its first preparation, on servers of its own."""
    with tempfile.TemporaryDirectory(prefix="alongside-test-demo-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        postgres, broker = Postgres(home), Mosquitto(home)
        try:
            postgres.start()
            broker.start()
            url = postgres.url("al_migrate")
            migrations.upgrade(url)
            environment = os.environ | {
                "DATABASE_URL": url,
                "ALONGSIDE_HOME": str(home),
                "ALONGSIDE_PUBLIC_URL": "http://localhost:8080",
                "ALONGSIDE_DEMO": "1",
                "MQTT_CONTROL_URL": broker.control_url(),
            }
            words = ["--port", "8080", "--tls-port", str(broker.tls_port), "--ca-file", str(broker.ca_file)]

            def command(*more: str) -> dict[str, Any]:
                done = subprocess.run(
                    [sys.executable, "-m", "backend.demo", *words, *more],
                    env=environment, capture_output=True, text=True, timeout=300, check=False,
                )  # fmt: skip
                assert done.returncode == 0, done.stderr
                said: dict[str, Any] = json.loads(done.stdout or "{}")
                return said

            demo = Prepared(home, url, broker.control_url(), command)
            demo.again()
            yield demo
        finally:
            broker.stop()
            postgres.stop()
