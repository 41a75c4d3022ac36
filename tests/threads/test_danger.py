"""The words that may mean danger: whole words, common misspellings, and no cleverness about "no"."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.threads.danger import danger_in, groups, words_of_danger

# The phone's own reading of the list is tried on the same cases (pwa/src/core/danger.test.ts).
CASES = json.loads(Path(__file__).with_name("danger_cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "found"), CASES)
def test_a_text_holds_what_the_table_says(text: str, found: list[str]) -> None:
    assert danger_in(text) == found


def test_each_way_of_saying_it_has_a_name_of_its_own_and_can_be_said_at_all() -> None:
    names = [group.name for group in groups()]
    assert len(names) == len(set(names))
    for group in groups():
        assert group.within >= len(group.sets)
        said = " ".join(sorted(one)[0] for one in group.sets)
        assert group.name in danger_in(said), group.name


def test_every_word_of_the_list_is_written_as_texts_are_read() -> None:
    for group in words_of_danger()["groups"]:
        for words in group["sets"]:
            assert all(word == word.lower() and word.isalnum() for word in words), group["name"]


@pytest.mark.hazard("H95")
@given(st.text(max_size=300), st.text(max_size=300))
def test_words_around_it_never_hide_it(before: str, after: str) -> None:
    assert "sepsis" in danger_in(f"{before} sepsis {after}")


def test_a_very_long_text_is_read_in_no_time() -> None:
    assert "chest pain" in danger_in("pain and again " * 250 + "chest")
