"""Everything killed at random under load, counted from outside: and the count is shown to see a loss."""

import json
from itertools import chain
from pathlib import Path

import pytest

from tests.chaos.mutant import receipt_before_commit
from tests.chaos.rogue import POISONS
from tests.chaos.run import faults, run
from tests.chaos.server_clock import COURSE
from tests.chaos.storm import BLOWS, blows, of_kind


@pytest.mark.slow
@pytest.mark.hazard("H04", "H07", "H09")
@pytest.mark.hazard("H05")
def test_thirty_seconds_of_kills_lose_nothing_double_nothing_and_leave_no_alarm_unheard() -> None:
    counts = run(30, seed=1)
    print(json.dumps(counts))  # noqa: T201 - the figure a reader of the log wants
    assert faults(counts) == {}
    assert counts["receipted"] == counts["stored"]
    assert counts["made"] == counts["receipted"] + counts["refused"]
    assert counts["made"] > 1_000
    assert counts["alarms_raised"] > 20
    assert counts["alerts_made"] > 30
    assert counts["taken"] > 5, "a human took some"
    assert counts["escalated"] > 0, "others were told for the rest"
    assert counts["clock_steps"] == len(COURSE)
    assert counts["quarantined"] > len(POISONS) / 2
    assert counts["kills"] >= len(BLOWS)


@pytest.mark.slow
@pytest.mark.hazard("H05")
def test_with_the_receipt_before_the_commit_the_count_reports_losses(tmp_path: Path) -> None:
    brown_outs = list(chain.from_iterable(of_kind("brown-out", at_s, 0.5) for at_s in (2.0, 8.0)))
    counts = run(11, seed=1, course=brown_outs, gateway_folder=receipt_before_commit(tmp_path))
    print(json.dumps(counts))  # noqa: T201 - the figure a reader of the log wants
    assert counts["lost"] > 0
    assert faults(counts)


def test_a_seed_is_one_course_and_every_kind_of_blow_is_in_half_a_minute() -> None:
    assert blows(7, 150) == blows(7, 150)
    assert blows(7, 150) != blows(8, 150)
    for seed in range(20):
        assert {blow.kind for blow in blows(seed, 30)} == set(BLOWS)
        assert len(blows(seed, 150)) > 50
