"""Kit over HTTP: the list, one piece and what staff do with it, and the door where a device claims its account."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec
from uuid import UUID

from flask import current_app, request
from marshmallow import Schema

from backend.access.record import Action, open_kit_panel
from backend.audit import service as audit
from backend.core.db import transaction
from backend.core.errors import NotFound, Unavailable
from backend.core.http import ANONYMOUS, Actor, Answer, current_actor, idempotency_key
from backend.core.routes import Routes
from backend.devices import service as devices
from backend.devices.service import Piece
from backend.kit import accounts, claims, desk, history, rows, schemas, wearing, wearing_schemas
from backend.kit.door import as_it_is, open_piece

blp = Routes("kit", "The life of kit: who has it, how it is proved, its account, recall.")
# For devices, which have no pages and no sign-in: outside /api/v1.
root_blp = Routes("device", "For devices: exchange a claim code for an account.")

P = ParamSpec("P")
Body = dict[str, Any]
CLOCK = frozenset({"as_of"})


def _whole(actor: Actor, piece: Piece, status: int = 200) -> Answer:
    return Answer(rows.whole(actor, piece), status, version=piece.version)


@blp.get(
    "/kit", audience="team", query=schemas.KitQuerySchema, answers=schemas.KitPageSchema, etag_ignores=CLOCK
)
def read_kit(query: Body) -> Body:
    """Kit in stock and with the people this team looks after."""
    return rows.page(open_kit_panel(current_actor()), query)


@blp.post("/kit/search", audience="team", body=schemas.KitSearchSchema, answers=schemas.KitPageSchema)
def find_kit(body: Body) -> Body:
    """The list again, by a word that may be a person's name or address; a question, which changes nothing."""
    return rows.page(open_kit_panel(current_actor()), body, by_person=True)


@blp.post(
    "/kit", audience="team", body=schemas.NewKitSchema, answers=schemas.KitDetailSchema, status=201,
    repeatable=True,
)  # fmt: skip
def add_kit(body: Body) -> Answer:
    """Take a new piece of kit into stock."""
    actor = current_actor()
    device_id, kind = body.pop("device_id"), body.pop("kind")
    return _whole(actor, desk.register(actor, device_id, kind, body), 201)


@blp.get("/kit/people", audience="team", answers=wearing_schemas.KitPeopleSchema)
def read_people() -> Body:
    """Whom kit may be given to."""
    return {"rows": desk.people(current_actor())}


@blp.get(
    "/kit/recall", audience="team", query=wearing_schemas.RecallQuerySchema,
    answers=wearing_schemas.RecallSchema,
)  # fmt: skip
def read_recall(query: Body) -> Body:
    """Kit of one model, firmware or batch, with who has it now and since when."""
    return desk.recall(current_actor(), query["model"], query["firmware"], query["batch"])


@blp.get("/kit/certified-firmware", audience="team", answers=wearing_schemas.CertifiedSchema)
def read_certified() -> Body:
    """Which firmware somebody answers for; other firmware is flagged and never refused."""
    open_kit_panel(current_actor())
    return {"rows": history.certified_rows()}


@blp.post(
    "/kit/certified-firmware", audience="team", body=wearing_schemas.CertifySchema,
    answers=wearing_schemas.CertifiedSchema, status=201, repeatable=True,
)  # fmt: skip
def certify(body: Body) -> Body:
    """Answer for a firmware."""
    desk.certify(current_actor(), body["model"], body["firmware"])
    return {"rows": history.certified_rows()}


@blp.get("/kit/<uuid:kit_id>", audience="team", answers=schemas.KitDetailSchema, etag_ignores=frozenset())
def read_piece(kit_id: UUID) -> Body:
    """One piece of kit with its histories, what may follow, and the proof of its installation."""
    actor = current_actor()
    piece = open_piece(actor, kit_id).piece
    shown = rows.whole(actor, piece)
    # Its parts are read one after the other. Changed in between, a new step would stand beside the old version,
    # and the next tap be refused for a change the page already shows.
    while (now := as_it_is(piece)).version != piece.version:
        piece = now
        shown = rows.whole(actor, piece)
    return shown


