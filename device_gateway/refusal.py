"""How a decoder says that a message cannot be used, so that every refusal has a code a vendor can look up."""

from backend.observations.reading import Refused


class Undecodable(Exception):  # noqa: N818 - the house's word for it, and it is not our error
    """Raised by a decoder. `detail` names fields and units; it is kept with the message and never logged."""

    def __init__(self, reason: str, detail: str, message_id: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
        self.message_id = message_id

    def refused(self) -> Refused:
        """The same as data."""
        return Refused(self.reason, self.detail)
