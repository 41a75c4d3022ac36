"""Puts the two pages of one patient together: the person's own today, and the team's page of a person."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from backend.access import helping
from backend.access import service as access
from backend.access.record import Action, OpenPatient, Record
from backend.alerts import service as alerts
from backend.check_ins import listing as check_ins
from backend.core.clock import whole_years
from backend.desk import service as desk
from backend.devices.service import WornDevice, devices_of
from backend.directory import service as directory
from backend.observations import service as observations
from backend.observations.codes import Code
from backend.observations.reading import StoredReading
from backend.pathways import service as pathways
from backend.plans import service as plans
from backend.quarantine import service as quarantine
from backend.screens import series as over_time
from backend.screens.taking import NO_PLAN
from backend.screens.tiles import DEVICE_KINDS, KINDS, Levels, range_of, tile, value_view
from backend.threads import service as threads

# The page of a person lists this much of what was measured lately.
TIMELINE_READINGS = 20
TIMELINE_DAYS = timedelta(days=7)
# A device's clock may be a little ahead of ours; its reading is shown all the same.
CLOCKS_DIFFER_BY = timedelta(minutes=5)
DEMO_WATCH = "Everybody here is pretend. Soon after the start one person's oxygen falls: watch it arrive."
_ADVISED = ("emergency", "urgent")
_NAMES: Mapping[str, str] = {
    "blood-pressure": "Blood pressure",
    "spo2": "Oxygen",
    "pulse": "Pulse",
    "weight": "Weight",
    "temperature": "Temperature",
    "glucose": "Glucose",
    "peak-flow": "Peak flow",
}


def home(record: Record, *, demo: bool) -> dict[str, object]:
    """What a person, or who acts for them, sees first. Alerts are left out for who may not see them."""
    as_of = access.database_time()
    patient = record.patient
    enrolled = pathways.enrolments_for([patient.id]).get(patient.id, [])
    latest = observations.latest([patient.id]).get(patient.id, {})
    told = _told(record)
    worn = devices_of(patient.id)
    expected = {reading.kind for one in enrolled for reading in one.pack.expected}
    statuses = [one.status for one in enrolled]
    return {
        "as_of": as_of,
        "patient": {"id": patient.public_id, "display_name": patient.display_name},
        "status": status_of(statuses),
        "monitored": "live" in statuses,
        "pathways": pathways.titles(patient.id),
        "now": _next_thing(patient.id, as_of, latest, worn),
        "latest": _tiles(patient, latest, expected, as_of, shows_levels=record.may(Action.READ_ALERTS)),
        "alerts": told,
        "team": _team(patient.id),
        "advice": _advice(patient.id, told),
        "check_in": check_ins.home_check_in(record),
        "todo": plans.todo_today(record) if record.may(Action.READ_PLAN) else [],
        "devices": [_kit(device, as_of) for device in worn],
        "reply": threads.owed_reply(record),
        # Of their own worry a helper is told whether it was seen, where the person chose so.
        "worry": alerts.carers_worry(patient.id)
        if helping.is_told_when_seen(record.actor, patient.id) and plans.tells_carers(patient.id)
        else None,
        "demo": {"watch": DEMO_WATCH} if demo else None,
    }


def status_of(statuses: Sequence[str]) -> str:
    """One word for several enrolments. Only "live" counts as monitored, so it is said when any is live."""
    for status in ("live", "paused", "awaiting-kit", "referred"):
        if status in statuses:
            return status
    return "ended"


def series(record: Record, kind: str, days: int) -> dict[str, object]:
    """Points and summary of one kind over the last `days`, beside the same number of days before."""
    as_of = access.database_time()
    codes = KINDS[kind]
    since = as_of - timedelta(days=days)
    found = observations.series(
        record.patient.id, codes, since - timedelta(days=days), as_of + CLOCKS_DIFFER_BY
    )
    stored = [one for one in found if one.reading.effective_at >= since]
    before = [one for one in found if one.reading.effective_at < since]
    levels: Levels = alerts.levels_of(record.patient.id, since) if record.may(Action.READ_ALERTS) else {}
    return {
        "as_of": as_of,
        "kind": kind,
        "unit": codes[0].unit,
        "range": range_of(alerts.limits_for(record.patient).get(codes[0])),
        "points": over_time.points(stored, levels),
        "summary": over_time.summary(codes, stored, before),
    }


def person_page(record: Record) -> dict[str, object]:
    """Everything the team needs of one person on one page."""
    as_of = access.database_time()
    patient = record.patient
    enrolled = pathways.enrolments_for([patient.id]).get(patient.id, [])
    latest = observations.latest([patient.id]).get(patient.id, {})
    expected = {reading.kind for one in enrolled for reading in one.pack.expected}
    team = access.team_of(patient.id)
    return {
        "as_of": as_of,
        "patient": patient_view(patient, as_of.date())
        | {
            "birth_date": patient.birth_date,
            "gp_practice": _practice(patient),
            "status": status_of([one.status for one in enrolled]),
            "team": {"name": team.name} if team else None,
        },
        "alerts": desk.rows_about(patient, record.actor.practitioner_id),
        "latest": _tiles(patient, latest, expected, as_of, shows_levels=True),
        "pathways": pathways.titles(patient.id),
        "limits": alerts.limit_rows(patient.id, alerts.limits_for(patient, as_of.date())),
        "devices": [_device(device, as_of) for device in devices_of(patient.id)],
        "timeline": _timeline(patient.id, as_of),
    }


def patient_view(patient: OpenPatient, today: date) -> dict[str, object]:
    """A patient as the team's card names them."""
    return {
        "id": patient.public_id,
        "display_name": patient.display_name,
        "nhs_number": patient.nhs_number,
        "age": whole_years(patient.birth_date, today),
        "gender": patient.gender,
        "phone": patient.phone or "",
        "lives_alone": patient.lives_alone,
        "key_safe_reference": patient.key_safe_reference,
    }