def _change(
    path: str,
    body: type[Schema],
    *,
    repeatable: bool = True,
    own_transaction: bool = False,
    afterwards: Callable[..., Answer | None] | None = None,
) -> Callable[[Callable[P, Answer]], Callable[P, Answer]]:
    """Route a change of one piece of kit, which answers the piece as it then is."""
    return blp.post(
        f"/kit/<uuid:kit_id>{path}", audience="team", body=body, answers=schemas.KitDetailSchema,
        repeatable=repeatable, versioned=True, own_transaction=own_transaction, afterwards=afterwards,
    )  # fmt: skip


def _cut_off(kit_id: UUID) -> Answer:
    """Once it is put out here: at the broker too, with nothing held while that answers."""
    accounts.finish_revocation(kit_id)
    with transaction():
        piece = devices.piece(kit_id)
        assert piece is not None
        return _whole(current_actor(), piece)


def _cut_off_if_out(kit_id: UUID) -> Answer | None:
    """Scrapped and lost kit is put out by being moved there."""
    with transaction():
        piece = devices.piece(kit_id)
    return _cut_off(kit_id) if piece is not None and piece.kit_state in ("scrapped", "lost") else None


@_change("/facts", schemas.KitFactsSchema)
def change_facts(kit_id: UUID, if_version: int, body: Body) -> Answer:
    """Change what stands on its label."""
    actor = current_actor()
    return _whole(actor, desk.change_facts(actor, kit_id, body, if_version))


@_change("/state", schemas.KitStateChangeSchema, afterwards=_cut_off_if_out)
def change_state(kit_id: UUID, if_version: int, body: Body) -> Answer:
    """Move it on in its life; 412 with what is missing, or with what may follow from here."""
    actor = current_actor()
    return _whole(actor, desk.move_on(actor, kit_id, body["to"], body["note"], body["wiped"], if_version))


@_change("/move", schemas.KitMoveSchema)
def move(kit_id: UUID, if_version: int, body: Body) -> Answer:
    """Write where it stands now; it has to be proved there."""
    actor = current_actor()
    return _whole(actor, desk.move_house(actor, kit_id, body["address"], body["line_type"], if_version))


@_change("/route", schemas.NameRouteSchema)
def name_route(kit_id: UUID, if_version: int, body: Body) -> Answer:
    """Name who answers it day and night."""
    actor = current_actor()
    return _whole(actor, desk.name_route(actor, kit_id, body["name"], body["phone"], if_version))


@_change("/installation", schemas.TryStepSchema)
def try_step(kit_id: UUID, if_version: int, body: Body) -> Answer:
    """Write what came of one step of the proof."""
    actor = current_actor()
    tried = (body["step"], body["outcome"], body["note"], body["signal_dbm"])
    return _whole(actor, desk.try_step(actor, kit_id, *tried, if_version))


@_change("/rotate", schemas.KitRotateSchema, repeatable=False, own_transaction=True)
def rotate(kit_id: UUID, if_version: int, body: Body) -> Answer:
    """Give it a new secret over the air; 412 when it is not connected."""
    assert not body
    actor = current_actor()
    piece = desk.change_secret(actor, kit_id, if_version)
    with transaction():
        return _whole(actor, piece)


@_change("/revoke", schemas.KitRevokeSchema, afterwards=_cut_off)
def revoke(kit_id: UUID, if_version: int, body: Body) -> Answer:
    """Put it out: lost, stolen, faulty or returned. A live session ends at once."""
    actor = current_actor()
    return _whole(actor, desk.put_out(actor, kit_id, body["reason"], body["note"], if_version))


