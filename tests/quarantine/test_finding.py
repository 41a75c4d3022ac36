"""Where in a message the decoder's finding lies: by path, by kind, by field, and nowhere when nobody can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.quarantine.finding import HEX_BYTES, MOST_CHARACTERS, show

MESSAGE = (
    '{"v": 1, "taken": "2026-02-30T08:00:00Z", "m": [{"k": "pulse", "val": 70}, '
    '{"k": "spo2", "val": 7, "x": {}}]}'
)


@pytest.mark.parametrize(
    ("detail", "marked"),
    [
        ("Expected `int`, got `str` - at `$.v`", "1"),
        ("Expected `str` - at `$.m[1].val`", "7"),
        ("Expected `array` - at `$.m[0]`", '{"k": "pulse", "val": 70}'),
        ("`spo2` must come in %", None),
        ("`pulse` must come in /min", '{"k": "pulse", "val": 70}'),
        ("`taken` is not a real date and time", '"taken": "2026-02-30T08:00:00Z"'),
        ("`weight` is not in it", None),
        ("at `$.m[7].val`", None),
        ("at `$.nothing.there`", None),
        ("no field is named", None),
    ],
)
def test_the_finding_is_marked_where_it_lies(detail: str, marked: str | None) -> None:
    shown = show(MESSAGE.encode(), detail)
    assert (shown.form, shown.is_whole) == ("text", True)
    assert (shown.mark and shown.text[slice(*shown.mark)]) == marked


def test_a_long_message_is_cut_and_a_mark_behind_the_cut_left_out() -> None:
    text = '{"x": "' + "y" * MOST_CHARACTERS + '", "v": 2}'
    shown = show(text.encode(), "at `$.v`")
    assert (len(shown.text), shown.mark, shown.is_whole) == (MOST_CHARACTERS, None, False)
    assert show(b"\0" * (HEX_BYTES + 1), "").is_whole is False


@given(st.binary(max_size=300), st.text(max_size=60))
def test_any_bytes_with_any_finding_are_shown(payload: bytes, detail: str) -> None:
    shown = show(payload, detail)
    assert shown.mark is None or 0 <= shown.mark[0] <= shown.mark[1] <= len(shown.text)


def test_a_text_nested_too_deeply_to_read_is_shown_without_a_mark() -> None:
    assert show(b'{"v": ' + b"[" * 3_000, "at `$.m`").mark is None
