"""Values that came across a hand-over stand under nobody's name, and no team sees those of another's person."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import cbor2
import pytest
from sqlalchemy.dialects.postgresql import Range

from backend.devices import moments
from tests.browsing import Browser
from tests.factories import Ref, since
from tests.quarantine.desk_of import Desk

HAZARD = pytest.mark.hazard("H01")
BAD_UNIT = [{"k": "spo2", "val": 91, "u": "kPa"}]
AT = "2026-11-01T09:30:00Z"
MOMENT = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def handed_over(desk: Desk, browse: Callable[..., Browser]) -> tuple[Ref, Browser]:
    """Kit that Rose wore until an hour ago and another team's person wears since; that team's desk."""
    device, other, stranger = desk.make.device(), desk.make.patient(), desk.make.practitioner()
    desk.make.team([stranger], [other])
    desk.make.wears(desk.rose, device, Range(since(days=9).lower, since(hours=1).lower))
    desk.make.wears(other, device, since(hours=1))
    return device, browse(desk.make.account(practitioner=stranger), "team")


def seen(browser: Browser) -> tuple[bool, list[str], int]:
    """Of the one message that waits: whether its values are hidden, under whose names it stands, what opening it
    answers."""
    (row,) = browser.get("/quarantine").get_json()["rows"]
    opened = browser.get(f"/quarantine/{row['id']}")
    assert row["is_hidden"] is (row["detail"] is None) is (opened.status_code == 404)
    return row["is_hidden"], [one["display_name"] for one in row["people"]], opened.status_code


def _by_taken(desk: Desk, device: Ref) -> None:
    desk.sends(device, ago=120, came=5, m=BAD_UNIT)


def _by_uptime(desk: Desk, device: Ref) -> None:
    clock = {"src": "none", "up_ms": 9_000_000}
    desk.sends(device, came=5, m=BAD_UNIT, taken=None, up_ms=9_000_000 - 2 * 3_600_000, clock=clock)


def _by_cbor(desk: Desk, device: Ref) -> None:
    taken = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    desk.brings(
        device, cbor2.dumps({"v": 1, "id": "cbor-message-0001", "taken": taken, "m": BAD_UNIT}), came=5
    )


def _by_broken(desk: Desk, device: Ref) -> None:
    taken = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    desk.brings(device, f'{{"v":1,"taken" : "{taken}","m":[{{"k":"spo2","val":91'.encode(), came=5)


@HAZARD
@pytest.mark.parametrize("sends", [_by_taken, _by_uptime, _by_cbor, _by_broken])
def test_what_came_across_a_hand_over_shows_no_team_a_value_or_a_name(
    desk: Desk, handed_over: tuple[Ref, Browser], sends: Callable[[Desk, Ref], None]
) -> None:
    device, theirs = handed_over
    sends(desk, device)
    assert seen(desk.browser) == seen(theirs) == (True, [], 404)


@HAZARD
def test_the_same_bytes_again_after_a_hand_over_stay_with_the_team_of_who_measured(
    desk: Desk, handed_over: tuple[Ref, Browser]
) -> None:
    device, theirs = handed_over
    body = desk.sends(device, ago=120, came=115, m=BAD_UNIT)
    desk.brings(device, body)
    assert seen(desk.browser) == (False, [desk.rose.name], 200)
    assert seen(theirs) == (True, [], 404)


@HAZARD
def test_bytes_without_a_time_that_came_before_and_after_a_hand_over_are_shown_to_no_team(
    desk: Desk, handed_over: tuple[Ref, Browser]
) -> None:
    device, theirs = handed_over
    desk.brings(device, b"spo2 91", came=120)
    assert seen(desk.browser) == (False, [desk.rose.name], 200)
    desk.brings(device, b"spo2 91", came=0)
    assert seen(desk.browser) == seen(theirs) == (True, [], 404)


def test_within_one_team_what_came_across_a_hand_over_is_seen_under_nobodys_name(desk: Desk) -> None:
    device = desk.make.device()
    desk.make.wears(desk.rose, device, Range(since(days=9).lower, since(hours=1).lower))
    desk.make.wears(desk.fern, device, since(hours=1))
    _by_taken(desk, device)
    assert seen(desk.browser) == (False, [], 200)
    # Looking is in the trail of both whose it may be
    found = desk.rows("select distinct patient_id from audit_event where action = 'read-readings'")
    assert {desk.rose.id, desk.fern.id} <= {patient_id for (patient_id,) in found}


@HAZARD
def test_what_was_measured_before_kit_came_back_to_stock_is_its_wearers_teams(
    desk: Desk, browse: Callable[..., Browser]
) -> None:
    device, stranger = desk.make.device(), desk.make.practitioner()
    desk.make.team([stranger], [desk.make.patient()])
    desk.make.wears(desk.rose, device, Range(since(days=9).lower, since(hours=1).lower))
    _by_taken(desk, device)
    assert seen(desk.browser) == (False, [desk.rose.name], 200)
    assert seen(browse(desk.make.account(practitioner=stranger), "team")) == (True, [], 404)


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (b'{"taken":"2026-11-01T09:30:00Z"}', {MOMENT}),
        (b'{"taken" :\n "2026-11-01T10:30:00.000+01:00"', {MOMENT}),
        (b'{"raised":"2026-11-01T09:30:00Z","taken":"2026-11-01T09:30:00Z"}', {MOMENT}),
        (cbor2.dumps({"taken": AT}), {MOMENT}),
        (cbor2.dumps({"taken": "2026-11-01T09:30:00.000000+00:00"}), {MOMENT}),
        (b'{"taken":"0001-01-01T00:00:00+23:00"}', set()),
        (b'{"taken":"2026-13-41T09:30:00Z"}', set()),
        (b'{"sent":"2026-11-01T09:30:00Z"}', set()),
        (b"\x00\xff", set()),
    ],
)
def test_a_messages_own_time_is_read_from_json_cbor_and_what_is_broken(
    payload: bytes, found: set[datetime]
) -> None:
    assert moments.said(payload) == found


def test_an_uptime_beyond_all_time_is_no_time() -> None:
    assert moments.by_uptime(b'{"up_ms":0,"clock":{"up_ms":9007199254740991}}', MOMENT) is None
    assert moments.by_uptime(b'{"up_ms":0,"clock":{"up_ms":1000}}', MOMENT) == (
        "", 0, MOMENT - timedelta(seconds=1),
    )  # fmt: skip
