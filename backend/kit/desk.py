"""What staff do with kit: take it in, move it on, prove where it stands, put it out, ask for a batch back."""

import re
import secrets
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from backend.access import service as access
from backend.access.record import Action, Purpose, open_kit_panel, open_panel
from backend.audit import service as audit
from backend.core.db import db, transaction
from backend.core.errors import Conflict, Invalid
from backend.core.http import Actor
from backend.devices import service as devices
from backend.devices.credentials import OURS
from backend.devices.service import Piece
from backend.directory import service as directory
from backend.kit import accounts, history
from backend.kit.door import Opened, as_it_is, open_piece
from backend.kit.life import NEXT, STEPS, in_words, is_telecare, missing_for, unproved
from backend.kit.models import CertifiedFirmware, KitStep
from backend.kit.rows import Row, rows

_DEVICE_ID = re.compile(r"[a-z0-9][a-z0-9-]{7,63}")
# What stood for the last person and goes when kit is ready for the next.
_FORGOTTEN: dict[str, object] = {
    "last_known_address": None, "moved_at": None, "proved_at": None, "route_name": None, "route_phone": None,
    "route_set_at": None, "revoked_at": None, "revoked_reason": None, "slot_names": [],
}  # fmt: skip


def register(actor: Actor, device_id: str | None, kind: str, facts: dict[str, Any]) -> Piece:
    """Take a new piece of kit into stock; raises Invalid for an id that is taken or that the broker cannot hold."""
    panel = open_kit_panel(actor)
    name = device_id or f"{kind[:20]}-{secrets.token_hex(5)}"
    if not _DEVICE_ID.fullmatch(name) or name.startswith(OURS):
        raise Invalid(
            "device-id", f"8 to 64 lower case letters, digits and hyphens, not beginning with {OURS}"
        )
    made = devices.add_piece(name, kind, is_canary=panel.watches_canary, **facts)
    history.note(actor, made, "registered", "Taken into stock")
    return made


def change_facts(actor: Actor, kit_id: UUID, facts: dict[str, Any], if_version: int) -> Piece:
    """Write what stands on the label: serial, batch, cuff, calibration, line; raises as `open_piece`."""
    opened = _open(actor, kit_id, if_version)
    return _changed(opened, "facts", f"Changed: {', '.join(sorted(facts)).replace('_', ' ')}", facts)


def move_on(actor: Actor, kit_id: UUID, to: str, note: str, wiped: bool, if_version: int) -> Piece:
    """Move kit to another state of its life.

    Raises Conflict "not-allowed-from-here" with what is allowed, "not-ready" with what is missing.
    """
    opened = _open(actor, kit_id, if_version)
    piece = opened.piece
    if to not in NEXT[piece.kit_state]:
        allowed = list(NEXT[piece.kit_state])
        raise Conflict(
            "not-allowed-from-here", f"From {piece.kit_state} it cannot go to {to}.",
            current={"state": piece.kit_state, "allowed": allowed},
        )  # fmt: skip
    missing = missing_for(piece, to, history.steps([piece.id]).get(piece.id, ()), bool(opened.worn))
    if missing:
        raise Conflict("not-ready", in_words(missing), current={"missing": missing})
    facts: dict[str, object] = {"kit_state": to}
    now = access.database_time()
    if to in ("collected", "cleaned", "checked"):
        facts[f"{to}_at"] = now
    if to == "checked" and wiped:
        facts["wiped_at"] = now
    if to == "in-stock":
        facts |= _FORGOTTEN
    if to in ("scrapped", "lost"):
        # Whoever has it now says and hears nothing more, as when it is put out by that name.
        reason = piece.revoked_reason or ("lost" if to == "lost" else "returned")
        facts |= {"revoked_at": piece.revoked_at or now, "revoked_reason": reason}
    words = f"{piece.kit_state} → {to}{', wiped' if wiped and to == 'checked' else ''}"
    return _changed(opened, "state", words, facts, note, before=piece.kit_state, to=to)


def move_house(actor: Actor, kit_id: UUID, address: str, line_type: str | None, if_version: int) -> Piece:
    """Write where kit stands now. What was proved in the other place counts no more; nothing is switched off."""
    opened = _open(actor, kit_id, if_version)
    facts: dict[str, object] = {"last_known_address": address, "moved_at": access.database_time()}
    if line_type is not None:
        facts["line_type"] = line_type
    return _changed(opened, "moved", "Moved to another place: to be proved again", facts)


def name_route(actor: Actor, kit_id: UUID, name: str, phone: str, if_version: int) -> Piece:
    """Name who answers this kit day and night; that they do has to be proved (again)."""
    opened = _open_telecare(actor, kit_id, if_version)
    facts = {"route_name": name, "route_phone": phone, "route_set_at": access.database_time()}
    return _changed(opened, "route", "The 24-hour route was named", facts)


