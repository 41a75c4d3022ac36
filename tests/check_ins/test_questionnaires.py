"""Each questionnaire is whole, free to show, asks nothing of others' wording, and says what to do at its worst."""

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.check_ins.definitions import FOLDER, Questionnaire, questionnaires
from backend.observations.codes import PRIVATE, Code
from backend.pathways import service as pathways
from backend.pathways.folder import read_folder
from backend.pathways.vocabulary import CHECK_INS, NEEDS_A_ROSTER

SCHEMA: dict[str, Any] = json.loads((FOLDER / "questionnaire.schema.json").read_text(encoding="utf-8"))
ALL = list(questionnaires().values())
FREE = {"phq9", "phq2", "gad7", "who5", "mrc-dyspnoea"}
OWN = {
    "copd", "heart-failure", "hypertension", "diabetes", "frailty", "after-discharge", "carer-strain", "loneliness",
}  # fmt: skip
each = pytest.mark.parametrize("one", ALL, ids=[one.id for one in ALL])


def test_only_what_may_be_shown_is_shipped() -> None:
    assert set(questionnaires()) == FREE | OWN
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.json" for name in FREE | OWN} | {
        "questionnaire.schema.json"
    }


def test_a_pack_can_name_every_questionnaire_and_no_other() -> None:
    assert CHECK_INS - {"daily-signs"} == set(questionnaires())
    assert {one.id for one in ALL if one.safety is not None} == NEEDS_A_ROSTER


@each
def test_it_fits_its_schema(one: Questionnaire) -> None:
    errors = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(dict(one.body))]
    assert errors == []


@each
def test_it_says_under_which_licence_its_words_are_shown(one: Questionnaire) -> None:
    licence = one.body["licence"]
    said = {
        "who5": "World Health Organization 1998",
        "mrc-dyspnoea": "permission of the Medical Research Council",
    }.get(one.id, "No permission required" if one.id in FREE else "Own wording of the Alongside project")
    assert said in licence
    assert one.id not in OWN or "not national guidance" in one.body["source"]


@each
def test_what_it_names_is_there(one: Questionnaire) -> None:
    for item in one.items.values():
        if item.ask_if is not None:
            before, after = item.ask_if
            places = list(one.items)
            assert places.index(before) < places.index(item.id)
            assert after <= set(one.items[before].options)
    assert set(one.scored) <= set(one.items)
    for code, source in one.produces:
        assert source in ("total", "level", *one.items)
        assert (Code(code) in PRIVATE) is one.is_private
    assert one.safety is None or one.safety[0] in one.items


@each
def test_each_total_is_in_one_band_and_the_last_band_is_the_most(one: Questionnaire) -> None:
    if one.scoring not in ("sum", "who5"):
        assert one.bands == ()
        return
    most = sum(max(int(option.value) for option in one.items[name].options.values()) for name in one.scored)
    tops = [band.to for band in one.bands]
    assert tops == sorted(set(tops))
    assert tops[-1] == most * (4 if one.scoring == "who5" else 1)


@each
def test_an_own_check_in_has_a_red_answer_that_says_what_to_do_or_is_about_mood(one: Questionnaire) -> None:
    if one.id not in OWN:
        return
    red = [
        option
        for item in one.body["items"]
        for option in item.get("options", ())
        if option.get("level") == "red"
    ]
    assert red or one.id == "loneliness"
    assert all(re.search(r"999|111|team", option["do"]) for option in red)
    for level in ("red", "amber"):
        assert re.search(r"999|111", one.next[level])


@each
def test_own_words_are_short_enough_to_read(one: Questionnaire) -> None:
    """A rough measure of reading age 9 to 11: short sentences of short words."""
    if one.id not in OWN:
        return
    said = [one.title, one.body["intro"], *one.next.values()]
    for item in one.body["items"]:
        said += [
            item["text"],
            item.get("help", ""),
            *(
                words
                for option in item.get("options", ())
                for words in (option["words"], option.get("do", ""))
            ),
        ]
    sentences = [words for text in said for words in re.split(r"(?<=[.?!:])\s+", text) if words]
    assert max(len(words.split()) for words in sentences) <= 22
    letters = [len(word) for words in sentences for word in re.findall(r"[A-Za-z']+", words)]
    assert sum(letters) / len(letters) < 4.6


def test_the_published_wording_is_the_published_wording() -> None:
    phq9, phq2, gad7 = (questionnaires()[name] for name in ("phq9", "phq2", "gad7"))
    assert [one.text for one in phq2.items.values()] == [one.text for one in phq9.items.values()][:2]
    days = ["Not at all", "Several days", "More than half the days", "Nearly every day"]
    for one in (phq9, phq2, gad7):
        assert one.body["intro"] == (
            "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
        )
        for item in one.items.values():
            assert [(option.value, option.words) for option in item.options.values()] == list(enumerate(days))
    assert phq9.items["9"].text == (
        "Thoughts that you would be better off dead or of hurting yourself in some way"
    )
    assert [len(one.items) for one in (phq9, phq2, gad7)] == [9, 2, 7]
    assert [option.value for option in questionnaires()["who5"].items["1"].options.values()] == [
        5, 4, 3, 2, 1, 0,
    ]  # fmt: skip


@pytest.mark.hazard("H83")
def test_phq9_shows_crisis_help_from_its_own_file() -> None:
    safety = questionnaires()["phq9"].body["safety"]
    assert [line["phone"] for line in safety["lines"]] == ["999", "111", "116 123"]
    assert "option 2" in safety["lines"][1]["words"]
    assert (safety["item"], safety["over"], safety["asks"]) == ("9", 0, "Are you safe now?")


def test_each_pathway_asks_its_own_check_in() -> None:
    asked = {pack.pathway: {one.id for one in pack.check_ins} for pack, _ in read_folder(pathways.PACKS)}
    assert set().union(*asked.values()) <= set(questionnaires())
    own = {
        "copd": "copd", "heart_failure": "heart-failure", "hypertension": "hypertension", "diabetes": "diabetes",
        "frailty_falls": "frailty", "discharge_reablement": "after-discharge", "dementia_telecare": "carer-strain",
        "low_mood": "loneliness",
    }  # fmt: skip
    assert {name: one for name, one in own.items() if one not in asked[name]} == {}
