"""How a decoder says that a message cannot be used, so that every refusal has a code a vendor can look up."""

from collections.abc import Sequence

from backend.observations.reading import Reading, Refused


class Undecodable(Exception):  # noqa: N818 - the house's word for it, and it is not our error
    """Raised by a decoder. `detail` names fields and units; it is kept with the message and never logged.

    `readings` are the values as far as they could be read before the refusal, also those that cannot be true:
    what is held may still be dangerous, and somebody is told. They never enter a record.
    """

    def __init__(
        self, reason: str, detail: str, message_id: str | None = None, readings: Sequence[Reading] = ()
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
        self.message_id = message_id
        self.readings = tuple(readings)

    def refused(self) -> Refused:
        """The same as data."""
        return Refused(self.reason, self.detail)
