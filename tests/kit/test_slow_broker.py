"""While the broker is slow nobody waits for it but who asked: no transaction is open, and a crash costs nothing."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import psycopg
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from backend.core.db import plain_dsn, transaction
from backend.core.http import SYSTEM
from backend.devices import service as devices
from backend.devices.credentials import Credentials
from backend.kit import accounts
from backend.kit.jobs import compare_accounts, finish_revocations
from backend.supervise.mosquitto import Mosquitto
from tests.browsing import Browser
from tests.conftest import Database
from tests.device_gateway.rig import until
from tests.factories import Factory, Ref
from tests.kit.conftest import House, new_id
from tests.kit.device import connects, device
from tests.kit.test_claims import claim, code_for

LONG = 120.0


class SlowLine:
    """A line to the broker that takes connections and carries nothing until `go`."""

    def __init__(self, broker: Mosquitto) -> None:
        url = urlsplit(broker.control_url())
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        self.url = url._replace(netloc=f"{url.username}:{url.password}@127.0.0.1:{port}").geturl()
        self._port, self.taken, self.go = broker.plain_port, threading.Event(), threading.Event()
        self._open: list[socket.socket] = [self._listening]
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                self._open.append(near)
                self.taken.set()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        self.go.wait(LONG)
        with suppress(OSError):
            far = socket.create_connection(("127.0.0.1", self._port))
            self._open.append(far)
            threading.Thread(target=_pour, args=(far, near), daemon=True).start()
            _pour(near, far)

    def close(self) -> None:
        """Hang up."""
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _pour(source: socket.socket, into: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            into.sendall(data)
    with suppress(OSError):
        into.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def line(racing: Flask, mosquitto_broker: Mosquitto, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowLine]:
    """The app reaches the broker by a line that is slow from now on."""
    one = SlowLine(mosquitto_broker)
    monkeypatch.setattr(accounts, "PATIENCE_S", LONG)
    monkeypatch.setitem(racing.config, "MQTT_CONTROL_URL", one.url)
    one.go.set()
    yield one
    one.go.set()
    one.close()


@pytest.fixture
def desk(racing: Flask) -> House:
    """A team on the database where transactions meet."""

    def browse(username: str, audience: str) -> Browser:
        browser = Browser(racing, audience)
        assert browser.sign_in(username).status_code == 200
        return browser

    return House(Factory(racing), browse)


def claimed(app: Flask, desk: House) -> Ref:
    """Kit with an account, connected by its last word."""
    kit = desk.make.device(device_id=new_id())
    assert claim(app.test_client(), code_for(desk, kit)).status_code == 200
    desk.make.says(kit, presence="ready")
    return kit


def begin_slow(line: SlowLine, what: Callable[[], object]) -> threading.Thread:
    """Do something whose question to the broker hangs."""
    line.go.clear()
    line.taken.clear()
    running = threading.Thread(target=what)
    running.start()
    assert line.taken.wait(LONG)
    return running


def a_claim(app: Flask, desk: House, kit: Ref) -> Callable[[], object]:
    code = code_for(desk, kit)
    return lambda: claim(app.test_client(), code)


def a_change(path: str, body: dict[str, str]) -> Callable[[Flask, House, Ref], Callable[[], object]]:
    def make(_app: Flask, desk: House, kit: Ref) -> Callable[[], object]:
        version = desk.nurse.read(kit)["version"]
        return lambda: desk.nurse.send(kit, path, body, version)

    return make


def a_job(job: Callable[[], int]) -> Callable[[Flask, House, Ref], Callable[[], object]]:
    def make(app: Flask, _desk: House, kit: Ref) -> Callable[[], object]:
        with app.app_context(), transaction():
            piece = devices.piece(kit.public_id, for_change=True)
            assert piece is not None
            accounts.revoke(SYSTEM, piece, "lost", "", is_worn=False)

        def run() -> None:
            with app.app_context():
                job()

        return run

    return make


@pytest.mark.parametrize(
    "asking",
    [
        a_claim, a_change("/rotate", {}), a_change("/revoke", {"reason": "lost"}),
        a_change("/state", {"to": "scrapped"}), a_job(finish_revocations), a_job(compare_accounts),
    ],
    ids=["claim", "rotate", "revoke", "scrap", "finish-job", "compare-job"],
)  # fmt: skip
def test_nothing_is_held_in_the_database_while_the_broker_is_asked(
    racing: Flask, desk: House, line: SlowLine, flow_database: Database,
    asking: Callable[[Flask, House, Ref], Callable[[], object]],
) -> None:  # fmt: skip
    kit = claimed(racing, desk)
    running = begin_slow(line, asking(racing, desk, kit))
    with psycopg.connect(plain_dsn(flow_database.url())) as apart:
        apart.execute("select from device where id = %s for update nowait", (kit.id,))
        apart.execute("select from claim_code for update nowait")
        held = apart.execute(
            "select count(*) from pg_stat_activity where datname = current_database()"
            " and state like 'idle in transaction%%' and pid <> pg_backend_pid()"
        ).fetchone()
    line.go.set()
    running.join(LONG)
    assert (held, running.is_alive()) == ((0,), False)


def test_of_two_claims_while_the_broker_is_slow_the_second_is_told_at_once_that_the_code_is_gone(
    racing: Flask, desk: House, line: SlowLine
) -> None:
    kit = desk.make.device(device_id=new_id())
    code, answers = code_for(desk, kit), list[TestResponse]()
    first = begin_slow(line, lambda: answers.append(claim(racing.test_client(), code)))
    assert claim(racing.test_client(), code, "192.0.2.2").status_code == 404
    line.go.set()
    first.join(LONG)
    assert answers[0].status_code == 200
    assert connects(answers[0].get_json())


def test_a_device_put_out_while_it_claims_gets_no_account(
    racing: Flask, desk: House, line: SlowLine, mosquitto_broker: Mosquitto
) -> None:
    kit = desk.make.device(device_id=new_id())
    code, answers = code_for(desk, kit), list[TestResponse]()
    claiming = begin_slow(line, lambda: answers.append(claim(racing.test_client(), code)))
    with racing.app_context(), transaction():
        piece = devices.piece(kit.public_id, for_change=True)
        assert piece is not None
        accounts.revoke(SYSTEM, piece, "stolen", "", is_worn=False)
    line.go.set()
    claiming.join(LONG)
    assert answers[0].status_code == 404
    with Credentials(mosquitto_broker.control_url()) as broker:
        assert kit.name not in broker.accounts()
    assert desk.nurse.read(kit)["credential_at"] is None


def test_a_code_whose_claim_a_crash_ended_on_the_way_is_good_again(
    racing: Flask, desk: House, line: SlowLine, flow_database: Database
) -> None:
    kit = desk.make.device(device_id=new_id())
    code, used = code_for(desk, kit), code_for(desk, finished := desk.make.device(device_id=new_id()))
    assert claim(racing.test_client(), used).status_code == 200
    with psycopg.connect(plain_dsn(flow_database.url())) as apart:
        apart.execute("update claim_code set used_at = clock_timestamp() - interval '3 minutes'")
    assert claim(racing.test_client(), code).status_code == 404
    with racing.app_context():
        finish_revocations()
    assert claim(racing.test_client(), code).status_code == 200
    assert claim(racing.test_client(), used).status_code == 404
    assert desk.nurse.read(finished)["claim"] is None


def test_a_second_rotation_waits_for_the_first_and_one_that_a_crash_ended_is_finished(
    racing: Flask, desk: House, line: SlowLine, flow_database: Database
) -> None:
    kit = claimed(racing, desk)
    rotating = begin_slow(line, lambda: desk.nurse.send(kit, "/rotate", {}))
    refused = desk.nurse.send(kit, "/rotate", {})
    assert (refused.status_code, refused.get_json()["code"]) == (412, "rotating")
    line.go.set()
    rotating.join(LONG)
    # Nobody listened, so the first was refused and nothing stands of it.
    assert desk.nurse.send(kit, "/rotate", {}).get_json()["code"] == "not-connected"
    with psycopg.connect(plain_dsn(flow_database.url())) as apart:
        apart.execute(
            "update device set rotated_at = clock_timestamp() - interval '3 minutes',"
            " credential_at = clock_timestamp() - interval '1 day' where id = %s",
            (kit.id,),
        )
    with racing.app_context():
        finish_revocations()
        finish_revocations()
    kinds = [one["kind"] for one in desk.nurse.read(kit)["history"]]
    assert kinds.count("rotated") == 1


def test_a_rotation_by_a_slow_line_ends_with_the_new_secret(
    racing: Flask, desk: House, line: SlowLine
) -> None:
    kit = desk.make.device(device_id=new_id())
    told = claim(racing.test_client(), code_for(desk, kit)).get_json()
    desk.make.says(kit, presence="ready")
    answers: list[TestResponse] = []
    with device(told) as speaking:
        rotating = begin_slow(line, lambda: answers.append(desk.nurse.send(kit, "/rotate", {})))
        time.sleep(0.5)
        line.go.set()
        rotating.join(LONG)
        assert answers[0].status_code == 200, answers[0].get_data(as_text=True)
        until(lambda: len(speaking.secrets) == 2 and speaking.wait_connected(0.1), 120, "it comes back")
    assert not connects(told)
