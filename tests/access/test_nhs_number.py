"""The check digit of an NHS number, by a table worked out by hand (modulus 11, NHS Data Dictionary)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.access.nhs_number import is_valid, tidy
from tests.factories import nhs_number


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        # 943 476 591: 9*10+4*9+3*8+4*7+7*6+6*5+5*4+9*3+1*2 = 299, 299 mod 11 = 2, 11 - 2 = 9.
        ("9434765919", True),
        ("9434765918", False),
        # 999 000 000: 9*27 = 243, 243 mod 11 = 1, 11 - 1 = 10: no such number.
        ("9990000000", False),
        ("9990000018", True),
        ("999000001", False),
        ("99900000180", False),
        ("", False),
        ("999000001x", False),
        ("٩٩٩٠٠٠٠٠١٨", False),
    ],
)
def test_a_number_is_one_or_not(number: str, is_one: bool) -> None:
    assert is_valid(number) is is_one


@given(st.integers(0, 999_999), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(serial: int, place: int, by: int) -> None:
    right = nhs_number(serial)
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert is_valid(right)
    assert not is_valid(wrong)


def test_it_is_read_as_people_write_it() -> None:
    assert tidy("943 476-5919") == "9434765919"
