"""The outbox: at least once, never inside a transaction, retried with patience, failed in plain sight."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backend.core.db import db, transaction
from backend.core.outbox import Message, queue
from backend.messages import jobs, lease, service
from backend.messages.channels import log as log_channel
from backend.messages.jobs import deliver_due
from backend.messages.outgoing import Outgoing, Receipt, RetryLater, Undeliverable
from backend.messages.templates import TEMPLATES
from tests.alerts.people import own_app, run
from tests.conftest import Database
from tests.device_gateway.rig import until


@pytest.fixture
def worker_app(flow_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """A worker's database app on a database of this test's own."""
    with own_app(flow_database, "al_worker", tmp_path) as app:
        yield app


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Outgoing]:
    """What the channel was given; a test may put another `send` in its place."""
    kept: list[Outgoing] = []
    sound = log_channel.send

    def send(outgoing: Outgoing) -> Receipt:
        kept.append(outgoing)
        return sound(outgoing)

    monkeypatch.setattr(log_channel, "send", send)
    return kept


def tell(app: Flask, *messages: Message) -> None:
    with app.app_context(), transaction():
        queue(*(messages or (Message("duty", "duty", "alert-for-team", {"alert": "a"}),)))


def deliver(app: Flask) -> int:
    with app.app_context():
        return deliver_due()


def rows(app: Flask) -> list[Any]:
    return run(app, "select *, not_before - clock_timestamp() as wait from communication order by id")


def due_now(app: Flask) -> None:
    run(app, "update communication set not_before = clock_timestamp() where state = 'waiting'")


def test_what_is_queued_is_delivered_once_with_a_receipt(worker_app: Flask, sent: list[Outgoing]) -> None:
    tell(worker_app)
    assert deliver(worker_app) == 1
    assert deliver(worker_app) == 0
    (row,) = rows(worker_app)
    assert (row.state, row.attempts) == ("sent", 1)
    assert [one.id for one in sent] == [row.public_id]
    (receipt,) = run(worker_app, "select provider_ref from receipt")
    assert receipt.provider_ref == f"log-{row.public_id}"


def test_a_rollback_queues_nothing(worker_app: Flask) -> None:
    def fails() -> None:
        with transaction():
            queue(Message("duty", "duty", "alert-for-team"))
            raise ZeroDivisionError

    with worker_app.app_context(), pytest.raises(ZeroDivisionError):
        fails()
    assert rows(worker_app) == []


@pytest.mark.hazard("H04")
def test_a_crash_between_send_and_mark_sends_it_again_by_the_same_id(
    worker_app: Flask, sent: list[Outgoing], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(worker_app)
    counted = log_channel.send

    class Killed(BaseException):
        """What a kill -9 looks like from within: no handler runs."""

    def dies(outgoing: Outgoing) -> Receipt:
        counted(outgoing)
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(log_channel, "send", dies)
        with worker_app.app_context(), pytest.raises(Killed):
            deliver_due()
    (row,) = rows(worker_app)
    assert row.state == "waiting"
    assert timedelta() < row.wait < timedelta(seconds=31)
    due_now(worker_app)
    deliver(worker_app)
    assert len(sent) == 2
    assert len({one.id for one in sent}) == 1
    assert rows(worker_app)[0].state == "sent"


def test_no_transaction_is_open_while_a_channel_speaks(
    worker_app: Flask, flow_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(worker_app)
    seen: list[int] = []

    def looks(outgoing: Outgoing) -> Receipt:
        sql = (
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and xact_start is not null"
        )
        with worker_app.app_context():
            # One is the transaction that asks.
            seen.append(db.session.execute(db.text(sql)).scalar_one() - 1)
        return Receipt()

    monkeypatch.setattr(log_channel, "send", looks)
    deliver(worker_app)
    assert seen == [0]


def test_retry_later_waits_longer_each_time_and_goes_out_in_the_end(
    worker_app: Flask, sent: list[Outgoing], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(worker_app)

    def busy(outgoing: Outgoing) -> Receipt:
        raise RetryLater("provider answered 503")

    waits = []
    with monkeypatch.context() as broken:
        broken.setattr(log_channel, "send", busy)
        for _ in range(3):
            deliver(worker_app)
            waits.append(round(rows(worker_app)[0].wait.total_seconds()))
            due_now(worker_app)
    assert waits == [5, 10, 20]
    deliver(worker_app)
    (row,) = rows(worker_app)
    assert (row.state, row.attempts, row.last_error) == ("sent", 4, None)


def test_what_can_never_arrive_fails_where_it_is_seen_and_stops_nothing(
    worker_app: Flask, sent: list[Outgoing], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(
        worker_app,
        Message("patient", "p", "no-such-template"),
        Message("patient", "p", "alert-for-person", channel="no-such-channel"),
        Message("patient", "p", "alert-for-person"),
    )
    deliver(worker_app)
    assert [row.state for row in rows(worker_app)] == ["failed", "failed", "sent"]
    with worker_app.app_context():
        assert [one.why for one in service.undelivered()] == ["no channel no-such-channel",
                                                              "no template no-such-template"]  # fmt: skip
        assert service.counts() == {"waiting": 0, "sent": 1, "failed": 2}


def test_a_channels_own_fault_loses_nothing(worker_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(worker_app)

    def breaks(outgoing: Outgoing) -> Receipt:
        raise KeyError("a name that must not be logged")

    monkeypatch.setattr(log_channel, "send", breaks)
    deliver(worker_app)
    (row,) = rows(worker_app)
    assert (row.state, row.last_error) == ("waiting", "KeyError")


def test_an_undeliverable_address_is_failed(worker_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(worker_app)

    def never(outgoing: Outgoing) -> Receipt:
        raise Undeliverable("address unknown")

    monkeypatch.setattr(log_channel, "send", never)
    deliver(worker_app)
    assert rows(worker_app)[0].state == "failed"


@pytest.mark.hazard("H07")
def test_two_senders_share_the_outbox_without_sending_twice(worker_app: Flask, sent: list[Outgoing]) -> None:
    tell(worker_app, *[Message("duty", "duty", "alert-for-team", {"alert": str(n)}) for n in range(60)])
    threads = [threading.Thread(target=deliver, args=(worker_app,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    deliver(worker_app)
    assert len(sent) == 60
    assert len({one.id for one in sent}) == 60


HEALTH_WORDS = (
    "oxygen",
    "blood",
    "pressure",
    "reading",
    "copd",
    "fall",
    "pendant",
    "heart",
    "health",
    "nurse",
)


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_no_template_holds_a_word_about_health(template: str) -> None:
    assert [word for word in HEALTH_WORDS if word in TEMPLATES[template].lower()] == []


@pytest.mark.hazard("H07")
def test_a_slow_provider_never_makes_another_sender_send_the_same(
    worker_app: Flask, sent: list[Outgoing], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in hand is renewed: the one that is being sent, the one sent and not yet marked, the one that waits."""
    monkeypatch.setattr(lease, "RENEW_EVERY_S", 0.2)
    quick, slow, answers = log_channel.send, threading.Event(), threading.Event()

    def send(outgoing: Outgoing) -> Receipt:
        if len(sent) == 1:
            slow.set()
            assert answers.wait(120)
        return quick(outgoing)

    monkeypatch.setattr(log_channel, "send", send)
    tell(worker_app, *(Message("duty", "duty", "alert-for-team", {"alert": one}) for one in "abc"))
    with ThreadPoolExecutor(1) as pool:
        delivering = pool.submit(deliver, worker_app)
        assert slow.wait(60)
        first = {row.id: row.not_before for row in rows(worker_app)}
        until(
            lambda: all(row.not_before > first[row.id] + timedelta(seconds=1) for row in rows(worker_app)),
            120,
        )
        assert deliver(worker_app) == 0
        answers.set()
        assert delivering.result(60) == 3
    assert len({one.id for one in sent}) == len(sent) == 3
    assert {row.state for row in rows(worker_app)} == {"sent"}


