"""Push, text message and e-mail against providers on real sockets: what goes out, and what each answer means."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from backend.core.config import Messaging
from backend.messages.channels import email, sms, web_push
from backend.messages.outgoing import Address, Outgoing, PushTarget, RetryLater, Undeliverable
from backend.messages.posting import post
from backend.messages.sealed import private_key, public_key, seal
from backend.supervise import certificates
from tests.messages.catchers import Provider, mail_server, provider
from tests.messages.test_sealed import AUTH, BROWSER

TO = Address("patient", "p")


@pytest.fixture
def told() -> Iterator[Flask]:
    """An app inside its context; a test sets how messages leave the house."""
    app = Flask("told")
    app.config["PUBLIC_URL"] = "https://alongside.invalid"
    with app.app_context():
        yield app


def set_up(app: Flask, **settings: Any) -> None:
    app.config["MESSAGING"] = Messaging(**settings)


def outgoing(*targets: str | PushTarget, level: str = "urgent") -> Outgoing:
    return Outgoing(uuid4(), TO, "alert-for-person", {"level": level}, targets)


@pytest.fixture
def caught() -> Iterator[Provider]:
    with provider() as kept:
        yield kept


def test_a_text_message_says_only_that_there_is_something(told: Flask, caught: Provider) -> None:
    set_up(told, sms_url=f"{caught.url}/messages", sms_sender="Harbour", sms_token="secret-token")
    message = outgoing("07700 900123")
    assert sms.send(message).provider_ref == "ref-1"
    (one,) = caught.caught
    assert one.path == "/messages"
    assert one.headers["Authorization"] == "Bearer secret-token"
    assert one.headers["Idempotency-Key"] == str(message.id)
    assert json.loads(one.body) == {
        "id": str(message.id),
        "from": "Harbour",
        "to": "+447700900123",
        "text": "Alongside: there is something for you to see. Open the app.",
    }


@pytest.mark.parametrize(
    ("status", "headers", "after"),
    [
        (429, {"Retry-After": "120"}, timedelta(seconds=120)),
        (503, {"Retry-After": "999999999"}, timedelta(hours=1)),
        (503, {"Retry-After": "soon"}, None),
        (500, {}, None),
        (408, {}, None),
    ],
)
def test_a_busy_provider_is_asked_later_when_it_says(
    told: Flask, caught: Provider, status: int, headers: dict[str, str], after: timedelta | None
) -> None:
    set_up(told, sms_url=caught.url)
    caught.answer = (status, headers, b"")
    with pytest.raises(RetryLater) as busy:
        sms.send(outgoing("07700 900123"))
    assert busy.value.after == after


def test_retry_after_may_be_a_date(caught: Provider) -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    caught.answer = (503, {"Retry-After": format_datetime(at + timedelta(minutes=3), usegmt=True)}, b"")
    with pytest.raises(RetryLater) as busy:
        post(caught.url, b"", {}, at)
    assert busy.value.after == timedelta(minutes=3)


@pytest.mark.parametrize("status", [400, 401, 404, 422, 302])
def test_a_provider_that_refuses_is_not_asked_again(told: Flask, caught: Provider, status: int) -> None:
    set_up(told, sms_url=caught.url)
    caught.answer = (status, {"Location": "http://127.0.0.1:1/"}, b"")
    with pytest.raises(Undeliverable, match=str(status)):
        sms.send(outgoing("07700 900123"))
    assert len(caught.caught) == 1


def test_nobody_there_is_tried_later_and_no_words_hold_the_number(told: Flask) -> None:
    set_up(told, sms_url="http://127.0.0.1:9")
    with pytest.raises(RetryLater) as away:
        sms.send(outgoing("07700 900123"))
    assert str(away.value) == "no answer: ConnectionRefusedError"


def test_what_is_not_set_is_not_there(told: Flask) -> None:
    set_up(told)
    for channel in (sms, email, web_push):
        assert not channel.is_configured()
        with pytest.raises(Undeliverable, match="not configured"):
            channel.send(outgoing("x"))


def browser_at(caught: Provider, path: str = "/push/1") -> PushTarget:
    return PushTarget(f"{caught.url}{path}", BROWSER, AUTH)


def push_up(app: Flask, caught: Provider) -> None:
    set_up(app, push_key="seed", push_services=(caught.url,))


def test_a_push_is_sealed_signed_and_says_how_urgent_it_is(told: Flask, caught: Provider) -> None:
    push_up(told, caught)
    caught.answer = (201, {"Location": "https://push.invalid/message/7"}, b"")
    assert web_push.send(outgoing(browser_at(caught))).provider_ref == "https://push.invalid/message/7"
    web_push.send(outgoing(browser_at(caught), level="soon"))
    first, second = caught.caught
    assert first.headers["Content-Encoding"] == "aes128gcm"
    assert first.headers["TTL"] == "3600"
    assert (first.headers["Urgency"], second.headers["Urgency"]) == ("high", "normal")
    assert first.headers["Authorization"].endswith(f"k={public_key(private_key('seed'))}")
    assert b"Alongside" not in first.body


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten_and_the_others_are_rung(
    told: Flask, caught: Provider, status: int
) -> None:
    push_up(told, caught)
    caught.by_path["/push/gone"] = (status, {}, b"")
    gone, there = browser_at(caught, "/push/gone"), browser_at(caught)
    receipt = web_push.send(outgoing(gone, there))
    assert receipt.gone == (gone.endpoint,)
    with pytest.raises(Undeliverable) as never:
        web_push.send(outgoing(gone))
    assert never.value.gone == (gone.endpoint,)


def test_a_busy_push_service_is_asked_later_and_forgets_nobody(told: Flask, caught: Provider) -> None:
    push_up(told, caught)
    caught.answer = (429, {"Retry-After": "9"}, b"")
    with pytest.raises(RetryLater) as busy:
        web_push.send(outgoing(browser_at(caught)))
    assert busy.value.after == timedelta(seconds=9)


def test_a_push_never_goes_to_an_address_that_is_no_push_service(told: Flask, caught: Provider) -> None:
    set_up(told, push_key="seed")
    with pytest.raises(Undeliverable):
        web_push.send(outgoing(browser_at(caught)))
    assert caught.caught == []


@pytest.mark.hazard("H04")
@pytest.mark.parametrize("path", ["/push/\u00e9", "/push/x y", "/push/\r\nx"])
def test_one_browsers_address_that_cannot_be_called_keeps_no_other_of_the_team_from_being_rung(
    told: Flask, caught: Provider, path: str
) -> None:
    set_up(told, push_key="seed", push_services=(caught.url,))
    one, another, bad = browser_at(caught, "/1"), browser_at(caught, "/2"), browser_at(caught, path)
    web_push.send(outgoing(one, bad, another))
    assert [request.path for request in caught.caught] == ["/1", "/2"]


def test_a_fault_of_our_own_at_one_browser_keeps_no_other_from_being_rung(
    told: Flask, caught: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(told, push_key="seed", push_services=(caught.url,))

    def seals(body: bytes, p256dh: str, auth: str) -> bytes:
        if auth == "bad":
            raise KeyError(auth)
        return seal(body, p256dh, auth)

    monkeypatch.setattr(web_push, "seal", seals)
    bad = PushTarget(f"{caught.url}/bad", BROWSER, "bad")
    web_push.send(outgoing(bad, browser_at(caught, "/2")))
    assert [request.path for request in caught.caught] == ["/2"]
    with pytest.raises(RetryLater):
        web_push.send(outgoing(bad))


def mail_up(app: Flask, port: int, who: str = "") -> None:
    set_up(app, smtp_url=f"smtp://{who}localhost:{port}", email_from="Harbour <care@harbour.invalid>")


def test_an_email_says_only_that_there_is_something_and_is_the_same_over_repeats(told: Flask) -> None:
    with mail_server() as server:
        mail_up(told, server.port)
        message = outgoing("person@home.invalid")
        first, second = email.send(message), email.send(message)
    assert first == second
    assert server.enciphered == [False, False]
    assert "To: person@home.invalid" in server.mails[0]
    assert f"Message-ID: <{message.id}@harbour.invalid>" in server.mails[0]
    assert "there is something for you to see" in server.mails[0]
    assert "https://alongside.invalid" in server.mails[0]


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A certificate for localhost whose authority this process trusts."""
    certificates.ensure(tmp_path, ("localhost",))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.crt"))
    return tmp_path / "server.crt", tmp_path / "server.key"


