"""The door of the gateway into a record, the two ways to read values back, and what was corrected of them."""

from backend.observations.columns import columns
from backend.observations.corrected import (
    Made,
    Measured,
    corrections_by_key,
    corrections_of,
    corrections_on,
    find_correction,
    given_by_hand,
    is_void,
    measured_by,
    messages_of,
    voided,
)
from backend.observations.corrections import JUDGED_BEFORE, attribute, undo, void
from backend.observations.recording import record_readings
from backend.observations.said import record_said, record_typed
from backend.observations.series import latest, recent, series

__all__ = [
    "JUDGED_BEFORE",
    "Made",
    "Measured",
    "attribute",
    "columns",
    "corrections_by_key",
    "corrections_of",
    "corrections_on",
    "find_correction",
    "given_by_hand",
    "is_void",
    "latest",
    "measured_by",
    "messages_of",
    "recent",
    "record_readings",
    "record_said",
    "record_typed",
    "series",
    "undo",
    "void",
    "voided",
]
