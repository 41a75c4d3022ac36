"""Keeps what a sender has in hand its own for as long as it sends, so that a slow provider rings nobody twice."""

import logging
import threading
import time
from collections.abc import Collection
from datetime import timedelta
from types import TracebackType
from typing import Self

from flask import Flask
from sqlalchemy import text

from backend.core.db import db, transaction

log = logging.getLogger("alongside.messages")

# A sender that dies holds its rows this long, then another sends them again: at least once, by the same id.
LEASE = timedelta(seconds=30)
RENEW_EVERY_S = 10.0
# A sender that hangs for longer loses them: to be told twice is better than never.
RENEWED_FOR_S = 180.0

_RENEW = text(
    """update communication set not_before = db_now() + :lease
    where id = any(:ids) and state = 'waiting' and not_before > db_now()"""
)


class Lease:
    """While this lasts, those not yet given back are renewed by a thread; it costs nothing to who is quick."""

    def __init__(self, app: Flask, ids: Collection[int]) -> None:
        self._app = app
        self._held = set(ids)
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._since = time.monotonic()

    def __enter__(self) -> Self:
        if self._held:
            self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def give_back(self, id_: int) -> None:
        """This one has another time to be tried at, or none: renewing it would put that off."""
        with self._lock:
            self._held.discard(id_)

    def _keep(self) -> None:
        while not self._over.wait(RENEW_EVERY_S):
            if time.monotonic() - self._since > RENEWED_FOR_S:
                log.error("a sender hangs; what it has in hand goes to another", extra={"phase": "lease"})
                return
            try:
                with self._lock, self._app.app_context(), transaction():
                    db.session.execute(_RENEW, {"ids": sorted(self._held), "lease": LEASE})
            except Exception:
                # Then it is sent twice rather than never, and the next round tries again.
                log.exception("a lease could not be renewed", extra={"phase": "lease"})
