"""What other slices may ask of escalation: how a ladder stands, to begin one at once, and to take somebody off."""

from backend.escalation.leaving import keep_to_membership, take_off
from backend.escalation.people import alarm_centre_of
from backend.escalation.rota import is_rostered
from backend.escalation.standing import LadderView, ladder_of
from backend.escalation.starting import start as start_now

__all__ = [
    "LadderView",
    "alarm_centre_of",
    "is_rostered",
    "keep_to_membership",
    "ladder_of",
    "start_now",
    "take_off",
]
