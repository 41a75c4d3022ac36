"""What a desk sees of what could not be used: counted, explained, and values only of its own people."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.browsing import Browser
from tests.factories import ended, since
from tests.quarantine.desk_of import Desk

BAD_UNIT = [{"k": "spo2", "val": 91, "u": "kPa"}]


def test_refusals_are_counted_by_reason_device_and_model_and_filtered(desk: Desk) -> None:
    one, two = desk.make.device(model="Ox 1"), desk.make.device(model="Ox 2")
    desk.sends(one)
    desk.sends(one, m=BAD_UNIT)
    desk.sends(two, m=BAD_UNIT)
    found = desk.ok("GET", "/quarantine")
    assert {row["reason"]: row["count"] for row in found["counts"]} == {"not-bound": 1, "unit": 2}
    assert {row["device_id"]: row["count"] for row in found["devices"]} == {one.name: 2, two.name: 1}
    assert {row["model"]: row["count"] for row in found["models"]} == {"Ox 1": 2, "Ox 2": 1}
    chosen = desk.ok("GET", "/quarantine?reason=unit&model=Ox%202")
    assert [row["device_id"] for row in chosen["rows"]] == [two.name]
    # A choice shows what the others would give in its place
    assert {row["model"]: row["count"] for row in chosen["models"]} == {"Ox 1": 1, "Ox 2": 1}
    assert len(desk.held(device=one.name)) == 2


def test_every_message_is_on_exactly_one_page(desk: Desk) -> None:
    device = desk.make.device()
    for n in range(5):
        desk.sends(device, came=n)
    seen, before = [], ""
    while True:
        page = desk.ok("GET", f"/quarantine?limit=2{before}")
        seen += [row["id"] for row in page["rows"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert len(seen) == len(set(seen)) == 5


def test_a_message_shows_its_bytes_and_marks_what_the_decoder_found(desk: Desk) -> None:
    device = desk.make.device()
    desk.sends(device, m=[{"k": "pulse", "val": 70, "u": "/min"}, *BAD_UNIT])
    page = desk.ok("GET", f"/quarantine/{desk.only()}")
    start, end = page["mark"]
    assert page["text"][start:end] == '{"k": "spo2", "val": 91, "u": "kPa"}'
    assert (page["form"], page["is_whole"], page["may_replay"]) == ("text", True, True)
    assert "UCUM" in page["what_to_do"]


def test_bytes_that_are_no_text_are_shown_as_hex(desk: Desk) -> None:
    device = desk.make.device()
    desk.brings(device, b"\x00\xff<script>")
    page = desk.ok("GET", f"/quarantine/{desk.only()}")
    assert page["form"] == "hex"
    assert page["text"].startswith("0000  00 ff 3c 73")
    assert page["text"].endswith("..<script>")


@pytest.mark.hazard("H01")
def test_values_of_another_teams_person_are_neither_listed_nor_opened(
    desk: Desk, browse: Callable[..., Browser]
) -> None:
    device, other = desk.make.device(), desk.make.patient()
    desk.make.wears(other, device)
    stranger = desk.make.practitioner()
    desk.make.team([stranger], [other])
    desk.sends(device, 7)
    (row,) = desk.held()
    assert (row["is_hidden"], row["detail"], row["people"]) == (True, None, [])
    refused = desk.browser.get(f"/quarantine/{row['id']}")
    absent = desk.browser.get(f"/quarantine/{uuid4()}")
    assert refused.status_code == absent.status_code == 404
    assert refused.get_json() == absent.get_json()
    # Their own team sees it
    theirs = browse(desk.make.account(practitioner=stranger), "team")
    assert theirs.get(f"/quarantine/{row['id']}").get_json()["people"][0]["id"] == str(other.public_id)
    # Neither can it be set aside from here
    assert (
        desk.browser.post(f"/quarantine/{row['id']}/set-aside", {"reason": "not-needed"}).status_code == 404
    )


def test_kit_of_nobody_is_every_desks_also_when_its_wearer_has_gone(desk: Desk) -> None:
    device, gone = desk.make.device(), desk.make.patient()
    desk.make.wears(gone, device, ended(days=2))
    desk.sends(device, ago=10)
    assert desk.held()[0]["is_hidden"] is False


def test_looking_is_audited_with_whose_values_they_may_be(desk: Desk) -> None:
    device = desk.make.device()
    desk.make.wears(desk.rose, device, since(minutes=2))
    desk.sends(device, ago=30, came=0)
    desk.ok("GET", f"/quarantine/{desk.only()}")
    (found,) = desk.rows(
        "select count(*) from audit_event where patient_id = :id and action = 'read-readings'",
        id=desk.rose.id,
    )
    assert found == (1,)


def test_what_will_never_be_used_is_set_aside_and_comes_back_when_it_is_sent_again(desk: Desk) -> None:
    device = desk.make.device()
    body = desk.sends(device, m=BAD_UNIT)
    message = desk.only()
    desk.ok("POST", f"/quarantine/{message}/set-aside", {"reason": "vendor-told"})
    assert desk.held() == []
    assert desk.held(state="resolved")[0]["resolution"] == "set-aside"
    desk.brings(device, body)
    assert desk.only() == message


def test_the_canarys_watcher_and_kit_are_left_out(desk: Desk, browse: Callable[..., Browser]) -> None:
    desk.sends(desk.make.device(is_canary=True))
    assert desk.held() == []
    watcher = desk.make.practitioner(role="canary-watcher")
    desk.make.team([watcher])
    browser = browse(desk.make.account(practitioner=watcher), "team")
    assert browser.post("/quarantine/replays", {"reason": "unit"}).status_code == 403


def test_an_open_message_is_never_forgotten_and_an_ended_one_after_90_days(desk: Desk) -> None:
    from backend.quarantine.jobs import forget_ended

    device = desk.make.device()
    desk.sends(device)
    desk.sends(device, m=BAD_UNIT)
    desk.connection.execute(text("update quarantine set received_at = now() - interval '1 year'"))
    desk.connection.execute(
        text(
            "update quarantine set resolved_at = now() - interval '91 days', resolution = 'set-aside'"
            " where reason = 'unit'"
        )
    )
    with desk.app.app_context():
        assert forget_ended() == 1
    assert [row["reason"] for row in desk.held()] == ["not-bound"]
