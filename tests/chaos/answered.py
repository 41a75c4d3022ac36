"""Counts alerts from outside: by what devices made and a nurse closed, which had to be raised, told and answered."""

from datetime import datetime
from typing import Any

from backend.observations.codes import Code
from tests.chaos.nurse import read as closed_by_nurse
from tests.chaos.reckoning import Told
from tests.device_gateway.rig import World

DANGEROUS, RULE = 88, "spo2_low"
# What is measured within this of a closing may have been known as it was closed.
SLACK_S = 5.0
LATE = "30 seconds"

_READINGS = """select o.patient_id, o.effective_at, extract(epoch from o.received_at)::float8
    from message_key k join observation o using (device_message_id)
    join alert_limit l on l.patient_id = o.patient_id and l.code = o.code
    where o.code = %s and o.value < %s and o.quality = 0 and k.message_id = any(%s)"""
_TWICE = """select count(*) from (select 1 from alert a cross join lateral jsonb_array_elements(a.evidence) e
    where a.rule = %s group by a.patient_id, a.rule, e ->> 'at', e ->> 'value' having count(distinct a.id) > 1) t"""
# One message to the team an opening, and one more for each time it became worse, was pressed again or woke.
_TOLD_TWICE = """select coalesce(sum(greatest(0, told - 1 - more)), 0)::int from (
    select a.id, (select count(*) from communication c where c.alert_id = a.id and c.template = 'alert-for-team') told,
        (select count(*) from alert_event e where e.alert_id = a.id
            and e.kind in ('worse', 'pressed-again', 'snooze-broken', 'repeated')) more
    from alert a) t"""
# What is printed of each: enough to say why.
_UNDELIVERED = f"""select jsonb_build_object('alert', a.id, 'rule', a.rule, 'level', a.level, 'worn',
        a.patient_id is not null, 'opened', a.opened_at, 'contacted', a.contacted_at, 'closed', a.closed_at,
        'rung', a.rung, 'due', a.rung_due_at, 'snoozed', a.snoozed_until, 'now', db_now(),
        'told', (select jsonb_agg(jsonb_build_array(c.to_kind, c.channel, c.template, c.state, c.not_before,
            c.sent_at, c.last_error)) from communication c where c.alert_id = a.id))
    from alert a where a.level <> 'info' and not a.is_canary and (
    not exists (select from communication c where c.alert_id = a.id and c.state = 'sent'
        and c.to_kind in ('care-team', 'duty', 'practitioner'))
    or (a.closed_at is null and a.contacted_at is null
        and (a.rung_due_at is null or a.rung_due_at < db_now() - interval '{LATE}')))"""
UNSETTLED = """select (select count(*) from communication where state = 'waiting' and not_before <= db_now())
    + (select count(*) from alert where closed_at is null and rung_due_at <= db_now())"""


def undelivered(world: World) -> list[dict[str, Any]]:
    """The alerts nobody was told of, and the open ones without a contact whose next step is late; asked while the
    workers run, because what is raised as they stop is told when they start again."""
    return [one for (one,) in world.all(_UNDELIVERED)]


def answered(told: Told, world: World, nurse_ledger: Any) -> dict[str, Any]:
    """`alerts_made`: what had to be raised. Lost: not there. Doubled: twice for one cause, or told twice."""
    pressed = {(device, str(body["alarm"])) for device, body in told.alarms.values()}
    raised = set(
        world.all("select e.device, e.alarm_id from alarm_event e join alert a on a.id = e.alert_id")
    )
    made, lost = _episodes(told, world, nurse_ledger)
    return {
        "alerts_made": len(pressed) + made,
        "alerts_lost": len(pressed - raised) + lost,
        "alerts_doubled": world.one(_TWICE, RULE) + world.one(_TOLD_TWICE),
        "taken": len(closed_by_nurse(nurse_ledger)),
        "escalated": world.one("select count(distinct alert_id) from escalation_step"),
    }


def _episodes(told: Told, world: World, nurse_ledger: Any) -> tuple[int, int]:
    """Of dangerous readings: the first of a person and the first after each closing had to raise one; and the newest
    has to stand on one. Answers (how many had to be, how many are not)."""
    readings: dict[int, list[tuple[datetime, float]]] = {}
    for patient, at, received in world.all(
        _READINGS, Code.SPO2.number, DANGEROUS, list(told.receipted & set(told.readings))
    ):
        readings.setdefault(patient, []).append((at, received))
    alerts: dict[int, list[int]] = {}
    for patient, alert in world.all("select patient_id, id from alert where rule = %s order by id", RULE):
        alerts.setdefault(patient, []).append(alert)
    closings = [one for one in closed_by_nurse(nurse_ledger) if one[2] == RULE]
    made = lost = 0
    for patient, mine in readings.items():
        had_to = [0, *(alert for alert, whose, _, at in closings
                       if whose == patient and any(received > at + SLACK_S for _, received in mine))]  # fmt: skip
        made += len(had_to)
        lost += sum(not any(alert > after for alert in alerts.get(patient, ())) for after in had_to)
        newest = max(at for at, _ in mine).isoformat()
        lost += not world.one(
            "select count(*) from alert where patient_id = %s and rule = %s and evidence @> %s::jsonb",
            patient, RULE, f'[{{"at": "{newest}"}}]',
        )  # fmt: skip
    return made, lost
