"""What other programs may ask of kit: note that a test alarm came whole."""

from datetime import datetime, timedelta

from sqlalchemy import text

from backend.core.db import db

# A device repeats its test until it is told; that is one test.
SAME_TEST_WITHIN = timedelta(minutes=10)

# Only inserts: whoever edits this kit at a desk just now holds up no alarm.
_TEST = text(
    """insert into kit_event (device_id, at, kind, words)
    select id, :at, 'test', 'A full test came through' from device where id = :device
      and not exists (select from kit_event e where e.device_id = :device and e.kind = 'test'
          and e.at > cast(:at as timestamptz) - cast(:within as interval))"""
)


def note_test(device_row_id: int, at: datetime) -> None:
    """Write that a test of this device went the whole way at `at`, when it was received; never commits."""
    db.session.execute(_TEST, {"device": device_row_id, "at": at, "within": SAME_TEST_WITHIN})
