"""However kit is handed on, its clock wrong or its readings late: each is its wearer's or nobody's."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import cast
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from backend.core.db import plain_dsn
from backend.supervise.mosquitto import Mosquitto
from device_gateway.arrival import Arrived
from device_gateway.ingest import Ingest
from tests.alerts.people import own_app
from tests.conftest import TEMPLATE, Database
from tests.device_gateway.rig import Json, World, message_id

HOME = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
SKEW, WRONG = timedelta(hours=3), timedelta(minutes=7)
ZONELESS_1970, FAR_2099 = datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 6, 1, tzinfo=UTC)
NOBODY, WITH_ME = None, 3


def month_end(now: datetime) -> datetime:
    """The last midnight between two months."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def clocks_back(now: datetime) -> datetime:
    """The last night on which the clocks went back, at the moment they did."""
    for year in (now.year, now.year - 1):
        day = datetime(year, 10, 31, 1, tzinfo=UTC)
        day -= timedelta(days=(day.weekday() + 1) % 7)
        if day < now - timedelta(days=5):
            return day
    raise AssertionError


NOW = datetime.now(UTC).replace(microsecond=0)
NIGHTS = {
    "the month's end": month_end(NOW - timedelta(days=5)), "the clocks go back": clocks_back(NOW),
    "an ordinary day": NOW - timedelta(days=5),
}  # fmt: skip


@dataclass(frozen=True)
class Handed:
    """At this minute the device goes to somebody else, or to nobody."""

    minute: int
    to: int | None


@dataclass(frozen=True)
class Measured:
    """A reading made at this minute, sent so many minutes later by a device with such a clock."""

    minute: int
    late: int = 0
    clock: str = "right"
    slot: int = 0


# What a device says of time, given when it measured and when it sent; and what the contract makes of it.
def told(clock: str, at: datetime, sent: datetime, booted: datetime) -> tuple[Json, datetime | None]:
    """The fields of time of a message, and the time that must come of them, None when it must be held."""
    up = {"clock": {"src": "none", "up_ms": millis(sent - booted)}, "up_ms": millis(at - booted)}
    in_1970 = {"taken": said(ZONELESS_1970 + (at - booted)), "sent": said(ZONELESS_1970 + (sent - booted))}
    in_2099 = {"taken": said(FAR_2099 + (at - booted)), "sent": said(FAR_2099 + (sent - booted))}
    ways: dict[str, tuple[Json, datetime | None]] = {
        "right": ({"taken": said(at), "sent": said(sent), "clock": {"src": "ntp"}}, at),
        "right, local": ({"taken": said(at.astimezone(HOME)), "clock": {"src": "ntp"}}, at),
        "skewed": ({"taken": said(at + SKEW), "sent": said(sent + SKEW), "clock": {"src": "manual"}}, at),
        "skewed the other way": (
            {"taken": said(at - SKEW), "sent": said(sent - SKEW), "clock": {"src": "manual"}}, at,
        ),
        # A clock that is trusted and wrong: what it says is all that is known.
        "slow and trusted": ({"taken": said(at - WRONG), "clock": {"src": "ntp"}}, at - WRONG),
        "none, with uptime": (up, at),
        "none, no uptime": ({"clock": {"src": "none"}, "up_ms": 5}, None),
        "1970": (in_1970 | {"clock": {"src": "ntp"}}, None),
        "1970 by hand": (in_1970 | {"clock": {"src": "manual"}}, at),
        "1970, with uptime": (in_1970 | up | {"clock": {"src": "ntp", "up_ms": millis(sent - booted)}}, at),
        "2099": ({"taken": in_2099["taken"], "clock": {"src": "ntp"}}, None),
        "2099 by hand": (in_2099 | {"clock": {"src": "manual"}}, at),
        "2099, with uptime": (in_2099 | up | {"clock": {"src": "ntp", "up_ms": millis(sent - booted)}}, at),
    }  # fmt: skip
    return ways[clock]


CLOCKS = (
    "right", "right, local", "skewed", "skewed the other way", "slow and trusted", "none, with uptime",
    "none, no uptime", "1970", "1970 by hand", "1970, with uptime", "2099", "2099 by hand", "2099, with uptime",
)  # fmt: skip


def said(at: datetime) -> str:
    return at.isoformat()


def millis(span: timedelta) -> int:
    return int(span / timedelta(milliseconds=1))


