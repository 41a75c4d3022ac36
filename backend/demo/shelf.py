"""The demo's kit beside what people wear: an installer, a shelf of stock, a unit half proved, a batch called back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range, insert

from backend.access.models import CareTeam, CareTeamMember, Patient, Practitioner
from backend.core.db import db
from backend.demo import team
from backend.demo.kit import devices
from backend.demo.people import BP, OX, PENDANT, PEOPLE, SCALE
from backend.devices.models import Device, DeviceAssociation
from backend.directory.models import Location
from backend.kit.life import STEPS
from backend.kit.models import CertifiedFirmware, KitEvent, KitStep

# Called back: some of it with people, one on the shelf.
RECALLED: Final = "OX-2025-11"
FIRMWARE: Final = "1.0.0"
ROUTE: Final = ("Lighthouse alarm centre", "01632 960300")
# Who waits for kit, whose old monitor is to be fetched; whose pendant was moved, whose was not tested for weeks.
WAITING, LEFT_BEHIND, MOVED, UNTESTED = 16, 23, 5, 18
_ON_RECALL: Final = (7, 11, 19)

_LIVE = text(
    """update device d set kit_state = 'live', serial = :serial, batch = :batch, line_type = :line,
        last_known_address = :address, credential_at = coalesce(credential_at, clock_timestamp()),
        moved_at = :moved, proved_at = :proved, route_name = :route, route_phone = :phone, route_set_at = :begun,
        calibration_due = :calibration
    where device_id = :name returning id"""
)


def ensure(now: datetime) -> None:
    """Make all of it, once in the life of a database; inside the demo's transaction."""
    who = _installer(now)
    if db.session.scalar(select(Device.id).where(Device.device_id == "demo-ox-101")) is not None:
        return
    _facts_of_worn(now, who)
    _shelf(now, who)
    # Nobody answers for the scales' firmware yet, which is what the flag is for.
    models = sorted({one.model for one in devices()} - {"alongside-scale1"})
    rows = [{"model": model, "firmware": FIRMWARE, "practitioner_id": None} for model in models]
    db.session.execute(insert(CertifiedFirmware).values(rows).on_conflict_do_nothing())
    db.session.flush()


def _installer(now: datetime) -> int:
    """The installer, a member of the team; also where a demo was prepared before there was one."""
    known = db.session.scalar(
        select(Practitioner.id).where(Practitioner.display_name == team.INSTALLER.display)
    )
    if known is not None:
        return known
    row = Practitioner(display_name=team.INSTALLER.display, role=team.INSTALLER.role)
    db.session.add(row)
    db.session.flush()
    harbour = db.session.scalars(select(CareTeam.id).where(CareTeam.name == team.TEAM_NAME)).one()
    member = CareTeamMember(
        care_team_id=harbour, practitioner_id=row.id, valid=Range(now - timedelta(days=75), None)
    )
    db.session.add(member)
    db.session.flush()
    return row.id


def _facts_of_worn(now: datetime, who: int) -> None:
    """What stands on the labels of the kit that people wear, and how their pendants were proved."""
    places = {
        number: line
        for number, line in db.session.execute(
            select(Patient.nhs_number, Location.line).join(Location, Location.id == Patient.location_id)
        )
    }
    for n, one in enumerate(devices()):
        number, is_pendant = one.person.number, one.kind == PENDANT
        begun = now - timedelta(days=70)
        batch = (
            RECALLED
            if one.kind == OX and number in _ON_RECALL
            else f"{one.kind[:2].upper()}-2026-0{1 + n % 4}"
        )
        key = db.session.execute(
            _LIVE,
            {
                "name": one.device_id, "serial": f"AL-{20417 + 31 * n}", "batch": batch,
                "line": ("analogue" if number == MOVED else "cellular") if is_pendant else "unknown",
                "address": places.get(one.person.nhs_number), "begun": begun if is_pendant else None,
                "moved": now - timedelta(days=6) if is_pendant and number == MOVED else begun if is_pendant else None,
                "proved": begun + timedelta(hours=1) if is_pendant else None,
                "route": ROUTE[0] if is_pendant else None, "phone": ROUTE[1] if is_pendant else None,
                "calibration": date(now.year + (1 if n % 9 else 0), 1 + n % 12, 1) if one.kind == BP else None,
            },
        ).scalar_one()  # fmt: skip
        _life(key, begun, who, ("registered", "Taken into stock"), ("bound", "Given to a person"))
        if is_pendant:
            _prove(key, begun + timedelta(minutes=30), who, list(STEPS))
            tested = now - timedelta(days=45 if number == UNTESTED else 3 + number % 9)
            _life(key, tested, None, ("test", "A full test came through"))
            if number == MOVED:
                _life(
                    key, now - timedelta(days=6), who, ("moved", "Moved to another place: to be proved again")
                )


