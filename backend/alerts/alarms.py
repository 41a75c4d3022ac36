"""Alarms are never held: a press, a fall or smoke is on a desk as it arrives, whoever wears the device."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from backend.alerts.cards import lock_cards
from backend.alerts.device_states import tell_again, tell_devices
from backend.alerts.episodes import raise_episodes
from backend.alerts.levels import Severity
from backend.alerts.occurrence import Episode, Occurrence, Subject
from backend.alerts.telling import notice, record_events
from backend.core.db import db
from backend.core.notices import notify
from backend.observations.reading import Alarm, AlarmKind, Phase


@dataclass(frozen=True, slots=True)
class AlarmMeaning:
    """How bad an alarm is and how a nurse would say it. Levels: Alongside default, not national guidance."""

    level: Severity
    kind: str
    title: str
    words: str


MEANINGS: dict[AlarmKind, AlarmMeaning] = {
    AlarmKind.SOS: AlarmMeaning(Severity.EMERGENCY, "alarm", "Pendant pressed", "The pendant was pressed"),
    AlarmKind.FALL: AlarmMeaning(Severity.EMERGENCY, "alarm", "Fall detected", "The device detected a fall"),
    AlarmKind.SMOKE: AlarmMeaning(Severity.EMERGENCY, "alarm", "Smoke alarm", "The smoke alarm sounds"),
    AlarmKind.CO: AlarmMeaning(
        Severity.EMERGENCY, "alarm", "Carbon monoxide alarm", "The carbon monoxide alarm sounds"
    ),
    AlarmKind.GAS: AlarmMeaning(Severity.EMERGENCY, "alarm", "Gas alarm", "The gas alarm sounds"),
    AlarmKind.HEAT: AlarmMeaning(Severity.EMERGENCY, "alarm", "Heat alarm", "The heat alarm sounds"),
    AlarmKind.EPILEPSY: AlarmMeaning(
        Severity.EMERGENCY, "alarm", "Seizure alarm", "The device detected a seizure"
    ),
    AlarmKind.FLOOD: AlarmMeaning(Severity.URGENT, "alarm", "Flood alarm", "The flood sensor found water"),
    AlarmKind.INACTIVITY: AlarmMeaning(
        Severity.URGENT, "alarm", "No movement at home", "The sensors found no movement for too long"
    ),
    AlarmKind.DOOR: AlarmMeaning(Severity.URGENT, "alarm", "Door alarm", "The door sensor raised its alarm"),
    AlarmKind.BED: AlarmMeaning(Severity.URGENT, "alarm", "Bed alarm", "The bed or chair sensor alarms"),
    AlarmKind.MEDICATION: AlarmMeaning(
        Severity.SOON, "alarm", "Medicine not taken", "The medicine dispenser says a dose was not taken"
    ),
    # An alarm that could not be read may have been a press, so it does not wait with the batteries.
    AlarmKind.TECHNICAL: AlarmMeaning(
        Severity.URGENT, "technical", "Unreadable alarm", "The device sent an alarm we cannot read"
    ),
    AlarmKind.TAMPER: AlarmMeaning(
        Severity.SOON, "technical", "Device opened or moved", "The device says it was opened or moved"
    ),
    AlarmKind.POWER: AlarmMeaning(
        Severity.SOON, "technical", "Device without mains", "The device has lost its mains power"
    ),
    AlarmKind.LOW_BATTERY: AlarmMeaning(
        Severity.ROUTINE, "technical", "Battery low", "The device says its battery is low"
    ),
}

# An alarm is its own episode: a kit's "nobody moves" is not the card of the rule of the clock that says so too.
RULES = {AlarmKind.INACTIVITY: "inactivity_alarm"}

# A device that counts its alarms from one again must not have its new press taken for an old repeat.
SAME_ALARM_WITHIN = timedelta(days=1)
# A device repeats each 30 seconds at most; a raise so long after the last word of an alarm is a new press.
SAME_PRESS_WITHIN = timedelta(minutes=10)
# Alongside default, not national guidance: a press so long after a responder set off is not told that they come.
HELP_COMES_WITHIN = timedelta(hours=1)

_CONTEXT = text(
    """select d.kind as device_kind, d.last_known_address,
        coalesce(p.is_canary, d.is_canary, false) as is_canary,
        p.public_id as patient, (select c.care_team_id from caseload c where c.patient_id = p.id
            and c.valid @> db_now() order by c.id limit 1) as care_team_id
    from (select 1) one left join device d on d.id = :device_id left join patient p on p.id = :patient_id"""
)

_KNOWN = text(
    """select a.id, a.public_id, a.level, a.rule, a.closed_at, a.claimed_at is not null as claimed,
        a.patient_id, e.received_at as last_received_at, exists (select from alarm_event s
            where s.alert_id = a.id and s.message_id = cast(:message_id as text)) as same_message
    from alarm_event e join alert a on a.id = e.alert_id
    where e.device = :device and e.alarm_id = :alarm_id and e.received_at > :since
    order by e.id desc limit 1 for update of a"""
)

_EVENT = text(
    """insert into alarm_event
        (device, alarm_id, phase, kind, alert_id, patient_id, raised_at, received_at, message_id, scaip)
    values
        (:device, :alarm_id, :phase, :kind, :alert_id, :patient_id, :raised_at, :received_at, :message_id,
            cast(:scaip as jsonb))"""
)

_DOUBT = text(
    "update alert set help_coming_at = null, version = version + 1 where id = :id and help_coming_at < :since"
)

_COPY = text(
    """select exists (select from alarm_event where device = :device and alarm_id = :alarm_id
        and message_id is not distinct from cast(:message_id as text))"""
)


def raise_alarm(alarm: Alarm, device_row_id: int | None, patient_id: int | None) -> Episode | None:
    """Put an alarm in front of people, in the caller's transaction; never refuses and never commits.

    `device_row_id` is None for a device we do not know, `patient_id` None for one that nobody wears: both
    open an unassigned alert on every duty desk. Judged on `received_at` alone, whatever the state of
    monitoring, consent or the device's clock. Answers the episode, or None for a test, which is kept and
    disturbs nobody. A repeat of an alarm already known neither opens a second alert nor a closed one again;
    a cancel or clear is written on the alert, which a human closes.
    """
    if alarm.phase is Phase.TEST:
        _keep(alarm, None, patient_id)
        return None
    if patient_id is not None:
        # Before the row: a rule of the same name takes the lock first and then the row (inactivity).
        lock_cards([patient_id])
    known = db.session.execute(
        _KNOWN,
        {
            "device": alarm.device,
            "alarm_id": alarm.alarm_id,
            "since": alarm.received_at - SAME_ALARM_WITHIN,
            "message_id": alarm.message_id,
        },
    ).one_or_none()
    if known is not None and not _is_news(alarm, known):
        return _again(alarm, known, device_row_id)
    if alarm.phase in (Phase.CANCEL, Phase.CLEAR):
        # Its raise was not seen yet; should it still come, it opens the alert with this cancel on record.
        _keep(alarm, None, patient_id)
        return None
    occurrence = _occurrence(alarm, device_row_id, patient_id)
    episode = raise_episodes([occurrence])[0]
    _keep(alarm, episode.alert_id, patient_id)
    _doubt_old_help(episode, alarm)
    if episode.woken is not None:
        # Nobody has acknowledged this press, so no device goes on saying that somebody has.
        tell_devices(episode.alert_id)
    elif not episode.created:
        # A new press of an episode that somebody has already: the device hears that too.
        tell_again(episode.alert_id, alarm.device, alarm.alarm_id)
    subject = occurrence.subject
    if subject.patient is not None and subject.care_team_id is None and not subject.is_canary:
        # On no team's list, so every desk must hear it; the person's own page was told under their id.
        everybody = replace(subject, patient=None)
        notify(
            notice(everybody, episode.alert, episode.level, episode.state, alarm.kind.value, alarm.alarm_id)
        )
    return episode


def _doubt_old_help(episode: Episode, alarm: Alarm) -> None:
    """Whoever set off long before this press has been and gone: the desk says anew whether help is coming."""
    if not episode.created:
        db.session.execute(_DOUBT, {"id": episode.alert_id, "since": alarm.received_at - HELP_COMES_WITHIN})


def has_come_before(alarm: Alarm) -> bool:
    """Whether this very message is on record: what a broker kept and gives a new session once more is no news."""
    asked = {"device": alarm.device, "alarm_id": alarm.alarm_id, "message_id": alarm.message_id}
    return bool(db.session.execute(_COPY, asked).scalar_one())


def raise_unstorable(device: str, received_at: datetime) -> Episode:
    """The last card, in words of our own: an alarm came from `device` that the database refuses in every form."""
    occurrence = Occurrence(
        subject=Subject(None, None, None, False, None, device),
        rule="alarm_unstorable",
        kind="technical",
        level=Severity.EMERGENCY,
        title="Alarm that could not be stored",
        reason="A device sent an alarm that could not be stored. It may have been a press: find out who has it",
        true_at=received_at,
        known_at=received_at,
        evidence=[{"at": received_at.isoformat(), "device": device}],
        is_new_press=True,
    )
    return raise_episodes([occurrence])[0]


def _is_news(alarm: Alarm, known: Row[Any]) -> bool:
    """Whether an alarm id already known must reach people all the same.

    Its repeat says something worse than its first word did (which may not have been readable), or it is
    raised anew long after its last word, whether somebody closed it meanwhile or not: by kit that counts from one
    again, or that only ever says "SOS".
    """
    if alarm.phase in (Phase.CANCEL, Phase.CLEAR):
        return False
    if MEANINGS[alarm.kind].level.worse_than(Severity(known.level)):
        return True
    quiet = alarm.received_at - known.last_received_at
    return quiet > SAME_PRESS_WITHIN and alarm.phase is Phase.RAISE and not known.same_message


def _again(alarm: Alarm, known: Row[Any], device_row_id: int | None) -> Episode:
    """The same alarm once more: counted, and a cancel or clear written on the alert and told."""
    level = Severity(known.level)
    state = "closed" if known.closed_at is not None else "claimed" if known.claimed else "open"
    _keep(alarm, known.id, known.patient_id)
    if alarm.phase in (Phase.CANCEL, Phase.CLEAR):
        words = "Cancelled at the device" if alarm.phase is Phase.CANCEL else "The device says it is over"
        record_events([(known.id, known.patient_id, alarm.phase.value, words, {"cause": alarm.alarm_id})])
        subject = _subject(alarm, device_row_id, known.patient_id)
        if subject.patient is not None or not subject.is_canary:
            notify(notice(subject, known.public_id, level, state, known.rule, alarm.alarm_id))
    elif known.closed_at is None:
        db.session.execute(text("update alert set repeats = repeats + 1 where id = :id"), {"id": known.id})
    tell_again(known.id, alarm.device, alarm.alarm_id)
    return Episode(known.id, known.public_id, False, False, level, state)


def _context(device_row_id: int | None, patient_id: int | None) -> Row[Any]:
    return db.session.execute(_CONTEXT, {"device_id": device_row_id, "patient_id": patient_id}).one()


def _subject(alarm: Alarm, device_row_id: int | None, patient_id: int | None) -> Subject:
    row = _context(device_row_id, patient_id)
    return Subject(patient_id, row.patient, row.care_team_id, row.is_canary, device_row_id, alarm.device)


def _occurrence(alarm: Alarm, device_row_id: int | None, patient_id: int | None) -> Occurrence:
    meaning = MEANINGS[alarm.kind]
    row = _context(device_row_id, patient_id)
    title, reason = meaning.title, meaning.words
    where = row.last_known_address or "none on record"
    if patient_id is not None and row.care_team_id is None:
        reason = f"{meaning.words}, and who wears it is on no team's list. Last known address: {where}"
    if patient_id is None:
        what = (row.device_kind or "device").replace("-", " ").replace("_", " ")
        title = f"Unassigned {what}"
        reason = f"{meaning.words}, and nobody is registered as wearing it. Last known address: {where}"
    if alarm.raised_at is not None and alarm.received_at - alarm.raised_at > timedelta(minutes=15):
        reason += f". By its own clock it happened {alarm.raised_at:%-d %b %H:%M} UTC"
    if alarm.detail:
        reason += f". {alarm.detail}"
    subject = Subject(patient_id, row.patient, row.care_team_id, row.is_canary, device_row_id, alarm.device)
    return Occurrence(
        subject=subject,
        rule=RULES.get(alarm.kind, alarm.kind.value),
        kind=meaning.kind,
        level=meaning.level,
        title=title,
        reason=reason,
        true_at=alarm.received_at,
        known_at=alarm.received_at,
        evidence=[{"at": alarm.received_at.isoformat(), "alarm": alarm.alarm_id, "device": alarm.device}],
        caused_by=alarm.alarm_id,
        is_new_press=True,
    )


def _keep(alarm: Alarm, alert_id: int | None, patient_id: int | None) -> None:
    """Every press as it came, whatever became of it."""
    db.session.execute(
        _EVENT,
        {
            "device": alarm.device,
            "alarm_id": alarm.alarm_id,
            "phase": alarm.phase.value,
            "kind": alarm.kind.value,
            "alert_id": alert_id,
            "patient_id": patient_id,
            "raised_at": alarm.raised_at,
            "received_at": alarm.received_at,
            "message_id": alarm.message_id,
            "scaip": json.dumps(dict(alarm.scaip)) if alarm.scaip else None,
        },
    )
