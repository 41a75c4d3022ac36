"""Runs every part in order and watches over all of them, so that one command is the whole service."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from datetime import datetime

from backend import migrations
from backend.supervise import health, process
from backend.supervise.child import Child
from backend.supervise.files import last_lines
from backend.supervise.home import Home, Run
from backend.supervise.mosquitto import DEVICE_PORT, Mosquitto
from backend.supervise.named_broker import NamedBroker
from backend.supervise.options import Options
from backend.supervise.place import Place
from backend.supervise.ports import Ports, is_free
from backend.supervise.postgres import Postgres
from backend.supervise.process import CHECKOUT
from backend.supervise.programs import Program, canary_program, demo_program, programs
from backend.supervise.steps import say, step
from backend.supervise.watched_server import WatchedServer

APP_PORT = 8080
# Nothing is lost by waiting on a slow machine; a part that dies is told of at once, by its own words.
SERVING_SECONDS = 300.0
# The demo's people come before the canary, whose people are made with them, and before the devices they wear.
FIRST = ("gateway", "worker", "app")


class Supervisor:
    """Everything that runs in one home. Use it from the main thread: children end with their thread."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.home = Home(options.home)
        self.run = Run(os.getpid(), "", options.demo)
        self._postgres = Postgres(self.home.path, options.admin_url)
        self._broker: Mosquitto | NamedBroker = (
            NamedBroker(options.mqtt_url, self.home.path)
            if options.mqtt_url
            else Mosquitto(self.home.path, options.public_host, DEVICE_PORT)
        )
        self._servers = (
            WatchedServer("PostgreSQL", "postgres", self._postgres),
            WatchedServer("Mosquitto", "mosquitto", self._broker),
        )
        self._children: list[Child] = []

    def start(self) -> Run:
        """Start every part in order and return what runs; raises RuntimeError naming a part that fails."""
        self.home.write(self.run)  # `down` must find us, not a supervisor of yesterday
        place = self._start_servers()
        since = health.database_time(self._postgres.url("al_migrate"))
        listed = programs(place)
        with step("Gateway, worker, app"):
            self._launch([program for program in listed if program.name in FIRST])
        if self.options.demo:
            # They load while this is done, which is what keeps the second start short.
            with step("The demo's people and their devices"):
                self._prepare_demo(place)
        else:
            with step("The canaries, which test the whole way"):
                self._prepare_canaries(place)
        self._launch([program for program in listed if program.name not in FIRST])
        with step("Waiting until every part answers"):
            self._wait_until_serving(place, since)
        self.run.ready = True
        self._note()
        return self.run

    def watch(self, stop: threading.Event) -> None:
        """Start again whatever dies, until told to stop."""
        while not stop.wait(0.2):
            self.look_after()

    def look_after(self) -> None:
        """Look at every part once; start again what has ended and say which."""
        before = (self._postgres.port, self._broker.plain_port)
        changed = [server.check(say) for server in self._servers]
        if before != (self._postgres.port, self._broker.plain_port):
            self._move_children()
        # A list, not a generator: every child is looked at, whatever the first one says.
        changed += [child.check(say) for child in self._children]
        if any(changed):
            self._note()

    def stop(self) -> None:
        """Stop everything: our programs first, then the broker, the database last."""
        for child in reversed(self._children):
            child.ask_to_stop()
        for child in reversed(self._children):
            child.stop()
        self._broker.stop()
        self._postgres.stop()
        self.run.ready = False
        self.run.pids = {}
        self.home.write(self.run)

    def _start_servers(self) -> Place:
        with step("PostgreSQL" + (" (the one DATABASE_URL names)" if self.options.admin_url else "")):
            self._postgres.start()
        with step("Mosquitto" + (" (the one MQTT_URL names)" if self.options.mqtt_url else "")):
            self._broker.start()
        say(self._broker.way)
        self.run.ways = [self._broker.way]
        with step("Database tables"):
            migrations.upgrade(self._postgres.url("al_migrate"))
        port = self._app_port()
        self.run.public_url = self.options.public_url or f"http://localhost:{port}"
        self.run.ports = {
            "app": port, "mqtt": self._broker.plain_port, "mqtts": self._broker.tls_port,
            "postgres": self._postgres.port,
        }  # fmt: skip
        return self._place(port)

    def _place(self, port: int) -> Place:
        return Place(
            home=self.home.path,
            port=port,
            public_url=self.run.public_url,
            demo=self.options.demo,
            database=self._postgres.url,
            broker=self._broker.service_url,
            control_url=self._broker.control_url(),
            device_host=self._broker.device_host,
            device_port=self._broker.tls_port,
            device_ca=self._broker.ca_file,
        )

    def _app_port(self) -> int:
        if self.options.port is not None:
            if not is_free(self.options.port):
                raise RuntimeError(f"port {self.options.port} is taken: give another with --port")
            return self.options.port
        ports = Ports(self.home.path)
        port = ports.choose("app", prefer=APP_PORT)
        if port != APP_PORT:
            say(f"Serving on port {port}" + ("" if is_free(APP_PORT) else f" ({APP_PORT} is taken)"))
        return port

    def _prepare_canaries(self, place: Place) -> None:
        """People are looked after without them too: what fails here is said, and what they miss then tells."""
        program = canary_program(place)
        done = subprocess.run(
            [*process.leash(None), *program.argv], env=program.environment, cwd=CHECKOUT, check=False
        )
        if done.returncode != 0:
            say("The canaries could not be set up (the words above say why); the next start tries again")

    def _prepare_demo(self, place: Place) -> None:
        program = demo_program(place, self._broker.tls_port, self._broker.ca_file)
        done = subprocess.run(
            [*process.leash(None), *program.argv],
            stdout=subprocess.PIPE, env=program.environment, cwd=CHECKOUT, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError("the demo's people could not be made (the words above say why)")
        made = json.loads(done.stdout)
        self.run.links, self.run.accounts = made["links"], made["accounts"]
        device = made["device"]
        topics = {
            name: f"al/v1/{device['id']}/{way}"
            for name, way in {
                "obs": "up/obs", "alarm": "up/alarm", "status": "up/status",
                "presence": "up/presence", "ack": "down/ack",
            }.items()
        }  # fmt: skip
        self.run.device = {
            **device, "topics": topics, "ca_file": str(self._broker.ca_file),
            "host": self._broker.device_host, "port": self._broker.tls_port,
        }  # fmt: skip

    def _wait_until_serving(self, place: Place, since: datetime) -> None:
        silent = health.wait_until_serving(
            place.port, self._postgres.url("al_migrate"), since,
            seconds=SERVING_SECONDS, meanwhile=self.look_after,
        )  # fmt: skip
        if silent:
            ends = "\n".join(
                f"{name}:\n{last_lines(self.home.path / 'log' / f'{name}.log')}" for name in silent
            )
            raise RuntimeError(f"no answer from {', '.join(silent)} within {SERVING_SECONDS:g} s\n{ends}")

    def _launch(self, listed: list[Program]) -> None:
        for program in listed:
            child = Child(program, self.home.path / "log")
            self._children.append(child)
            child.start()
        self._note()

    def _move_children(self) -> None:
        """Start our programs again with a new address: a server came back on another port."""
        moved = {child.program.name for child in self._children}
        for child in self._children:
            child.stop()
        self._children = []
        place = self._place(self.run.ports["app"])
        self._launch([program for program in programs(place) if program.name in moved])

    def _note(self) -> None:
        pids = {child.program.name: child.pid for child in self._children}
        pids |= {"postgres": self._postgres.pid, "mosquitto": self._broker.pid, "supervisor": os.getpid()}
        self.run.pids = {name: pid for name, pid in pids.items() if pid is not None}
        self.run.restarts = {child.program.name: child.restarts for child in self._children}
        self.run.restarts |= {server.key: server.restarts for server in self._servers}
        self.run.ports |= {"postgres": self._postgres.port, "mqtt": self._broker.plain_port}
        self.home.write(self.run)
