"""What a desk may see of kept messages: counts of all, values only of the team's own people and of nobody's kit."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.access import service as access
from backend.access.record import Action, Panel, Purpose, RecordRefused, open_panel, open_record
from backend.audit import service as audit
from backend.core.clock import now
from backend.core.errors import Invalid, NotAllowed
from backend.core.http import Actor
from backend.core.notices import notify
from backend.devices import ended, quarantined
from backend.devices.quarantined import QuarantinedMessage, Wanted
from backend.observations import service as observations
from backend.quarantine import replays
from backend.quarantine.finding import show

ENTITY = "quarantine"
# Why a reading belongs to nobody yet, so that somebody may say whose it is.
UNATTRIBUTED = frozenset({"not-bound", "slot-unknown"})
OTHER_DEVICES_MESSAGES = 10
# Why a message that will never be used needs nobody any more: codes, because the audit trail holds no free words.
SET_ASIDE = ("vendor-told", "kit-mended", "known-test", "not-needed")


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whose values a message may hold, by inside keys: at each moment in question, all who wore its device."""

    moments: Sequence[frozenset[int]]

    def may_see(self, mine: Container[int]) -> bool:
        """Whether a team sees values: of nobody's kit, or when somebody of theirs wore it at every moment."""
        return all(any(one in mine for one in moment) for moment in self.moments)

    def anybody(self) -> list[int]:
        """Everybody whose they may be."""
        return sorted(frozenset().union(*self.moments))

    def named(self) -> list[int]:
        """Who wore it at every moment; what came across a hand-over stands under nobody's name."""
        return sorted(frozenset.intersection(*self.moments)) if self.moments else []


@dataclass(frozen=True, slots=True)
class Seen:
    """A message behind its door, and whom it concerns."""

    panel: Panel
    message: QuarantinedMessage
    people: Concerned


def open_desk(actor: Actor) -> Panel:
    """The panel of whoever may act here; raises NotAllowed, also for the canary's watcher."""
    panel = open_panel(actor)
    if panel.watches_canary:
        audit.record_refusal(actor, "act-on-quarantine", ENTITY, detail={"rule": "canary"})
        raise NotAllowed("canary", "The canary's watcher only watches.")
    return panel


def listed(actor: Actor, wanted: Wanted, limit: int, before: UUID | None) -> dict[str, object]:
    """A page of kept messages with counts; values are left out where they are another team's person's."""
    panel = open_panel(actor)
    found = quarantined.newest(wanted, limit + 1, before)
    people = _people([one.key for one in found])
    return {
        "as_of": now(),
        **quarantined.counts(wanted),
        "rows": [_row(one, panel, people[one.key]) for one in found[:limit]],
        "next": found[limit - 1].id if len(found) > limit else None,
    }


def opened(actor: Actor, message_id: UUID, action: Action = Action.READ_READINGS) -> Seen:
    """One message behind its door, audited; for who may not see it, as if it were not there."""
    panel = open_panel(actor) if action is Action.READ_READINGS else open_desk(actor)
    message = quarantined.kept(message_id)
    if message is None:
        audit.record_refusal(actor, action.value, ENTITY, str(message_id), detail={"rule": "no-such-record"})
        raise RecordRefused
    people = _people([message.key])[message.key]
    mine = [one for one in people.anybody() if one in panel.patients]
    if people.moments:
        # The door of the person's record decides and is audited: for the team's own, else for one who is not.
        may_see = people.may_see(panel.patients)
        who = mine if may_see else [one for one in people.anybody() if one not in panel.patients][:1]
        for public_id in access.public_ids(who).values():
            open_record(actor, public_id, Purpose.CAREMGT, action)
        if not may_see:
            raise RecordRefused
    audit.record(actor, action.value, ENTITY, str(message_id), purpose=Purpose.CAREMGT.value)
    return Seen(panel, message, people)


