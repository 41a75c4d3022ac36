"""Every ladder ends on a rung that always exists: drawn for every pack, level and rota, and by stepped time."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.alerts.levels import Severity
from backend.escalation.ladder import (
    DEFAULTS,
    LAST,
    PLACES,
    RED,
    REPEAT_RED,
    Ladder,
    Place,
    Reach,
    climb,
    ladder_for,
)
from backend.pathways.folder import read_folder
from backend.pathways.service import PACKS

SMS = Reach(7, ("sms",))
UNREACHABLE = Reach(8, ())
LINE = Reach(None, ("sms",))
NO_LINE = Reach(None, ())
TEAM = Reach(None, ("best",))
Roster = Mapping[Place, tuple[Reach, ...]]
ROTAS: dict[str, Roster] = {
    "full": {"team": (TEAM,), "on-call": (SMS,), "duty-manager": (SMS,), LAST: (LINE,)},
    "empty, with a line": {LAST: (LINE,)},
    "empty, and no line set up": {LAST: (NO_LINE,)},
    "nobody on call": {"team": (TEAM,), "duty-manager": (SMS,), LAST: (LINE,)},
    "no duty manager": {"team": (TEAM,), "on-call": (SMS,), LAST: (LINE,)},
    "on call without a telephone": {"on-call": (UNREACHABLE,), "duty-manager": (UNREACHABLE,), LAST: (LINE,)},
}
KEPT = [pack for pack, _ in read_folder(PACKS)]
LEVELS = [level for level in Severity if level is not Severity.INFO]
RULES = ("spo2_low", "sos", "fall", "device_silent")


def minutes(ladder: Ladder | None) -> list[tuple[int, str]]:
    assert ladder is not None
    return [(int(rung.after.total_seconds() // 60), rung.place) for rung in ladder.rungs]


def climbs(ladder: Ladder, roster: Roster) -> tuple[list[int], timedelta]:
    """The rungs gone through until the top, and how long it took; fails when it goes round."""
    rung, gone, took = 0, [0], ladder.wait_after(0)
    while rung < ladder.top:
        step = climb(ladder, rung, roster, every_way=True)
        assert step.rung > rung, "a step that leads nowhere"
        rung = step.rung
        gone.append(rung)
        took += step.wait
    return gone, took - ladder.wait_after(rung)


@pytest.mark.hazard("H22")
@pytest.mark.parametrize(
    ("pack", "level", "rota", "rule"),
    [
        pytest.param(pack, level, rota, rule, id=f"{pack.pathway}-{level.value}-{rota}-{rule}")
        for pack, level, rota, rule in product(KEPT, LEVELS, ROTAS, RULES)
    ],
)
def test_every_chain_terminates(pack: object, level: Severity, rota: str, rule: str) -> None:
    rungs = pack.ladder(level.value)  # type: ignore[attr-defined]  # parametrised by read packs
    ladder = ladder_for(rule, level, [("pack", rungs)])
    assert ladder is not None
    assert ladder.rungs[-1].place == LAST
    gone, took = climbs(ladder, ROTAS[rota])
    assert gone[-1] == ladder.top
    limit = timedelta(hours=2) if level in RED else timedelta(days=8)
    assert took <= limit, f"{took} until the last rung"
    # At the top it is told again and again, and stays there.
    again = climb(ladder, ladder.top, ROTAS[rota], every_way=True)
    assert (again.rung, again.at_top) == (ladder.top, True)
    assert again.wait <= (REPEAT_RED if level in RED else timedelta(days=1))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("rota", list(ROTAS))
def test_the_built_in_ladder_terminates_for_whoever_is_on_no_pathway(level: Severity, rota: str) -> None:
    ladder = ladder_for("spo2_low", level)
    assert ladder is not None
    assert ladder.rungs == DEFAULTS[level]
    assert climbs(ladder, ROTAS[rota])[0][-1] == ladder.top


@pytest.mark.hazard("H22")
@given(
    rungs=st.lists(st.tuples(st.integers(0, 5000), st.sampled_from(PLACES)), max_size=8).map(sorted),
    level=st.sampled_from(LEVELS),
    rule=st.sampled_from(RULES),
    people=st.fixed_dictionaries({
        place: st.lists(st.sampled_from([SMS, UNREACHABLE]), max_size=2).map(tuple) for place in PLACES[:-1]
    }),
    line=st.sampled_from([LINE, NO_LINE]),
)  # fmt: skip
def test_whatever_a_pathway_and_a_rota_say_the_last_rung_is_reached(
    rungs: list[tuple[int, Place]],
    level: Severity,
    rule: str,
    people: dict[Place, tuple[Reach, ...]],
    line: Reach,
) -> None:
    ladder = ladder_for(rule, level, [("any", rungs)])
    assert ladder is not None
    assert ladder.rungs[0].place == "team"
    assert ladder.rungs[-1].place == LAST
    assert [rung.after for rung in ladder.rungs] == sorted(rung.after for rung in ladder.rungs)
    assert climbs(ladder, {**people, LAST: (line,)})[0][-1] == ladder.top


def test_a_pendant_climbs_by_the_minute_whatever_a_pathway_says() -> None:
    expected = [(0, "team"), (1, "on-call"), (2, "duty-manager"), (3, "alarm-centre")]
    slow = [(0, "team"), (600, "on-call")]
    for rule in ("sos", "fall"):
        assert minutes(ladder_for(rule, Severity.EMERGENCY, [("slow", slow)])) == expected


def test_no_pathway_makes_an_emergency_climb_slower_than_the_default() -> None:
    slow = [(0, "team"), (15, "on-call"), (60, "duty-manager")]
    assert minutes(ladder_for("spo2_low", Severity.EMERGENCY, [("copd", slow)])) == [
        (0, "team"), (2, "on-call"), (5, "duty-manager"), (10, "alarm-centre"),
    ]  # fmt: skip
    quick = [(0, "team"), (1, "on-call")]
    assert minutes(ladder_for("spo2_low", Severity.EMERGENCY, [("copd", quick)]))[1] == (1, "on-call")


def test_of_two_pathways_the_earlier_time_wins() -> None:
    one, other = [(0, "team"), (20, "on-call")], [(0, "team"), (10, "on-call"), (30, "duty-manager")]
    ladder = ladder_for("bp_severe", Severity.URGENT, [("a 1", one), ("b 1", other)])
    assert minutes(ladder) == [(0, "team"), (10, "on-call"), (30, "duty-manager"), (90, "alarm-centre")]
    assert ladder is not None
    assert ladder.source == "a 1, b 1"


def test_info_calls_nobody() -> None:
    assert ladder_for("note", Severity.INFO) is None


def test_a_rung_with_nobody_is_on_record_and_passed_at_once() -> None:
    ladder = ladder_for("spo2_low", Severity.URGENT)
    assert ladder is not None
    step = climb(ladder, 0, ROTAS["nobody on call"], every_way=False)
    assert [(t.place, t.channel, t.outcome) for t in step.tries] == [
        ("on-call", "none", "nobody"),
        ("duty-manager", "best", "queued"),
    ]


def test_somebody_without_a_telephone_is_passed_as_not_configured() -> None:
    ladder = ladder_for("spo2_low", Severity.URGENT)
    assert ladder is not None
    step = climb(ladder, 0, ROTAS["on call without a telephone"], every_way=False)
    assert [(t.place, t.outcome) for t in step.tries] == [
        ("on-call", "not-configured"),
        ("duty-manager", "not-configured"),
        ("alarm-centre", "queued"),
    ]


def test_an_emergency_goes_by_every_way_at_once_and_its_owner_is_told_too() -> None:
    ladder = ladder_for("sos", Severity.EMERGENCY)
    assert ladder is not None
    both = Reach(9, ("web-push", "sms"))
    step = climb(ladder, 0, {"on-call": (both,), LAST: (LINE,)}, every_way=True, owner=SMS)
    assert [(t.place, t.practitioner_id, t.channel) for t in step.tries] == [
        ("assigned", 7, "sms"),
        ("on-call", 9, "web-push"),
        ("on-call", 9, "sms"),
    ]