def test_an_email_is_enciphered_whenever_the_server_offers_it(
    told: Flask, trusted: tuple[Path, Path]
) -> None:
    with mail_server(trusted) as server:
        mail_up(told, server.port)
        email.send(outgoing("person@home.invalid"))
    assert server.enciphered == [True]


def test_a_mail_server_that_is_not_who_it_says_gets_nothing(told: Flask, tmp_path: Path) -> None:
    certificates.ensure(tmp_path, ("localhost",))
    with mail_server((tmp_path / "server.crt", tmp_path / "server.key")) as server:
        mail_up(told, server.port)
        with pytest.raises(RetryLater):
            email.send(outgoing("person@home.invalid"))
    assert server.mails == []


def test_our_password_is_never_said_in_clear(told: Flask) -> None:
    with mail_server() as server:
        mail_up(told, server.port, "user:password@")
        with pytest.raises(Undeliverable, match="no TLS"):
            email.send(outgoing("person@home.invalid"))


@pytest.mark.parametrize(
    ("answer", "kind"), [("550 no such user", Undeliverable), ("451 try later", RetryLater)]
)
def test_a_refused_address_is_for_ever_or_for_now(told: Flask, answer: str, kind: type[Exception]) -> None:
    with mail_server() as server:
        server.recipient_answer = answer
        mail_up(told, server.port)
        with pytest.raises(kind):
            email.send(outgoing("person@home.invalid"))


def test_an_address_cannot_add_a_line_to_a_mail(told: Flask) -> None:
    mail_up(told, 9)
    with pytest.raises(Undeliverable):
        email.send(outgoing("a@b.invalid\r\nBcc: c@d.invalid"))


def test_nothing_that_leaves_is_logged(
    told: Flask, caught: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    set_up(told, sms_url=caught.url)
    sms.send(outgoing("07700 900123"))
    assert "900123" not in caplog.text
