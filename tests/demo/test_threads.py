"""What the demo's people have written looks as if it had been lived: whatever was answered had been read."""

from __future__ import annotations

from tests.demo.conftest import Prepared

UNREAD = """select count(*) from thread_message m join thread t on t.id = m.thread_id
    where m.id <= t.settled_upto and not exists (
        select from thread_seen s where s.message_id = m.id and s.what = 'read'
        and s.side = case when m.practitioner_id is null then 'team' else 'person' end)"""


def test_every_message_up_to_the_last_answer_was_read_by_the_other_side(prepared: Prepared) -> None:
    assert prepared.one("select count(*) from thread where settled_upto is not null") >= 1
    assert prepared.one(UNREAD) == 0
    read = prepared.one("select count(*) from thread_seen")
    prepared.again()
    assert prepared.one("select count(*) from thread_seen") == read
