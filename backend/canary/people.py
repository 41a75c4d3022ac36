"""The canaries' people, devices, team of one and watcher: made once in every home, and shown in no list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text

from backend.canary.runs import Kind
from backend.core.db import db

USERNAME: Final = "canary-watcher"
WATCHER_ROLE: Final = "canary-watcher"
WATCHER_NAME: Final = "Canary watcher"
TEAM: Final = "Canary watch"


@dataclass(frozen=True, slots=True)
class Canary:
    """One kind's person and device; seconds. `silent_s` is how long its device says nothing before that is told."""

    kind: Kind
    name: str
    nhs_number: str
    device: str
    device_kind: str
    every_s: int
    within_s: int
    silent_s: int = 0

    @property
    def expected_every_s(self) -> int | None:
        """The interval of a device that has to be missed: two and a half of them are a silence."""
        return self.silent_s * 2 // 5 or None


# Alongside defaults, not national guidance. The numbers are of the range kept for tests, far from other people's.
CANARIES: Final = (
    Canary("normal", "Canary", "9990009902", "canary-0001", "pulse-oximeter", 300, 60),
    Canary("red", "Canary Red", "9990009910", "canary-red-0001", "pulse-oximeter", 3600, 60),
    Canary("silent", "Canary Silent", "9990009929", "canary-silent-0001", "pulse-oximeter", 21_600, 420, 300),
    Canary("fall", "Canary Fall", "9990009937", "canary-fall-0001", "pendant", 3600, 60),
)
DEVICES: Final = tuple(one.device for one in CANARIES)

_KEEPER = text(
    """with known as (select id from care_team where name = :team),
    o as (insert into organization (kind, name) select 'community-team', :team
        where not exists (select from known) returning id),
    t as (insert into care_team (organization_id, name, phone) select id, :team, '01632 960999' from o returning id),
    w as (insert into practitioner (display_name, role) select :watcher, :role where not exists
        (select from practitioner where role = :role) returning id),
    m as (insert into care_team_member (care_team_id, practitioner_id, valid)
        select t.id, w.id, tstzrange(now() - interval '1 day', null) from t, w)
    select id from known union all select id from t"""
)
_PERSON = text(
    """with known as (select id, public_id from patient where nhs_number = :nhs_number),
    p as (insert into patient (nhs_number, given_name, family_name, birth_date, lives_alone, facts, is_canary)
        select :nhs_number, :name, 'Test', '1950-01-01', false, '{"home_oxygen": false, "usual_spo2": 97}', true
        where not exists (select from known) returning id, public_id),
    c as (insert into caseload (care_team_id, patient_id, valid)
        select :team, id, tstzrange(now() - interval '1 day', null) from p),
    g as (insert into consent (patient_id, kind, valid)
        select id, 'monitoring', tstzrange(now() - interval '1 day', null) from p),
    e as (insert into enrolment (patient_id, pathway_version_id, status, valid)
        select id, :version, 'live', tstzrange(now() - interval '1 day', null) from p),
    -- A range of its own: far under it, one reading is an emergency at once, whatever a pathway says.
    l as (insert into alert_limit (patient_id, code, low, high, set_by) select id, 5, 88, null, :watcher from p)
    select id, public_id from known union all select id, public_id from p"""
)
# From now: bound for months and never heard, it would be silent before it begins.
_DEVICE = text(
    """with known as (select id from device where device_id = :device),
    d as (insert into device (device_id, kind, manufacturer, model, is_canary, expected_every_s)
        select :device, :device_kind, 'Alongside', 'alongside-canary', true, :expected
        where not exists (select from known) returning id)
    insert into device_association (device_id, patient_id, valid)
    select id, :patient, tstzrange(now(), null) from d"""
)
_CANARY = text(
    """insert into canary (kind, device, patient, every_s, within_s, silent_s)
    values (:kind, :device, :patient, :every_s, :within_s, :silent_s) on conflict (kind) do nothing"""
)
_WATCHER = text("select id, public_id from practitioner where role = :role order by id limit 1")


def ensure(pathway_version_id: int, canaries: tuple[Canary, ...] = CANARIES) -> None:
    """Make whatever of the canaries is not there yet, in the caller's transaction; doing it twice changes nothing.

    Written as SQL, because these people are no record of anybody and no service may make them.
    """
    keeper = {"team": TEAM, "watcher": WATCHER_NAME, "role": WATCHER_ROLE}
    team = db.session.execute(_KEEPER, keeper).scalar_one()
    for one in canaries:
        asked: dict[str, Any] = {
            "nhs_number": one.nhs_number, "name": one.name, "team": team, "version": pathway_version_id,
            "watcher": WATCHER_NAME,
        }  # fmt: skip
        person = db.session.execute(_PERSON, asked).one()
        db.session.execute(
            _DEVICE,
            {
                "device": one.device, "device_kind": one.device_kind, "expected": one.expected_every_s,
                "patient": person.id,
            },
        )  # fmt: skip
        db.session.execute(
            _CANARY,
            {
                "kind": one.kind, "device": one.device, "patient": person.public_id, "every_s": one.every_s,
                "within_s": one.within_s, "silent_s": one.silent_s,
            },
        )  # fmt: skip


def watcher_id() -> int:
    """The key of the practitioner who watches the canaries and nobody else."""
    found: int = db.session.execute(_WATCHER, {"role": WATCHER_ROLE}).one().id
    return found
