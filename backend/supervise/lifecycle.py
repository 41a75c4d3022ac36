"""Runs a home in the foreground until somebody asks it to stop: what `up` means."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from types import FrameType

from backend.supervise.home import Home, Run
from backend.supervise.launch import AlreadyRunningError
from backend.supervise.options import Options
from backend.supervise.supervisor import Supervisor


class Stopped(BaseException):
    """We were asked to stop."""


def foreground(options: Options, *, fresh: bool, serve: Callable[[Run], None]) -> None:
    """Start everything, call ``serve`` with what runs, watch until SIGINT or SIGTERM, stop everything.

    Raises AlreadyRunningError, or RuntimeError in words for the person when a part does not start.
    """
    home = Home(options.home)
    home.make()
    if not home.claim():
        raise AlreadyRunningError(home.read())
    if fresh:
        home.forget()
    stop = threading.Event()
    supervisor = Supervisor(options)
    with _signals(stop), contextlib.suppress(Stopped):
        try:
            serve(supervisor.start())
            supervisor.watch(stop)
        finally:
            _ignore((signal.SIGINT, signal.SIGTERM))
            supervisor.stop()
            home.release()


@contextlib.contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    def asked(_number: int, _frame: FrameType | None) -> None:
        # A second Ctrl-C, or make's signal after the terminal's, must not leave half of the parts running.
        _ignore(before)
        stop.set()
        raise Stopped

    # Whoever started us with hang-ups ignored (nohup) wants us to stay.
    before = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN
    }
    for number in before:
        signal.signal(number, asked)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore(numbers: Iterable[int]) -> None:
    for number in numbers:
        signal.signal(number, signal.SIG_IGN)
