"""Scores at every edge, what a missing answer does to them, and that no answer is ever worked out by us."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.check_ins.definitions import LEVELS, Questionnaire, questionnaires, read
from backend.check_ins.scoring import asked, produced, safety_value, score, telling, usable
from backend.scores.asked import scores

ALL = questionnaires()


def filled(name: str, total: int) -> dict[str, int]:
    """Answers of a published form that add up to `total` (of the raw sum), item 9 last."""
    one, left = ALL[name], total
    answers = {}
    for item in one.items.values():
        least, most = (edge(int(o.value) for o in item.options.values()) for edge in (min, max))
        answers[item.id] = max(least, min(most, left))
        left -= answers[item.id]
    return answers


# Published bands: PHQ-9 0-4, 5-9, 10-14, 15-19, 20-27; GAD-7 0-4, 5-9, 10-14, 15-21; PHQ-2 from 3; WHO-5 to 50.
CASES = [
    *(("phq9", raw, raw, band, level) for raw, band, level in (
        (0, "minimal", "green"), (4, "minimal", "green"), (5, "mild", "green"), (9, "mild", "green"),
        (10, "moderate", "green"), (14, "moderate", "green"), (15, "moderately severe", "amber"),
        (19, "moderately severe", "amber"), (20, "severe", "amber"), (27, "severe", "amber"),
    )),
    *(("gad7", raw, raw, band, level) for raw, band, level in (
        (0, "minimal", "green"), (4, "minimal", "green"), (5, "mild", "green"), (9, "mild", "green"),
        (10, "moderate", "green"), (14, "moderate", "green"), (15, "severe", "amber"), (21, "severe", "amber"),
    )),
    *(("phq2", raw, raw, band, "green") for raw, band in ((0, "negative"), (2, "negative"), (3, "positive"),
        (6, "positive"))),
    *(("who5", raw, 4 * raw, band, "green") for raw, band in ((0, "low"), (12, "low"), (13, "not low"),
        (25, "not low"))),
    *(("mrc-dyspnoea", raw, raw, f"grade {raw}", "green") for raw in range(1, 6)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "raw", "total", "band", "level"), CASES)
def test_a_published_score_has_its_total_and_its_band(
    name: str, raw: int, total: int, band: str, level: str
) -> None:
    found = score(ALL[name], filled(name, raw))
    assert (found.is_complete, found.total, found.band, found.level) == (True, total, band, level)


@pytest.mark.parametrize("name", ["phq9", "gad7", "who5"])
def test_what_is_published_is_scored_as_a_safety_officer_scores_it(name: str) -> None:
    answers = filled(name, 13)
    by_hand = scores()[name].score({"items": list(answers.values())})
    found = score(ALL[name], answers)
    assert found.total == by_hand["index" if name == "who5" else "total"]
    assert name == "who5" or found.band == by_hand["severity"]


@pytest.mark.parametrize("name", ["phq9", "gad7", "phq2", "who5", "mrc-dyspnoea"])
def test_one_missing_item_is_no_total(name: str) -> None:
    answers = filled(name, 5)
    for item in answers:
        found = score(ALL[name], {other: value for other, value in answers.items() if other != item})
        assert (found.is_complete, found.total, found.band) == (False, None, None)


# An option of each check-in of our own, by question and value, and the level it makes.
OWN = [
    (one.id, item.id, str(option.value), option.level)
    for one in ALL.values()
    if one.scoring == "highest"
    for item in one.items.values()
    for option in item.options.values()
]


@pytest.mark.parametrize(("name", "item", "value", "level"), OWN)
def test_each_answer_alone_has_its_level_on_a_form_that_was_never_finished(
    name: str, item: str, value: str, level: str
) -> None:
    one = ALL[name]
    found = score(one, {item: value})
    assert (found.level, found.is_complete, found.total) == (level, False, None)
    assert level == "green" or telling(one, {item: value}, found.level)


def _answers(one: Questionnaire) -> st.SearchStrategy[dict[str, Any]]:
    values = {
        item.id: st.sampled_from([option.value for option in item.options.values()])
        for item in one.items.values()
        if item.options
    }
    return st.fixed_dictionaries({}, optional=values)


some = st.sampled_from(sorted(ALL)).flatmap(lambda name: st.tuples(st.just(ALL[name]), _answers(ALL[name])))


@given(some)
def test_a_total_is_there_when_all_that_counts_is_answered_and_never_otherwise(
    case: tuple[Questionnaire, dict[str, Any]],
) -> None:
    one, answers = case
    found = score(one, answers)
    counts = one.scoring in ("sum", "who5") and all(name in answers for name in one.scored)
    assert (found.total is not None) is counts
    assert (found.band is not None) is counts


@given(some, st.data())
def test_more_answers_never_make_a_check_in_of_our_own_milder(
    case: tuple[Questionnaire, dict[str, Any]], data: st.DataObject
) -> None:
    one, answers = case
    if one.scoring != "highest" or not answers:
        return
    fewer = data.draw(st.sets(st.sampled_from(sorted(answers))))
    before = score(one, {name: answers[name] for name in fewer}).level
    assert LEVELS.index(before) <= LEVELS.index(score(one, answers).level)


@given(some)
def test_usable_answers_stay_as_they_are_and_what_is_produced_fits_the_record(
    case: tuple[Questionnaire, dict[str, Any]],
) -> None:
    from backend.observations.codes import Code

    one, answers = case
    assert usable(one, answers) == (answers, [])
    for code, value in produced(one, answers, score(one, answers)).items():
        low, high = Code(code).info.hard
        assert low <= value <= high


@given(
    st.dictionaries(
        st.text(max_size=5), st.one_of(st.none(), st.booleans(), st.floats(), st.text(), st.integers())
    )
)
def test_no_answer_of_any_kind_breaks_the_scoring_or_is_taken_for_another(given_: dict[str, Any]) -> None:
    for one in ALL.values():
        found, refused = usable(one, given_)
        assert set(found) | set(refused) <= set(given_)
        score(one, found)
        safety_value(one, found)


@pytest.mark.hazard("H83")
@pytest.mark.parametrize(("value", "asks"), [(0, None), (1, 1), (2, 2), (3, 3), ("3", 3), (None, None)])
def test_item_9_asks_for_action_on_any_form_and_unanswered_is_not_known(value: Any, asks: int | None) -> None:
    found, _ = usable(ALL["phq9"], {"9": value, "1": "nonsense"})
    assert safety_value(ALL["phq9"], found) == asks


def test_a_question_that_depends_on_another_is_asked_after_it_and_counts_only_then() -> None:
    one = read(
        {
            "id": "t", "version": "1", "title": "t", "who": "either", "private": False, "licence": "l", "source": "s",
            "intro": "i", "scoring": {"kind": "highest"}, "produces": [], "next": {level: level for level in LEVELS},
            "items": [
                {"id": "a", "text": "a?", "kind": "yes-no"},
                {
                    "id": "b", "text": "b?", "kind": "yes-no", "ask_if": {"item": "a", "in": ["yes"]},
                    "options": [{"value": "yes", "words": "Yes", "level": "red"}, {"value": "no", "words": "No"}],
                },
                {"id": "n", "text": "n?", "kind": "number", "low": "0", "high": "10", "unit": "1"},
                {"id": "w", "text": "w?", "kind": "words", "optional": True},
            ],
        }
    )  # fmt: skip
    assert [item.id for item in asked(one, {"a": "no"})] == ["a", "n", "w"]
    assert score(one, {"a": "no", "b": "yes", "n": "3"}).level == "green"
    assert score(one, {"a": "no", "n": "3"}).is_complete
    assert not score(one, {"a": "yes", "n": "3"}).is_complete
    assert score(one, {"a": "yes", "b": "yes"}).level == "red"
    assert usable(one, {"n": "11", "w": "  hello ", "a": True, "zz": 1}) == ({"w": "hello"}, ["a", "n", "zz"])
    assert usable(one, {"n": 3.5}) == ({"n": "3.5"}, [])
    # A small number that would be written out in a million places.
    assert usable(one, {"n": "1e-999999"}) == usable(one, {"n": "0." + "0" * 5000 + "1"}) == ({}, ["n"])
