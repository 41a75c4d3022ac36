"""Whatever two nurses do or leave undone, no episode is forgotten: closed, spoken about, or climbed to the top."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.desk.jobs import ask_for_rechecks, climb_handovers, end_snoozes
from backend.escalation.jobs import begin_early, climb, read_outcomes
from backend.messages.jobs import deliver_due
from tests.alerts.people import Monitored, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.desk.acting import listed, match, step
from tests.factories import Factory, Ref

REAL = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SPOKEN = {"to": "person", "how": "call", "result": "reached"}
SILENT = {"to": "person", "how": "call", "result": "no-reply"}
ACTS = st.sampled_from(
    [
        "claim",
        "reached",
        "no-reply",
        "snooze",
        "recheck",
        "note",
        "hand-over",
        "accept",
        "close",
        "undo",
        "press",
        "wait",
    ]
)
DONE = st.lists(st.tuples(ACTS, st.booleans(), st.integers(1, 30)), max_size=9)
# Longer than the longest snooze of these levels, the longest recheck asked for below, and every ladder.
AFTER_H = 32


def sweeps(app: Flask) -> None:
    """One round of every job that lets a clock run out."""
    with app.app_context():
        for job in (end_snoozes, ask_for_rechecks, climb_handovers, read_outcomes, begin_early):
            job()
        while climb():
            pass
        deliver_due()


class Shift:
    """Two nurses, one card at most, and the time since they began."""

    def __init__(self, person: Monitored, patient: Ref, desks: tuple[Browser, Browser], second: Ref) -> None:
        self.person, self.patient, self.desks, self.second = person, patient, desks, second
        self.minutes = 0

    def passes(self, minutes: int) -> None:
        self.minutes += minutes
        step(self.person.app, f"{self.minutes} minutes")
        sweeps(self.person.app)

    def does(self, what: str, by_first: bool, minutes: int) -> None:
        """One act; what the desk refuses is refused, and nothing else may go wrong."""
        if what == "wait":
            return self.passes(minutes)
        if what == "press":
            press(self.person.app, patient=self.patient)
            return None
        desk = self.desks[0 if by_first else 1]
        about = [
            row
            for row in listed(desk)
            if row["patient"] and row["patient"]["id"] == str(self.patient.public_id)
        ]
        for row in about:
            answer = self._asked(desk, row, what, minutes)
            assert answer.status_code < 500, answer.get_data(as_text=True)
        return None

    def _asked(self, desk: Browser, row: dict[str, Any], what: str, minutes: int) -> Any:
        now = datetime.now(UTC) + timedelta(minutes=self.minutes)
        by = (now + timedelta(minutes=10 * minutes)).isoformat()
        path, body = {
            "claim": ("claim", {}),
            "reached": ("contact", SPOKEN),
            "no-reply": ("contact", SILENT),
            "snooze": ("snooze", {"minutes": minutes, "why": "Rests"}),
            "recheck": ("recheck", {"by": by, "why": "Inhaler"}),
            "note": ("note", {"note": "Was busy"}),
            "close": ("close", {"outcome": "advice", "confirm": True}),
            "undo": ("undo", {}),
            "accept": ("accept", {}),
        }.get(what, ("", {}))
        if what == "hand-over":
            cards = [{"id": row["id"], "version": row["version"]}]
            return desk.post(
                "/handovers", {"to": str(self.second.public_id), "cards": cards, "note": "Yours"}
            )
        return desk.post(f"/alerts/{row['id']}/{path}", body, If_Match=match(row))


@REAL
@given(done=DONE, level=st.sampled_from(["emergency", "urgent", "soon"]))
@pytest.mark.hazard("H04", "H22")
def test_every_episode_ends_closed_spoken_about_or_escalated_to_the_top(
    app: Flask, make: Factory, person: Monitored, nurse: Browser, colleague: Browser, second: Ref,
    done: list[tuple[str, bool, int]], level: str,
) -> None:  # fmt: skip
    step(app, "0")
    patient = make.patient()
    make.caseload(person.team, patient)
    found = make.alert(patient, level=level, care_team_id=person.team.id)
    run(app, "update alert set opened_at = db_now(), acknowledge_by = db_now() + interval '1 minute', rung_due_at ="
             " db_now() + interval '1 minute' where id = :id", id=found.id)  # fmt: skip
    shift = Shift(person, patient, (nurse, colleague), second)
    for what, by_first, minutes in done:
        shift.does(what, by_first, minutes)
    for _ in range(AFTER_H // 4):
        shift.passes(240)
    left = run(
        app,
        "select a.id, a.rule, a.contacted_at is not null as spoken, a.rung_due_at,"
        " exists (select from escalation_step s where s.alert_id = a.id and s.place = 'alarm-centre') as at_the_top"
        " from alert a where a.patient_id = :p and a.closed_at is null and a.level <> 'info'",
        p=patient.id,
    )
    assert all(row.spoken or row.at_the_top for row in left), left