# Not repeatable: a stored answer would be a second place where the code stands.
@blp.post(
    "/kit/<uuid:kit_id>/claim-codes", audience="team", body=schemas.NewClaimCodeSchema,
    answers=schemas.ClaimCodeSchema, status=201,
)  # fmt: skip
def make_code(kit_id: UUID, body: Body) -> Body:
    """Open the way for it: a code for ten minutes and one use, shown this once."""
    actor = current_actor()
    piece = open_piece(actor, kit_id, Action.CHANGE_KIT, for_change=True).piece
    code, expires_at = claims.make_code(actor, piece, body["code"])
    return {"code": code, "expires_at": expires_at}


@_change("/wearers", wearing_schemas.AssignSchema)
def assign(kit_id: UUID, if_version: int, body: Body) -> Answer:
    """Give it to a person."""
    actor = current_actor()
    piece = wearing.assign(
        actor, kit_id, body["patient_id"], body["slot"], body["since"],
        because=body["without_cleaning_because"], keep=body["readings"] == "keep", if_version=if_version,
        change_id=idempotency_key(),
    )  # fmt: skip
    return _whole(actor, piece)


@_change("/hand-over", wearing_schemas.HandOverSchema)
def hand_over(kit_id: UUID, if_version: int, body: Body) -> Answer:
    """End it for who has it and give it to another at the same instant."""
    actor = current_actor()
    piece = wearing.hand_over(
        actor, kit_id, body["patient_id"], body["slot"], body["at"],
        because=body["without_cleaning_because"], keep=body["readings"] == "keep", if_version=if_version,
        change_id=idempotency_key(),
    )  # fmt: skip
    return _whole(actor, piece)


@_change("/wearers/<uuid:binding_id>/end", wearing_schemas.WearerEndSchema)
def end(kit_id: UUID, binding_id: UUID, if_version: int, body: Body) -> Answer:
    """End who has it; If-Match is the wearer's version."""
    actor = current_actor()
    piece = wearing.end(
        actor, kit_id, binding_id, body["at"], keep=body["readings"] == "keep", if_version=if_version,
        change_id=idempotency_key(),
    )  # fmt: skip
    return _whole(actor, piece)


@_change("/wearers/<uuid:binding_id>/dates", wearing_schemas.WearerDatesSchema)
def correct(kit_id: UUID, binding_id: UUID, if_version: int, body: Body) -> Answer:
    """Correct from when to when somebody had it; 412 with how many readings would stand outside."""
    actor = current_actor()
    piece = wearing.correct(
        actor, kit_id, binding_id, body["since"], body["until"], keep=body["readings"] == "keep",
        if_version=if_version, change_id=idempotency_key(),
    )  # fmt: skip
    return _whole(actor, piece)


@root_blp.post(
    "/device/claim", audience="nobody", body=wearing_schemas.DeviceClaimSchema,
    answers=wearing_schemas.DeviceAccountSchema, own_transaction=True, from_pages=False,
)  # fmt: skip
def claim(body: Body) -> Body:
    """Exchange a claim code for an account at the broker, once.

    404 in the same words for a code that is unknown, used or over; 429 with Retry-After after five wrong ones in
    ten minutes; 503 when the broker is away, and then the code is still good.
    """
    host, port, ca_file = (current_app.config.get(f"DEVICE_{part}") for part in ("HOST", "PORT", "CA"))
    if host is None or port is None:
        raise Unavailable("broker-unavailable", "This service was not told where devices connect.")
    # A broker that somebody else runs may have an authority that every device knows: then there is no file.
    ca = Path(ca_file).read_text(encoding="ascii") if ca_file and Path(ca_file).exists() else None
    try:
        claimed = claims.claim(body["code"], request.remote_addr or "")
    except NotFound as unknown:
        with transaction():
            rule = {"rule": unknown.code}
            audit.record(ANONYMOUS, "claim", "device", outcome="refused", detail=rule)
        raise
    base = f"al/v1/{claimed.device_id}"
    return {
        "v": 1, "device_id": claimed.device_id, "username": claimed.device_id, "secret": claimed.secret,
        "host": host, "port": port, "tls": True, "ca": ca,
        "topics": {"publish": [f"{base}/up/#"], "subscribe": [f"{base}/down/#"]},
    }  # fmt: skip