def _shelf(now: datetime, who: int) -> None:
    """Kit that nobody wears, and kit on its way to and from people."""
    for name, kind, facts in (
        ("demo-ox-101", OX, {"model": "alongside-ox1", "batch": RECALLED}),
        ("demo-bp-101", BP, {"model": "alongside-bp1", "cuff_size": "medium", "consumables": "1 spare cuff"}),
        ("demo-bp-102", BP, {"model": "alongside-bp1", "cuff_size": "large", "calibration_due": now.date()}),
        ("demo-scale-101", SCALE, {"model": "alongside-scale1", "slot_names": ["First user", "Second user"]}),
        ("demo-pendant-101", PENDANT, {"model": "alongside-pendant1", "line_type": "cellular"}),
    ):
        _add(name, kind, now - timedelta(days=20), who, **facts)
    lost = {"kit_state": "lost", "revoked_at": now - timedelta(days=4), "revoked_reason": "lost"}
    key = _add("demo-pendant-102", PENDANT, now - timedelta(days=50), who, model="alongside-pendant1", **lost)
    _life(key, now - timedelta(days=4), who, ("revoked", "Put out: lost"))
    washed = {
        "kit_state": "cleaned",
        "collected_at": now - timedelta(days=2),
        "cleaned_at": now - timedelta(days=1),
    }
    key = _add("demo-ox-102", OX, now - timedelta(days=60), who, model="alongside-ox1", **washed)
    _life(key, now - timedelta(days=1), who, ("state", "collected → cleaned"))
    _to_collect(now, who)
    _half_proved(now, who)


def _to_collect(now: datetime, who: int) -> None:
    key = _add(
        "demo-bp-103", BP, now - timedelta(days=65), who, model="alongside-bp1", kit_state="to-collect",
        batch="BL-2025-07", last_known_address=_place(LEFT_BEHIND),
    )  # fmt: skip
    ended = now - timedelta(days=3)
    _bind(key, LEFT_BEHIND, Range(now - timedelta(days=64), ended))
    _life(key, ended, who, ("ended", "No longer with that person"), ("state", "live → to-collect"))


def _half_proved(now: datetime, who: int) -> None:
    """A unit in the home of who waits for kit: two presses came through, the signal was too weak, no route named."""
    key = _add(
        "demo-unit-101", "telecare-unit", now - timedelta(days=8), who, model="alongside-unit1",
        manufacturer="Alongside", kit_state="issued", line_type="digital", serial="TU-4410", batch="TU-2026-01",
        last_known_address=_place(WAITING), moved_at=now - timedelta(days=1, hours=1), hb_s=86_400,
    )  # fmt: skip
    _bind(key, WAITING, Range(now - timedelta(days=1), None))
    _life(key, now - timedelta(days=1), who, ("bound", "Given to a person"))
    _prove(key, now - timedelta(hours=20), who, ["press-bathroom", "press-bedroom"])
    db.session.add(
        KitStep(
            device_id=key, step="signal", outcome="failed", at=now - timedelta(hours=20), practitioner_id=who,
            note="Behind the boiler; try the hall", signal_dbm=-112,
        )
    )  # fmt: skip


def _add(name: str, kind: str, at: datetime, who: int, **facts: Any) -> int:
    row = Device(
        device_id=name,
        kind=kind,
        **{"manufacturer": "Alongside", "serial": f"AL-{name[5:].upper()}", **facts},
    )
    db.session.add(row)
    db.session.flush()
    _life(row.id, at, who, ("registered", "Taken into stock"))
    return row.id


def _bind(device_id: int, number: int, valid: Range[datetime]) -> None:
    patient = select(Patient.id).where(Patient.nhs_number == _person(number).nhs_number)
    key = db.session.scalars(patient).one()
    db.session.add(DeviceAssociation(device_id=device_id, patient_id=key, valid=valid))


def _prove(device_id: int, at: datetime, who: int, steps: list[str]) -> None:
    for n, step in enumerate(steps):
        db.session.add(
            KitStep(
                device_id=device_id, step=step, outcome="proved", at=at + timedelta(minutes=3 * n),
                practitioner_id=who, signal_dbm=-74 if step == "signal" else None,
            )
        )  # fmt: skip


def _life(device_id: int, at: datetime, who: int | None, *lines: tuple[str, str]) -> None:
    for n, (kind, words) in enumerate(lines):
        db.session.add(
            KitEvent(
                device_id=device_id, at=at + timedelta(minutes=n), kind=kind, words=words, practitioner_id=who
            )
        )


def _place(number: int) -> str | None:
    person = _person(number)
    where = select(Location.line).join(Patient, Patient.location_id == Location.id)
    return db.session.scalar(where.where(Patient.nhs_number == person.nhs_number))


def _person(number: int) -> Any:
    return next(one for one in PEOPLE if one.number == number)
