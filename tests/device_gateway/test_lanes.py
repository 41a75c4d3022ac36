"""Which alarm is stored next: each device's in order, and one that has to wait stands in nobody else's way."""

from datetime import UTC, datetime

from device_gateway.arrival import Arrived
from device_gateway.lanes import Lanes


def alarm(device: str, n: int = 0) -> Arrived:
    return Arrived(f"al/v1/{device}/up/alarm", b"", datetime(2026, 11, 2, tzinfo=UTC), False, 1, n)


class Hands:
    """Lanes with a clock of the test's own."""

    def __init__(self, most_again: int = 2) -> None:
        self.at = 0.0
        self.lanes = Lanes(most_again, lambda: self.at)

    def take(self) -> Arrived | None:
        return self.lanes.take(0)


def test_a_devices_alarms_go_out_one_at_a_time_in_the_order_they_came() -> None:
    hands = Hands()
    first, second, other = alarm("one", 1), alarm("one", 2), alarm("two", 3)
    for one in (first, second, other):
        hands.lanes.add(one)
    assert [hands.take(), hands.take(), hands.take()] == [first, other, None]
    hands.lanes.done(first)
    assert hands.take() is second


def test_one_that_has_to_wait_keeps_its_place_before_the_others_of_its_device_and_holds_up_nobody_else() -> (
    None
):
    hands = Hands()
    stuck, behind = alarm("one", 1), alarm("one", 2)
    hands.lanes.add(stuck)
    hands.lanes.add(behind)
    assert hands.take() is stuck
    hands.lanes.later(stuck, 5.0)
    for n in range(60):
        other = alarm(f"home-{n}", n)
        hands.lanes.add(other)
        assert hands.take() is other
        hands.lanes.done(other)
    assert hands.take() is None
    hands.at = 5.0
    assert hands.take() is stuck
    hands.lanes.done(stuck)
    assert hands.take() is behind


def test_those_to_try_again_never_take_every_hand() -> None:
    hands = Hands(most_again=2)
    stuck = [alarm(f"stuck-{n}") for n in range(4)]
    for one in stuck:
        hands.lanes.add(one)
    for expected in stuck:
        assert hands.take() is expected
        hands.lanes.later(expected, 1.0)
    hands.at = 2.0
    assert [hands.take(), hands.take(), hands.take()] == [*stuck[:2], None]
    fresh = alarm("fresh")
    hands.lanes.add(fresh)
    assert hands.take() is fresh
    hands.lanes.later(stuck[0], 1.0)
    assert hands.take() is stuck[2]