@dataclass
class House:
    """A real database, three people who hand a device on and one in its second slot, and the gateway's own path."""

    world: World
    app: Flask
    people: list[int]
    ingest: Ingest = field(default_factory=Ingest)

    def play(
        self, base: datetime, events: list[Handed | Measured]
    ) -> tuple[dict[Decimal, int], dict[Decimal, int]]:
        """Live through the events in order; value -> patient as it should be, and as the record has it."""
        device = f"handed-{uuid4().hex[:12]}"
        self.world.db.execute("insert into device (device_id, kind) values (%s, 'pulse-oximeter')", (device,))
        self.world.bind(device, self.people[WITH_ME], f"[{base - 90 * MINUTE},{base + 90 * MINUTE})", 1)
        expected: dict[Decimal, int] = {}
        spans: list[tuple[datetime, int | None]] = []
        for n, (at, one) in enumerate(in_order(base, events)):
            if isinstance(one, Handed):
                self._hand(device, at, one.to)
                spans.append((at, one.to))
                continue
            value = Decimal(9500 + n) / 100
            truth = self._say(device, n, base, one, value)
            if truth is not None and (wearer := self._worn(spans, base, truth, one.slot)) is not None:
                expected[value] = wearer
        rows = self.world.all(
            "select value, patient_id from observation where device_id ="
            " (select id from device where device_id = %s)",
            device,
        )
        return expected, dict(rows)

    def _hand(self, device: str, at: datetime, to: int | None) -> None:
        self.world.db.execute(
            "update device_association set valid = tstzrange(lower(valid), %(at)s) where slot = 0 and upper_inf(valid)"
            " and lower(valid) < %(at)s and device_id = (select id from device where device_id = %(device)s)",
            {"at": at, "device": device},
        )
        self.world.db.execute(
            "delete from device_association where slot = 0 and lower(valid) = %s and upper_inf(valid)"
            " and device_id = (select id from device where device_id = %s)",
            (at, device),
        )
        if to is not None:
            self.world.bind(device, self.people[to], f"[{at},)")

    def _say(self, device: str, n: int, base: datetime, one: Measured, value: Decimal) -> datetime | None:
        at, sent = base + one.minute * MINUTE, base + (one.minute + one.late) * MINUTE
        times, truth = told(one.clock, at, sent, base - timedelta(days=1))
        body = {"v": 1, "id": message_id(), "boot": "b1", "seq": n, "slot": one.slot,
                "m": [{"k": "spo2", "val": float(value), "u": "%"}], **times}  # fmt: skip
        arrived = Arrived(f"al/v1/{device}/up/obs", json.dumps(body).encode(), sent)
        with self.app.app_context():
            (verdict,) = self.ingest.handle([arrived])
        assert (verdict.refused is None) <= (truth is not None), (one, verdict)
        return truth

    @staticmethod
    def _worn_in(spans: list[tuple[datetime, int | None]], at: datetime) -> int | None:
        """Who had it at a time, by the hand-overs so far; of two in one minute the later one counts."""
        held: int | None = None
        for since, to in spans:
            if since <= at:
                held = to
        return held

    def _worn(
        self, spans: list[tuple[datetime, int | None]], base: datetime, at: datetime, slot: int
    ) -> int | None:
        if slot == 1:
            within = base - 90 * MINUTE <= at < base + 90 * MINUTE
            return self.people[WITH_ME] if within else None
        held = self._worn_in(spans, at)
        return None if held is None else self.people[held]


def in_order(base: datetime, events: list[Handed | Measured]) -> Iterator[tuple[datetime, Handed | Measured]]:
    """As they happen: a hand-over at its minute, a reading when it comes; a hand-over before what comes with it."""
    tie = count()
    when = [
        (base + (one.minute if isinstance(one, Handed) else one.minute + one.late) * MINUTE,
         isinstance(one, Measured), next(tie), one)
        for one in events
    ]  # fmt: skip
    for at, _, _, one in sorted(when, key=lambda row: row[:3]):
        yield at, one


@pytest.fixture(scope="module")
def house(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A database of this module's own: the path commits, as it does in use."""
    name = f"rebinding_{uuid4().hex[:12]}"
    with psycopg.connect(plain_dsn(database.server.admin_url()), autocommit=True) as admin:
        admin.execute(f"create database {name} template {TEMPLATE} owner al_migrate")
        # A thousand small commits that nobody needs after a power cut.
        admin.execute(f"alter database {name} set synchronous_commit = off")
        own = Database(database.server, name)
        world = World(own.url("al_migrate"), own.url("al_gateway"), cast(Mosquitto, None))
        home: Path = tmp_path_factory.mktemp("rebinding")
        with own_app(own, "al_gateway", home) as app:
            yield House(world, app, [world.patient() for _ in range(4)])
        world.db.close()
        admin.execute(f"drop database {name} with (force)")


MINUTES = st.integers(-120, 120)
EVENTS = st.lists(
    st.one_of(
        st.builds(Handed, MINUTES, st.sampled_from([0, 1, 2, NOBODY])),
        st.builds(
            Measured, MINUTES, st.sampled_from([0, 0, 1, 7, 61, 180, 2880]), st.sampled_from(CLOCKS),
            st.sampled_from([0, 0, 0, 1]),
        ),
    ),
    min_size=2,
    max_size=12,
)  # fmt: skip
HAND_OVER: list[Handed | Measured] = [Handed(-60, 0), Handed(0, 1)]


def around(*clocks: str) -> list[Handed | Measured]:
    """A hand-over at the moment itself, and readings a minute before, at it and after, some hours late."""
    return HAND_OVER + [Measured(m, late, clock) for clock in clocks for m in (-1, 0, 1) for late in (0, 180)]


@pytest.mark.hazard("H01")
@pytest.mark.hazard("H08")
@settings(max_examples=50, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(night=st.sampled_from(sorted(NIGHTS)), events=EVENTS)
@example(night="the month's end", events=around("right", "none, with uptime", "skewed"))
@example(night="the clocks go back", events=around("right, local", "1970, with uptime", "slow and trusted"))
@example(night="the month's end", events=around("1970", "1970 by hand", "2099", "2099 by hand"))
@example(
    night="the clocks go back", events=around("2099, with uptime", "none, no uptime", "skewed the other way")
)
def test_no_reading_reaches_a_person_who_did_not_wear_the_device_then(
    house: House, night: str, events: list[Handed | Measured]
) -> None:
    expected, found = house.play(NIGHTS[night], events)
    assert found == expected
