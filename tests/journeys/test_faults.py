"""A few of the random lives that `make bench` lives by the hundred: nothing that was saved is lost or doubled."""

from __future__ import annotations

import pytest
from playwright.sync_api import Playwright

from bench.phone_faults import run
from bench.phone_service import Service
from tests.flows.conftest import System

pytestmark = pytest.mark.xdist_group("journeys")

# Three phones; the many lives are those of the bench (500), each of them as slow as a person is.
SEQUENCES, ON_ONE, SEED = 6, 2, 3


@pytest.mark.hazard("H05")
def test_whatever_happens_to_a_phone_its_network_and_the_service_nothing_saved_is_lost_or_doubled(
    playwright: Playwright, system: System
) -> None:
    told = run(playwright, Service(system.running), SEQUENCES, SEED, ON_ONE)
    assert (told.lost, told.doubled) == ([], [])
    assert told.sequences == SEQUENCES
    assert told.saved >= SEQUENCES / 2
    assert told.interrupted <= 1, "the lives were lived"
