"""What we write in PostgreSQL's binary form is what the server reads."""

from datetime import UTC, datetime
from decimal import Decimal

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.binary import Int4s, Int8s, Numerics, Texts, Times, micros, numeric
from tests.device_gateway.rig import World

NUMBERS: st.SearchStrategy[Decimal] = st.builds(
    lambda negative, digits, exponent: Decimal((int(negative), tuple(map(int, str(digits))), exponent)),
    st.booleans(), st.integers(0, 10**40), st.integers(-60, 60),
)  # fmt: skip
EDGES = [
    "0",
    "-0",
    "0.00",
    "10000",
    "9999",
    "1E4",
    "1E5",
    "100000000",
    "0.0001",
    "0.00001",
    "1E-8",
    "95.50",
    "-36.6",
]


@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_numbers_arrive_with_their_scale(world: World, numbers: list[Decimal]) -> None:
    _check(world, numbers)


def test_numbers_at_the_edges_of_a_group_of_four_arrive(world: World) -> None:
    _check(world, [Decimal(text) for text in EDGES])


def _check(world: World, numbers: list[Decimal]) -> None:
    array = Numerics.of([*map(numeric, numbers), None])
    found = world.one("select array_agg(n::text) from unnest(%s) n", array)
    assert found[-1] is None
    for number, text in zip(numbers, found, strict=False):
        assert Decimal(text) == number
        # A minus before nothing is the one thing no numeric keeps.
        assert text.removeprefix("-") == format(number.copy_abs(), "f")


@pytest.mark.parametrize("text", ["1E+2000", "1E-2000", "NaN", "Infinity"])
def test_what_no_numeric_is_for_is_the_messages_own_fault(text: str) -> None:
    with pytest.raises(psycopg.DataError):
        numeric(Decimal(text))


def test_arrays_arrive_in_order(world: World) -> None:
    at = datetime(2026, 11, 22, 8, 15, 4, 123456, tzinfo=UTC)
    past = datetime(1970, 1, 1, tzinfo=UTC)
    row = world.db.execute(
        "select %s, %s, %s, %s, %s, %s",
        (
            Int4s.of_numbers([1, -2, 2**31 - 1, -(2**31)]), Int8s.of_numbers([0, -1, 2**63 - 1, 1 << 40]),
            Times.of_numbers([micros(at), micros(past)]), Texts.of(["ä€".encode(), None, b""]), Int4s.nulls(3),
            Int8s.of_numbers([]),
        ),
    ).fetchone()  # fmt: skip
    assert row == (
        [1, -2, 2**31 - 1, -(2**31)], [0, -1, 2**63 - 1, 1 << 40], [at, past], ["ä€", None, ""], [None] * 3, [],
    )  # fmt: skip
