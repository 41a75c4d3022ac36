"""Whether the command prepares the demo whole, quickly, twice, and after something was lost."""

from __future__ import annotations

import json
import stat
import time

import pytest

from backend.demo.people import FALLING, PEOPLE
from backend.devices.credentials import Credentials
from backend.observations.reading import DeviceMessage
from device_gateway.decoders import al_obs
from firmware_stubs.plan import read_plan
from tests.demo.conftest import Prepared

FALLING_NHS = next(one.nhs_number for one in PEOPLE if one.number == FALLING)


@pytest.fixture
def falling_id(prepared: Prepared) -> int:
    """The key of the person whose oxygen falls."""
    key: int = prepared.one("select id from patient where nhs_number = %s", FALLING_NHS)
    return key


def test_there_are_25_people_a_canary_a_team_an_installer_two_carers_and_two_practices(
    prepared: Prepared,
) -> None:
    assert prepared.one("select count(*) from patient where not is_canary") == 25
    assert prepared.one("select count(*) from patient where is_canary") == 4
    assert prepared.one("select count(*) from organization where kind = 'gp-practice'") == 2
    # Two carers, and six whom a nurse may ring.
    assert prepared.one("select count(*) from related_person") == 8
    team = prepared.rows(
        "select p.role from practitioner p join care_team_member m on m.practitioner_id = p.id"
        " join care_team t on t.id = m.care_team_id where t.name = 'Harbour community team' order by 1"
    )
    roles = ["clinician", "clinician", "duty-manager", "installer", "nurse", "nurse", "nurse", "team-lead"]
    assert [role for (role,) in team] == roles


def test_everybody_consents_to_monitoring_and_is_on_the_teams_caseload(prepared: Prepared) -> None:
    consents = "select count(distinct patient_id) from consent where kind = 'monitoring'"
    caseload = (
        "select count(distinct patient_id) from caseload c join care_team t on t.id = c.care_team_id"
        " where t.name = 'Harbour community team'"
    )
    assert prepared.one(consents) == 29
    assert prepared.one(caseload) == 25


def test_enrolments_are_live_but_for_one_paused_and_one_awaiting_kit(prepared: Prepared) -> None:
    states = prepared.rows(
        "select e.status, count(distinct e.patient_id) from enrolment e join patient p on p.id = e.patient_id"
        " where not p.is_canary group by 1"
    )
    assert dict(states) == {"live": 23, "paused": 1, "awaiting-kit": 1}


def test_the_falling_person_has_a_target_of_88_to_92(prepared: Prepared, falling_id: int) -> None:
    limits = prepared.rows("select code, low, high from alert_limit where patient_id = %s", falling_id)
    assert [(code, int(low), int(high)) for code, low, high in limits] == [(5, 88, 92)]


def test_every_past_value_points_to_the_message_it_came_in(prepared: Prepared) -> None:
    orphans = (
        "select count(*) from observation o left join device_message m on m.id = o.device_message_id"
        " where m.id is null or m.device_id <> o.device_id or m.received_at <> o.received_at"
    )
    assert prepared.one(orphans) == 0
    assert prepared.one("select count(*) from message_key") == prepared.one(
        "select count(*) from device_message"
    )
    (payload,) = prepared.rows("select payload from device_message order by id limit 1")[0]
    assert json.loads(payload)["v"] == 1


def test_latest_holds_the_newest_value_of_each_code(prepared: Prepared) -> None:
    wrong = (
        "select count(*) from latest l where l.effective_at <> (select max(o.effective_at) from observation o"
        " where o.patient_id = l.patient_id and o.code = l.code)"
    )
    assert prepared.one(wrong) == 0
    assert prepared.one("select count(*) from latest") > 60


def test_only_the_ends_of_the_worsening_courses_wait_for_the_rules(prepared: Prepared) -> None:
    waiting = prepared.rows(
        "select distinct p.family_name from evaluation_wait w join patient p on p.id = w.patient_id"
    )
    assert {name for (name,) in waiting} == {"Juniper", "Granite", "Sedge"}
    assert prepared.one("select count(*) from evaluation_wait") <= 15


def test_the_silent_device_has_said_nothing_for_three_days(prepared: Prepared) -> None:
    silent = (
        "select extract(epoch from now() - s.last_reading_at) / 86400, d.expected_every_s from device_state s"
        " join device d on d.id = s.device_id where d.device_id = 'demo-bp-014'"
    )
    ((days, expected),) = prepared.rows(silent)
    assert days > 3
    assert expected == 86_400
    plan = read_plan(prepared.home / "fleet.json")
    assert "demo-bp-014" not in {one.device_id for one in plan.devices}


def test_the_plan_has_a_falling_oximeter_and_neither_the_canaries_nor_the_spare_devices(
    prepared: Prepared,
) -> None:
    plan = read_plan(prepared.home / "fleet.json")
    by_id = {one.device_id: one for one in plan.devices}
    oximeter = by_id["demo-ox-001"]
    assert (oximeter.stub, oximeter.course, oximeter.every_s) == ("pulse_oximeter", "falling", 10.0)
    assert oximeter.baseline["spo2"] == 91
    assert oximeter.start_after_s <= 20
    assert "canary" not in {one.stub for one in plan.devices}, "its own program sends for it"
    assert prepared.said["device"]["id"] not in by_id
    assert prepared.said["pendant"]["id"] not in by_id
    assert plan.broker.ca_file is not None
    assert sum(one.every_s is not None and one.every_s <= 300 for one in plan.devices) >= 6


