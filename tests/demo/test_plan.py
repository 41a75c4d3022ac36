"""The plan of the demo's first person is there, agreed, and lived with; a second start adds nothing twice."""

from __future__ import annotations

from tests.demo.conftest import Prepared


def _counts(prepared: Prepared) -> list[int]:
    tables = (
        "care_plan_section",
        "plan_version",
        "plan_signature",
        "plan_proposal",
        "plan_goal",
        "plan_task",
    )
    return [prepared.one(f"select count(*) from {one}") for one in tables]


def test_the_first_persons_plan_is_agreed_with_one_change_to_agree_to_and_one_proposal(
    prepared: Prepared,
) -> None:
    agreed = prepared.rows(
        "select key, version, agreed_version from care_plan_section where agreed_version is not null order by key"
    )
    assert agreed == [("amber", 1, 1), ("green", 1, 1), ("medicines", 2, 1), ("red", 1, 1)]
    unsigned = prepared.one(
        "select count(*) from care_plan_section s where agreed_version is not null and 2 <> (select count(*) from"
        " plan_signature g where g.section_id = s.id and g.version = s.agreed_version)"
    )
    assert unsigned == 0
    assert prepared.one("select count(*) from plan_proposal where state = 'open'") == 1
    assert prepared.one("select count(*) from plan_tick") > 10


def test_a_second_start_writes_no_plan_twice(prepared: Prepared) -> None:
    before, ticks = (
        _counts(prepared),
        "select count(*) from (select distinct task_id, due_on from plan_tick) t",
    )
    prepared.again()
    assert _counts(prepared) == before
    assert prepared.one(ticks) == prepared.one("select count(*) from plan_tick")
