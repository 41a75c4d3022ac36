"""Says what somebody should do next with a card, and by when; pure, so that each case stands in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# Who is tried next when nobody answers. Alongside defaults, not national guidance. Trying once more comes first
# where there is time; with an emergency somebody near the person does, and 999 comes before a planned check.
_CALM = ("person", "person", "second-number", "key-holder", "welfare-check", "999")
_EMERGENCY = ("person", "second-number", "key-holder", "999", "welfare-check")
TRY_WORDS = {
    "person": "Try the person again",
    "second-number": "Try the second number",
    "key-holder": "Call a key-holder",
    "welfare-check": "Ask for a welfare check",
    "999": "Call 999",
}
# How long until the next try. Alongside defaults, not national guidance.
_NEXT_TRY = {
    "emergency": timedelta(minutes=2),
    "urgent": timedelta(minutes=10),
    "soon": timedelta(hours=1),
    "routine": timedelta(hours=4),
    "info": timedelta(hours=4),
}


@dataclass(frozen=True, slots=True)
class Next:
    """What to do, in a word for the page and in words, by when, and whom to try."""

    what: str
    words: str
    by: datetime | None = None
    suggest: str | None = None


@dataclass(frozen=True, slots=True)
class Stands:
    """A card as far as the next step follows from it; times of the soonest open finding."""

    unclaimed_by: datetime | None
    has_unclaimed: bool
    is_uncontacted: bool
    contact_by: datetime | None
    snoozed_until: datetime | None = None
    recheck_by: datetime | None = None
    handed_to_me_by: datetime | None = None
    try_by: datetime | None = None
    suggest: str | None = None


def next_action(stands: Stands) -> Next:
    """The one next step: what is most overdue by its nature comes first."""
    if stands.handed_to_me_by is not None:
        return Next("accept", "Accept it, or it climbs", stands.handed_to_me_by)
    if stands.has_unclaimed:
        return Next("claim", "Claim it", stands.unclaimed_by)
    if stands.is_uncontacted and stands.try_by is not None:
        return Next(
            "try-again", TRY_WORDS.get(stands.suggest or "", "Try again"), stands.try_by, stands.suggest
        )
    if stands.snoozed_until is not None:
        return Next("look-again", "Look again when the snooze ends", stands.snoozed_until)
    if stands.is_uncontacted:
        return Next("contact", "Speak to the person and record it", stands.contact_by, "person")
    if stands.recheck_by is not None:
        return Next("recheck", "Check again", stands.recheck_by)
    return Next("close", "Close it with its outcome")


def suggestion(level: str, tried: Sequence[str]) -> str:
    """Whom to try after these, oldest first; 999 (or a welfare check) when everybody has been."""
    left = list(tried)
    for who in _EMERGENCY if level == "emergency" else _CALM:
        if who in left:
            left.remove(who)
        else:
            return who
    return "999"


def try_again_at(level: str, now: datetime) -> datetime:
    """When the next try is due."""
    return now + _NEXT_TRY[level]
