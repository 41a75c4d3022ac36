"""What must be refused is refused, in words, and kept or audited: messages, passwords, others' records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.flows.by_hand import ByHand, ago, pressure, until
from tests.flows.conftest import PHONE, SignedIn, System

pytestmark = pytest.mark.xdist_group("flows")


def test_the_quarantine_page_shows_each_kind_of_refusal_with_what_to_do(
    system: System, signed_in: SignedIn, monitor: ByHand
) -> None:
    # Given a good monitor
    good = pressure(131, 80)
    spo2: dict[str, Any] = {"k": "spo2", "val": 96, "u": "%"}
    far = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
    # When it sends one of each thing that cannot be used
    sent: dict[str, dict[str, Any] | bytes] = {
        "not-json": b'{"v":1,"id":"by-hand-broken-0001"',
        "too-large": b'{"id":"by-hand-large-00001","x":"' + b"x" * 40_000 + b'"}',
        "schema": monitor.reading(spo2, taken="2026-11-22T08:14:31"),
        "version": monitor.reading(spo2, v=2),
        "time": monitor.reading(spo2, taken="2026-02-30T08:14:31Z"),
        "no-time": monitor.reading(spo2, taken=None, up_ms=5),
        "ahead": monitor.reading(spo2, taken=far),
        "time-out-of-range": monitor.reading(spo2, taken="2021-01-01T00:00:00Z"),
        "unmapped": monitor.reading({"k": "mood.guess", "val": 1, "u": "1"}),
        "unit": monitor.reading({"k": "weight", "val": 11.2, "u": "[stone_av]"}),
        "code": monitor.reading({**spo2, "code": "loinc:8867-4"}),
        "value": monitor.reading({"k": "spo2", "txt": "ninety"}),
        "not-a-measurement": monitor.reading({**spo2, "q": "demo"}),
        "implausible": monitor.reading({**spo2, "val": 7}),
        "unstorable": monitor.reading(spo2, boot="b\0"),
        "not-bound": monitor.reading(spo2, taken=ago(days=100)),
    }
    for body in sent.values():
        monitor.send(body)
    monitor.send(monitor.reading(spo2), channel="raw/gatt-0000")
    after = monitor.send(monitor.reading(*good))
    # Then nothing else was held up
    until(lambda: after in monitor.stored, 120, "the receipt of a good reading behind the bad ones")
    # And each refusal stands on the page, in words and with what to do
    desk = signed_in("demo-nurse")
    desk.goto("/team/quarantine")
    for reason in (*sent, "channel"):
        item = desk.locator(f'[data-reason="{reason}"]').first
        expect(item.locator("h2")).not_to_be_empty(timeout=60_000)
        expect(item.locator(".al-held__do")).not_to_be_empty()
    assert set(monitor.rejected.values()) >= set(sent) - {"too-large", "not-json"}


def test_a_reading_of_somebody_who_withdrew_their_consent_enters_no_record(system: System) -> None:
    # Given somebody who withdrew their consent to be monitored, with a device nobody else speaks for
    device = ByHand(system.spare("demo-ox-015")).connect()
    whose = (
        "(select patient_id from device_association a join device d on d.id = a.device_id"
        " where d.device_id = %s)"
    )
    withdrawn = "update consent set revoked_at = clock_timestamp() - interval '1 hour' where patient_id = "
    system.rows(withdrawn + whose, device.id)
    before = system.rows("select count(*) from observation where patient_id = " + whose, device.id)
    # When it measures
    message = device.send(device.reading({"k": "spo2", "val": 95, "u": "%"}))
    # Then it is told, and nothing entered the record
    until(lambda: device.rejected.get(message) == "no-consent", 120, "the refusal")
    device.close()
    assert system.rows("select count(*) from observation where patient_id = " + whose, device.id) == before


def test_a_wrong_password_and_an_unknown_name_get_the_same_words_and_are_audited(
    system: System, browser: Browser
) -> None:
    page = browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]  # see conftest
    refusals = "select count(*) from audit_event where action = 'sign-in' and outcome = 'refused'"
    ((before,),) = system.rows(refusals)
    said = []
    for username in ("demo-person-2", "nobody-of-this-name"):
        page.goto(f"{system.running.url}/sign-in?as={username}")
        page.get_by_label("Password", exact=True).fill("not the password")
        page.get_by_label("No, others use it too").check()
        page.get_by_role("button", name="Sign in").click()
        problem = page.locator("#main-content, main").get_by_text("is not right").first
        expect(problem).to_be_visible(timeout=60_000)
        said.append(problem.inner_text())
    page.context.close()
    assert said[0] == said[1]
    assert system.rows(refusals) == [(before + 2,)]


def test_another_persons_record_and_one_that_does_not_exist_get_the_same_answer_and_an_audit_row(
    system: System, signed_in: SignedIn
) -> None:
    # Given somebody signed in for their own record
    phone = signed_in("demo-person-2")
    ((other,),) = system.rows("select public_id::text from patient where family_name = 'Ash'")
    ((before,),) = system.rows("select count(*) from audit_event where outcome = 'refused'")
    # When they ask for somebody else's, and for nobody's
    theirs, nobodys = (_ask(phone, f"/api/v1/patients/{who}/home") for who in (other, uuid4()))
    # Then the answers cannot be told apart, and both were noted
    assert theirs["status"] == nobodys["status"] == 404
    assert theirs["body"] == nobodys["body"]
    ((after,),) = system.rows("select count(*) from audit_event where outcome = 'refused'")
    assert after >= before + 2


def test_a_person_who_opens_the_teams_pages_is_refused_and_audited(
    system: System, signed_in: SignedIn
) -> None:
    phone = signed_in("demo-person-2")
    ((before,),) = system.rows("select count(*) from audit_event where outcome = 'refused'")
    for path in ("/api/v1/worklist", "/api/v1/quarantine"):
        assert _ask(phone, path, audience="person")["status"] in (401, 403, 404)
        assert _ask(phone, path, audience="team")["status"] in (401, 403, 404)
    phone.goto("/team")
    expect(phone.get_by_role("heading", name="Sign in to the worklist")).to_be_visible(timeout=60_000)
    ((after,),) = system.rows("select count(*) from audit_event where outcome = 'refused'")
    assert after > before


def _ask(page: Page, path: str, audience: str = "person") -> dict[str, Any]:
    answer: dict[str, Any] = page.evaluate(
        """async ([path, audience]) => {
            const answer = await fetch(path, { headers: { "X-Alongside-Audience": audience } });
            return { status: answer.status, body: await answer.json() };
        }""",
        [path, audience],
    )
    return answer
