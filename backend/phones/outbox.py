"""Takes what a phone sealed: opens it, lets the route it is for handle it as its author's, and says what came of it."""

import hashlib
import math
from datetime import datetime, timedelta
from typing import Literal

from flask import Response, current_app
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder

from backend.access.pairing import network
from backend.access.phones import TicketOwner, of_ticket
from backend.access.sessions import actor_of
from backend.audit import service as audit
from backend.core.answers import problem_response
from backend.core.clock import sql_now
from backend.core.db import db, transaction
from backend.core.errors import Invalid, NotAllowed, Unavailable
from backend.core.http import GIVEN_SESSION, Actor, SignedIn
from backend.core.routes import MAY_COME_LATE
from backend.core.sealing import CannotOpen, open_sealed
from backend.phones.command import Command, read
from backend.phones.models import HeldChange, LateChange, OutboxAttempt

Outcome = Literal["stored", "held"]
API = "/api/v1"
# Of what cannot be opened, by address. Alongside defaults: a phone has few such items, and a guesser of a key of
# 128 bits gains nothing; what is slowed here is somebody who wants us to work.
WINDOW, MOST_BY_ADDRESS = timedelta(minutes=10), 60
# Unsettled refusals an author may have; beyond them the phone keeps its own.
MOST_HELD = 300


def take(envelope: dict[str, str], address: str) -> Outcome:
    """Store or hold one sealed change; called outside a transaction, and may be called again with the same one.

    Raises CannotOpen, Invalid "ticket-unknown" (the phone keeps it), NotAllowed (429), Unavailable.
    """
    subject = hashlib.sha256(f"outbox {network(address)}".encode()).digest()
    with transaction():
        _check_crowd(subject)
    try:
        command = read(open_sealed(envelope))
        with transaction():
            owner, author, before = _author(command)
    except (CannotOpen, Invalid):
        with transaction():
            db.session.add(OutboxAttempt(subject=subject))
        raise
    if before is not None:
        return before
    # Nothing of the database is held here: the request made below has a connection and a transaction of its own.
    answer = _handled(command, author)
    status = answer.status_code
    if status >= 500 or status == 429:
        raise Unavailable("later", "This cannot be stored just now. Keep it, and try again.")
    with transaction():
        if status < 400:
            _mark(command, owner, author)
            return "stored"
        _hold(command, owner, author, answer)
        return "held"


def _author(command: Command) -> tuple[TicketOwner, SignedIn, Outcome | None]:
    """Whose change it is, signed in for this one change, and what came of it if it was brought before."""
    owner = of_ticket(command.ticket)
    if owner is None:
        raise Invalid(
            "ticket-unknown", "Whose this is cannot be told any more. Sign in on the phone to send it."
        )
    key = (owner.account.id, command.id)
    held = db.session.get(HeldChange, key)
    before: Outcome | None = None
    if held is not None:
        before = "held" if held.settled_at is None else "stored"
    elif db.session.get(LateChange, key) is not None:
        before = "stored"
    elif _count_held(owner.account.id) >= MOST_HELD:
        raise NotAllowed(
            "too-many-held", "Much that was sent waits to be looked at. Sign in to do that.", status=429,
            headers={"Retry-After": "3600"},
        )  # fmt: skip
    now: datetime = db.session.execute(select(sql_now())).scalar_one()
    # No session of a browser: nothing but this one request is done with it.
    return owner, SignedIn(actor_of(owner.account), "person", 0, "", now), before


def _handled(command: Command, author: SignedIn) -> Response:
    """Let the route answer in a request of its own, inside this process and with nothing of this one."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask's documented way
    builder = EnvironBuilder(
        path=API + command.path, method=command.method, base_url=app.config["PUBLIC_URL"],
        headers=Headers(command.headers()), data=None if command.body is None else command.body.encode(),
        content_type=None if command.body is None else "application/json",
        environ_overrides={GIVEN_SESSION: author},
    )  # fmt: skip
    environ = builder.get_environ()
    builder.close()
    # A context of its own too: within ours it would share our database session, and our `g` with who is asking.
    with app.app_context(), app.request_context(environ) as inner:
        if not _may_come_late(inner.request.endpoint, inner.request.routing_exception):
            refused = Invalid("not-late", "This cannot be brought after a sign-in has ended.")
            return problem_response(refused)
        answer: Response = app.full_dispatch_request()
        return answer


def _may_come_late(endpoint: str | None, fault: HTTPException | None) -> bool:
    return fault is None and endpoint in MAY_COME_LATE


def _mark(command: Command, owner: TicketOwner, author: SignedIn) -> None:
    made = (
        insert(LateChange)
        .values(
            account_id=owner.account.id, change_id=command.id, phone_id=owner.phone_id,
            from_shut_out=owner.is_shut_out,
        )
        .on_conflict_do_nothing()
        .returning(LateChange.change_id)
    )  # fmt: skip
    if db.session.execute(made).first() is not None:
        _note(author.actor, "bring-late", command, owner)


def _hold(command: Command, owner: TicketOwner, author: SignedIn, answer: Response) -> None:
    problem = answer.get_json(silent=True) or {"code": "refused", "detail": "This was not taken."}
    kept = {
        name: problem[name] for name in ("code", "detail", "current", "errors", "status") if name in problem
    }
    made = (
        insert(HeldChange)
        .values(
            account_id=owner.account.id, change_id=command.id, phone_id=owner.phone_id,
            patient=command.patient, method=command.method, path=command.path, body=command.body,
            if_match=command.if_match, made_at=command.made_at, made_offline=command.made_offline,
            from_shut_out=owner.is_shut_out, problem=kept,
        )
        .on_conflict_do_nothing()
        .returning(HeldChange.change_id)
    )  # fmt: skip
    if db.session.execute(made).first() is not None:
        _note(author.actor, "hold-late", command, owner)


def _note(actor: Actor, action: str, command: Command, owner: TicketOwner) -> None:
    audit.record(
        actor, action, "change", str(command.id), patient_id=actor.patient_id,
        detail={"patient": str(command.patient), "phone_shut_out": owner.is_shut_out},
    )  # fmt: skip


def _count_held(account_id: int) -> int:
    mine = (HeldChange.account_id == account_id) & HeldChange.settled_at.is_(None)
    return db.session.execute(select(func.count()).select_from(HeldChange).where(mine)).scalar_one()


def _check_crowd(subject: bytes) -> None:
    recent = OutboxAttempt.at > sql_now() - WINDOW
    db.session.execute(delete(OutboxAttempt).where(OutboxAttempt.subject == subject, ~recent))
    tries, first, now = db.session.execute(
        select(func.count(), func.min(OutboxAttempt.at), sql_now()).where(OutboxAttempt.subject == subject)
    ).one()
    if tries >= MOST_BY_ADDRESS:
        seconds = max(1, math.ceil((first + WINDOW - now).total_seconds()))
        raise NotAllowed(
            "too-many-attempts", "Too much came that could not be opened. Wait, then try again.", status=429,
            headers={"Retry-After": str(seconds)},
        )  # fmt: skip
