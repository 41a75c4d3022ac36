"""Reminders: at the person's own times, kept for the day, once, and never of what is done or for who is not watched."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from backend.core.db import db, transaction
from backend.observations.codes import Code
from backend.pathways.schedule import HOME, DueReading
from backend.plans import reminders
from backend.plans.jobs import open_reminders, send_reminders
from backend.plans.reminding import Listed, of_readings, of_tasks
from tests.factories import Factory
from tests.plans.conftest import Circle

Json = dict[str, Any]
CHOSEN: Json = {
    "readings": True, "check_ins": True, "medicines": True, "times": {}, "quiet_from": "21:00",
    "quiet_to": "07:00", "channel": "sms",
}  # fmt: skip
_ALL_DAY = {"quiet_from": "03:00", "quiet_to": "03:00"}


def _utc(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, 12, hour, minute, tzinfo=UTC)


def _due(hour: int) -> DueReading:
    at = _utc(hour)
    return DueReading("spo2", "spo2", at, at - timedelta(hours=3), at + timedelta(hours=4))


@pytest.mark.parametrize(
    ("own", "reminded"),
    [("09:00", [9, 18]), ("10:00", [10, 18]), ("19:00", [9, 19]), ("04:00", [9, 18]), ("13:00", [9, 18])],
)
def test_an_own_time_stands_for_the_nearest_due_time_while_it_is_in_time(
    own: str, reminded: list[int]
) -> None:
    found = of_readings([_due(9), _due(18)], {"spo2": own, "weight": "08:00"})
    assert [one.due_at.hour for one in found] == reminded


def test_something_to_do_reminds_at_each_of_its_times_on_its_days() -> None:
    monday = Listed(uuid4(), ["mon"], ["08:00", "20:00"])
    daily = Listed(uuid4(), [], ["12:00"])
    found = of_tasks([monday, daily], _utc(9), _utc(9) + timedelta(days=1))
    assert sorted((one.due_at.day, one.due_at.hour) for one in found) == [(12, 12), (12, 20)]


@pytest.fixture
def round_(app: Flask) -> Callable[[], list[Json]]:
    """One round of both jobs; answers every message to a person so far."""

    def run() -> list[Json]:
        with app.app_context():
            open_reminders()
            send_reminders()
        with app.app_context():
            rows = db.session.execute(
                text("select template, facts from communication where template = 'reminder' order by id")
            ).mappings()
            return [dict(row) for row in rows]

    return run


def _states(app: Flask) -> list[tuple[str, str | None]]:
    with app.app_context():
        rows = db.session.execute(
            text("select state, why from reminder where due_at <= db_now() order by id")
        )
        return [(row.state, row.why) for row in rows]


def _choose(circle: Circle, **other: Any) -> Json:
    version = circle.person.browser.get(f"{circle.person.at}/reminders").get_json()["version"]
    answer = circle.person.put("/reminders", CHOSEN | other, version)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    said: Json = answer.get_json()
    return said


def test_a_person_chooses_and_nobody_is_reminded_before_they_did(circle: Circle) -> None:
    before = circle.person.browser.get(f"{circle.person.at}/reminders").get_json()
    assert (before["version"], before["readings"], before["expected"]) == (0, False, {"spo2": ["09:00"]})
    after = _choose(circle, times={"spo2": "10:30"})
    assert (after["version"], after["times"], after["quiet_from"]) == (1, {"spo2": "10:30"}, "21:00")
    assert circle.person.put("/reminders", CHOSEN, 0).status_code == 412


def test_a_time_for_which_no_reading_would_count_is_refused_in_words(circle: Circle) -> None:
    answer = circle.person.put("/reminders", CHOSEN | {"times": {"spo2": "20:00"}}, 0)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["times.spo2"])


def test_a_carer_neither_sees_nor_changes_how_the_person_is_reached(circle: Circle) -> None:
    assert circle.carer.browser.get(f"{circle.carer.at}/reminders").status_code == 404
    assert circle.carer.put("/reminders", CHOSEN, 0).status_code == 404


def test_a_due_reading_is_reminded_of_once_and_without_a_word_of_health(
    circle: Circle, app: Flask, step_to: Callable[..., datetime], round_: Callable[[], list[Json]]
) -> None:
    step_to(time(8, 30))
    _choose(circle, **_ALL_DAY)
    assert round_() == []
    step_to(time(9, 5))
    assert round_() == [{"template": "reminder", "facts": {}}]
    assert len(round_()) == 1
    assert _states(app) == [("sent", None)]


def test_what_was_taken_meanwhile_is_not_reminded_of(
    circle: Circle,
    app: Flask,
    make: Factory,
    step_to: Callable[..., datetime],
    round_: Callable[[], list[Json]],
) -> None:
    now = step_to(time(8, 30))
    _choose(circle, **_ALL_DAY)
    make.reading(circle.patient, Code.SPO2, "91", now)
    step_to(time(9, 5))
    assert round_() == []
    assert _states(app) == [("stopped", "done")]


def test_what_was_ticked_is_not_reminded_of_and_what_was_not_is(
    circle: Circle, app: Flask, step_to: Callable[..., datetime], round_: Callable[[], list[Json]]
) -> None:
    now = step_to(time(11, 0))
    _choose(circle, readings=False, **_ALL_DAY)
    tablets = circle.person.task(text="Tablets", kind="medicine", times=["12:00"], remind=True)
    circle.person.task(text="Walk", times=["12:10"], remind=True)
    circle.person.tick(tablets, now.date().isoformat(), "12:00")
    step_to(time(12, 20))
    assert len(round_()) == 1
    assert _states(app) == [("stopped", "done"), ("sent", None)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("update enrolment set status = 'ended' where patient_id = :p", "not-live"),
        (
            "insert into pause (patient_id, kind, reason, span) values"
            " (:p, 'pause', 'away', tstzrange(db_now() - interval '1 hour', db_now() + interval '1 day'))",
            "paused",
        ),
        ("update reminder_setting set readings = false where patient_id = :p", "turned-off"),
        ("update reminder set until = db_now() - interval '1 minute' where patient_id = :p", "late"),
    ],
)
def test_a_reminder_that_has_become_needless_is_stopped(
    circle: Circle,
    app: Flask,
    step_to: Callable[..., datetime],
    round_: Callable[[], list[Json]],
    change: str,
    why: str,
) -> None:
    step_to(time(8, 30))
    _choose(circle, **_ALL_DAY)
    step_to(time(9, 5))
    with app.app_context(), transaction():
        db.session.execute(text(change), {"p": circle.patient.id})
    assert round_() == []
    assert _states(app) == [("stopped", why)]


def test_a_reminder_in_the_persons_night_is_kept_for_the_day(
    circle: Circle, app: Flask, step_to: Callable[..., datetime], round_: Callable[[], list[Json]]
) -> None:
    step_to(time(20, 0))
    _choose(circle, readings=False)
    circle.person.task(text="Tablets", times=["22:00"], remind=True)
    step_to(time(22, 5))
    assert round_() == []
    step_to(time(7, 5), days=1)
    assert len(round_()) == 1


def test_another_time_takes_the_place_of_what_waited(
    circle: Circle, app: Flask, step_to: Callable[..., datetime], round_: Callable[[], list[Json]]
) -> None:
    step_to(time(8, 30))
    _choose(circle, **_ALL_DAY)
    _choose(circle, times={"spo2": "11:00"}, **_ALL_DAY)
    step_to(time(9, 5))
    assert round_() == []
    step_to(time(11, 5))
    assert len(round_()) == 1


def test_a_check_in_is_reminded_of_when_it_is_asked(
    circle: Circle, app: Flask, step_to: Callable[..., datetime], round_: Callable[[], list[Json]]
) -> None:
    """The pathway for COPD asks about breath on Mondays at 10am."""
    to_sunday = (6 - step_to(time(8, 30)).astimezone(HOME).weekday()) % 7
    step_to(time(8, 30), days=to_sunday)
    _choose(circle, readings=False, **_ALL_DAY)
    assert round_() == []
    step_to(time(10, 5), days=to_sunday + 1)
    assert len(round_()) == 1
    assert _states(app) == [("sent", None)]


@pytest.mark.parametrize(("asked", "state"), [(True, ("sent", None)), (False, ("stopped", "done"))])
def test_a_reminder_of_a_check_in_asks_whether_it_is_still_asked(
    circle: Circle, app: Flask, step_to: Callable[..., datetime], round_: Callable[[], list[Json]],
    monkeypatch: pytest.MonkeyPatch, asked: bool, state: tuple[str, str | None],
) -> None:  # fmt: skip
    now = step_to(time(9, 55))

    class Source:
        """Asked at ten, answered or not."""

        def coming(self, ids: Collection[int], since: datetime, until: datetime) -> dict[int, datetime]:
            at = now + timedelta(minutes=5)
            return {circle.patient.id: at} if circle.patient.id in ids and since < at <= until else {}

        def is_asked(self, patient_id: int) -> bool:
            return asked and patient_id == circle.patient.id

    monkeypatch.setattr(reminders, "_asks", [Source()])
    _choose(circle, readings=False, **_ALL_DAY)
    step_to(time(10, 5))
    assert len(round_()) == asked
    assert _states(app) == [state]


def test_one_switch_stops_telling_every_carer_what_was_seen(circle: Circle, app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(text("update consent set tell_seen = true where kind = 'proxy'"))
    circle.carer.post("/concern")
    home = f"{circle.carer.at}/home"
    assert circle.carer.browser.get(home).get_json()["worry"] is not None
    _choose(circle, tell_seen=False)
    assert circle.carer.browser.get(home).get_json()["worry"] is None


def test_a_reminder_put_off_for_the_night_is_not_lost_by_a_change_of_something_else(
    circle: Circle, app: Flask, step_to: Callable[..., datetime], round_: Callable[[], list[Json]]
) -> None:
    step_to(time(21, 30))
    _choose(circle, readings=False)
    circle.person.task(text="Tablets", kind="medicine", times=["22:00"], remind=True)
    step_to(time(22, 5))
    assert round_() == []
    circle.person.task(text="Walk", times=["15:00"], remind=True)
    assert _states(app) == [("waiting", None)]
