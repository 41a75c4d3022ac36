"""Stored readings a second beside Node-RED's ordinary flow, one INSERT a message, pair by pair."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from backend.core.config import MqttAddress
from backend.core.db import plain_dsn
from bench.ingest import forget_session, gateway_run, release, start_publisher, write_messages
from bench.raw_mqtt import ReceiptCounter, connect
from bench.report import Measure
from bench.yard import LOADER, Yard

FOLDER = Path(__file__).parent / "node_red"
DEVICES = 1_000
READINGS = 60_000
# Fewer for the slower: a rate is compared, and what is measured begins with the first message.
READINGS_OF_NODE_RED = 15_000
PAIRS = 3
POOL = 10

TABLE = """create table node_red_reading (id bigserial primary key, device text, k text, value numeric,
    taken timestamptz); create index on node_red_reading (device, taken)"""
# What a person who knows Node-RED drags together: MQTT in, a function, one INSERT through a pool of ten.
FUNCTION = """
const m = msg.payload.m[0];
global.get('pool').query(
  'insert into node_red_reading (device, k, value, taken) values ($1, $2, $3, $4)',
  [msg.topic.split('/')[2], m.k, m.val, msg.payload.taken]).catch(error => node.error(error.message));
"""
SETTINGS = """
const { Pool } = require(%(pg)s);
module.exports = { uiPort: %(port)d, uiHost: '127.0.0.1', httpAdminRoot: false, httpNodeRoot: false,
  flowFile: 'flows.json', credentialSecret: false, userDir: %(folder)s,
  logging: { console: { level: 'info' } },
  functionGlobalContext: { pool: new Pool({ connectionString: %(database)s, max: %(pool)d }) } };
"""


def measure() -> list[Measure]:
    """Install Node-RED from its lock file, then A B A B A B: Node-RED, then the gateway; the lowest ratio counts."""
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=FOLDER, check=True)
    pairs: list[tuple[float, float]] = []
    with Yard(DEVICES) as yard:
        yard.db.execute(TABLE)
        counter = ReceiptCounter(connect(yard.broker.plain_port, LOADER, yard.password, "bench-receipts"))
        counter.start()
        unused = dict.fromkeys(("gateway", "postgres", "broker"), 0.0)
        gateway_run(yard, counter, READINGS // 4, unused)
        for _ in range(PAIRS):
            theirs = _node_red_run(yard, READINGS_OF_NODE_RED)
            pairs.append((theirs, gateway_run(yard, counter, READINGS, unused)))
            print(f"  node-red {theirs:.0f}/s, gateway {pairs[-1][1]:.0f}/s", file=sys.stderr, flush=True)
    return [
        Measure(
            "ingest: stored and receipted / Node-RED",
            min(ours / theirs for theirs, ours in pairs),
            "ratio, lowest of 3",
            ">= 4",
            [[round(theirs), round(ours)] for theirs, ours in pairs],
            f"readings/s [Node-RED 4.1.15 one INSERT a message, pool of {POOL}; gateway]; MQTT 5, QoS 1",
        )
    ]


def _node_red_run(yard: Yard, count: int) -> float:
    """Rows a second that Node-RED stores of `count` messages."""
    forget_session(yard)
    program = _start(yard)
    try:
        publisher = start_publisher(yard, write_messages(yard, count))
        before = yard.count("select count(*) from node_red_reading")
        began = release(publisher)
        while yard.count("select count(*) from node_red_reading") - before < count:
            if time.monotonic() - began > 120:
                raise RuntimeError("Node-RED did not store everything")
            time.sleep(0.03)
        took = time.monotonic() - began
        publisher.communicate(timeout=30)
    finally:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()
    return count / took


def _start(yard: Yard) -> subprocess.Popen[bytes]:
    """Node-RED with that flow, connected to the broker."""
    folder = yard.home / "node-red"
    folder.mkdir(exist_ok=True)
    address = MqttAddress.parse(yard.broker.service_url("al-gateway-obs"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    flows = [
        {"id": "tab", "type": "tab", "label": "readings"},
        {"id": "broker", "type": "mqtt-broker", "broker": address.host, "port": str(address.port),
         "clientid": "bench-node-red", "autoConnect": True, "usetls": False, "protocolVersion": "5",
         "keepalive": "60", "cleansession": True},
        {"id": "in", "type": "mqtt in", "z": "tab", "topic": "al/v1/+/up/obs", "qos": "1", "datatype": "json",
         "broker": "broker", "nl": False, "rap": True, "rh": 0, "inputs": 0, "wires": [["store"]]},
        {"id": "store", "type": "function", "z": "tab", "func": FUNCTION, "outputs": 0, "wires": []},
    ]  # fmt: skip
    (folder / "flows.json").write_text(json.dumps(flows))
    (folder / "flows_cred.json").write_text(
        json.dumps({"broker": {"user": address.username, "password": address.password}})
    )
    database = plain_dsn(yard.postgres.url("al_migrate"))
    (folder / "settings.js").write_text(
        SETTINGS
        % {"pg": json.dumps(str(FOLDER / "node_modules" / "pg")), "port": port, "pool": POOL,
           "folder": json.dumps(str(folder)), "database": json.dumps(database)}
    )  # fmt: skip
    log = folder / "log"
    with log.open("wb") as out:
        program = subprocess.Popen(
            ["node", str(FOLDER / "node_modules/node-red/red.js"), "-s", str(folder / "settings.js")],
            stdout=out, stderr=out, cwd=folder, start_new_session=True,
        )  # fmt: skip
    until = time.monotonic() + 60
    while "Connected to broker" not in log.read_text():
        if program.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"Node-RED did not start: {log.read_text()[-1000:]}")
        time.sleep(0.1)
    time.sleep(1)  # its subscription follows the connection
    return program
