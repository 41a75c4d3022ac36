"""What is asked of somebody: at its time on the wall, once, and never what nobody is rostered to answer."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from backend.check_ins import asking
from backend.core.clock import now
from backend.escalation.rota import staffed
from backend.pathways import service as pathways
from backend.pathways.check_ins import Sitting
from tests.alerts.people import Monitored, run
from tests.browsing import Browser
from tests.check_ins.conftest import Browse, answer, listed
from tests.factories import Factory, Ref

# Monday 2 November 2026; at home it is winter, so 10:00 on the wall is 10:00 UTC.
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
WEEKLY = [Sitting(time(10), "mon", 1, ("copd",))]
MONTHLY = [Sitting(time(10), "mon", 4, ("mrc-dyspnoea",))]
DAILY = [
    Sitting(time(9), day, 1, ("heart-failure",)) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
]


def asked(planned: list[Sitting], answered: dict[str, datetime], at: datetime) -> list[tuple[str, datetime]]:
    return [(name, one.due_at) for one in asking.due(planned, answered, at) for name in one.ids]


@pytest.mark.parametrize(
    ("planned", "last", "at", "due"),
    [
        # Never answered: asked from its time on, and last week's is asked until then.
        (WEEKLY, None, timedelta(0), timedelta(0)),
        (WEEKLY, None, timedelta(minutes=-1), timedelta(weeks=-1)),
        (WEEKLY, None, timedelta(days=6), timedelta(0)),
        # Answered after it, or the evening before: not asked again until next week.
        (WEEKLY, timedelta(hours=1), timedelta(days=6), None),
        (WEEKLY, timedelta(hours=-20), timedelta(hours=2), None),
        (WEEKLY, timedelta(hours=-30), timedelta(hours=2), timedelta(0)),
        (WEEKLY, timedelta(hours=1), timedelta(weeks=1), timedelta(weeks=1)),
        # Every day: yesterday's answer does not count for today, one just before its time does.
        (DAILY, timedelta(hours=-24), timedelta(0), timedelta(hours=-1)),
        (DAILY, timedelta(hours=-2), timedelta(0), None),
        # Every four weeks: not after one, two or three; one given five days late moves the next by a week.
        (MONTHLY, timedelta(hours=1), timedelta(weeks=3), None),
        (MONTHLY, timedelta(hours=1), timedelta(weeks=4), timedelta(weeks=4)),
        (MONTHLY, timedelta(days=5), timedelta(weeks=4), None),
        (MONTHLY, timedelta(days=5), timedelta(weeks=5), timedelta(weeks=5)),
    ],
)
def test_a_check_in_is_asked_at_its_time_and_not_again_once_answered(
    planned: list[Sitting], last: timedelta | None, at: timedelta, due: timedelta | None
) -> None:
    name = planned[0].ids[0]
    answered = {} if last is None else {name: MONDAY + last}
    assert asked(planned, answered, MONDAY + at) == ([] if due is None else [(name, MONDAY + due)])


def test_the_time_is_the_wall_clocks_in_summer_too() -> None:
    summer = datetime(2026, 7, 6, 8, 59, tzinfo=UTC)
    assert asked(WEEKLY, {}, summer)[0][1] == datetime(2026, 6, 29, 9, 0, tzinfo=UTC)
    assert asked(WEEKLY, {}, summer + timedelta(minutes=1))[0][1] == datetime(2026, 7, 6, 9, 0, tzinfo=UTC)


def test_what_is_due_together_is_one_sitting_and_says_how_many_questions() -> None:
    (one,) = asking.due([*WEEKLY, *MONTHLY], {}, MONDAY)
    assert one.ids == ("copd", "mrc-dyspnoea")
    assert asking.questions(one.ids) == 7


@given(
    st.integers(0, 400 * 24 * 60),
    st.lists(st.sampled_from([*WEEKLY, *MONTHLY, *DAILY]), max_size=6, unique=True),
)
def test_whatever_is_answered_now_is_not_asked_now_and_is_asked_again_one_day(
    minutes: int, planned: list[Sitting]
) -> None:
    at = MONDAY + timedelta(minutes=minutes)
    names = {name for one in planned for name in one.ids}
    answered = dict.fromkeys(names, at)
    assert asking.due(planned, answered, at) == []
    coming = asking.next_at(planned, answered, at)
    assert (coming is None) is (not names)
    assert coming is None or at < coming <= at + timedelta(weeks=5)
    assert coming is None or asking.due(planned, answered, coming) != []


def test_packs_of_the_first_versions_ask_their_daily_signs_by_the_name_of_today() -> None:
    body = yaml.safe_load((pathways.PACKS / "heart_failure.yaml").read_text())
    old = body | {"check_ins": [{"id": "daily-signs", "at": "09:00", "source": "x"}]}
    from backend.pathways.pack_reader import read_pack

    for pathway, name in (("heart_failure", "heart-failure"), ("discharge_reablement", "after-discharge")):
        assert [one.id for one in asking.wanted([read_pack(old | {"pathway": pathway}, "x")])] == [name]


# Ten hours of the team's own, and a rota beside them.
@pytest.mark.parametrize(
    ("opens", "closes", "start", "hours"),
    [(time(8), time(20), "2026-11-02T00:00", 12), (time(20), time(8), "2026-11-02T00:00", 12),
     (time(0), time(0), "2026-11-02T05:00", 24)],
)  # fmt: skip
def test_the_hours_of_a_team_cover_what_they_say(opens: time, closes: time, start: str, hours: int) -> None:
    begin = datetime.fromisoformat(start + "+00:00")
    end = begin + timedelta(hours=24)
    spans = staffed(opens, closes, ZoneInfo("Europe/London"), begin, end)
    covered = sum(
        (max(timedelta(0), min(until, end) - max(since, begin)) for since, until in spans), timedelta(0)
    )
    assert covered == timedelta(hours=hours)


def enrolled(person: Monitored, pathway: str) -> None:
    """Put them on what is shipped."""
    body = yaml.safe_load((pathways.PACKS / f"{pathway}.yaml").read_text())
    person.make.enrolment(person.patient, person.make.pathway(pathway, body))


def rota(person: Monitored, who: Ref, hours: float) -> None:
    run(
        person.app,
        "insert into rota_shift (care_team_id, role, practitioner_id, valid) values (:t, 'on-call', :p,"
        " tstzrange(db_now() - interval '1 hour', db_now() + :h * interval '1 hour'))",
        t=person.team.id, p=who.id, h=hours,
    )  # fmt: skip


def ids(found: dict[str, Any]) -> set[str]:
    return {name for one in found["due"] for name in one["ids"]}


@pytest.mark.hazard("H83")
def test_a_phq9_is_asked_only_while_somebody_is_down_at_every_hour(
    person: Monitored, phone: Browser, carers_phone: Browser
) -> None:
    enrolled(person, "low_mood")
    # Whatever the time of day: their hour begins again in 22 hours.
    run(
        person.app,
        "update care_team set opens = (db_now() at time zone time_zone)::time - interval '2 hours',"
        " closes = (db_now() at time zone time_zone)::time - interval '1 hour' where id = :t",
        t=person.team.id,
    )
    found = listed(phone, person)
    assert "phq9" not in ids(found)
    assert [one["id"] for one in found["left_out"]] == ["phq9"]
    assert "nobody is down" in found["left_out"][0]["why"]
    rota(person, person.nurse, 20)
    assert "phq9" not in ids(listed(phone, person))
    run(person.app, "delete from rota_shift")
    rota(person, person.nurse, 25)
    found = listed(phone, person)
    assert "phq9" in ids(found)
    assert found["left_out"] == []
    # No carer is told that it is asked, or that it is not.
    theirs = listed(carers_phone, person)
    assert (ids(theirs), theirs["left_out"]) == (set(), [])


@pytest.mark.hazard("H83")
def test_whoever_has_left_the_team_is_down_for_nothing(
    person: Monitored, phone: Browser, make: Factory
) -> None:
    enrolled(person, "low_mood")
    rota(person, make.practitioner(), 48)
    assert "phq9" not in ids(listed(phone, person))


def test_a_team_round_the_clock_needs_no_rota(app: Flask, make: Factory, browse: Browse) -> None:
    patient, nurse = make.patient(), make.practitioner()
    team = make.team([nurse], [patient])
    run(app, "update care_team set opens = '00:00', closes = '00:00' where id = :t", t=team.id)
    person = Monitored(app, make, patient, team, nurse)
    enrolled(person, "low_mood")
    assert "phq9" in ids(listed(browse(make.account(patient=patient)), person))


def test_home_asks_what_is_due_and_not_again_once_it_was_answered(person: Monitored, phone: Browser) -> None:
    enrolled(person, "heart_failure")
    home = f"/patients/{person.patient.public_id}/home"
    found = phone.get(home).get_json()["check_in"]
    assert found["ids"] == ["heart-failure"]
    assert found["titles"] == ["Your heart check-in"]
    assert found["questions"] == 7
    answer(phone, person, "heart-failure", {"breath": "same"}, asked_by=found["id"])
    assert phone.get(home).get_json()["check_in"] is None
    assert listed(phone, person)["due"] == []
    assert datetime.fromisoformat(listed(phone, person)["next_at"]) > now()


def test_a_draft_does_not_count_as_answered(person: Monitored, phone: Browser) -> None:
    enrolled(person, "heart_failure")
    answer(phone, person, "heart-failure", {"breath": "same"}, state="draft")
    assert ids(listed(phone, person)) == {"heart-failure"}


def test_what_a_carer_answered_for_the_person_is_not_asked_of_the_person_again(
    person: Monitored, phone: Browser, carers_phone: Browser
) -> None:
    enrolled(person, "heart_failure")
    answer(carers_phone, person, "heart-failure", {"breath": "same"})
    assert ids(listed(phone, person)) == set()


def test_each_carer_is_asked_how_they_are_and_the_person_is_not(
    person: Monitored, phone: Browser, carers_phone: Browser, make: Factory, browse: Browse
) -> None:
    enrolled(person, "dementia_telecare")
    another = make.carer()
    make.proxy_consent(person.patient, another, ["readings", "add-readings"])
    answer(carers_phone, person, "carer-strain", {"sleep": "well"})
    assert ids(listed(carers_phone, person)) == set()
    assert ids(listed(browse(make.account(carer=another)), person)) == {"carer-strain"}
    assert "carer-strain" not in ids(listed(phone, person))


def test_nothing_is_asked_of_who_is_not_live(
    app: Flask, make: Factory, browse: Browse, person: Monitored
) -> None:
    enrolled(person, "heart_failure")
    run(app, "update enrolment set status = 'paused' where patient_id = :p", p=person.patient.id)
    found = listed(browse(make.account(patient=person.patient)), person)
    assert (found["due"], found["next_at"]) == ([], None)


def test_a_carer_who_may_not_answer_for_the_person_is_asked_only_how_they_are(
    person: Monitored, make: Factory, browse: Browse
) -> None:
    enrolled(person, "discharge_reablement")
    carer = make.carer()
    make.proxy_consent(person.patient, carer, ["readings"])
    browser = browse(make.account(carer=carer))
    assert ids(listed(browser, person)) == {"carer-strain"}
    home = browser.get(f"/patients/{person.patient.public_id}/home").get_json()
    assert home["check_in"]["ids"] == ["carer-strain"]


def test_the_reminders_are_told_when_something_is_asked_next_and_whether_something_is_asked_now(
    app: Flask, person: Monitored, phone: Browser
) -> None:
    from backend.check_ins.reminding import CheckInReminders
    from backend.core.db import transaction

    def told() -> tuple[bool, bool]:
        with app.app_context(), transaction():
            coming = CheckInReminders().coming([person.patient.id], now(), now() + timedelta(hours=25))
            return person.patient.id in coming, CheckInReminders().is_asked(person.patient.id)

    assert told() == (False, False)
    enrolled(person, "heart_failure")
    assert told() == (True, True)
    answer(phone, person, "heart-failure", {"breath": "same"})
    assert told()[1] is False


def test_the_newest_of_a_year_of_answers_are_few_enough_to_keep(person: Monitored, phone: Browser) -> None:
    import gzip

    run(
        person.app,
        "insert into questionnaire_response (patient_id, questionnaire, questionnaire_version, state, answers, level,"
        " words, received_at, completed_at) select :p, 'copd', '1', 'complete', '{\"breath\": \"same\"}', 'green',"
        " :w, db_now() - n * interval '1 day', db_now() - n * interval '1 day' from generate_series(0, 360) n",
        p=person.patient.id, w="Thank you. Nothing you told us needs help now. If that changes, tell us again.",
    )  # fmt: skip
    body = phone.get(f"/patients/{person.patient.public_id}/check-ins").get_data()
    small = len(gzip.compress(body, 6))
    print(f"361 check-ins: {len(body)} bytes, {small} gzip")  # noqa: T201 - a figure that is asked for
    assert len(phone.get(f"/patients/{person.patient.public_id}/check-ins").get_json()["given"]) == 120
    assert small < 8_000
