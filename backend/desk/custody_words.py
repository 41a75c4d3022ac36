"""Says the steps of custody in words: to whom, by what and which part of the system, never by a code."""

from collections.abc import Mapping
from typing import Any

from backend.messages.templates import TEMPLATES
from backend.observations.reading import AlarmKind, Phase

THE_GATEWAY, THE_RULES, THE_OUTBOX = "the device gateway", "the rules", "the message service"
THE_SERVICE = "Alongside"
_TO: Mapping[str, str] = {
    "care-team": "the team",
    "patient": "the person",
    "related-person": "a relative or carer",
    "practitioner": "a member of staff",
    "duty": "the duty line",
    "device": "the device",
    "organization": "the GP practice or alarm centre",
}
_ABOUT: Mapping[str, str] = {
    "alert-for-team": "that something new needs them",
    "alert-for-person": "that there is something for them to see",
    "please-measure-again": "to measure again",
    "message-from-team": "that the team has written to them",
    "alert-climbs": "that it is their turn",
    "alert-at-the-top": "that nobody has taken it",
    "yours-waits": "that what they took still waits",
    "reach-test": "as a test",
    "not-watched-from": "from when nobody watches",
    "person-died": "of a notice about the person",
    "person-died-undone": "that the last notice was taken back",
    "reading-waits": "that a reading is waited for",
    "reading-waits-or-call": "that a reading is waited for, or to ask for a call",
    "device-not-heard": "that a device has not been heard",
    "message-for-team": "that the person has written to them",
    "message-for-practice": "that a person has written to the practice",
    "message-from-practice": "that the practice has written to them",
    "nurse-has-seen": "that a nurse has seen it",
    "reminder": "of something they asked to be reminded of",
}
_BY: Mapping[str, str] = {
    "web-push": "a notification",
    "sms": "text message",
    "email": "e-mail",
    "log": "the list on our own pages",
    "best": "the best way there is",
}
_KINDS: Mapping[AlarmKind, str] = {
    AlarmKind.SOS: "Call for help",
    AlarmKind.FALL: "Fall alarm",
    AlarmKind.INACTIVITY: "No movement alarm",
    AlarmKind.SMOKE: "Smoke alarm",
    AlarmKind.CO: "Carbon monoxide alarm",
    AlarmKind.GAS: "Gas alarm",
    AlarmKind.HEAT: "Heat alarm",
    AlarmKind.FLOOD: "Flood alarm",
    AlarmKind.DOOR: "Door alarm",
    AlarmKind.BED: "Bed alarm",
    AlarmKind.EPILEPSY: "Seizure alarm",
    AlarmKind.MEDICATION: "Medication alarm",
    AlarmKind.TAMPER: "Tamper alarm",
    AlarmKind.LOW_BATTERY: "Low battery alarm",
    AlarmKind.POWER: "Power alarm",
    AlarmKind.TECHNICAL: "Technical alarm",
}
_PHASES: Mapping[Phase, str] = {
    Phase.RAISE: "came",
    Phase.REPEAT: "came again",
    Phase.CANCEL: "was cancelled at the device",
    Phase.CLEAR: "is over, says the device",
    Phase.TEST: "came as a test",
}
_STATES: Mapping[str, str] = {
    "received": "we have the alarm",
    "being_handled": "somebody has it",
    "help_coming": "help is coming",
    "resolved": "it is over",
    "cannot_reach_anyone": "nobody can be reached",
}


def to_words(kind: str) -> str:
    """Whom a message is for."""
    return _TO.get(kind, "somebody")


def about_words(template: str) -> str:
    """What a message says, as the end of "to be told ..."."""
    return _ABOUT.get(template) or TEMPLATES.get(template, "that there is something")


def by_words(channel: str) -> str:
    """The way a message went."""
    return _BY.get(channel, "another way")


def press_words(kind: str, phase: str) -> str:
    """What a device raised; a kind this version does not know is an alarm all the same."""
    named = next((words for one, words in _KINDS.items() if one.value == kind), "Alarm")
    said = next((words for one, words in _PHASES.items() if one.value == phase), "came")
    return f"{named} {said}"


def state_words(state: str) -> str:
    """What a device is told about its alarm."""
    return _STATES.get(state, state.replace("_", " "))


def who_words(row: Any) -> str:
    """Who did what an event says: a name, or what kind of actor."""
    kinds = {"system": "Alongside", "patient": "the person", "related-person": "a relative or carer"}
    return str(row.display_name or kinds.get(row.actor_kind, "Alongside"))


def typed_by(row: Any) -> str:
    """Who read a value off a display and typed it: a carer by name, else the person."""
    return str(row.display_name or "the person")


def typed_words(row: Any) -> str:
    """That it was typed, by the phone's own clock, and what was said with it."""
    words = ["Typed by hand, by the phone's own clock"]
    if row.made_offline:
        words.append("without a network")
    if row.repeated:
        words.append("taken again, because the first was unlikely")
    if row.oxygen == "unknown":
        words.append("they did not know how much oxygen was in use")
    return ", ".join(words)