def page(actor: Actor, message_id: UUID) -> dict[str, object]:
    """Everything about one message: its bytes, what is wrong with them, what was tried, what can be done."""
    seen = opened(actor, message_id)
    message = seen.message
    shown = show(message.payload, message.detail)
    tries = replays.tries_of(message.key)
    names = access.practitioner_names([one.asked_by for one in tries])
    corrections = observations.corrections_by_key([one.correction_id for one in tries if one.correction_id])
    others = quarantined.newest(Wanted(device=message.device_id), OTHER_DEVICES_MESSAGES)
    return _row(message, seen.panel, seen.people) | {
        "as_of": now(),
        "topic": message.topic,
        "form": shown.form,
        "text": shown.text,
        "mark": shown.mark,
        "is_whole": shown.is_whole,
        "tries": [
            {
                "at": one.at,
                "state": one.state,
                "words": one.words,
                "by": names[one.asked_by][1],
                "person": _name(seen.panel, one.patient_id),
                "correction": _standing(corrections.get(one.correction_id or 0)),
            }
            for one in tries
        ],
        "others": [
            {"id": one.id, "received_at": one.received_at, "words": one.words}
            for one in others
            if one.key != message.key
        ],
        "may_replay": _is_open(message) and message.channel in replays.CHANNELS,
        "may_attribute": may_attribute(message),
    }


def may_attribute(message: QuarantinedMessage) -> bool:
    """Whether somebody may say whose reading this is: it could be read, and only its wearer is unknown."""
    return (
        _is_open(message)
        and message.channel in replays.CHANNELS
        and message.reason in UNATTRIBUTED
        and message.device_row_id is not None
    )


def set_aside(actor: Actor, message_id: UUID, reason: str) -> None:
    """End a message's wait by hand, with one of SET_ASIDE in the audit trail; the same bytes open it anew."""
    seen = opened(actor, message_id, Action.ADD_READING)
    if not _is_open(seen.message):
        raise Invalid("not-open", "This message does not wait any more.")
    quarantined.lock([seen.message.key])
    ended.resolve([seen.message.key], "set-aside")
    audit.record(
        actor, "set-aside", ENTITY, str(message_id), purpose=Purpose.CAREMGT.value, detail={"reason": reason}
    )
    notify({"t": "quarantine", "p": None, "r": seen.message.reason})


def replay(actor: Actor, wanted: Wanted, ids: Collection[UUID]) -> replays.Progress:
    """Ask for open messages to be tried again with today's decoders, by choice or by what they have in common."""
    panel = open_desk(actor)
    keys = quarantined.keys_of(wanted, ids, replays.CHANNELS, replays.MOST_AT_ONCE)
    asked = replays.ask(panel.practitioner.id, keys)
    audit.record(
        actor,
        "replay",
        ENTITY,
        str(asked.id),
        purpose=Purpose.CAREMGT.value,
        detail={
            "messages": asked.total,
            "reason": wanted.reason,
            "device": wanted.device,
            "model": wanted.model,
        },
    )
    return asked


def _standing(one: observations.Made | None) -> UUID | None:
    """The correction that can still be undone."""
    return None if one is None or one.undone_at is not None else one.public_id


def _is_open(message: QuarantinedMessage) -> bool:
    return message.resolved_at is None


def _people(keys: Collection[int]) -> Mapping[int, Concerned]:
    found, given = quarantined.concerned(keys), replays.given_to(keys)
    # Whom somebody gave it to is one whose it may be, whoever wore the device.
    for key, people in given.items():
        found[key] = [worn | people for worn in found[key] or [frozenset()]]
    return {key: Concerned(worn) for key, worn in found.items()}


def _name(panel: Panel, patient_id: int | None) -> str | None:
    patient = None if patient_id is None else panel.patients.get(patient_id)
    return None if patient is None else patient.display_name


def _row(one: QuarantinedMessage, panel: Panel, people: Concerned) -> dict[str, Any]:
    is_hidden = not people.may_see(panel.patients)
    mine = [] if is_hidden else [panel.patients[id_] for id_ in people.named() if id_ in panel.patients]
    return {
        "id": one.id,
        "first_received_at": one.first_received_at,
        "received_at": one.received_at,
        "device_id": one.device_id,
        "model": one.model,
        "channel": one.channel,
        "reason": one.reason,
        "words": one.words,
        "what_to_do": one.what_to_do,
        # A finding may name a value.
        "detail": None if is_hidden else one.detail,
        "is_hidden": is_hidden,
        "message_id": one.message_id,
        "times": one.times,
        "size": len(one.payload),
        "resolved_at": one.resolved_at,
        "resolution": one.resolution,
        "people": [{"id": person.public_id, "display_name": person.display_name} for person in mine],
    }
