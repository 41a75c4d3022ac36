"""What other slices may ask of escalation: how a ladder stands, to begin one at once, and to take somebody off."""

from backend.escalation.leaving import take_off
from backend.escalation.standing import LadderView, ladder_of
from backend.escalation.starting import start as start_now

__all__ = ["LadderView", "ladder_of", "start_now", "take_off"]
