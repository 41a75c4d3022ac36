"""The clock table, row by row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_gateway import clock
from device_gateway.clock import AHEAD, METHODS, TABLE, Judged, Local, Said, judge, judge_local, skew_s
from device_gateway.refusal import Undecodable

NOW = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def said(
    src: str, taken: timedelta | None, sent: timedelta | None = None, ups: tuple[int, int] | None = None
) -> Said:
    """Times are relative to now; `ups` are uptimes (now, then) in milliseconds."""
    up_now, up_then = ups or (None, None)
    return Said(
        src,
        None if taken is None else NOW + taken,
        None if sent is None else NOW + sent,
        up_now,
        up_then,
        NOW,
    )


ROWS: list[tuple[str, Said, timedelta | str, str]] = [
    ("a good clock is believed", said("ntp", -HOUR), -HOUR, "device"),
    ("a little ahead is nothing", said("cellular", MINUTE), MINUTE, "device"),
    ("a good clock far ahead is corrected by uptime", said("gateway", HOUR, ups=(9000, 4000)), timedelta(seconds=-5),
     "uptime"),
    ("a good clock far ahead with nothing beside", said("ntp", HOUR), "ahead", ""),
    ("a good clock that gave no time, with uptime", said("ntp", None, ups=(9000, 4000)), timedelta(seconds=-5),
     "uptime"),
    ("a manual clock gives way to uptime", said("manual", -HOUR, ups=(60_000, 0)), -MINUTE, "uptime"),
    ("no clock and uptime", said("none", None, ups=(60_000, 0)), -MINUTE, "uptime"),
    ("a manual clock is corrected by its own time of sending", said("manual", 5 * HOUR, sent=6 * HOUR), -HOUR,
     "coincident"),
    ("1970 is corrected by its own time of sending",
     said("none", -(NOW - datetime(1970, 1, 1, tzinfo=UTC)), -(NOW - datetime(1970, 1, 1, 0, 5, tzinfo=UTC))),
     timedelta(minutes=-5), "coincident"),
    ("a manual clock alone is believed", said("manual", -HOUR), -HOUR, "device"),
    ("a manual clock alone that is ahead", said("manual", HOUR), "ahead", ""),
    ("an uptime that runs backwards is none", said("none", None, ups=(1000, 5000)), "no-time", ""),
    ("a good clock that says 2099", said("ntp", datetime(2099, 1, 1, tzinfo=UTC) - NOW), "ahead", ""),
    ("2099 by hand is corrected by its own time of sending",
     said("manual", datetime(2099, 1, 1, tzinfo=UTC) - NOW, datetime(2099, 1, 1, 0, 1, tzinfo=UTC) - NOW), -MINUTE,
     "coincident"),
    ("1970 and nothing beside", said("ntp", datetime(1970, 1, 1, 0, 5, tzinfo=UTC) - NOW), "clock-not-set", ""),
    ("1970 gives way to uptime", said("ntp", datetime(1970, 1, 1, tzinfo=UTC) - NOW, ups=(60_000, 0)), -MINUTE,
     "uptime"),
    ("the last second of 2019 was never set", said("none", datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC) - NOW),
     "clock-not-set", ""),
    ("an uptime that has rolled over is none; the times are", said("none", -HOUR, MINUTE, (500, 2**32 - 500)),
     -HOUR - MINUTE, "coincident"),
    ("an uptime that has rolled over and nothing beside", said("none", None, ups=(500, 2**32 - 500)), "no-time", ""),
    ("over the end of a month by uptime", said("none", None, ups=(23 * 86_400_000, 0)), timedelta(days=-23), "uptime"),
    ("nothing at all", said("none", None), "no-time", ""),
    ("an uptime of an aeon", said("none", None, ups=(9007199254740991, 0)), "no-time", ""),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "given_", "expected", "method"), ROWS, ids=[row[0] for row in ROWS])
def test_the_table(_what: str, given_: Said, expected: timedelta | str, method: str) -> None:
    if isinstance(expected, str):
        with pytest.raises(Undecodable) as refused:
            judge(given_)
        assert refused.value.reason == expected
    else:
        judged = judge(given_)
        assert (judged.effective_at - NOW, judged.method) == (expected, method)


moments = st.datetimes(datetime(1960, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given a zone
uptimes = st.one_of(st.none(), st.integers(0, 2**53 - 1))


@given(
    st.sampled_from(["ntp", "gateway", "cellular", "manual", "none"]),
    st.one_of(st.none(), moments), st.one_of(st.none(), moments), uptimes, uptimes,
)  # fmt: skip
@pytest.mark.hazard("H08")
def test_no_reading_is_ever_from_the_future(
    src: str, taken: datetime | None, sent: datetime | None, up_now: int | None, up_then: int | None
) -> None:
    try:
        judged = judge(Said(src, taken, sent, up_now, up_then, NOW))
    except Undecodable as refused:
        reason = refused.reason
    else:
        reason = "no-time"
        assert judged.effective_at <= NOW + AHEAD
    assert reason in ("ahead", "no-time", "clock-not-set")


@pytest.mark.hazard("H08")
def test_a_skew_is_said_above_ten_minutes_only() -> None:
    assert skew_s(NOW + timedelta(minutes=9), NOW) is None
    assert skew_s(NOW + timedelta(minutes=11), NOW) == 660
    assert skew_s(NOW - timedelta(hours=2), NOW) == -7200


def test_a_skew_of_centuries_fits_the_column_it_is_kept_in() -> None:
    assert skew_s(datetime(2199, 1, 1, tzinfo=UTC), NOW) == 2**31 - 1
    assert skew_s(datetime(1, 1, 1, tzinfo=UTC), NOW) == -(2**31 - 1)


def test_a_clock_that_says_it_was_never_set_is_not_believed_but_its_differences_are() -> None:
    unset = replace(said("ntp", -HOUR), is_set=False)
    with pytest.raises(Undecodable) as refused:
        judge(unset)
    assert refused.value.reason == "clock-not-set"
    sent = replace(unset, sent=NOW - HOUR + MINUTE)
    assert (judge(sent).effective_at, judge(sent).method) == (NOW - MINUTE, "coincident")


def test_the_methods_have_numbers_that_never_change() -> None:
    assert METHODS == {"device": 1, "uptime": 2, "coincident": 3, "local": 4, "received": 5}
    assert {method for rules in TABLE.values() for method, _ in rules} <= METHODS.keys()


LONDON = ZoneInfo("Europe/London")
NOTHING = (None, None)


def local(text: str | None, **other: object) -> Local:
    """A sensor's time in London."""
    at = None if text is None else datetime.fromisoformat(text)
    return Local(at, LONDON, **other)  # type: ignore[arg-type]  # the rows name fields of Local


