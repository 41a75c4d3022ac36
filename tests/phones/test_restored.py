"""A service that went back to a backup still knows whose it is what a phone sealed after that moment."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from tests.browsing import Browser
from tests.factories import Factory, Ref
from tests.phones.sealer import PhoneOf

Browse = Callable[..., Browser]


@pytest.fixture
def patient(make: Factory) -> Ref:
    """Somebody whose readings come from a phone."""
    return make.patient()


def forget(connection: Connection) -> None:
    """As a backup from before that sign-in: neither the ticket nor the phone nor the session was ever given."""
    for table in ("upload_right", "sign_in_session", "phone"):
        connection.execute(text(f"delete from {table}"))


@pytest.mark.hazard("H05")
@pytest.mark.parametrize("kind", ["own", "shared"])
def test_what_was_sealed_after_the_backup_is_stored_once_as_its_authors(
    make: Factory, browse: Browse, connection: Connection, patient: Ref, kind: str
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient), kind)
    forget(connection)
    worry = phone.worry(patient.public_id)
    assert [phone.bring(worry).status_code for _ in range(3)] == [204, 204, 204]
    assert connection.execute(text("select count(*) from late_change")).scalar_one() == 1
    assert connection.execute(text("select kind from phone")).scalars().all() == [kind]


def test_a_forgotten_ticket_of_a_closed_account_or_an_unknown_one_brings_nothing(
    make: Factory, browse: Browse, connection: Connection, patient: Ref
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    forget(connection)
    connection.execute(text("update account set disabled_at = now()"))
    assert phone.bring(phone.worry(patient.public_id)).get_json()["code"] == "ticket-unknown"
    connection.execute(text("update account set disabled_at = null, public_id = gen_random_uuid()"))
    connection.execute(text("delete from upload_right"))
    assert phone.bring(phone.worry(patient.public_id)).get_json()["code"] == "ticket-unknown"


def test_a_ticket_that_was_changed_anywhere_or_made_with_another_key_is_unknown(
    app: Flask, make: Factory, browse: Browse, connection: Connection, patient: Ref
) -> None:
    phone = PhoneOf(browse(), make.account(patient=patient))
    forget(connection)
    ticket = str(phone.session["upload_ticket"])
    data = bytearray(urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4)))
    for at in range(0, len(data), 7):
        changed = bytearray(data)
        changed[at] ^= 1
        words = urlsafe_b64encode(changed).rstrip(b"=").decode()
        answer = phone.bring(phone.worry(patient.public_id, ticket=words))
        assert answer.get_json()["code"] == "ticket-unknown"
    before = app.config["OUTBOX_KEY"]
    try:
        # The key for what is sealed was changed and the old one is kept: both are ours.
        app.config["OUTBOX_KEY"] = f"another {before}"
        assert phone.bring(phone.worry(patient.public_id)).status_code == 204
    finally:
        app.config["OUTBOX_KEY"] = before
