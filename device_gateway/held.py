"""Says at once what is dangerous in a message that is held, because held must never mean unheard."""

from collections.abc import Sequence

from backend.alerts.service import HeldReading, raise_held
from backend.observations.reading import Reading
from device_gateway.opening import Opened

# The device itself says that these are no measurements of anybody.
OF_NOBODY = frozenset({"not-a-measurement", "control-solution", "test-reading"})


def alert_held(refused: Sequence[Opened]) -> None:
    """Raise what readings of held messages call for, in the batch's own transaction.

    Each `refused` has `items` where its values could be read, whatever it was refused for.
    """
    held = [
        HeldReading(one.device, one.refused.reason, one.arrived.received_at, readings)
        for one in refused
        if one.refused is not None
        and one.refused.reason not in OF_NOBODY
        and (readings := tuple(item for item in one.items if isinstance(item, Reading)))
    ]
    raise_held(held)