def hub(received: str, seconds_ago: int | None) -> Said:
    """A hub that captured so many seconds before its message was received, or says nothing of when."""
    ups = NOTHING if seconds_ago is None else (10_000_000, 10_000_000 - seconds_ago * 1000)
    return Said("none", None, None, ups[0], ups[1], datetime.fromisoformat(received))


# What a sensor and its hub say -> when it was. Clocks in London go on at 01:00Z on 29 March, back on 25 October 2026.
LOCAL_ROWS: list[tuple[str, Local, Said, str, str]] = [
    ("a sensor's time in winter", local("2026-11-22T08:10:00"), hub("2026-11-22T08:15:00Z", None),
     "2026-11-22T08:10:00Z", "local"),
    ("a sensor's time in summer", local("2026-07-01T08:10:00"), hub("2026-11-22T08:15:00Z", None),
     "2026-07-01T07:10:00Z", "local"),
    ("the capture, when the sensor agrees", local("2026-11-22T08:07:00"), hub("2026-11-22T08:15:00Z", 10),
     "2026-11-22T08:14:50Z", "uptime"),
    ("what came out of a sensor's memory has the sensor's time", local("2026-11-19T07:30:00"),
     hub("2026-11-22T08:15:00Z", 10), "2026-11-19T07:30:00Z", "local"),
    ("a sensor ahead of the capture is wrong", local("2026-11-23T08:10:00"), hub("2026-11-22T08:15:00Z", 10),
     "2026-11-22T08:14:50Z", "uptime"),
    ("a sensor ahead and no capture", local("2026-11-22T09:10:00"), hub("2026-11-22T08:15:00Z", None), "ahead", ""),
    ("a sensor of 2099", local("2099-01-01T00:00:00"), hub("2026-11-22T08:15:00Z", None), "ahead", ""),
    ("a sensor of 1970 that was seen measuring", local("1970-01-01T00:04:00"), hub("2026-11-22T08:15:00Z", 5),
     "2026-11-22T08:14:55Z", "uptime"),
    ("a sensor of 1970 and no capture", local("1970-01-01T00:04:00"), hub("2026-11-22T08:15:00Z", None),
     "clock-not-set", ""),
    ("a sensor of 1970 whose memory was read", local("1970-01-01T00:04:00", from_memory=True),
     hub("2026-11-22T08:15:00Z", 5), "clock-not-set", ""),
    ("a sensor of 1970 whose clock was read too", local("1970-01-01T00:04:00", now=datetime(1970, 1, 1, 3, 4)),  # noqa: DTZ001 - no zone
     hub("2026-11-22T08:15:00Z", 0), "2026-11-22T05:15:00Z", "coincident"),
    ("an hour wrong all summer, its clock read too", local("2026-07-01T07:00:00", now=datetime(2026, 7, 1, 9)),  # noqa: DTZ001 - no zone
     hub("2026-07-01T09:15:00Z", 0), "2026-07-01T07:15:00Z", "coincident"),
    ("a sensor that says its clock is not set", local("2026-11-22T08:10:00", is_set=False),
     hub("2026-11-22T08:15:00Z", None), "clock-not-set", ""),
    ("no time and a capture", local(None), hub("2026-11-22T08:15:00Z", 5), "2026-11-22T08:14:55Z", "uptime"),
    ("no time and no capture", local(None), hub("2026-11-22T08:15:00Z", None), "no-time", ""),
    ("no time, out of memory", local(None, from_memory=True), hub("2026-11-22T08:15:00Z", 5), "no-time", ""),
    ("the hour that came twice", local("2026-10-25T01:30:00"), hub("2026-10-25T09:00:00Z", None), "ambiguous-time",
     ""),
    ("the hour that came twice, received before its second time", local("2026-10-25T01:30:00"),
     hub("2026-10-25T00:45:00Z", None), "2026-10-25T00:30:00Z", "local"),
    ("the hour that came twice, seen in its second", local("2026-10-25T01:30:00"), hub("2026-10-25T01:31:00Z", 60),
     "2026-10-25T01:30:00Z", "uptime"),
    ("the hour that came twice, out of memory", local("2026-10-25T01:30:00", from_memory=True),
     hub("2026-10-25T09:00:00Z", 5), "ambiguous-time", ""),
    ("the hour before it", local("2026-10-25T00:59:59"), hub("2026-10-25T09:00:00Z", None), "2026-10-24T23:59:59Z",
     "local"),
    ("the hour after it", local("2026-10-25T02:00:00"), hub("2026-10-25T09:00:00Z", None), "2026-10-25T02:00:00Z",
     "local"),
    ("the hour that never came", local("2026-03-29T01:30:00"), hub("2026-03-29T09:00:00Z", None), "ambiguous-time",
     ""),
    ("the hour that never came, seen", local("2026-03-29T01:30:00"), hub("2026-03-29T01:33:00Z", 60),
     "2026-03-29T01:32:00Z", "uptime"),
    ("the last minute of a month", local("2026-10-31T23:59:59"), hub("2026-11-01T00:00:30Z", None),
     "2026-10-31T23:59:59Z", "local"),
    ("the last minute of a summer month is the next in no zone", local("2026-06-30T23:59:59"),
     hub("2026-07-01T09:00:00Z", None), "2026-06-30T22:59:59Z", "local"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("_what", "sensor", "seen", "expected", "method"), LOCAL_ROWS, ids=[row[0] for row in LOCAL_ROWS]
)
def test_the_times_of_bluetooth_sensors(
    _what: str, sensor: Local, seen: Said, expected: str, method: str
) -> None:
    if method:
        judged = judge_local(sensor, seen)
        assert (judged.effective_at, judged.method) == (datetime.fromisoformat(expected), method)
    else:
        with pytest.raises(Undecodable) as refused:
            judge_local(sensor, seen)
        assert refused.value.reason == expected


@given(
    st.one_of(st.none(), st.datetimes(datetime(1582, 1, 1), datetime(9998, 12, 31))),  # noqa: DTZ001 - it has no zone
    st.one_of(st.none(), st.datetimes()), st.booleans(), st.booleans(), uptimes, uptimes,
    st.sampled_from(["Europe/London", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns"]),
)  # fmt: skip
def test_no_bluetooth_reading_is_from_the_future_or_of_an_hour_that_was_guessed(
    at: datetime | None, now: datetime | None, from_memory: bool, is_set: bool, up_now: int | None, up_then: int | None,
    zone: str,
) -> None:  # fmt: skip
    sensor = Local(at, ZoneInfo(zone), now, from_memory, is_set)
    judged, reason = Judged(NOW, "received"), "no-time"
    try:
        judged = judge_local(sensor, Said("none", None, None, up_now, up_then, NOW))
    except Undecodable as refused:
        reason = refused.reason
    assert reason in ("ahead", "no-time", "clock-not-set", "ambiguous-time")
    assert judged.effective_at <= NOW + AHEAD
    if judged.method == "local":
        assert at is not None
        assert judged.effective_at in clock.moments(at, sensor.zone)
        assert judged.effective_at.astimezone(sensor.zone).replace(tzinfo=None) == at
