"""The journal keeps each reading until its receipt through every stop, and its counts always agree."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_stubs.journal import FILE, Journal, JournalInUseError, Kept, read_ledger


def _kept(number: int, device: str = "dev-00001") -> Kept:
    return Kept(device, "obs", f"id-{number:020d}", {"id": f"id-{number:020d}", "seq": number, "boot": "b1"})


def test_what_was_synced_is_there_after_the_process_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from firmware_stubs.journal import Journal, Kept\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "for n in range(50): journal.keep(Kept('dev-00001', 'obs', f'id-{n}', {'id': f'id-{n}', 'seq': n}))\n"
        "journal.stored('id-0'); journal.refused('id-1', 'unit'); journal.sync()\n"
        "journal.keep(Kept('dev-00001', 'obs', 'never-synced', {}))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False).returncode == -9
    journal = Journal(tmp_path)
    assert list(journal.waiting("dev-00001")) == [f"id-{n}" for n in range(2, 50)]
    assert journal.ledger.receipted_ids() == {"id-0"}
    assert journal.ledger.settled["id-1"] == ("dev-00001", "unit")
    journal.close()


@pytest.mark.parametrize("torn", [b'["m","dev-00001","obs","half', b'{"no', b"\x00\x00\x00"])
def test_a_last_line_torn_by_a_kill_is_cut_off_and_writing_goes_on(tmp_path: Path, torn: bytes) -> None:
    journal = Journal(tmp_path)
    journal.keep(_kept(1))
    journal.close()
    with (tmp_path / FILE).open("ab") as file:
        file.write(torn)
    again = Journal(tmp_path)
    again.keep(_kept(2))
    again.close()
    assert read_ledger(tmp_path).made_ids() == {_kept(1).id, _kept(2).id}


def test_two_processes_cannot_be_the_same_devices(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with pytest.raises(JournalInUseError):
        Journal(tmp_path)
    journal.close()
    Journal(tmp_path).close()


def test_a_second_receipt_changes_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.keep(_kept(1))
    assert journal.stored(_kept(1).id) is not None
    assert journal.stored(_kept(1).id) is None
    assert journal.refused(_kept(1).id, "schema") is None
    assert (journal.ledger.receipted_count, journal.ledger.rejected_count) == (1, 0)
    journal.close()


def test_a_long_life_is_compacted_and_loses_neither_count_nor_waiting_reading(tmp_path: Path) -> None:
    journal = Journal(tmp_path, remember=10, compact_bytes=4_000)
    for number in range(500):
        journal.keep(_kept(number))
        if number % 50:
            journal.stored(_kept(number).id)
        else:
            journal.refused(_kept(number).id, "unit") if number % 100 else None
        journal.sync()
    journal.close()
    assert (tmp_path / FILE).stat().st_size < 20_000
    ledger = read_ledger(tmp_path)
    assert (ledger.made_count, ledger.receipted_count, ledger.rejected_count) == (500, 490, 5)
    assert ledger.waiting_count == 5
    assert len(ledger.waiting["dev-00001"]) == 5


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["keep", "stored", "refused", "sync", "compact", "reopen"]), st.integers(0, 15)
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_the_file_always_replays_to_what_the_process_knew(steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal, made = Journal(Path(folder)), set[str]()
        for step, number in steps:
            kept = _kept(number, f"dev-{number % 3:05d}")
            if step == "keep" and kept.id not in made:
                journal.keep(kept)
                made.add(kept.id)
            elif step == "stored":
                journal.stored(kept.id)
            elif step == "refused":
                journal.refused(kept.id, "unit")
            elif step == "sync":
                journal.sync()
            elif step == "compact":
                journal.compact()
            elif step == "reopen":
                journal.close()
                journal = Journal(Path(folder))
        known = journal.ledger
        journal.close()
        read = read_ledger(Path(folder))
        assert read.made_ids() == known.made_ids() == made
        assert read.settled == known.settled
        assert read.owner == known.owner
        assert read.made_count == len(made)


def test_what_a_device_signs_in_with_is_still_known_after_the_file_was_made_short(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.keep_secrets("ox-00001", ["told", "factory"])
    journal.keep_secrets("ox-00001", ["newest", "told", "factory"])
    journal.compact()
    journal.close()
    again = Journal(tmp_path)
    assert again.secrets("ox-00001") == ["newest", "told", "factory"]
    assert again.secrets("ox-00002") == []
    again.close()
