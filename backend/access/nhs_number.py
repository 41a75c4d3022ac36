"""The NHS number's own check, so that a number typed wrong is refused before it names somebody else. Pure."""

_WEIGHTS = range(10, 1, -1)


def tidy(written: str) -> str:
    """The number as it is stored: ten digits, without the spaces and hyphens people write it with."""
    return written.replace(" ", "").replace("-", "")


def is_valid(number: str) -> bool:
    """True for ten digits of which the last is the check digit (modulus 11, NHS Data Dictionary).

    It says that the number can be one, not whose it is.
    """
    if len(number) != 10 or not (number.isascii() and number.isdigit()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    check = 11 - total % 11
    return check != 10 and check % 11 == int(number[9])
