"""PHQ-9, GAD-7 and WHO-5 at every edge of every band, and what an unanswered item does to them."""

import json
from typing import Any

import pytest

from backend.scores import gad7, phq9, who5
from backend.scores.asked import answer


def score(name: str, *items: int | None) -> dict[str, Any]:
    shown, well = answer(name, json.dumps({"items": items}))
    assert well, shown
    result: dict[str, Any] = json.loads(shown)
    return result


def spread(total: int, count: int, most: int) -> list[int]:
    """Answers that add up to `total`, the last items as small as can be."""
    answers = [0] * count
    for place in range(count):
        answers[place] = min(most, total - sum(answers))
    return answers


# Reference: 0-4 minimal, 5-9 mild, 10-14 moderate, 15-19 moderately severe, 20-27 severe.
PHQ9 = [
    (0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"), (14, "moderate"),
    (15, "moderately severe"), (19, "moderately severe"), (20, "severe"), (24, "severe"), (27, "severe"),
]  # fmt: skip
# Reference: 0-4 minimal, 5-9 mild, 10-14 moderate, 15-21 severe.
GAD7 = [
    (0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"), (14, "moderate"),
    (15, "severe"), (21, "severe"),
]  # fmt: skip
# Reference: raw times four, 50 or less is low; raw is 0 to 25.
WHO5 = [(0, 0, True), (1, 4, True), (12, 48, True), (13, 52, False), (25, 100, False)]


def wrong_phq9() -> list[int]:
    got = [(total, score("phq9", *spread(total, 9, 3))) for total, _ in PHQ9]
    return [
        t
        for (t, one), (_, name) in zip(got, PHQ9, strict=True)
        if (one["total"], one["severity"]) != (t, name)
    ]


def wrong_gad7() -> list[int]:
    got = [(total, score("gad7", *spread(total, 7, 3))) for total, _ in GAD7]
    return [
        t
        for (t, one), (_, name) in zip(got, GAD7, strict=True)
        if (one["total"], one["severity"]) != (t, name)
    ]


def wrong_who5() -> list[int]:
    got = [(total, score("who5", *spread(total, 5, 5))) for total, _, _ in WHO5]
    return [
        t
        for (t, one), (_, index, low) in zip(got, WHO5, strict=True)
        if (one["total"], one["index"], one["low"]) != (t, index, low)
    ]


def test_every_edge_of_every_band_is_as_published() -> None:
    assert wrong_phq9() == []
    assert wrong_gad7() == []
    assert wrong_who5() == []


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("by", [-1, 1])
def test_a_planted_wrong_band_is_caught(monkeypatch: pytest.MonkeyPatch, place: int, by: int) -> None:
    tops = list(phq9.BANDS)
    tops[place] = (tops[place][0] + by, tops[place][1])
    if place < 4:
        monkeypatch.setattr(phq9, "BANDS", tuple(tops))
        assert wrong_phq9() != []
    tops = list(gad7.BANDS)
    if place < 3:
        tops[place] = (tops[place][0] + by, tops[place][1])
        monkeypatch.setattr(gad7, "BANDS", tuple(tops))
        assert wrong_gad7() != []
    monkeypatch.setattr(who5, "LOW", 50 + 2 * by if by > 0 else 47)
    assert wrong_who5() != []


@pytest.mark.parametrize(("name", "count"), [("phq9", 9), ("gad7", 7), ("who5", 5)])
def test_with_one_item_unanswered_there_is_no_total(name: str, count: int) -> None:
    for place in range(count):
        answers: list[int | None] = [1] * count
        answers[place] = None
        found = score(name, *answers)
        assert found["complete"] is False
        assert found["total"] is None
        assert found.get("severity") is None
        assert found.get("index") is None


# An answer to item 9 counts on a form that was left half way; unanswered is not known, and 0 is never called safe.
@pytest.mark.parametrize(("ninth", "expected"), [(None, None), (0, False), (1, True), (2, True), (3, True)])
@pytest.mark.parametrize("before", [None, 0, 3])
def test_item_nine_asks_for_action_even_on_a_form_that_is_not_finished(
    before: int | None, ninth: int | None, expected: bool | None
) -> None:
    found = score("phq9", *[before] * 8, ninth)
    assert found["item9_safety"] is expected
    assert "safe" not in [key for key in found if key != "item9_safety"]


@pytest.mark.parametrize(
    ("name", "items", "words"),
    [
        ("phq9", [0] * 8, "9 answers"), ("phq9", [0] * 10, "9 answers"), ("phq9", [4] + [0] * 8, "3 or less"),
        ("phq9", [-1] + [0] * 8, "0 or more"), ("phq9", [1.5] + [0] * 8, "whole number"),
        ("phq9", [True] + [0] * 8, "must be a number"), ("phq9", "000000000", "must be a list"),
        ("gad7", [0] * 6, "7 answers"), ("who5", [6, 0, 0, 0, 0], "5 or less"), ("who5", None, "must be a list"),
    ],
)  # fmt: skip
def test_answers_that_cannot_be_used_are_refused_in_words(name: str, items: Any, words: str) -> None:
    shown, well = answer(name, json.dumps({"items": items}))
    assert not well
    assert words in json.loads(shown)["error"]