def test_what_is_secret_is_readable_by_its_owner_alone(prepared: Prepared) -> None:
    for name in ("fleet.json", "demo.json", "canary.json"):
        assert stat.S_IMODE((prepared.home / name).stat().st_mode) == 0o600
    watcher = json.loads((prepared.home / "canary.json").read_text())
    assert watcher["username"] == "canary-watcher"
    assert watcher["password"]
    assert len(watcher["devices"]) == 4
    assert watcher["username"] not in {one["username"] for one in prepared.said["accounts"]}


def test_the_links_and_accounts_are_told(prepared: Prepared) -> None:
    said = prepared.said
    assert said["links"]["phone"] == "http://localhost:8080/sign-in?as=demo-person"
    assert said["links"]["team"] == "http://localhost:8080/team/sign-in?as=demo-nurse"
    assert {one["username"] for one in said["accounts"]} == {
        "demo-person", "demo-person-2", "demo-carer", "demo-carer-2",
        "demo-nurse", "demo-nurse-2", "demo-therapist", "demo-coordinator", "demo-installer",
        "demo-clinician", "demo-lead", "demo-manager", "demo-admin", "demo-practice",
    }  # fmt: skip
    assert all(one["password"].count("-") == 3 for one in said["accounts"])


def test_a_second_start_keeps_people_passwords_secrets_and_readings(prepared: Prepared) -> None:
    counts = (
        "select (select count(*) from observation), (select count(*) from patient),"
        " (select count(*) from message_key)"
    )
    before = prepared.rows(counts)
    said = dict(prepared.said)
    again = prepared.again()
    assert prepared.rows(counts) == before
    assert (again["accounts"], again["device"]) == (said["accounts"], said["device"])


def test_days_when_nothing_ran_are_filled_in_at_the_next_start(prepared: Prepared) -> None:
    before = prepared.one("select count(*) from observation")
    # The start believes that it last ran five days ago, and that nothing came since.
    prepared.run("delete from observation where effective_at > now() - interval '5 days'")
    prepared.run(
        "update heartbeat set detail = jsonb_set(detail, '{until}',"
        " to_jsonb((now() - interval '5 days')::text)) where name = 'demo'"
    )
    prepared.run("delete from message_key where received_at > now() - interval '5 days'")
    prepared.run("delete from device_message where received_at > now() - interval '5 days'")
    assert prepared.one("select count(*) from observation") < before
    prepared.again()
    assert abs(prepared.one("select count(*) from observation") - before) < 25
    newest = prepared.one("select max(effective_at) from observation o join patient p on p.id = o.patient_id"
                          " where p.family_name = 'Thrift'")  # fmt: skip
    assert time.time() - newest.timestamp() > 3 * 86_400


def test_the_last_visitors_fall_is_closed_so_that_it_can_happen_again(
    prepared: Prepared, falling_id: int
) -> None:
    prepared.run(
        "insert into alert (patient_id, rule, kind, level, title, reason, true_at, known_at)"
        " values (%s, 'spo2_low', 'clinical', 'urgent', 't', 'r', now(), now())", falling_id,
    )  # fmt: skip
    prepared.again()
    alerts = prepared.rows(
        "select outcome, closed_at is not null, version from alert where patient_id = %s", falling_id
    )
    assert alerts == [("demo-restarted", True, 2)]
    assert prepared.one("select count(*) from alert_event where kind = 'closed'") == 1


def test_a_broker_that_lost_a_device_gets_it_back_with_a_new_secret(prepared: Prepared) -> None:
    with Credentials(prepared.control_url) as broker:
        broker.revoke("demo-bp-001")
    before = prepared.said["device"]["secret"]
    after = prepared.again()["device"]["secret"]
    assert after != before
    with Credentials(prepared.control_url) as broker:
        assert broker.reconcile(_device_ids(prepared)).missing == ()


def test_an_account_whose_password_somebody_changed_gets_the_told_one_back(prepared: Prepared) -> None:
    stored = "select password_hash from account where username = 'demo-nurse'"
    before = prepared.one(stored)
    prepared.run("update account set password_hash = 'other' where username = 'demo-nurse'")
    prepared.again()
    assert prepared.one(stored) == before


def _device_ids(prepared: Prepared) -> list[str]:
    """Devices with an account; what is on the shelf has none yet."""
    return [name for (name,) in prepared.rows("select device_id from device where credential_at is not null")]


def test_simulate_makes_the_same_people_each_time_and_leaves_the_demo_alone(prepared: Prepared) -> None:
    plan_file = prepared.home / "simulated.json"
    before = dict(prepared.again())
    words = ("--simulate", "3", "--speed", "2", "--course", "falling", "--plan", str(plan_file))
    prepared.command(*words)
    first = read_plan(plan_file)
    prepared.command(*words)
    again = read_plan(plan_file)
    assert [one.device_id for one in first.devices] == ["demo-sim-0001", "demo-sim-0002", "demo-sim-0003"]
    assert (first.speed, {one.course for one in first.devices}) == (2.0, {"falling"})
    assert again == first
    assert prepared.one("select count(*) from patient where given_name = 'Pretend'") == 3
    after = prepared.again()
    assert after["device"] == before["device"]
    prepared.command(*words)
    assert read_plan(plan_file) == first


def test_the_past_is_what_the_gateway_would_have_made_of_its_messages(prepared: Prepared) -> None:
    newest = (
        "select id, device, message_id, payload, received_at from device_message order by id desc limit 300"
    )
    for key, device, message_id, payload, received_at in prepared.rows(newest):
        message = DeviceMessage(device, message_id, f"al/v1/{device}/up/obs", bytes(payload), received_at)
        decoded = {(one.code.number, one.value, one.effective_at) for one in al_obs.decode(message)}
        stored = prepared.rows(
            "select code, value, effective_at from observation where device_message_id = %s and quality = 0"
            " and source = 0 and special is null",
            key,
        )
        assert set(stored) == decoded
