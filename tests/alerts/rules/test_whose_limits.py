"""Which limit changes which rule, and which rules an end-of-life plan ends: said by each rule, and true of each."""

from dataclasses import replace

import pytest

from backend.alerts.history import Finding, History
from backend.alerts.judge import is_vital, limits_of, rules
from backend.alerts.ranges import LIMITED
from backend.observations.codes import Code
from backend.observations.reading import Limit

# A rule that never waits for a reading is asked by the clock; what it judges is no vital sign.
READ = sorted(name for name, rule in rules().items() if rule.ON == "reading")
NOT_VITAL = {
    "bed_exit", "carer_check_in", "check_in_level", "concern", "door_night", "fall_seen", "glucose_danger",
    "glucose_high", "glucose_low", "ketones", "mood_answers", "phq9_item9",
}  # fmt: skip


def _with_own(history: History, code: Code) -> History:
    """The same person, of whom a clinician says that everything that can be measured is in range."""
    low, high = code.info.hard
    wide = Limit(low, high, "a clinician", personal=True)
    return replace(history, limits={**history.limits, code: wide})


def _rank(finding: Finding | None) -> int:
    return -1 if finding is None else finding.severity.rank


def _is_calmed(name: str, code: Code) -> bool:
    """Whether some finding of the rule's own examples goes, or is milder, with the widest range of a code."""
    rule = rules()[name]
    return any(
        _rank(rule.evaluate(_with_own(history, code))) < _rank(rule.evaluate(history))
        for history, expected in rule.EXAMPLES
        if expected is not None
    )


@pytest.mark.parametrize("name", sorted(rules()))
@pytest.mark.hazard("H13")
def test_this_rule_is_wrong_for_this_person_opens_only_limits_that_change_the_rule(name: str) -> None:
    named = set(limits_of(name))
    assert named <= set(LIMITED) & rules()[name].WATCHES
    shown = {code for code in LIMITED if _is_calmed(name, code)}
    assert shown <= named
    # Of NEWS2 not every sign has an example of its own; the table of ranges tries them.
    assert named == shown or name.startswith("news2_")


@pytest.mark.parametrize("name", READ)
@pytest.mark.hazard("H13")
def test_each_rule_asked_by_a_reading_says_whether_an_end_of_life_plan_ends_it(name: str) -> None:
    rule = rules()[name]
    assert isinstance(getattr(rule, "VITAL", None), bool), f"{name} must say VITAL = True or False"
    assert is_vital(rule) == (name not in NOT_VITAL)


@pytest.mark.parametrize("name", sorted(set(rules()) - set(READ)))
def test_no_rule_of_the_clock_ends_with_an_end_of_life_plan(name: str) -> None:
    assert not is_vital(rules()[name])