def _practice(patient: OpenPatient) -> directory.OrganizationRef | None:
    if patient.gp_practice_id is None:
        return None
    return directory.organizations([patient.gp_practice_id]).get(patient.gp_practice_id)


def _tiles(
    patient: OpenPatient,
    latest: Mapping[Code, StoredReading],
    expected: set[str],
    as_of: datetime,
    *,
    shows_levels: bool,
) -> list[dict[str, object]]:
    """A tile for each kind that was ever measured or is expected: what is expected and missing shows too."""
    limits = alerts.limits_for(patient, as_of.date())
    oldest = min((one.reading.effective_at for one in latest.values()), default=as_of)
    levels: Levels = alerts.levels_of(patient.id, oldest) if shows_levels else {}
    return [
        tile(kind, latest, limits, levels, as_of)
        for kind, codes in KINDS.items()
        if kind in expected or any(code in latest for code in codes)
    ]


def _next_thing(
    patient_id: int, as_of: datetime, latest: Mapping[Code, StoredReading], worn: Sequence[WornDevice]
) -> dict[str, object] | None:
    taken = {code.value: one.reading.effective_at for code, one in latest.items()}
    due = pathways.next_expected(patient_id, as_of, taken)
    if due is None or due.kind not in DEVICE_KINDS:
        return None
    with_it = next((one for one in worn if one.kind == DEVICE_KINDS[due.kind]), None)
    device = {"model": with_it.model or with_it.kind.replace("-", " ")} if with_it else None
    return {"kind": "take-reading", "code": due.kind, "due_at": due.due_at, "device": device}


def _team(patient_id: int) -> dict[str, object]:
    team = access.team_of(patient_id)
    if team is None:
        # Nobody watches, and the page says so: an empty place would look like somebody.
        return {"name": "", "phone": "", "hours": "", "watching_now": False, "next_watch_at": None}
    return {
        "name": team.name,
        "phone": team.phone,
        "hours": team.hours,
        "watching_now": team.watch.now,
        "next_watch_at": team.watch.next_at,
    }


def _told(record: Record) -> list[alerts.AlertView]:
    """The open alerts this person, or who acts for them, may hear of: some are the person's or the team's alone."""
    if not record.may(Action.READ_ALERTS):
        return []
    is_proxy = record.actor.related_person_id is not None
    seen = alerts.seen_by_proxy if is_proxy else alerts.seen_by_the_person
    return [one for one in alerts.open_alerts(record.patient.id) if seen(one.rule)]


def _advice(patient_id: int, told: Sequence[alerts.AlertView]) -> dict[str, Any] | None:
    """What the plan says to do for the worst open alert, when that is urgent or an emergency (care rules)."""
    for level in _ADVISED:
        for alert in told:
            if alert.level == level and alert.kind == "clinical":
                said = plans.advice(patient_id, level, alert.rule) or {
                    "level": level, "words": NO_PLAN[level], "signs": [], "call": "", "line": None,
                    "from": "pathway",
                }  # fmt: skip
                own = alerts.own_words(alert.rule) if said["line"] is None else None
                return said if own is None else said | {"words": own, "signs": [], "call": ""}
    return None


def _kit(device: WornDevice, as_of: datetime) -> dict[str, object]:
    return {
        "id": device.public_id,
        "kind": device.kind,
        "last_seen_at": device.last_seen_at,
        "state": alerts.cover(
            device.every_s, device.bound_at, device.last_seen_at, as_of, device.asleep_until, device.lost_at
        ),
        "battery_pct": device.battery_pct,
    }


def _device(device: WornDevice, as_of: datetime) -> dict[str, object]:
    return _kit(device, as_of) | {
        "device_id": device.device_id,
        "model": device.model or "",
        "firmware": device.firmware,
        "from": device.bound_at,
    }


def _timeline(patient_id: int, as_of: datetime) -> list[dict[str, Any]]:
    """What happened and what was measured, the newest first."""
    every = [code for codes in KINDS.values() for code in codes]
    lately = observations.series(patient_id, every, as_of - TIMELINE_DAYS, as_of + CLOCKS_DIFFER_BY)
    measured = [line for kind, codes in KINDS.items() for line in _measured(kind, codes, lately)]
    measured.sort(key=lambda line: line["at"], reverse=True)
    happened = [
        *alerts.events_of(patient_id, as_of - TIMELINE_DAYS),
        *quarantine.events_of(patient_id, as_of - TIMELINE_DAYS),
    ]
    lines = [*happened, *measured[:TIMELINE_READINGS]]
    return sorted(lines, key=lambda line: line["at"], reverse=True)


def _measured(kind: str, codes: Sequence[Code], stored: Sequence[StoredReading]) -> list[dict[str, Any]]:
    together: dict[datetime, list[StoredReading]] = {}
    for one in stored:
        if one.reading.code in codes:
            together.setdefault(one.reading.effective_at, []).append(one)
    lines = []
    for at, ones in together.items():
        # Values go as values: the page prints them in the one way that keeps the order of digits.
        reading = {"kind": kind, "values": [value_view(one.reading) for one in ones]}
        lines.append({"at": at, "kind": "observation", "words": _NAMES[kind], "reading": reading})
    return lines
