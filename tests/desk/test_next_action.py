"""The one next step of a card, by table."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.desk.next_action import Stands, next_action, suggestion, try_again_at

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("stands", "what", "by"),
    [
        (Stands(NOW, True, False, None), "claim", NOW),
        (Stands(NOW, True, True, LATER, try_by=LATER), "claim", NOW),
        (Stands(None, False, True, LATER), "contact", LATER),
        (Stands(None, False, True, LATER, try_by=NOW, suggest="key-holder"), "try-again", NOW),
        (Stands(None, False, False, None, try_by=NOW), "close", None),
        (Stands(None, False, True, LATER, snoozed_until=NOW), "look-again", NOW),
        (Stands(None, False, False, None, recheck_by=LATER), "recheck", LATER),
        (Stands(NOW, True, True, NOW, handed_to_me_by=LATER), "accept", LATER),
        (Stands(None, False, False, None), "close", None),
    ],
)
def test_the_next_step_follows_from_how_a_card_stands(stands: Stands, what: str, by: datetime | None) -> None:
    found = next_action(stands)
    assert (found.what, found.by) == (what, by)
    assert found.words


@pytest.mark.parametrize(
    ("level", "tried", "expected"),
    [
        ("emergency", [], "person"),
        ("emergency", ["person"], "second-number"),
        ("emergency", ["person", "second-number"], "key-holder"),
        ("emergency", ["person", "second-number", "key-holder"], "999"),
        ("urgent", ["person"], "person"),
        ("urgent", ["person", "person"], "second-number"),
        ("urgent", ["person", "person", "second-number", "key-holder"], "welfare-check"),
        ("soon", ["person", "person", "second-number", "key-holder", "welfare-check"], "999"),
        ("soon", ["key-holder"], "person"),
        ("emergency", ["person", "second-number", "key-holder", "999", "welfare-check"], "999"),
    ],
)
def test_whom_to_try_next_follows_from_whom_one_tried(level: str, tried: list[str], expected: str) -> None:
    assert suggestion(level, tried) == expected


def test_the_next_try_is_sooner_the_worse_it_is() -> None:
    waits = [try_again_at(level, NOW) - NOW for level in ("emergency", "urgent", "soon", "routine")]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=2)
