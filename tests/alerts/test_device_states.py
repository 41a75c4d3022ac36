"""Over every order of what can happen to an alarm, its device hears what is true and never a promise nobody made."""

from collections.abc import Callable
from itertools import count, product
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.alerts.device_states import Standing, state_for
from backend.alerts.jobs import tell_unreached
from backend.alerts.service import tell_born
from backend.core.db import transaction
from backend.observations.reading import AlarmKind, Phase
from tests.alerts.people import monitored, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.factories import Factory, Ref

_presses = count(1)
COMES = {"who": "family", "name": "A Daughter", "eta_minutes": 5}
ACTIONS = ("press", "repeat", "cancel", "claim", "sets off", "turns back", "time passes", "born", "close")


@pytest.mark.hazard("H35")
def test_help_is_coming_only_when_somebody_set_off_and_it_is_not_over() -> None:
    told = {
        bits: state_for(Standing(*bits)) for bits in product((False, True), repeat=4)
    }  # closed, help_coming, claimed, unreached
    for (closed, coming, claimed, unreached), state in told.items():
        assert (state == "help_coming") == (coming and not closed)
        assert (state == "resolved") == closed
        assert (state == "being_handled") == (claimed and not coming and not closed)
        assert (state == "cannot_reach_anyone") == (unreached and not (claimed or coming or closed))


class Life:
    """One pendant, its person and their nurse, and what is done."""

    def __init__(self, app: Flask, make: Factory, browse: Callable[..., Browser]) -> None:
        self.app = app
        self.person = monitored(app, make)
        self.device: Ref = make.device("pendant")
        self.nurse = browse(make.account(practitioner=self.person.nurse), "team")
        self.begin()

    def begin(self) -> None:
        """A press of a new name, with the last episode over."""
        for alert in self.open():
            self.post("close", {"outcome": "contact", "note": None, "confirm": True}, alert)
        self.names: list[str] = []
        self.coming = self.unreached = self.claimed = False
        self.press()
        (self.alert,) = self.open()

    def press(self) -> None:
        self.names.append(f"alarm-life-{next(_presses):06d}")
        press(self.app, self.device, self.person.patient, alarm_id=self.names[-1])

    def open(self) -> list[Any]:
        return [one for one in self.person.alerts() if one.closed_at is None]

    def post(self, verb: str, body: dict[str, Any], alert: Any) -> int:
        version = run(self.app, "select version from alert where id = :id", id=alert.id)[0].version
        status: int = self.nurse.post(
            f"/alerts/{alert.public_id}/{verb}", body, If_Match=f'W/"{version}"'
        ).status_code
        return status

    def do(self, action: str) -> None:
        if action == "press":
            self.press()
        elif action in ("repeat", "cancel"):
            press(self.app, self.device, self.person.patient, alarm_id=self.names[0], phase=Phase(action))
        elif action == "time passes":
            run(self.app, "update alert set acknowledge_by = acknowledge_by - interval '3 minutes'"
                          " where id = :id", id=self.alert.id)  # fmt: skip
            with self.app.app_context():
                tell_unreached()
                tell_unreached()
            self.unreached = self.unreached or not self.claimed
        elif action == "born":
            with self.app.app_context(), transaction():
                tell_born([self.device.name])
        else:
            self.at_the_desk(action)

    def at_the_desk(self, action: str) -> None:
        if action == "claim":
            assert self.post("claim", {}, self.alert) == 200
        elif action == "close":
            assert (
                self.post("close", {"outcome": "contact", "note": None, "confirm": True}, self.alert) == 200
            )
        else:
            self.coming = action == "sets off"
            assert self.post("responders", {**COMES, "set_off": self.coming}, self.alert) == 200
        self.claimed = True

    def told(self, name: str) -> list[str]:
        rows = run(self.app, "select payload ->> 'state' as state from downlink where device = :d"
                             " and payload ->> 'alarm' = :n order by id", d=self.device.name, n=name)  # fmt: skip
        return [row.state for row in rows]


@pytest.fixture
def life(app: Flask, make: Factory, browse: Callable[..., Browser]) -> Life:
    return Life(app, make, browse)


