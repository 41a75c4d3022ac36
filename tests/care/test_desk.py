"""What stands on a card, and whom no list holds (care rules, section 7)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.alerts.people import judge, run
from tests.alerts.test_alarms import press
from tests.browsing import Browser
from tests.care.conftest import OnList
from tests.caseload.conftest import CONTACTS, NEEDS, Desk, House
from tests.desk.acting import listed
from tests.factories import Factory

Card = dict[str, Any]
POINTER = {
    "kind": "respect", "dated": "2026-05-01", "original_at": "In the hall", "ceiling": "Hospital",
    "verified_by": "A doctor", "verified_on": "2026-05-02",
}  # fmt: skip


def target(card: Card) -> tuple[str, str, bool]:
    oxygen = card["facts"]["oxygen_target"]
    return oxygen["low"], oxygen["high"], oxygen["personal"]


def age_of_data(card: Card) -> bool:
    """A finding says when it was measured, and each value it rests on when it was taken."""
    row = card["row"]
    measured = datetime.fromisoformat(row["true_at"])
    taken = [datetime.fromisoformat(one["at"]) for one in row["findings"][0]["evidence"]]
    ago = datetime.now(UTC) - measured
    return timedelta(minutes=1) <= ago < timedelta(minutes=10) and measured in taken


SAYS: dict[str, tuple[Callable[[Card], object], object]] = {
    "why in words": (lambda card: card["row"]["reason"], "Oxygen 80%, target 88 to 92"),
    "age of data": (age_of_data, True),
    "tap to call": (lambda card: card["row"]["patient"]["phone"], "01632 960001"),
    "language": (lambda card: card["facts"]["language"], "cy"),
    "interpreter": (lambda card: card["facts"]["interpreter"], True),
    "hearing": (lambda card: card["facts"]["hearing"], "Loud, left ear"),
    "lives alone": (lambda card: card["facts"]["lives_alone"], True),
    "key-safe reference": (lambda card: card["facts"]["key_safe_reference"], "KS-9"),
    "oxygen target": (target, ("88", "92", True)),
    "rescue pack": (lambda card: card["facts"]["rescue_pack"], True),
    "ReSPECT pointer": (lambda card: [one["kind"] for one in card["facts"]["documents"]], ["respect"]),
    "last three outcomes": (
        lambda card: [(one["title"], one["outcome"]) for one in card["last_outcomes"]],
        [("Old 0", "advice"), ("Old 1", "visit"), ("Old 2", "no-change")],
    ),
    "who else is worried": (lambda card: len(card["worried"]), 1),
    "usual range": (
        lambda card: [(one["low"], one["high"]) for one in card["facts"]["usual"] if one["code"] == "spo2"],
        [("88", "92")],
    ),
}


@pytest.mark.hazard("H02")
def test_the_card_holds_everything_whoever_rings_has_to_know(
    app: Flask, house: House, desk: Desk, on_list: OnList
) -> None:
    person = on_list("copd")
    desk.change(person.patient, "/needs", NEEDS)
    desk.change(person.patient, "/contacts", CONTACTS)
    desk.change(person.patient, "/documents", POINTER)
    run(app, "insert into alert_limit (patient_id, code, low, high, set_by) values (:p, 5, 88, 92, 'Dr Test')",
        p=person.patient.id)  # fmt: skip
    for n, outcome in enumerate(("advice", "visit", "no-change", "contact")):
        house.make.alert(person.patient, rule=f"old_{n}", title=f"Old {n}")
        run(app, "update alert set closed_at = now() - :n * interval '1 day', outcome = :o, rung_due_at = null"
                 " where rule = :r", n=n + 1, r=f"old_{n}", o=outcome)  # fmt: skip
    own = house._browse(house.make.account(patient=person.patient))
    assert own.post(f"/patients/{person.patient.public_id}/concern", {}).status_code == 201
    person.measures("80", ago=2)
    judge(app)
    (row,) = [one for one in listed(desk.browser) if one["rule"] == "spo2_low"]
    card = desk.read(f"/alerts/{row['id']}")
    missing = {name: shown(card) for name, (shown, expected) in SAYS.items() if shown(card) != expected}
    assert missing == {}


LISTS = ("/worklist", "/caseload", "/joinings", "/handovers", "/kit", "/kit/people", "/quarantine")


@pytest.mark.hazard("H24")
def test_a_canary_is_in_no_list_no_count_and_no_search_of_a_desk(
    app: Flask, make: Factory, house: House, desk: Desk
) -> None:
    canary = make.patient(is_canary=True, family_name="Canaryperson")
    make.caseload(house.team, canary)
    make.enrolment(canary, make.pathway("copd"))
    kit = make.device("pendant", is_canary=True)
    make.wears(canary, kit)
    before = {path: counted(desk.browser, path) for path in LISTS}
    make.alert(canary, is_canary=True, care_team_id=house.team.id)
    press(app, kit, canary)
    press(app, make.device(is_canary=True))
    for path in LISTS:
        answer = desk.browser.get(path)
        assert "Canaryperson" not in answer.get_data(as_text=True), path
        assert kit.name not in answer.get_data(as_text=True), path
        assert counted(desk.browser, path) == before[path], path
    assert desk.send("/caseload/search", {"q": "canaryp"}).get_json()["rows"] == []
    assert desk.send("/kit/search", {"q": "canaryp"}).get_json()["rows"] == []
    assert run(app, "select 1 from communication") == []


def counted(browser: Browser, path: str) -> object:
    """The counts of a page."""
    return browser.get(path).get_json().get("counts")
