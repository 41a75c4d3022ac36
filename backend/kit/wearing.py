"""Gives kit to people, ends it and corrects the dates, so that each reading stays with who wore it then."""

from datetime import datetime
from uuid import UUID, uuid5

from backend.access import service as access
from backend.access.record import Action, Purpose, Record, open_record
from backend.core.errors import Conflict, Invalid
from backend.core.http import Actor
from backend.devices import service as devices
from backend.devices.service import Binding, Piece
from backend.directory import service as directory
from backend.kit import history
from backend.kit.door import Opened, as_it_is, open_piece
from backend.kit.life import FOR_PEOPLE, is_telecare

# An Alongside default: a household's shared monitor has two to four users.
MOST_SLOTS = 16


def assign(
    actor: Actor, kit_id: UUID, patient_id: UUID, slot: int, since: datetime | None, *,
    because: str | None, keep: bool, if_version: int, change_id: UUID,
) -> Piece:  # fmt: skip
    """Give a piece of kit to a person, from `since` or now on; answers it as it now is.

    Raises Conflict: "not-for-people" in a state that is not for people, "not-cleaned" when somebody else had
    it since it was last wiped and `because` gives no reason, "slot-taken", "readings-stranded"; RecordRefused
    for a person this actor does not look after; Invalid for a slot or a time that cannot be.
    """
    opened = open_piece(actor, kit_id, Action.CHANGE_KIT, for_change=True, if_version=if_version)
    record = open_record(actor, patient_id, Purpose.CAREMGT, Action.CHANGE_KIT)
    return _give(opened, record, slot, since, because, keep, change_id)


def hand_over(
    actor: Actor, kit_id: UUID, patient_id: UUID, slot: int, at: datetime | None, *,
    because: str | None, keep: bool, if_version: int, change_id: UUID,
) -> Piece:  # fmt: skip
    """End it for who has this slot and give it to another at the same instant; raises as `assign`."""
    opened = open_piece(actor, kit_id, Action.CHANGE_KIT, for_change=True, if_version=if_version)
    record = open_record(actor, patient_id, Purpose.CAREMGT, Action.CHANGE_KIT)
    has_it = next((one for one in opened.worn if one.slot == slot), None)
    instant = at or access.database_time()
    if has_it is not None:
        _end(opened, has_it, instant, keep, has_it.version, uuid5(change_id, "end"))
    return _give(opened, record, slot, instant, because, keep, change_id)


def end(
    actor: Actor, kit_id: UUID, binding_id: UUID, at: datetime | None, *,
    keep: bool, if_version: int, change_id: UUID,
) -> Piece:  # fmt: skip
    """Let somebody's time with a piece of kit end, at `at` or now; raises as `correct`."""
    opened = open_piece(actor, kit_id, Action.CHANGE_KIT, for_change=True)
    binding = devices.require_binding(binding_id, opened.piece.id)
    _end(opened, binding, at, keep, if_version, change_id)
    return as_it_is(opened.piece)


def correct(
    actor: Actor, kit_id: UUID, binding_id: UUID, since: datetime | None, until: datetime | None, *,
    keep: bool, if_version: int, change_id: UUID,
) -> Piece:  # fmt: skip
    """Correct from when to when somebody had it; for the team, not for installers.

    Raises Conflict "readings-stranded" when readings stored for them would stand outside and `keep` does not
    say that they may, "slot-taken" when that was somebody else's time, "changed-meanwhile".
    """
    opened = open_piece(actor, kit_id, Action.CORRECT_WEARER, for_change=True)
    binding = devices.require_binding(binding_id, opened.piece.id)
    record = _record_of(actor, binding, Action.CORRECT_WEARER)
    devices.set_dates(record, binding_id, since, until, keep=keep, if_version=if_version, change_id=change_id)
    _note(opened, "dates", "The dates of who had it were corrected", record, kept=keep)
    return as_it_is(opened.piece)


def _give(
    opened: Opened, record: Record, slot: int, since: datetime | None, because: str | None, keep: bool,
    change_id: UUID,
) -> Piece:  # fmt: skip
    piece = opened.piece
    if piece.kit_state not in FOR_PEOPLE or piece.revoked_at is not None:
        raise Conflict("not-for-people", "Only kit in stock or with people is given to somebody.")
    if not 0 <= slot < (len(piece.slot_names) or MOST_SLOTS):
        raise Invalid("slot", "This kit has no such user.")
    if not because and _had_by_another(piece, record.patient.id, slot):
        raise Conflict(
            "not-cleaned",
            "Somebody else had it since it was last wiped. Clean, check and wipe it, or say why not.",
        )
    devices.bind(record, piece.id, slot, since, keep=keep, change_id=change_id)
    _take_home(opened, record, slot)
    _note(opened, "bound", "Given to a person", record, because or "", slot=slot)
    return as_it_is(piece)


def _take_home(opened: Opened, record: Record, slot: int) -> None:
    """It stands at that person's now. A proof made in another home is none here."""
    piece, now = opened.piece, access.database_time()
    facts: dict[str, object] = {}
    if piece.kit_state == "in-stock":
        facts["kit_state"] = "issued"
    place = access.addresses([record.patient.id]).get(record.patient.id)
    if not any(one.slot != slot for one in opened.worn):
        line = directory.lines([place]).get(place) if place is not None else None
        facts["last_known_address"] = line or piece.last_known_address
        if is_telecare(piece):
            facts["moved_at"] = now
    devices.change_piece(piece.id, **facts)


def _had_by_another(piece: Piece, patient_id: int, slot: int) -> bool:
    """Whether somebody else's time with it ended after it was last wiped; another slot's user shares it on purpose."""
    ended = [
        one.until
        for one in devices.bindings_of([piece.id]).get(piece.id, [])
        if one.slot == slot and one.patient_id != patient_id and one.until is not None
    ]
    return any(piece.wiped_at is None or until > piece.wiped_at for until in ended)


def _end(
    opened: Opened, binding: Binding, at: datetime | None, keep: bool, if_version: int, change_id: UUID
) -> None:
    record = _record_of(opened.actor, binding, Action.CHANGE_KIT)
    devices.end_binding(record, binding.public_id, at, keep=keep, if_version=if_version, change_id=change_id)
    _note(opened, "ended", "No longer with that person", record, slot=binding.slot, kept=keep)


def _record_of(actor: Actor, binding: Binding, action: Action) -> Record:
    patient = access.public_ids([binding.patient_id])[binding.patient_id]
    return open_record(actor, patient, Purpose.CAREMGT, action)


def _note(opened: Opened, kind: str, words: str, record: Record, note: str = "", **detail: object) -> None:
    patient = str(record.patient.public_id)
    history.note(opened.actor, opened.piece, kind, words, note, patient=patient, **detail)
