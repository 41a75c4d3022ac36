"""A change of a rule shows what it does to people's alerts, and waits until somebody has looked at the difference."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
import yaml

from backend.alerts.judge import rules
from backend.alerts.rules import bp_low, spo2_low, temperature
from tests.alerts.replay import FOUND, STREAMS, replay

APPROVED: dict[str, dict[str, Any]] = yaml.safe_load(FOUND.read_text())
BY_ID: Mapping[str, Mapping[str, Any]] = {stream["id"]: stream for stream in STREAMS}


@pytest.mark.hazard("H14")
@pytest.mark.parametrize("stream", BY_ID)
def test_golden_replay(stream: str) -> None:
    """`python -m tests.alerts.replay` writes down what is found now; its difference is what a reviewer approves."""
    assert replay(BY_ID[stream]) == APPROVED[stream]


@pytest.mark.hazard("H14")
def test_every_rule_asked_by_a_reading_speaks_in_the_recorded_streams_and_no_stream_is_left_out() -> None:
    assert set(APPROVED) == set(BY_ID)
    spoken = {rule for found in APPROVED.values() for rule in found}
    assert spoken == {name for name, rule in rules().items() if rule.ON == "reading"}


@pytest.mark.hazard("H14")
@pytest.mark.parametrize(
    ("where", "constant", "moved", "stream"),
    [
        (bp_low, "RED", Decimal(86), "nobody-asked"),
        (bp_low, "LOWISH", Decimal(90), "heart-failure"),
        (temperature, "IMMUNE_HIGH", Decimal("38.5"), "immunosuppressed-80"),
    ],
)
def test_a_moved_edge_of_a_rule_is_seen_in_the_replay(
    monkeypatch: pytest.MonkeyPatch, where: Any, constant: str, moved: Decimal, stream: str
) -> None:
    monkeypatch.setattr(where, constant, moved)
    assert replay(BY_ID[stream]) != APPROVED[stream]


@pytest.mark.hazard("H14")
def test_a_rule_that_falls_silent_is_seen_in_the_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spo2_low, "evaluate", lambda _history: None)
    assert all(replay(stream) != APPROVED[stream["id"]] for stream in STREAMS)
