"""Says which signs of life are worth a write: a row a message would double what a reading costs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.devices.service import Sign

# A device heard again within this is already known to live; silence is judged in minutes and hours.
EVERY_S = 5.0
LONGEST_MEMORY = 100_000


@dataclass(slots=True)
class Pace:
    """Remembers when each device's state was last written (monotonic seconds), and in which life."""

    written: dict[int, tuple[float, str | None]] = field(default_factory=dict)

    def is_due(self, device_row_id: int, boot: str | None, now: float) -> bool:
        """Whether a sign is worth a write: the first, one after a while, and each new life."""
        before = self.written.get(device_row_id)
        return before is None or now - before[0] >= EVERY_S or before[1] != boot

    def wrote(self, signs: Sequence[Sign], now: float) -> None:
        """Remember what was committed."""
        if len(self.written) > LONGEST_MEMORY:
            self.written.clear()
        for sign in signs:
            self.written[sign.device_row_id] = (now, sign.boot)
