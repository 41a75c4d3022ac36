"""Steps the server's clock by an hour while everything runs: the database's, and by libfaketime the workers'."""

import contextlib
from pathlib import Path

import psycopg

from backend.supervise import packages
from backend.supervise.debian import tools_folder

LIBRARY = "faketime/libfaketimeMT.so.1"
HOUR = 3600
# Share of the run -> seconds off: forward, back, an hour too early, and right again before nothing strikes any more.
COURSE = ((0.3, HOUR), (0.45, 0), (0.6, -HOUR), (0.75, 0))
_STEP = """create or replace function db_now() returns timestamptz language sql volatile parallel safe as
    $$ select clock_timestamp() + interval '{} seconds' $$"""


def library() -> Path | None:
    """Debian's libfaketime, from the machine or fetched beside our data; None where it cannot be had."""
    for root in (Path("/"), tools_folder()):
        for found in sorted((root / "usr/lib").glob(f"*/{LIBRARY}")):
            return found
    with contextlib.suppress(RuntimeError, OSError):
        packages.unpack(tools_folder(), "libfaketime")
        return next(iter(sorted((tools_folder() / "usr/lib").glob(f"*/{LIBRARY}"))), None)
    return None


class ServerClock:
    """What the server takes for the time. `db_now()` is replaced by its owner, which every session sees at once."""

    def __init__(self, home: Path) -> None:
        self._file = home / "server-clock"
        self._library = library()
        self.off_s = self._told_s = 0
        self.steps = 0
        self._file.write_text("+0\n")

    @property
    def way(self) -> str:
        """What is stepped, for the counts."""
        return "database" if self._library is None else "database and workers"

    def environment(self) -> dict[str, str]:
        """What a program that lives by this clock is started with; the monotonic clock stays what it is."""
        if self._library is None:
            return {}
        return {
            # Looked at once a second: at each call, as it can be told, a program spends its time on that.
            "LD_PRELOAD": str(self._library), "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1", "DONT_FAKE_MONOTONIC": "1",
        }  # fmt: skip

    def follow(self, share: float, owner_dsn: str) -> None:
        """Stand where the course says after this share of the run; tried again while the database is away."""
        wanted = max((at, off) for at, off in ((0.0, 0), *COURSE) if at <= share)[1]
        if wanted != self.off_s:
            self.off_s = wanted
            self.steps += 1
            self._file.write_text(f"{wanted:+d}\n")
        if self._told_s != self.off_s:
            with (
                contextlib.suppress(psycopg.Error),
                psycopg.connect(owner_dsn, autocommit=True, connect_timeout=2) as owner,
            ):
                owner.execute("set statement_timeout = '1s'")
                owner.execute(_STEP.format(self.off_s).encode())
                self._told_s = self.off_s

    @property
    def is_right(self) -> bool:
        """Whether the database has been told that it is not off."""
        return self._told_s == self.off_s == 0
