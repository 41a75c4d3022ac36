"""Says who of the people at home hears of an alert, because some of what the team is told is nobody else's."""

from typing import Literal

from backend.alerts.judge import rules

SeenBy = Literal["everyone", "person", "team"]
# That an answer is late stands in the conversation itself, where a carer learns of nothing private.
_THE_TEAMS = frozenset({"message_unanswered", "practice_message_unanswered"})


def _seen_by(rule: str) -> SeenBy:
    """What a rule says of itself (SEEN_BY); one that says nothing, or is gone, is for everyone who may see alerts."""
    if rule in _THE_TEAMS:
        return "team"
    said: SeenBy = getattr(rules().get(rule), "SEEN_BY", "everyone")
    return said


def seen_by_proxy(rule: str) -> bool:
    """Whether whoever acts for a person may hear that there is such an alert."""
    return _seen_by(rule) == "everyone"


def seen_by_the_person(rule: str) -> bool:
    """Whether the person may; not of what a carer told the team about themselves."""
    return _seen_by(rule) != "team"