@pytest.mark.hazard("H35")
@pytest.mark.hazard("H36")
@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(actions=st.lists(st.sampled_from(ACTIONS[:-1]), max_size=6), closes=st.booleans())
def test_after_any_story_each_press_was_told_what_is_true_and_help_only_after_somebody_set_off(
    life: Life, actions: list[str], closes: bool
) -> None:
    life.begin()
    promised = False
    for action in [*actions, *(["close"] if closes else [])]:
        life.do(action)
        promised = promised or action == "sets off"
        stands = Standing(action == "close", life.coming, life.claimed, life.unreached)
        for name in life.names:
            told = life.told(name)
            assert (told[-1] if told else "received") == state_for(stands), (actions, action)
            assert promised or "help_coming" not in told
            assert "resolved" not in told[:-1]
    (alert,) = run(life.app, "select * from alert where id = :id", id=life.alert.id)
    # Whatever the device did or said, only a human closed it.
    assert (alert.closed_at is not None) == closes
    assert alert.level == "emergency"


def test_a_battery_is_no_reason_to_say_that_nobody_was_reached(app: Flask, make: Factory) -> None:
    person, device = monitored(app, make), make.device("pendant")
    press(app, device, person.patient, kind=AlarmKind.LOW_BATTERY)
    run(app, "update alert set acknowledge_by = acknowledge_by - interval '30 days'")
    with app.app_context():
        tell_unreached()
    assert run(app, "select 1 from downlink") == []


def test_the_canarys_device_is_told_too(app: Flask, make: Factory) -> None:
    canary, device = monitored(app, make, is_canary=True), make.device("pendant", is_canary=True)
    press(app, device, canary.patient)
    run(app, "update alert set acknowledge_by = acknowledge_by - interval '3 minutes'")
    with app.app_context():
        tell_unreached()
    assert [row.device for row in run(app, "select device from downlink")] == [device.name]


def test_a_level_that_rose_late_has_as_long_again_by_its_own_clock(app: Flask, make: Factory) -> None:
    person, device = monitored(app, make), make.device("pendant")
    press(app, device, person.patient)
    # Open for a day as something mild, then a press: its deadline is a minute ago and the minute after it is over.
    run(app, "update alert set opened_at = opened_at - interval '1 day',"
             " acknowledge_by = clock_timestamp() - interval '61 seconds'")  # fmt: skip
    with app.app_context():
        tell_unreached()
    assert [row.state for row in run(app, "select payload ->> 'state' as state from downlink")] == [
        "cannot_reach_anyone"
    ]


def test_a_name_used_again_by_kit_that_counts_from_one_is_told_of_its_new_alarm_only(life: Life) -> None:
    life.do("claim")
    life.do("close")
    run(life.app, "update alarm_event set received_at = received_at - interval '1 hour'")
    press(life.app, life.device, life.person.patient, alarm_id=life.names[0], message_id="another")
    life.do("born")
    waiting = run(life.app, "select payload ->> 'state' as state, asked from downlink where device = :d"
                            " order by id", d=life.device.name)  # fmt: skip
    # The new press stands at `received`: what was said of the old one is not said again.
    assert [(row.state, row.asked) for row in waiting] == [("being_handled", 1), ("resolved", 1)]


def test_who_set_off_is_written_with_the_hand_that_wrote_it(life: Life) -> None:
    life.do("sets off")
    (event,) = run(life.app, "select * from alert_event where kind = 'responder' and alert_id = :a",
                   a=life.alert.id)  # fmt: skip
    assert event.actor_kind == "practitioner"
    assert event.detail == {"who": "family", "name": "A Daughter", "eta_minutes": 5}
    assert event.words == "Family has set off (A Daughter), there in about 5 min"
    (said,) = run(life.app, "select payload from downlink where alert_id = :a", a=life.alert.id)
    assert "Daughter" not in str(said.payload)


@pytest.mark.parametrize("body", [{"who": "family"}, {**COMES, "name": ""}, {**COMES, "who": "a cat"}])
@pytest.mark.hazard("H35")
def test_nobody_without_a_name_sets_off(life: Life, body: dict[str, Any]) -> None:
    assert life.post("responders", body, life.alert) == 422
    assert life.told(life.names[0]) == []
