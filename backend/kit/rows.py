"""Kit as pages show it: a row, and one piece whole, with names only of people the reader looks after."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from backend.access import service as access
from backend.access.record import OpenPatient, Panel, open_kit_panel
from backend.core.http import Actor
from backend.devices import service as devices
from backend.devices.service import Binding, Piece
from backend.kit import accounts, claims, heard, history
from backend.kit.life import (
    FLAGS,
    NEXT,
    STATES,
    STEPS,
    Step,
    counts,
    flags,
    in_words,
    is_telecare,
    missing_for,
    unproved,
)
from backend.kit.schemas import KitRowSchema

Row = dict[str, Any]
_ALWAYS = datetime.min.replace(tzinfo=UTC)


def rows(pieces: Sequence[Piece], patients: Mapping[int, OpenPatient]) -> list[Row]:
    """One row a piece, in order. Kit worn now by nobody of `patients` is left out: it is another team's."""
    ids = [one.id for one in pieces]
    worn = devices.bindings_of(ids, now_only=True)
    steps, tests = history.steps(ids), history.last_tests(ids)
    certified, missing = history.certified(), accounts.last_checked().missing
    as_of = access.database_time()
    listed = []
    for one in pieces:
        theirs = worn.get(one.id, [])
        if theirs and not any(binding.patient_id in patients for binding in theirs):
            continue
        known = None if not (one.model and one.firmware) else (one.model, one.firmware) in certified
        lacks, tested = unproved(one, steps.get(one.id, ())), tests.get(one.id)
        given_at = min((binding.since or _ALWAYS for binding in theirs), default=None)
        told = flags(one, lacks, tested, known, one.device_id not in missing, as_of, given_at)
        listed.append(_row(one, theirs, patients, told, tested, known))
    return listed


def _row(
    one: Piece, worn: Sequence[Binding], patients: Mapping[int, OpenPatient], told: Sequence[str],
    tested: datetime | None, firmware_certified: bool | None,
) -> Row:  # fmt: skip
    return {
        "id": one.public_id, "device_id": one.device_id, "kind": one.kind, "manufacturer": one.manufacturer,
        "model": one.model, "serial": one.serial, "batch": one.batch, "state": one.kit_state,
        "is_telecare": is_telecare(one), "address": one.last_known_address, "line_type": one.line_type,
        "firmware": one.firmware, "firmware_certified": firmware_certified,
        "battery_pct": None if one.battery_pct is None else round(one.battery_pct),
        "battery_at": one.battery_at, "presence": one.presence,
        "last_seen_at": one.last_seen_at, "last_full_test_at": tested, "calibration_due": one.calibration_due,
        "revoked_at": one.revoked_at, "flags": told, "version": one.version,
        "wearers": [_wearer(binding, one, patients) for binding in worn],
    }  # fmt: skip


def _wearer(binding: Binding, piece: Piece, patients: Mapping[int, OpenPatient]) -> Row:
    who = patients.get(binding.patient_id)
    names = piece.slot_names
    return {
        "id": binding.public_id, "slot": binding.slot,
        "slot_name": names[binding.slot] if binding.slot < len(names) else None,
        "from": binding.since, "until": binding.until, "is_now": binding.is_now, "version": binding.version,
        "patient": None if who is None else {"id": who.public_id, "display_name": who.display_name},
    }  # fmt: skip


