"""The door of the gateway into a record, and the two ways to read a person's values back."""

from backend.observations.recording import record_readings
from backend.observations.series import latest, recent, series

__all__ = ["latest", "recent", "record_readings", "series"]
