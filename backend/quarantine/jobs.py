"""Ends the wait of what was stored since, and forgets what ended long ago."""

from backend.core.db import transaction
from backend.core.job import Job
from backend.core.notices import notify_all
from backend.devices import ended

# Alongside default: longer than any vendor needs to mend a decoder and have a message tried again.
KEPT_DAYS = 90
AT_ONCE = 1_000


def resolve_stored_since() -> int:
    """A mended device sends again under the same id: what was refused before needs nobody any more."""
    with transaction():
        reasons = ended.stored_since()
        notify_all({"t": "quarantine", "p": None, "r": reason} for reason in reasons)
    return 0


def forget_ended() -> int:
    """Forget what ended 90 days ago; what is open stays."""
    with transaction():
        return ended.forget_ended(KEPT_DAYS, AT_ONCE)


JOBS = (
    Job("resolve_stored_since", resolve_stored_since, every_s=15),
    Job("forget_quarantine", forget_ended, every_s=3_600, drains=True),
)