def whole(actor: Actor, piece: Piece) -> Row:
    """One piece with its histories, what may follow, and the proof of its installation."""
    patients = open_kit_panel(actor).patients
    bindings = devices.bindings_of([piece.id]).get(piece.id, [])
    row = rows([piece], patients)
    if not row:
        # Handed just now to somebody of another team: told without a name.
        row = [_row(piece, [one for one in bindings if one.is_now], patients, [], None, None)]
    steps = history.steps([piece.id]).get(piece.id, ())
    is_worn = any(one.is_now for one in bindings)
    expires_at = claims.open_until(piece.id)
    return row[0] | {
        "cuff_size": piece.cuff_size, "consumables": piece.consumables, "slot_names": list(piece.slot_names),
        "route": None if piece.route_name is None else {
            "name": piece.route_name, "phone": piece.route_phone or "", "set_at": piece.route_set_at
        },
        "moved_at": piece.moved_at, "proved_at": piece.proved_at, "credential_at": piece.credential_at,
        "heard": heard.heard(piece, access.database_time()),
        "allowed": [_allowed(piece, to, steps, is_worn) for to in NEXT[piece.kit_state]],
        "installation": _installation(piece, steps),
        "claim": None if expires_at is None else {"expires_at": expires_at},
        "past_wearers": [_wearer(one, piece, patients) for one in bindings if not one.is_now],
        "firmware_history": history.firmware_of(piece.id), "battery_history": history.batteries_of(piece.id),
        "history": history.events(piece.id),
    }  # fmt: skip


def _allowed(piece: Piece, to: str, steps: Sequence[Step], is_worn: bool) -> Row:
    missing = missing_for(piece, to, steps, is_worn)
    return {"to": to, "missing": missing, "words": in_words(missing)}


def _installation(piece: Piece, steps: Sequence[Step]) -> list[Row]:
    if not is_telecare(piece):
        return []
    tried, names = {one.step: one for one in steps}, history.step_names(steps)
    shown = []
    for step, words in STEPS.items():
        one = tried.get(step)
        shown.append({
            "step": step, "words": words, "outcome": one and one.outcome, "at": one and one.at,
            "by": one and names.get(one.practitioner_id), "note": one.note if one else "",
            "signal_dbm": one and one.signal_dbm, "counts": one is not None and counts(piece, one),
        })  # fmt: skip
    return shown


def current(actor: Actor, piece: Piece) -> Mapping[str, object]:
    """A row as it stands, for a conflict."""
    shown = rows([piece], open_kit_panel(actor).patients)
    dumped: Mapping[str, object] = KitRowSchema().dump(shown[0]) if shown else {"version": piece.version}
    return dumped


def page(panel: Panel, wanted: Mapping[str, Any], *, by_person: bool = False) -> Row:
    """The list of kit with its numbers. `wanted`: state, kind, flag, q (a part of what stands on it) and limit.

    With `by_person`, `q` may also be a part of who has it and where it stands; never for what came in an address.
    """
    everything = rows(devices.pieces(canary=panel.watches_canary), panel.patients)
    shown = [row for row in everything if _matches(row, wanted, by_person)]
    checked = accounts.last_checked()
    # What stands on another team's list stays unnamed here too.
    mine = {row["device_id"] for row in everything}
    return {
        "as_of": access.database_time(),
        "counts": [
            {"state": state, "count": sum(row["state"] == state for row in everything)} for state in STATES
        ],
        "flags": [
            {"flag": flag, "count": count}
            for flag in FLAGS
            if (count := sum(flag in row["flags"] for row in everything))
        ],
        "credentials": {
            "checked_at": checked.at, "withdrawn": checked.withdrawn, "held_back": checked.held_back,
            "missing": sorted(checked.missing & mine),
        },
        "rows": shown[: wanted["limit"]],
    }  # fmt: skip


def _matches(row: Row, wanted: Mapping[str, Any], by_person: bool) -> bool:
    if any(wanted[name] is not None and row[name] != wanted[name] for name in ("state", "kind")):
        return False
    if wanted["flag"] is not None and wanted["flag"] not in row["flags"]:
        return False
    asked = (wanted["q"] or "").casefold()
    said = [row[name] for name in ("device_id", "serial", "model", "firmware", "batch")]
    if by_person:
        said += [
            row["address"],
            *(one["patient"]["display_name"] for one in row["wearers"] if one["patient"]),
        ]
    return not asked or any(asked in word.casefold() for word in said if word)
