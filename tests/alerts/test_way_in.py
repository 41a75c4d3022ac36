"""The duty desk is told when nothing comes in, when the broker fills up or drops, and when that is over."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backend.alerts.jobs import look_for_missing, watch
from tests.alerts.people import own_app, run
from tests.conftest import Database
from tests.factories import Factory

WELL: dict[str, Any] = {"echo_age_s": 1.2, "alarms_unstored": 0, "broker": {"held_bytes": 1000, "dropped": 7}}


def beats(app: Flask, ago: str = "1 second", **detail: Any) -> None:
    """The gateway's heartbeat of so long ago, and a look of the watch."""
    run(
        app,
        "insert into heartbeat (name, at, detail) values ('gateway', clock_timestamp() - cast(:ago as interval),"
        " cast(:d as jsonb)) on conflict (name) do update set at = excluded.at, detail = excluded.detail",
        ago=ago,
        d=json.dumps(WELL | detail),
    )
    with app.app_context():
        watch()


def longer_watched(app: Flask) -> None:
    """As if the watch had looked all the time for the last two minutes."""
    run(app, "update heartbeat set detail = jsonb_set(detail, '{since}', to_jsonb(now() - interval '2 minutes'))"
             " where name = 'way-in'")  # fmt: skip


def open_cards(app: Flask) -> list[str]:
    rows = run(app, "select rule from alert where patient_id is null and closed_at is null order by rule")
    return [row.rule for row in rows]


TROUBLES = [
    ("gateway_silent", {"ago": "90 seconds"}),
    ("broker_silent", {"echo_age_s": 31}),
    ("broker_queue", {"broker": {"held_bytes": 268_435_457, "dropped": 7}}),
    ("broker_drops", {"broker": {"held_bytes": 1000, "dropped": 8}}),
    ("alarm_in_file", {"alarms_unstored": 1}),
]


@pytest.mark.hazard("H46")
@pytest.mark.parametrize(("rule", "detail"), TROUBLES, ids=[rule for rule, _ in TROUBLES])
def test_trouble_on_the_way_in_is_one_card_on_the_duty_desk_and_closes_by_itself(
    app: Flask, rule: str, detail: dict[str, Any]
) -> None:
    beats(app)
    assert open_cards(app) == []
    longer_watched(app)
    for _ in range(3):
        beats(app, **detail)
    assert open_cards(app) == [rule]
    (card,) = run(app, "select * from alert where rule = :r", r=rule)
    assert (card.kind, card.repeats) == ("technical", 0)
    assert [
        row.to_kind for row in run(app, "select to_kind from communication where alert_id = :a", a=card.id)
    ] == ["duty"]
    run(app, "update heartbeat set detail = jsonb_set(detail, '{rose_at}', to_jsonb(now() - interval '31 minutes'))"
             " where name = 'way-in' and detail ->> 'rose_at' is not null")  # fmt: skip
    beats(
        app,
        broker=detail.get("broker", {}) | {"held_bytes": 1000}
        if rule != "gateway_silent"
        else WELL["broker"],
    )
    assert open_cards(app) == []
    (card,) = run(app, "select * from alert where rule = :r", r=rule)
    assert (card.outcome, card.note) == ("no-change", "It is well again")


def test_a_card_somebody_claimed_is_theirs_to_close(app: Flask, make: Factory) -> None:
    beats(app, echo_age_s=50)
    nurse = make.practitioner()
    run(
        app,
        "update alert set claimed_at = clock_timestamp(), owner_id = :n where closed_at is null",
        n=nurse.id,
    )
    for _ in range(2):
        beats(app)
    assert open_cards(app) == ["broker_silent"]
    events = run(app, "select kind, words from alert_event where kind = 'mended'")
    assert [tuple(one) for one in events] == [("mended", "It is well again")]


def test_a_card_somebody_closed_while_it_lasts_is_not_back_at_the_next_look(
    app: Flask, make: Factory
) -> None:
    beats(app, echo_age_s=50)
    run(app, "update alert set closed_at = clock_timestamp(), owner_id = :n", n=make.practitioner().id)
    beats(app, echo_age_s=50)
    assert open_cards(app) == []
    run(app, "update alert set closed_at = clock_timestamp() - interval '31 minutes'")
    beats(app, echo_age_s=50)
    assert open_cards(app) == ["broker_silent"]


def test_a_broker_that_was_started_anew_has_dropped_nothing(app: Flask) -> None:
    beats(app)
    beats(app, broker={"dropped": 0, "held_bytes": 5})
    assert open_cards(app) == []
    beats(app, broker={"dropped": 2, "held_bytes": 5})
    assert open_cards(app) == ["broker_drops"]


def test_between_the_two_marks_a_full_queue_neither_opens_nor_closes_a_card(app: Flask) -> None:
    between = {"held_bytes": 240_000_000, "dropped": 7}
    beats(app, broker=between)
    assert open_cards(app) == []
    beats(app, broker={"held_bytes": 300_000_000, "dropped": 7})
    beats(app, broker=between)
    assert open_cards(app) == ["broker_queue"]


def test_a_service_that_was_off_and_starts_again_has_its_time_to_come_up(app: Flask) -> None:
    beats(app)
    run(app, "update heartbeat set at = at - interval '8 hours'")
    beats(app, ago="8 hours")
    assert open_cards(app) == []
    longer_watched(app)
    beats(app, ago="8 hours")
    assert open_cards(app) == ["gateway_silent"]


def test_before_a_gateway_has_run_for_the_first_time_nothing_is_said(app: Flask) -> None:
    with app.app_context():
        watch()
    assert open_cards(app) == []


def test_the_workers_own_role_may_look_at_the_way_in_and_at_what_is_missing(
    flow_database: Database, tmp_path: Path
) -> None:
    with own_app(flow_database, "al_worker", tmp_path) as worker:
        beats(worker, echo_age_s=50)
        assert open_cards(worker) == ["broker_silent"]
        with worker.app_context():
            assert look_for_missing() == 0
