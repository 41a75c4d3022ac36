"""The canary's process: it sends as its devices, watches as a desk would, and pings an outside watcher."""

import os
import signal
import sys
import threading
from types import FrameType

from backend.canary.deadman import Deadman
from backend.canary.desk import Desk
from backend.canary.device import Door
from backend.canary.prepare import FILE
from backend.canary.prober import Prober
from backend.canary.watching import watch
from backend.core.answers import log_to_stderr
from backend.core.config import Config
from backend.core.db import database_app

BROKEN = 5


def main() -> int:
    """Run as told by the environment until asked to stop."""
    log_to_stderr()
    config = Config.from_environ()
    stop, seated = threading.Event(), threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        # The stream may be silent for a while yet: nothing is lost by leaving it.
        sys.exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    # Half a canary would look alive: whatever ends one of its threads ends it, and it is started anew.
    threading.excepthook = lambda _trouble: os._exit(BROKEN)
    app = database_app(config, pool_size=3, name="alongside-canary")
    account = config.home / FILE
    if config.device_port is not None:
        door = Door(config.device_host or "localhost", config.device_port, config.device_ca)
        prober = Prober(app, door, account)
        threading.Thread(target=prober.run, args=(stop, seated), name="probe", daemon=True).start()
    if config.deadman_url is not None:
        deadman = Deadman(app, config.deadman_url, config.deadman_every_s)
        threading.Thread(target=deadman.run, args=(stop,), name="deadman", daemon=True).start()
    watch(app, Desk(config.public_url, account), stop, seated)
    return 0


if __name__ == "__main__":
    sys.exit(main())
