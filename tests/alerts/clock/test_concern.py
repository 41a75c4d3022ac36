""" "I'm worried" in one tap: urgent and on the list at once, from the person and from whoever stands by them."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.alerts.people import Monitored, judge, monitored
from tests.browsing import Browser
from tests.factories import Factory

Browse = Callable[..., Browser]


def ask(browser: Browser, person: Monitored, **headers: str) -> tuple[int, dict[str, object]]:
    answer = browser.post(f"/patients/{person.patient.public_id}/concern", {}, **headers)
    return answer.status_code, answer.get_json()


@pytest.mark.hazard("H03")
def test_a_persons_worry_is_urgent_at_once_and_says_who_answers(
    app: Flask, make: Factory, browse: Browse
) -> None:
    person = monitored(app, make)
    status, said = ask(browse(make.account(patient=person.patient)), person)
    (alert,) = person.alerts()
    assert (alert.rule, alert.level, alert.kind, alert.title) == (
        "concern", "urgent", "clinical", "The person is worried",
    )  # fmt: skip
    assert (status, said["alert"], said["answered_by"]) == (201, str(alert.public_id), person.team.name)
    assert said["phone"] == "01632 960100"
    assert (said["watching_from"] is None) is said["watching_now"]
    assert ("care-team", "alert-for-team") in person.told()


def test_a_carers_worry_says_that_it_is_a_carers_and_needs_no_scope(
    app: Flask, make: Factory, browse: Browse
) -> None:
    person, carer = monitored(app, make), make.carer()
    make.proxy_consent(person.patient, carer, ["plan"])
    assert ask(browse(make.account(carer=carer)), person)[0] == 201
    assert [alert.title for alert in person.alerts()] == ["A carer is worried"]


def test_a_carer_whose_consent_was_withdrawn_finds_no_record(
    app: Flask, make: Factory, browse: Browse
) -> None:
    from backend.core.clock import now

    person, carer = monitored(app, make), make.carer()
    make.proxy_consent(person.patient, carer, ["alerts"], revoked_at=now())
    assert ask(browse(make.account(carer=carer)), person)[0] == 404
    assert person.alerts() == []


@pytest.mark.parametrize("status", ["paused", "awaiting-kit", "ended"])
def test_a_worry_counts_whether_or_not_somebody_watches(
    app: Flask, make: Factory, browse: Browse, status: str
) -> None:
    person = monitored(app, make, status)
    assert ask(browse(make.account(patient=person.patient)), person)[0] == 201
    assert [alert.rule for alert in person.alerts()] == ["concern"]


def test_the_same_tap_sent_twice_is_one_worry_and_a_second_tap_tells_again(
    app: Flask, make: Factory, browse: Browse
) -> None:
    person = monitored(app, make)
    browser = browse(make.account(patient=person.patient))
    first = ask(browser, person, Idempotency_Key="5f0c1f0e-7f2e-4f57-9d5c-0f3b8a1d2e4c")
    assert ask(browser, person, Idempotency_Key="5f0c1f0e-7f2e-4f57-9d5c-0f3b8a1d2e4c") == first
    assert person.events() == ["raised"]
    second = ask(browser, person)
    assert second[1]["alert"] == first[1]["alert"]
    assert person.events() == ["raised", "pressed-again"]


def test_no_limit_of_anybody_turns_it_off_and_judging_it_again_changes_nothing(
    app: Flask, make: Factory, browse: Browse
) -> None:
    from backend.observations.codes import Code

    person = monitored(app, make)
    person.limit(Code.CONCERN, None, "2")
    ask(browse(make.account(patient=person.patient)), person)
    judge(app)
    assert len(person.alerts()) == 1
    assert person.events() == ["raised"]
    kept = person.run(
        "select value, source from observation where patient_id = :p and code = 24", p=person.patient.id
    )
    assert [(int(row.value), row.source) for row in kept] == [(1, 1)]
