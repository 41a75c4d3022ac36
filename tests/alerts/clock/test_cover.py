"""The unprotected clock: without a working way to call, a fault is clinical and rises with time."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.dialects.postgresql import Range

from backend.alerts.history import Finding, History
from backend.alerts.rules import fall_recurrent, unprotected
from tests.alerts.clock.stepped import now, on_pathway, protection, step
from tests.alerts.people import Monitored, monitored, run
from tests.factories import Factory, Ref


def state(app: Flask, device: Ref, **values: Any) -> None:
    """What a device last said of itself, ages in minutes."""
    said = {"seen": 0.0, "battery": 80, "presence": "online", "since": 0.0} | values
    run(
        app,
        "insert into device_state (device_id, last_seen_at, battery_pct, battery_at, presence, presence_at)"
        " values (:d, db_now() - :seen * interval '1 minute', :battery, db_now() - :since * interval '1 minute',"
        " :presence, db_now() - :since * interval '1 minute')"
        " on conflict (device_id) do update set last_seen_at = excluded.last_seen_at,"
        " battery_pct = excluded.battery_pct, battery_at = excluded.battery_at, presence = excluded.presence,"
        " presence_at = excluded.presence_at",
        d=device.id, **said,
    )  # fmt: skip


def wears_pendant(
    app: Flask, make: Factory, *, lives_alone: bool | None = True, status: str = "live"
) -> tuple[Monitored, Ref]:
    person = monitored(app, make, status, lives_alone=lives_alone)
    pendant = make.device("pendant", hb_s=3600)
    make.wears(person.patient, pendant)
    state(app, pendant)
    return person, pendant


def test_somebody_whose_pendant_works_is_covered(app: Flask, make: Factory) -> None:
    person, _ = wears_pendant(app, make)
    protection(app)
    assert person.alerts() == []


@pytest.mark.hazard("H03")
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"seen": 160}, "the pendant is not heard"),
        ({"battery": 5, "since": 20}, "the pendant has an empty battery"),
        ({"seen": 40, "presence": "lost", "since": 35}, "the pendant has lost its line"),
    ],
)
def test_a_fault_that_leaves_nobody_to_call_is_clinical(
    app: Flask, make: Factory, said: dict[str, Any], words: str
) -> None:
    person, pendant = wears_pendant(app, make, lives_alone=False)
    state(app, pendant, **said)
    protection(app)
    (alert,) = person.alerts()
    assert (alert.rule, alert.kind, alert.level) == ("unprotected", "clinical", "soon")
    assert words in alert.reason
    assert "Ring round or lend one until it is mended" in alert.reason


@pytest.mark.parametrize(
    "said", [{"seen": 149}, {"battery": 6}, {"presence": "lost", "seen": 30, "since": 29}]
)
def test_what_is_not_yet_a_fault_starts_no_clock(app: Flask, make: Factory, said: dict[str, Any]) -> None:
    person, pendant = wears_pendant(app, make)
    state(app, pendant, **said)
    protection(app)
    assert person.alerts() == []


@pytest.mark.hazard("H03")
@pytest.mark.parametrize(("lives_alone", "minutes"), [(True, 60), (None, 60), (False, 240)])
def test_the_level_rises_with_the_time_without_cover(
    app: Flask, make: Factory, lives_alone: bool | None, minutes: int
) -> None:
    person, pendant = wears_pendant(app, make, lives_alone=lives_alone)
    state(app, pendant, battery=3, since=0)
    protection(app)
    assert [alert.level for alert in person.alerts()] == ["soon"]
    step(app, minutes=minutes - 1)
    run(app, "update device_state set last_seen_at = db_now()")
    protection(app)
    assert [alert.level for alert in person.alerts()] == ["soon"]
    step(app, minutes=1, seconds=1)
    protection(app)
    protection(app)
    assert [alert.level for alert in person.alerts()] == ["urgent"]
    assert person.events() == ["raised", "worse"]


def test_a_second_way_that_works_covers(app: Flask, make: Factory) -> None:
    person, pendant = wears_pendant(app, make)
    unit = make.device("telecare-unit", hb_s=3600)
    make.wears(person.patient, unit)
    state(app, unit)
    state(app, pendant, battery=1, since=500)
    protection(app)
    assert person.alerts() == []
    state(app, unit, battery=1, since=0)
    protection(app)
    assert [alert.level for alert in person.alerts()] == ["soon"]


@pytest.mark.hazard("H28")
def test_a_pause_stops_no_clock_of_an_alarm(app: Flask, make: Factory) -> None:
    person, pendant = wears_pendant(app, make, status="paused")
    state(app, pendant, seen=160)
    protection(app)
    assert [alert.rule for alert in person.alerts()] == ["unprotected"]


def test_once_it_works_again_the_card_nobody_has_taken_is_closed(app: Flask, make: Factory) -> None:
    person, pendant = wears_pendant(app, make)
    state(app, pendant, seen=160)
    protection(app)
    state(app, pendant)
    protection(app)
    (alert,) = person.alerts()
    assert alert.closed_at is not None
    assert alert.note == "There is a working way to call for help again"


@pytest.mark.hazard("H03")
@pytest.mark.parametrize(
    "gone",
    [
        "update device set revoked_at = db_now() where id = :d",
        "update device_association set valid = tstzrange(lower(valid), db_now()) where device_id = :d",
    ],
)
def test_taking_the_broken_pendant_away_is_no_way_to_call(app: Flask, make: Factory, gone: str) -> None:
    person, pendant = wears_pendant(app, make, lives_alone=False)
    state(app, pendant, battery=3, since=0)
    protection(app)
    run(app, gone, d=pendant.id)
    step(app, minutes=1)
    protection(app)
    protection(app)
    (alert,) = person.alerts()
    assert (alert.closed_at, alert.level) == (None, "soon")
    assert "nothing came in its place" in alert.reason
    step(app, hours=4)
    protection(app)
    protection(app)
    (alert,) = person.alerts()
    assert (alert.closed_at, alert.level) == (None, "urgent")
    # One that was given and has not been heard yet covers nobody; one that is heard does.
    other = make.device("pendant", hb_s=3600)
    make.wears(person.patient, other, Range(now(app), None))
    protection(app)
    assert person.alerts()[0].closed_at is None
    step(app, minutes=1)
    state(app, other)
    protection(app)
    (alert,) = person.alerts()
    assert alert.closed_at is not None
    assert alert.note == "There is a working way to call for help again"


@pytest.mark.hazard("H03")
@pytest.mark.parametrize("had_one", [False, True])
def test_whose_pathway_asks_for_a_way_to_call_and_who_wears_none_has_a_clock(
    app: Flask, make: Factory, had_one: bool
) -> None:
    person = on_pathway(app, make, "frailty_falls", lives_alone=False)
    other = on_pathway(app, make, "copd", lives_alone=False)
    if had_one:
        worn = make.device("pendant", hb_s=3600)
        make.wears(person.patient, worn)
        state(app, worn)
        protection(app)
        assert person.alerts() == []
        run(
            app,
            "update device_association set valid = tstzrange(lower(valid), db_now()) where device_id = :d",
            d=worn.id,
        )
    protection(app)
    protection(app)
    (alert,) = person.alerts()
    assert (alert.rule, alert.kind, alert.level) == ("unprotected", "clinical", "soon")
    assert "the device to call with that their pathway asks for is missing" in alert.reason
    assert other.alerts() == []
    step(app, hours=4, seconds=1)
    protection(app)
    assert [alert.level for alert in person.alerts()] == ["urgent"]
    person.run(
        "update alert set closed_at = db_now(), outcome = 'no-change' where patient_id = :p",
        p=person.patient.id,
    )
    step(app, hours=11)
    protection(app)
    assert len(person.alerts()) == 1
    step(app, hours=2)
    protection(app)
    assert len(person.alerts()) == 2
    pendant = make.device("pendant", hb_s=3600)
    make.wears(person.patient, pendant, Range(now(app), None))
    step(app, minutes=1)
    state(app, pendant)
    protection(app)
    assert person.alerts()[-1].note == "There is a working way to call for help again"


def test_who_has_died_has_no_clock_and_no_falls(app: Flask, make: Factory) -> None:
    person, pendant = wears_pendant(app, make)
    fell(make, person, 300)
    fell(make, person, 1)
    person.run(
        "insert into leaving (patient_id, version, kind, died_on) values (:p, 1, 'died', current_date)",
        p=person.patient.id,
    )
    state(app, pendant, battery=1, since=500)
    protection(app)
    assert {alert.rule for alert in person.alerts()} == {"fall"}


@pytest.mark.hazard("H03")
def test_closing_the_card_mends_nothing_so_it_comes_back(app: Flask, make: Factory) -> None:
    person, pendant = wears_pendant(app, make)
    state(app, pendant, battery=1, since=100)
    protection(app)
    person.run(
        "update alert set closed_at = db_now(), outcome = 'visit' where patient_id = :p", p=person.patient.id
    )
    protection(app)
    assert len(person.alerts()) == 1
    step(app, hours=12, minutes=1)
    protection(app)
    assert len(person.alerts()) == 2


def fell(make: Factory, person: Monitored, days: float, **other: Any) -> None:
    from datetime import timedelta

    from backend.core.clock import now

    at = now() - timedelta(days=days)
    make.alert(
        person.patient, rule="fall", kind="alarm", opened_at=at, true_at=at, **{"closed_at": at, **other}
    )


def test_a_second_fall_within_a_year_leads_to_an_assessment_once(app: Flask, make: Factory) -> None:
    person = monitored(app, make)
    fell(make, person, 300)
    fell(make, person, 1)
    protection(app)
    protection(app)
    (alert,) = [one for one in person.alerts() if one.rule == "fall_recurrent"]
    assert (alert.level, alert.reason) == (
        "routine",
        "2 falls in 12 months: offer a comprehensive falls assessment",
    )
    person.run("update alert set closed_at = db_now(), outcome = 'advice' where rule = 'fall_recurrent'")
    protection(app)
    assert len([one for one in person.alerts() if one.rule == "fall_recurrent"]) == 1
    fell(make, person, -0.001)
    protection(app)
    assert len([one for one in person.alerts() if one.rule == "fall_recurrent"]) == 2


@pytest.mark.parametrize(
    ("first", "second", "outcome", "raised"),
    [(370, 1, None, 0), (300, 1, "wrong-alert", 0), (1.001, 1, None, 0), (370, 1, "999-or-admitted", 1)],
)
def test_what_counts_as_a_fall(
    app: Flask, make: Factory, first: float, second: float, outcome: str | None, raised: int
) -> None:
    person = monitored(app, make)
    fell(make, person, first)
    fell(make, person, second, outcome=outcome)
    protection(app)
    assert len([one for one in person.alerts() if one.rule == "fall_recurrent"]) == raised


@pytest.mark.hazard("H04")
def test_one_person_whose_cover_or_falls_cannot_be_judged_stops_nobody_else(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [wears_pendant(app, make, lives_alone=False) for _ in range(2)]
    for person, pendant in people:
        state(app, pendant, battery=1, since=60)
        fell(make, person, 300)
        fell(make, person, 1)
    for rule in (unprotected, fall_recurrent):
        monkeypatch.setattr(rule, "evaluate", _fails_first(rule.evaluate))
    protection(app)
    (broken, _), (fine, _) = people
    assert {alert.rule for alert in fine.alerts()} == {"fall", "unprotected", "fall_recurrent"}
    assert {alert.rule for alert in broken.alerts()} == {"fall", "check_failed"}
    protection(app)
    assert {alert.rule for alert in broken.alerts()} >= {"unprotected", "fall_recurrent"}


def _fails_first(judge: Callable[[History], Finding | None]) -> Callable[[History], Finding | None]:
    """The same rule, which breaks on whoever it is asked about first."""
    asked = count()

    def evaluate(history: History) -> Finding | None:
        if next(asked) == 0:
            raise ValueError("planted")
        return judge(history)

    return evaluate
