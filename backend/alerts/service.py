"""What other slices may ask of alerts: raise an alarm, read what is open, which limits and cover stand."""

from datetime import date

from backend.access import service as access
from backend.access.record import OpenPatient
from backend.alerts.alarms import has_come_before, raise_alarm, raise_unstorable
from backend.alerts.answers import (
    NO_ANSWER,
    NOT_SAFE,
    Said,
    note_safe,
    raise_answers,
    raise_unsafe,
    say_unsafe,
)
from backend.alerts.at_once import judge_now
from backend.alerts.bands import Band, bands_of, rules_about
from backend.alerts.cards import lock_cards, lock_cards_of
from backend.alerts.device_states import last_told, note_told, tell_born, tell_devices
from backend.alerts.ending import close_all
from backend.alerts.evidence import levels_of
from backend.alerts.held import HeldReading, raise_held
from backend.alerts.limits import effective_limits, limit_rows, personal_limits
from backend.alerts.occurrence import Episode
from backend.alerts.own_words import own_words
from backend.alerts.private import seen_by_proxy, seen_by_the_person
from backend.alerts.rehearse import difference
from backend.alerts.rows import AlertView, events_of, open_alerts, owed_rechecks
from backend.alerts.rules.device_silent import cover
from backend.alerts.withdrawn import withdrawn
from backend.alerts.worry import carers_worry, is_carers_worry, raise_concern
from backend.core.clock import whole_years
from backend.observations.codes import Code
from backend.observations.reading import Limit
from backend.pathways import service as pathways

__all__ = [
    "NOT_SAFE",
    "NO_ANSWER",
    "AlertView",
    "Band",
    "Episode",
    "HeldReading",
    "Said",
    "bands_of",
    "carers_worry",
    "close_all",
    "cover",
    "difference",
    "events_of",
    "has_come_before",
    "is_carers_worry",
    "judge_now",
    "last_told",
    "levels_of",
    "limit_rows",
    "limits_for",
    "lock_cards",
    "lock_cards_of",
    "note_safe",
    "note_told",
    "open_alerts",
    "owed_rechecks",
    "own_words",
    "raise_alarm",
    "raise_answers",
    "raise_concern",
    "raise_held",
    "raise_unsafe",
    "raise_unstorable",
    "rules_about",
    "say_unsafe",
    "seen_by_proxy",
    "seen_by_the_person",
    "tell_born",
    "tell_devices",
    "withdrawn",
]


def limits_for(patient: OpenPatient, today: date | None = None) -> dict[Code, Limit]:
    """The ranges that count for a person: a clinician's own before the packs', none where packs disagree.

    Each Limit says its source in words and whether it is personal.
    """
    age = whole_years(patient.birth_date, today or access.database_time().date())
    enrolled = pathways.enrolments_for([patient.id]).get(patient.id, [])
    return effective_limits(personal_limits([patient.id]).get(patient.id, {}), enrolled, age)
