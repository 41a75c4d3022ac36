"""Reads one case somebody typed for a score, and says in words what cannot be used; it is no score itself.

Numbers come as int or Decimal (JSON is read with parse_float=Decimal), or as text such as "37.5". Null, or nothing at
all, is "not measured" and comes back as None: no reader puts a value in its place.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Case = Mapping[str, Any]

# No measurement has more digits (a computer's own fractions have 17), and arithmetic must stay exact.
MOST_DIGITS = 20
# ASCII: a number is typed in the digits it is shown in.
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class BadCase(ValueError):  # noqa: N818 - what the person typed is bad, not the program
    """A case that cannot be scored; the message says which field and why, in words."""


def decimal(
    case: Case, name: str, *, least: Decimal | int | None = None, most: Decimal | int | None = None
) -> Decimal | None:
    """The number called `name`, between `least` and `most` inclusive; None when it was not measured."""
    return as_decimal(case.get(name), name, least=least, most=most)


def as_decimal(
    value: Any, name: str, *, least: Decimal | int | None = None, most: Decimal | int | None = None
) -> Decimal | None:
    """The same of a value in hand; `name` is what the message calls it."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise BadCase(f"{name} must be a number, not {shown(value)}")
    # Decimal itself would read 1_6 as 16, and the digits of every script there is.
    if isinstance(value, str) and not NUMBER.fullmatch(value.strip()):
        raise BadCase(f"{name} must be a number, not {shown(value)}")
    number = Decimal(str(value))
    if not number.is_finite():
        raise BadCase(f"{name} must be a number, not {shown(value)}")
    # Nothing is minus nothing.
    number = number if number else abs(number)
    if len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        raise BadCase(f"{name} has more digits than a measurement has")
    if least is not None and number < least:
        raise BadCase(f"{name} must be {least} or more, not {shown(value)}")
    if most is not None and number > most:
        raise BadCase(f"{name} must be {most} or less, not {shown(value)}")
    return number


def required(value: Decimal | None, name: str) -> Decimal:
    """A number without which there is nothing to score."""
    if value is None:
        raise BadCase(f"{name} is missing")
    return value


def boolean(case: Case, name: str) -> bool | None:
    """True or false; None when it is not known, which is never false."""
    value = case.get(name)
    if value is None or isinstance(value, bool):
        return value
    raise BadCase(f"{name} must be true, false or null, not {shown(value)}")


def choice(case: Case, name: str, options: Sequence[str]) -> str | None:
    """One of the words of `options`, exactly; None when not given."""
    value = case.get(name)
    if value is None:
        return None
    if isinstance(value, str) and value in options:
        return value
    raise BadCase(f"{name} must be one of {', '.join(options)}, not {shown(value)}")


def listing(case: Case, name: str, *, width: int | None = None) -> list[Any]:
    """The list called `name`; with `width`, a list of lists of that many each. It must be there, and may be empty."""
    value = case.get(name)
    if not isinstance(value, list | tuple):
        raise BadCase(f"{name} must be a list, not {shown(value)}")
    for place, row in enumerate(value, 1):
        if width is not None and (not isinstance(row, list | tuple) or len(row) != width):
            raise BadCase(f"{name}: entry {place} must be a list of {width}, not {shown(row)}")
    return list(value)


def days(given: Sequence[Any], entry: str) -> list[int]:
    """Days as numbers in order: whole numbers as they are, or dates (YYYY-MM-DD); `entry` is what one is called.

    Raises BadCase where some are numbers and some are dates, because nobody can say how far those are apart.
    """
    dated = [isinstance(value, str) and DATE.fullmatch(value) is not None for value in given]
    if any(dated) and not all(dated):
        raise BadCase(
            f"the days must be all numbers or all dates: that of {entry} {1 + dated.index(not dated[0])} differs"
        )
    return [_day(value, f"day of {entry} {place}") for place, value in enumerate(given, 1)]


def _day(value: Any, name: str) -> int:
    words = f"{name} must be a whole number or a date, not {shown(value)}"
    if isinstance(value, str) and "-" in value[1:]:
        try:
            return date.fromisoformat(value if DATE.fullmatch(value) else "").toordinal()
        except ValueError:
            raise BadCase(words) from None
    number = required(as_decimal(value, name), name)
    if number != number.to_integral_value():
        raise BadCase(words)
    return int(number)


def items(case: Case, count: int, most: int) -> list[int | None]:
    """The answers of a questionnaire under `items`: `count` whole numbers of 0 to `most`, None for unanswered."""
    given = listing(case, "items")
    if len(given) != count:
        raise BadCase(f"items must hold {count} answers, null for unanswered, not {len(given)}")
    answers: list[int | None] = []
    for place, value in enumerate(given, 1):
        number = as_decimal(value, f"item {place}", least=0, most=most)
        if number is not None and number != number.to_integral_value():
            raise BadCase(f"item {place} must be a whole number, not {shown(value)}")
        answers.append(None if number is None else int(number))
    return answers


def spoken(value: Decimal, places: int | None = None) -> int | Decimal:
    """A number as it goes out: whole ones as int, others exact without empty decimals, or rounded to `places`.

    Rounding is half up and for showing only: whoever compares, compares before it.
    """
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if value == value.to_integral_value():
        return int(value)
    return Decimal(format(value.normalize(), "f"))


def shown(value: Any) -> str:
    """What was given, short enough for a message."""
    text = "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:37] + "..."
