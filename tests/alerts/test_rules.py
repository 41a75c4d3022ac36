"""Every threshold on both sides, typed from the reference and never computed by the rule tested."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.alerts.history import DeviceState, Finding, History
from backend.alerts.judge import rules
from backend.alerts.rules import bp_severe, device_silent, spo2_low
from backend.observations.codes import Code
from backend.observations.reading import Limit, Reading, Special

T = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PRESCRIBED = {Code.SPO2: Limit(Decimal(88), Decimal(92), "prescribed", personal=True)}

EXAMPLES = [(name, n) for name, rule in rules().items() for n in range(len(rule.EXAMPLES))]


@pytest.mark.parametrize(("name", "n"), EXAMPLES)
def test_each_rule_does_what_its_own_examples_say(name: str, n: int) -> None:
    rule = rules()[name]
    history, expected = rule.EXAMPLES[n]
    assert rule.evaluate(history) == expected


def oxygen(*values: str | Special, minutes: tuple[float, ...] = (0,), as_of: float, copd: bool) -> History:
    readings = tuple(
        Reading(Code.SPO2, v if isinstance(v, Special) else Decimal(v), "%", T + timedelta(minutes=m))
        for v, m in zip(values, minutes, strict=True)
    )
    return History(readings, T + timedelta(minutes=as_of), limits=PRESCRIBED if copd else {})


def level(finding: Finding | None) -> str | None:
    if finding is None:
        return None
    return "ask a repeat" if finding.recheck_at is not None else finding.severity.value


# Reference: 92 or less emergency after one repeat; 93 to 94 urgent; 95 or more self-care.
@pytest.mark.parametrize(
    ("value", "at_once", "after_10_minutes"),
    [
        ("83", "emergency", "emergency"),
        ("83.1", "ask a repeat", "emergency"),
        ("84", "ask a repeat", "emergency"),
        ("87", "ask a repeat", "emergency"),
        ("88", "ask a repeat", "emergency"),
        ("91", "ask a repeat", "emergency"),
        ("92", "ask a repeat", "emergency"),
        ("92.1", "urgent", "urgent"),
        ("93", "urgent", "urgent"),
        ("94", "urgent", "urgent"),
        ("94.9", "urgent", "urgent"),
        ("95", None, None),
        ("100", None, None),
        (Special.LO, "emergency", "emergency"),
        (Special.HI, None, None),
        (Special.NOT_A_NUMBER, None, None),
    ],
)
@pytest.mark.hazard("H13")
def test_oxygen_of_somebody_without_a_target(
    value: str | Special, at_once: str | None, after_10_minutes: str | None
) -> None:
    assert level(spo2_low.evaluate(oxygen(value, as_of=0, copd=False))) == at_once
    assert level(spo2_low.evaluate(oxygen(value, as_of=9.9, copd=False))) == at_once
    assert level(spo2_low.evaluate(oxygen(value, as_of=10, copd=False))) == after_10_minutes


# Reference: with a prescribed target of 88 to 92, 84 to 87 urgent after one repeat, 83 or less emergency.
@pytest.mark.parametrize(
    ("value", "at_once", "after_10_minutes"),
    [
        ("70", "emergency", "emergency"),
        ("83", "emergency", "emergency"),
        ("83.1", "ask a repeat", "urgent"),
        ("84", "ask a repeat", "urgent"),
        ("87", "ask a repeat", "urgent"),
        ("87.9", "ask a repeat", "urgent"),
        ("88", None, None),
        ("90", None, None),
        ("92", None, None),
        ("93", None, None),
        ("98", None, None),
        (Special.LO, "emergency", "emergency"),
    ],
)
@pytest.mark.hazard("H13")
def test_oxygen_of_somebody_with_a_target_of_88_to_92(
    value: str | Special, at_once: str | None, after_10_minutes: str | None
) -> None:
    assert level(spo2_low.evaluate(oxygen(value, as_of=0, copd=True))) == at_once
    assert level(spo2_low.evaluate(oxygen(value, as_of=10, copd=True))) == after_10_minutes


@pytest.mark.parametrize(
    ("first", "second", "copd", "expected"),
    [
        ("91", "91", False, "emergency"),
        ("91", "93", False, "urgent"),
        ("91", "95", False, None),
        ("94", "92", False, "ask a repeat"),
        ("86", "86", True, "urgent"),
        ("82", "86", True, "urgent"),
        ("86", "83", True, "emergency"),
        ("86", "88", True, None),
    ],
)
def test_a_second_oxygen_reading_confirms_or_calms(
    first: str, second: str, copd: bool, expected: str | None
) -> None:
    history = oxygen(first, second, minutes=(0, 5), as_of=5, copd=copd)
    assert level(spo2_low.evaluate(history)) == expected


def test_the_reason_is_the_sentence_a_nurse_would_say() -> None:
    found = spo2_low.evaluate(oxygen("86", "86", minutes=(0, 5), as_of=5, copd=True))
    assert found is not None
    assert found.reason == "Oxygen 86%, two readings in 5 minutes, target 88 to 92"


@pytest.mark.parametrize(
    ("target", "value", "expected"),
    [("94", "92", "ask a repeat"), ("94", "93", "urgent"), ("94", "94", None), ("90", "85", "emergency")],
)
def test_a_clinicians_other_target_is_judged_on_the_target_alone(
    target: str, value: str, expected: str | None
) -> None:
    limits = {Code.SPO2: Limit(Decimal(target), None, "set by a clinician", personal=True)}
    history = History((Reading(Code.SPO2, Decimal(value), "%", T),), T, limits=limits)
    assert level(spo2_low.evaluate(history)) == expected


def pressure(
    *pairs: tuple[str | Special, str | Special], minutes: tuple[float, ...], as_of: float
) -> History:
    readings: list[Reading] = []
    for (systolic, diastolic), minute in zip(pairs, minutes, strict=True):
        for code, value in ((Code.SYSTOLIC, systolic), (Code.DIASTOLIC, diastolic)):
            stored = value if isinstance(value, Special) else Decimal(value)
            readings.append(Reading(code, stored, "mm[Hg]", T + timedelta(minutes=minute)))
    return History(tuple(readings), T + timedelta(minutes=as_of))


# Reference: systolic 180 or more, or diastolic 120 or more; one repeat, unconfirmed after 10 minutes.
@pytest.mark.parametrize(
    ("systolic", "diastolic", "severe"),
    [
        ("179", "119", False),
        ("179.9", "119.9", False),
        ("180", "119", True),
        ("179", "120", True),
        ("180", "120", True),
        ("230", "130", True),
        ("90", "60", False),
    ],
)
def test_a_blood_pressure_on_both_sides_of_severe(systolic: str, diastolic: str, severe: bool) -> None:
    one = (systolic, diastolic)
    assert level(bp_severe.evaluate(pressure(one, minutes=(0,), as_of=0))) == (
        "ask a repeat" if severe else None
    )
    assert level(bp_severe.evaluate(pressure(one, minutes=(0,), as_of=10))) == ("urgent" if severe else None)
    twice = pressure(one, one, minutes=(0, 5), as_of=5)
    assert level(bp_severe.evaluate(twice)) == ("urgent" if severe else None)


@pytest.mark.parametrize("pair", [(Special.HI, "100"), (Special.LO, "40"), ("150", Special.HI)])
def test_a_cuff_that_gives_up_is_looked_at_at_once(pair: tuple[str | Special, str | Special]) -> None:
    found = bp_severe.evaluate(pressure(pair, minutes=(0,), as_of=0))
    assert level(found) == "urgent"


def test_two_cuffs_within_a_minute_are_one_sitting() -> None:
    found = bp_severe.evaluate(pressure(("182", "90"), ("182", "90"), minutes=(0, 0.5), as_of=0.5))
    assert level(found) == "ask a repeat"


@pytest.mark.parametrize(
    ("hours", "cover", "raised"),
    [
        (1.49, "ok", False),
        (1.5, "late", False),
        (2.49, "late", False),
        (2.5, "silent", True),
        (90, "silent", True),
    ],
)
@pytest.mark.hazard("H03")
def test_a_device_that_speaks_hourly_is_late_then_silent(hours: float, cover: str, raised: bool) -> None:
    bound, seen = T - timedelta(days=9), T - timedelta(hours=hours)
    assert device_silent.cover(3600, bound, seen, T) == cover
    history = History((), T, device=DeviceState("pendant-000001", "pendant", 3600, bound, seen))
    assert (device_silent.evaluate(history) is not None) == raised


@given(
    values=st.lists(st.sampled_from(["82", "86", "90", "93", "96"]), min_size=1, max_size=12),
    copd=st.booleans(),
    seed=st.randoms(use_true_random=False),
)
@pytest.mark.hazard("H12")
def test_the_order_of_arrival_changes_no_verdict(values: list[str], copd: bool, seed: Any) -> None:
    minutes = [3.0 * n for n in range(len(values))]
    in_order = oxygen(*values, minutes=tuple(minutes), as_of=minutes[-1], copd=copd)
    shuffled = list(in_order.readings)
    seed.shuffle(shuffled)
    resorted = History(
        tuple(sorted(shuffled, key=lambda r: r.effective_at)), in_order.as_of, limits=in_order.limits
    )
    evaluate: Callable[[History], Finding | None] = spo2_low.evaluate
    assert evaluate(resorted) == evaluate(in_order)