def test_what_a_slow_provider_leaves_goes_back_at_once_and_counts_no_try(
    worker_app: Flask, sent: list[Outgoing], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SLOW_S", 0.0)
    tell(worker_app)
    assert deliver(worker_app) == 1
    (row,) = rows(worker_app)
    assert (sent, row.state, row.attempts) == ([], "waiting", 0)
    assert row.wait <= timedelta(0)


def test_what_is_to_be_tried_later_is_not_renewed_with_what_is_in_hand(
    worker_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_EVERY_S", 0.2)
    slow, answers = threading.Event(), threading.Event()

    def send(outgoing: Outgoing) -> Receipt:
        if outgoing.facts["alert"] == "a":
            raise RetryLater("busy", timedelta(minutes=10))
        slow.set()
        assert answers.wait(120)
        return Receipt()

    monkeypatch.setattr(log_channel, "send", send)
    tell(worker_app, *(Message("duty", "duty", "alert-for-team", {"alert": one}) for one in "ab"))
    with ThreadPoolExecutor(1) as pool:
        delivering = pool.submit(deliver, worker_app)
        assert slow.wait(60)
        put_off, in_hand = rows(worker_app)
        until(lambda: rows(worker_app)[1].not_before > in_hand.not_before + timedelta(seconds=1), 120)
        assert rows(worker_app)[0].not_before == put_off.not_before
        answers.set()
        delivering.result(60)
