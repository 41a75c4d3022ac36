"""The door to a piece of kit: what somebody wears is opened by that person's record, the rest by the team's list."""

from dataclasses import dataclass
from uuid import UUID

from backend.access import service as access
from backend.access.record import Action, Purpose, RecordRefused, open_kit_panel, open_record
from backend.audit import service as audit
from backend.core.errors import Conflict
from backend.core.http import Actor
from backend.devices import service as devices
from backend.devices.service import Binding, Piece
from backend.kit.rows import current


@dataclass(frozen=True, slots=True)
class Opened:
    """A piece of kit that this actor may see, with who wears it now."""

    actor: Actor
    piece: Piece
    worn: tuple[Binding, ...]


def open_piece(
    actor: Actor,
    kit_id: UUID,
    action: Action = Action.READ_KIT,
    *,
    for_change: bool = False,
    if_version: int | None = None,
) -> Opened:
    """Open kit by its public id; audited whether it opens or refuses.

    Raises RecordRefused for kit that is not there and for kit of people of other teams, in the same words;
    NotAllowed for who is in no team; Conflict with the row as it stands when it is not at `if_version`.
    """
    piece = devices.piece(kit_id, for_change=for_change)
    if piece is None:
        raise _refused(actor, kit_id, action, "no-such-record")
    worn = devices.bindings_of([piece.id], now_only=True).get(piece.id, [])
    if worn:
        # Of several who share it, the door is that of somebody this actor looks after.
        mine = access.caseload_ids(actor)
        first = min(worn, key=lambda one: one.patient_id not in mine)
        patient = access.public_ids([first.patient_id])[first.patient_id]
        open_record(actor, patient, Purpose.CAREMGT, action)
    elif open_kit_panel(actor).watches_canary != piece.is_canary:
        raise _refused(actor, kit_id, action, "canary")
    opened = Opened(actor, piece, tuple(worn))
    if if_version is not None and piece.version != if_version:
        raise Conflict(
            "changed-meanwhile", "Somebody changed this since you last saw it.", current=current(actor, piece)
        )
    return opened


def as_it_is(piece: Piece) -> Piece:
    """The piece as a change left it."""
    found = devices.piece(piece.public_id)
    assert found is not None
    return found


def _refused(actor: Actor, kit_id: UUID, action: Action, rule: str) -> RecordRefused:
    audit.record_refusal(
        actor, action.value, "device", str(kit_id), purpose=Purpose.CAREMGT.value, detail={"rule": rule}
    )
    return RecordRefused()
