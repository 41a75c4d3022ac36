"""Points where a test can have this process killed, because between COMMIT and PUBACK cannot be hit by luck.

Active only when ALONGSIDE_CRASH_AT names one: `after-commit` (stored, neither PUBACK nor receipt sent) or
`after-puback` (PUBACK on the wire, no receipt sent). `after-commit:3` means at the third batch.
`downlink-before-publish` and `downlink-before-mark` stand around what is told to a device, `replay-before-commit`
and `replay-after-commit` around kept messages that are tried again.
"""

import os
import signal

_left: dict[str, int] = {}


def arm(crash_at: str | None) -> None:
    """Set the one point to die at, from the configuration."""
    _left.clear()
    if crash_at:
        point, _, count = crash_at.partition(":")
        _left[point] = int(count or 1)


def armed(point: str) -> bool:
    """Whether the next pass of this point ends the process."""
    return _left.get(point) == 1


def reach(point: str) -> None:
    """Pass a point; the armed one ends the process as a power cut would."""
    if point in _left:
        _left[point] -= 1
        if _left[point] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
