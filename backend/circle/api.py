"""The routes of a person's circle: invitations, who may see what, who looked, and a picture."""

from typing import Any
from uuid import UUID

from flask import Response, current_app, make_response, request

from backend.access import helping
from backend.access.api import PairedSchema, named_phone, opened_cookie, session_view
from backend.access.helping import Allowed
from backend.access.record import Action, Purpose, Record, open_record
from backend.circle import invitations, looked, photo, service
from backend.circle.invitations import Where
from backend.circle.schemas import (
    AcceptSchema,
    AllowedSchema,
    CircleSchema,
    CodeSchema,
    InvitationCodeSchema,
    InvitationShownSchema,
    InviteSchema,
    LookedPageSchema,
    LookedQuerySchema,
    PhotoSchema,
)
from backend.core.db import transaction
from backend.core.errors import NotAllowed
from backend.core.http import (
    COOKIES,
    Answer,
    asked_audience,
    check_csrf,
    current_actor,
    current_session,
    idempotency_key,
)
from backend.core.routes import Routes

Body = dict[str, Any]
blp = Routes("circle", "Who helps a person, by that person's own word.")
CLOCK = frozenset({"watching_now", "next_watch_at"})
PATIENT = "/patients/<uuid:patient_id>"


def _sharing(patient_id: UUID) -> Record:
    return open_record(current_actor(), patient_id, Purpose.PATRQT, Action.MANAGE_SHARING)


@blp.get(f"{PATIENT}/circle", audience="person", answers=CircleSchema, etag_ignores=CLOCK)
def read_circle(patient_id: UUID) -> Body:
    """Who helps; a helper sees whom they help and their own place, and nobody else's."""
    return service.circle(open_record(current_actor(), patient_id, Purpose.PATRQT, Action.READ_CIRCLE))


@blp.get(f"{PATIENT}/looked", audience="person", query=LookedQuerySchema, answers=LookedPageSchema)
def read_looked(patient_id: UUID, query: Body) -> Body:
    """Who looked at my information, by day, newest first."""
    return looked.page(_sharing(patient_id), query["day"])


@blp.post(
    f"{PATIENT}/invitations/<uuid:invitation_id>", method="PUT", audience="person", body=InviteSchema,
    answers=InvitationCodeSchema,
)  # fmt: skip
def put_invitation(patient_id: UUID, invitation_id: UUID, body: Body) -> Body:
    """Invite somebody. The code is shown this once; put again, the same invitation has another."""
    code, expires_at = invitations.send(_sharing(patient_id), invitation_id, body)
    address = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    # After #, which no server and no log sees.
    return {"code": code, "link": f"{address}/invitation#{code.replace('-', '')}", "expires_at": expires_at}


@blp.post(f"{PATIENT}/invitations/<uuid:invitation_id>/withdraw", audience="person", status=204)
def withdraw_invitation(patient_id: UUID, invitation_id: UUID) -> None:
    """Take an invitation back before it is accepted."""
    invitations.withdraw(_sharing(patient_id), invitation_id)


@blp.post(
    f"{PATIENT}/people/<uuid:helper_id>", method="PUT", audience="person", body=AllowedSchema,
    answers=CircleSchema, repeatable=True, versioned=True,
)  # fmt: skip
def put_person(patient_id: UUID, helper_id: UUID, if_version: int, body: Body) -> Body:
    """Let somebody see more or less, or for longer."""
    record = _sharing(patient_id)
    allowed = Allowed(body["scopes"], body["until"], body["tell_seen"])
    helping.change(record, helper_id, allowed, if_version, idempotency_key())
    return service.circle(record)


@blp.post(f"{PATIENT}/people/<uuid:helper_id>/end", audience="person", answers=CircleSchema)
def end_person(patient_id: UUID, helper_id: UUID) -> Body:
    """Let somebody help no more."""
    record = _sharing(patient_id)
    helping.end(record, helper_id)
    return service.circle(record)


@blp.post(f"{PATIENT}/hand-back", audience="person", status=204)
def hand_back(patient_id: UUID) -> None:
    """Step back from helping somebody."""
    helping.hand_back(open_record(current_actor(), patient_id, Purpose.PATRQT, Action.HAND_BACK))


@blp.get(f"{PATIENT}/photo", audience="person", content_type="image/jpeg")
def read_photo(patient_id: UUID) -> Response:
    """The picture of whose record it is; 204 when none was chosen."""
    kept = photo.read(open_record(current_actor(), patient_id, Purpose.PATRQT, Action.READ_CIRCLE))
    if kept is None:
        return make_response("", 204)
    answer = make_response(kept)
    answer.mimetype = "image/jpeg"
    return answer


@blp.post(f"{PATIENT}/photo", method="PUT", audience="person", body=PhotoSchema, status=204)
def put_photo(patient_id: UUID, body: Body) -> None:
    """Choose a picture; what it says of where and when it was taken is thrown away."""
    photo.put(_sharing(patient_id), body["jpeg"])


@blp.delete(f"{PATIENT}/photo", audience="person")
def delete_photo(patient_id: UUID) -> None:
    """Have none."""
    photo.remove(_sharing(patient_id))


@blp.post(
    "/invitation", audience="nobody", body=CodeSchema, answers=InvitationShownSchema, own_transaction=True
)
def read_invitation(body: Body) -> Answer:
    """Who invites, and for what, for whoever has the code; it is not used up."""
    return Answer(invitations.read(body["code"], request.remote_addr or ""))


@blp.post(
    "/invitation/accept", audience="nobody", body=AcceptSchema, answers=PairedSchema, own_transaction=True
)
def accept_invitation(body: Body) -> Answer:
    """Come to help: with a new account by a password, or with the one signed in.

    404 in the same words for a code that is unknown, used, withdrawn or over; 429 with Retry-After after five
    wrong ones in ten minutes.
    """
    with transaction():
        session = current_session() if body["password"] is None else None
    if session is not None:
        check_csrf(session)
    if asked_audience() != "person":
        raise NotAllowed("wrong-audience", "An invitation is accepted on the patients' page.")
    where = Where(
        request.remote_addr or "",
        (request.headers.get("User-Agent") or "")[:120] or None,
        request.cookies.get(COOKIES["person"]),
        named_phone(body),
    )
    paired = invitations.accept(body["code"], body, session, where)
    with transaction():
        if paired is None:
            assert session is not None
            return Answer(session_view(session) | {"username": ""})
        view = session_view(paired.opened.signed_in, paired.opened.ticket) | {"username": paired.username}
        return Answer(view, headers={"Set-Cookie": opened_cookie("person", paired.opened)})
