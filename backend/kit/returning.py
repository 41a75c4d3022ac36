"""Gives kit by what stands on its label to somebody who joins, and asks it back from who leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from backend.access.record import Action, Record, RecordRefused
from backend.core.errors import Conflict, NotFound
from backend.core.http import Actor
from backend.devices import service as devices
from backend.devices.service import Piece
from backend.kit import history, wearing
from backend.kit.door import open_piece
from backend.kit.life import is_telecare, unproved

_WITH_PEOPLE = frozenset({"issued", "live"})
# What tells where somebody is or whether they go out: the record says why nothing less would do (care rules, 6).
NEEDS_REASON = frozenset({"door-sensor", "location-tracker"})
# By these somebody calls for help, or it is called for them; smoke and gas alarms speak of the house.
CALLS = frozenset({"pendant", "telecare-unit", "fall-detector"})


@dataclass(frozen=True, slots=True)
class KitOf:
    """A piece of kit that somebody has now."""

    id: UUID
    row_id: int
    device_id: str
    kind: str
    model: str | None
    serial: str | None
    state: str
    slot: int
    is_telecare: bool
    # Who answers it day and night is named, and a press was answered since it stands where it stands.
    route_proved: bool = False

    @property
    def is_way_to_call(self) -> bool:
        """True when the person can call for help with it, by a route that was proved."""
        return self.kind in CALLS and self.route_proved


def find(actor: Actor, label: str) -> Piece:
    """The piece with this serial or device id; raises NotFound, Conflict "several", and as `open_piece`."""
    word = label.strip()
    found = devices.pieces(device_id=word.lower()) or devices.pieces(serial=word)
    if not found:
        raise NotFound("no-such-kit", "No kit of ours has this serial number or device id.")
    if len(found) > 1:
        raise Conflict("several", "Several pieces of kit have this serial number. Give the device id.")
    try:
        return open_piece(actor, found[0].public_id, Action.CHANGE_KIT).piece
    except RecordRefused:
        # Who has it is another team's: as if it were not there.
        raise NotFound("no-such-kit", "No kit of ours has this serial number or device id.") from None


def give(
    actor: Actor, piece: Piece, patient_id: UUID, slot: int, because: str | None, change_id: UUID
) -> Piece:
    """Give it to somebody now; raises as `wearing.assign`."""
    return wearing.assign(
        actor, piece.public_id, patient_id, slot, None, because=because, keep=False, if_version=piece.version,
        change_id=change_id,
    )  # fmt: skip


def kit_of(patient_id: int) -> list[KitOf]:
    """What somebody has now, by inside key."""
    found = []
    for worn in devices.devices_of(patient_id):
        piece = devices.piece(worn.public_id)
        assert piece is not None
        lacks = unproved(piece, history.steps([piece.id]).get(piece.id, ()))
        slots = [
            one.slot
            for one in devices.bindings_of([piece.id], now_only=True).get(piece.id, ())
            if one.patient_id == patient_id
        ]
        found.append(
            KitOf(
                piece.public_id, piece.id, piece.device_id, piece.kind, piece.model, piece.serial,
                piece.kit_state, slots[0] if slots else 0, is_telecare(piece),
                route_proved=is_telecare(piece) and not {"route", "route-named"} & set(lacks),
            )
        )  # fmt: skip
    return found


def ask_back(record: Record, note: str, change_id: UUID, *, end: bool) -> dict[str, str]:
    """Begin the return of everything the person has; answers device id -> the state it had.

    With `end` it is theirs no more; without, it stays bound until it is fetched, so that a pendant somebody
    still presses in that home says whose home it is. What is shared with somebody else stays with them.
    """
    before: dict[str, str] = {}
    for worn in devices.devices_of(record.patient.id):
        piece = devices.piece(worn.public_id, for_change=True)
        assert piece is not None
        before[piece.device_id] = piece.kit_state
        bindings = devices.bindings_of([piece.id], now_only=True).get(piece.id, [])
        mine = [one for one in bindings if one.patient_id == record.patient.id]
        if end:
            for one in mine:
                devices.end_binding(
                    record, one.public_id, None, keep=True, if_version=one.version,
                    change_id=uuid5(change_id, str(one.public_id)),
                )  # fmt: skip
        if len(mine) == len(bindings) and piece.kit_state in _WITH_PEOPLE:
            _move(record, piece, "to-collect", note)
    return before


def states_of(device_ids: Sequence[str]) -> dict[str, str]:
    """The state each of these is in now, by device id."""
    return {piece.device_id: piece.kit_state for one in device_ids for piece in devices.pieces(device_id=one)}


def keep_after_all(record: Record, before: Mapping[str, str]) -> None:
    """Undo the asking back of what is still bound: each piece is in the state it had."""
    for worn in devices.devices_of(record.patient.id):
        piece = devices.piece(worn.public_id, for_change=True)
        had = before.get(worn.device_id)
        if piece is not None and piece.kit_state == "to-collect" and had in _WITH_PEOPLE:
            _move(record, piece, had, "It is not to be collected after all")


def _move(record: Record, piece: Piece, to: str, note: str) -> None:
    devices.change_piece(piece.id, kit_state=to)
    words = f"{piece.kit_state} → {to}"
    history.note(record.actor, piece, "state", words, note, before=piece.kit_state, to=to)
