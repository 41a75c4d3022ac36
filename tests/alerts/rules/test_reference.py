"""Every threshold of the clinical reference is judged by one rule alone, or stands here with where it is done."""

from collections import Counter

import pytest

from backend.alerts.judge import rules

# The ids of the thresholds, typed from the clinical reference.
THRESHOLDS = [
    "bp-severe",
    "bp-home-avg-1",
    "bp-home-avg-2",
    "bp-target-under80",
    "bp-target-80plus",
    "bp-low",
    "bp-lowish",
    "bp-postural",
    "spo2-red",
    "spo2-amber",
    "spo2-scale2-low",
    "spo2-scale2-high-on-o2",
    "spo2-drop",
    "spo2-scale2-emergency",
    "pulse-low",
    "pulse-high",
    "pulse-mid",
    "pulse-irregular",
    "temp-high",
    "temp-fever",
    "temp-low",
    "temp-immunosuppressed",
    "rr-high",
    "rr-low",
    "rr-mid",
    "hf-weight-3d",
    "hf-weight-trend",
    "dry-weight",
    "glucose-l2",
    "glucose-hypo",
    "glucose-hypo-not-treated",
    "glucose-high",
    "glucose-high-type2",
    "glucose-very-high",
    "ketones-mod",
    "ketones-high",
    "pef-amber",
    "pef-red",
    "pef-life",
    "fall",
    "fall-recurrent",
    "inactivity",
    "bed-exit",
    "missing",
    "phq9-item9",
    "carer-concern",
]

ELSEWHERE = {
    "fall": "an alarm is raised as it arrives, without a rule (backend/alerts/alarms.py); fall_seen is the net",
}


@pytest.mark.hazard("H13")
def test_every_threshold_of_the_reference_is_judged_by_one_rule() -> None:
    claimed = Counter(one for rule in rules().values() for one in getattr(rule, "REFERENCE", ()))
    twice = [one for one, count in claimed.items() if count > 1]
    unknown = [one for one in claimed if one not in THRESHOLDS]
    missing = [one for one in THRESHOLDS if one not in claimed and one not in ELSEWHERE]
    assert (twice, unknown, missing) == ([], [], [])
    assert not set(ELSEWHERE) & set(claimed)


def test_every_rule_names_its_source() -> None:
    assert [name for name, rule in rules().items() if not rule.SOURCE.strip()] == []