def try_step(
    actor: Actor, kit_id: UUID, step: str, outcome: str, note: str, signal_dbm: int | None, if_version: int
) -> Piece:
    """Write that one step of an installation was tried, with what came of it."""
    opened = _open_telecare(actor, kit_id, if_version)
    piece = opened.piece
    db.session.add(
        KitStep(
            device_id=piece.id, step=step, outcome=outcome, note=note, signal_dbm=signal_dbm,
            practitioner_id=actor.practitioner_id,
        )
    )  # fmt: skip
    db.session.flush()
    is_whole = not unproved(piece, history.steps([piece.id]).get(piece.id, ()))
    facts = {"proved_at": access.database_time()} if is_whole else {}
    return _changed(opened, "step", f"{STEPS[step]}: {outcome}", facts, note, step=step, outcome=outcome)


def put_out(actor: Actor, kit_id: UUID, reason: str, note: str, if_version: int) -> Piece:
    """Revoke kit that is lost, stolen, faulty or returned; `cut_off` then ends its live session."""
    opened = _open(actor, kit_id, if_version)
    accounts.revoke(actor, opened.piece, reason, note, bool(opened.worn))
    return as_it_is(opened.piece)


def change_secret(actor: Actor, kit_id: UUID, if_version: int) -> Piece:
    """Give connected kit a new secret over the air; raises Conflict "not-connected", Unavailable.

    Called outside a transaction: nothing is held while the broker is asked.
    """
    with transaction():
        begun = accounts.begin_rotation(_open(actor, kit_id, if_version).piece)
    accounts.rotate(actor, begun)
    with transaction():
        return as_it_is(begun.piece)


def certify(actor: Actor, model: str, firmware: str) -> None:
    """Answer for a firmware; raises NotAllowed for an installer."""
    open_panel(actor)
    row = insert(CertifiedFirmware).values(
        model=model, firmware=firmware, practitioner_id=actor.practitioner_id
    )
    db.session.execute(row.on_conflict_do_nothing())
    audit.record(actor, "certify-firmware", "device-model", model[:64])


def recall(actor: Actor, model: str | None, firmware: str | None, batch: str | None) -> Row:
    """Every piece of kit of a model, firmware or batch with who has it now; each person shown is audited."""
    if not (model or firmware or batch):
        raise Invalid("recall", "Give a model, a firmware or a batch.")
    panel = open_kit_panel(actor)
    found = devices.pieces(canary=panel.watches_canary, model=model, firmware=firmware, batch=batch)
    listed = rows(found, panel.patients)
    by_public_id = {one.public_id: one.id for one in panel.patients.values()}
    people = {one["patient"]["id"] for row in listed for one in row["wearers"] if one["patient"]}
    for person in sorted(people, key=str):
        audit.record(
            actor, "recall", "patient", str(person), patient_id=by_public_id[person],
            purpose=Purpose.CAREMGT.value, detail={"model": model, "firmware": firmware, "batch": batch},
        )  # fmt: skip
    return {
        "as_of": access.database_time(), "asked": {"model": model, "firmware": firmware, "batch": batch},
        "rows": listed, "people": len(people), "elsewhere": len(found) - len(listed),
    }  # fmt: skip


def people(actor: Actor) -> list[Row]:
    """Whom kit may be given to, by name, with where they live."""
    panel = open_kit_panel(actor)
    places = access.addresses(list(panel.patients))
    lines = directory.lines([place for place in places.values() if place is not None])
    listed = [
        {"id": one.public_id, "display_name": one.display_name, "address": lines.get(places.get(one.id) or 0)}
        for one in panel.patients.values()
    ]
    return sorted(listed, key=lambda one: str(one["display_name"]))


def _open(actor: Actor, kit_id: UUID, if_version: int) -> Opened:
    return open_piece(actor, kit_id, Action.CHANGE_KIT, for_change=True, if_version=if_version)


def _open_telecare(actor: Actor, kit_id: UUID, if_version: int) -> Opened:
    opened = _open(actor, kit_id, if_version)
    if not is_telecare(opened.piece):
        raise Invalid("not-telecare", "Only kit that calls for help is proved and has a route.")
    return opened


def _changed(
    opened: Opened, kind: str, words: str, facts: dict[str, Any], note: str = "", **detail: object
) -> Piece:
    devices.change_piece(opened.piece.id, **facts)
    history.note(opened.actor, opened.piece, kind, words, note, **detail)
    return as_it_is(opened.piece)
