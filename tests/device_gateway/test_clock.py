"""The clock table, row by row."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_gateway.clock import AHEAD, Said, judge, skew_s
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
    assert reason in ("ahead", "no-time")


def test_a_skew_is_said_above_ten_minutes_only() -> None:
    assert skew_s(NOW + timedelta(minutes=9), NOW) is None
    assert skew_s(NOW + timedelta(minutes=11), NOW) == 660
    assert skew_s(NOW - timedelta(hours=2), NOW) == -7200


def test_a_skew_of_centuries_fits_the_column_it_is_kept_in() -> None:
    assert skew_s(datetime(2199, 1, 1, tzinfo=UTC), NOW) == 2**31 - 1
    assert skew_s(datetime(1, 1, 1, tzinfo=UTC), NOW) == -(2**31 - 1)
