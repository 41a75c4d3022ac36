"""`alongside score` as a safety officer types it: one case or many, from a file or by pipe."""

import contextlib
import io
import json
import sys
from pathlib import Path

import pytest

from backend.cli import main
from backend.scores import asked
from backend.scores.case import BadCase


def pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_one_case_from_a_file_is_one_object_and_a_list_by_pipe_is_a_list_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = tmp_path / "case.json"
    one.write_text('{"pef": 210, "personal_best": 400}', encoding="utf-8")
    assert main(["score", "peak_flow", str(one)]) == 0
    assert json.loads(capsys.readouterr().out) == {"percent": 52.5, "zone": "amber", "call_999": False}
    for words in (["score", "glucose", "-"], ["score", "glucose"]):
        pipe(monkeypatch, '[{"mmol_L": 2.9}, {"mmol_L": 5}, {"mmol_L": 31}]')
        assert main(words) == 0
        found = json.loads(capsys.readouterr().out)
        assert [row["band"] for row in found] == ["level-2-hypo", "in-range", "very-high"]


def test_one_bad_case_of_a_list_is_named_by_its_place_and_nothing_else_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, '[{"mmol_L": 2.9}, {"mmol_L": "?"}]')
    assert main(["score", "glucose"]) == 2
    assert json.loads(capsys.readouterr().out) == {
        "error": "mmol_L must be a number, not '?'",
        "case": 1,
    }


def test_an_unknown_name_lists_the_names(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, "{}")
    assert main(["score", "falls"]) == 2
    said = json.loads(capsys.readouterr().out)["error"]
    for name in ("phq9", "gad7", "who5", "hf_weight", "peak_flow", "glucose"):
        assert name in said
    assert "case" not in said.split(": choose one of ")[1].split(", ")


def test_numbers_go_out_digit_for_digit_and_not_as_a_computer_keeps_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, '{"series": [[1, 80.1], [2, 80.4]]}')
    assert main(["score", "hf_weight"]) == 0
    assert '"gain": 0.3,' in capsys.readouterr().out
    pipe(monkeypatch, '{"series": [[1, 80], [2, 83.0]]}')
    assert main(["score", "hf_weight"]) == 0
    assert '"gain": 3,' in capsys.readouterr().out


def test_what_is_not_text_is_refused_like_any_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "photo.json"
    there.write_bytes(b"\xff\xd8\xff\xe0")
    assert main(["score", "glucose", str(there)]) == 2
    assert "no JSON" in json.loads(capsys.readouterr().out)["error"]


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["score", "--help"])
    assert ended.value.code == 0
    assert "alongside score peak_flow" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ['{"\\ud800": 1, "\\ud800": 2}', '{"mmol_L": "\\ud800"}', '{"mmol_L": 5, "\\ud800": 1}']
)
def test_half_a_character_is_answered_like_any_case(text: str) -> None:
    words, _ = asked.answer("glucose", text)
    assert "ud800" in json.dumps(json.loads(words))


@pytest.mark.parametrize(
    "typed", ["1_6", "９７", "٩٧", "0x10", "1e", "--1", "+", ".", "Infinity", "nan", "1 6"]
)
def test_a_number_is_typed_in_the_digits_it_is_shown_in(typed: str) -> None:
    words, fine = asked.answer("news2", json.dumps({"spo2": typed}))
    assert not fine
    assert json.loads(words)["error"].startswith("spo2 must be a number")


@pytest.mark.parametrize("typed", ["97", " 97 ", "+97", "97.0", "9.7e1", "97."])
def test_a_number_may_come_as_text(typed: str) -> None:
    words, fine = asked.answer("news2", json.dumps({"spo2": typed}))
    assert fine
    assert json.loads(words)["points"]["spo2"] == 0


def test_a_name_that_the_score_does_not_know_is_said() -> None:
    words, fine = asked.answer("news2", '{"spO2": 80, "pulse": 80}')
    assert fine
    assert json.loads(words)["ignored"] == ["spO2"]
    words, _ = asked.answer("news2", '{"spo2": 80, "age": 70, "pregnant": false}')
    assert "ignored" not in json.loads(words)


@pytest.mark.parametrize("name", sorted(asked.scores()))
def test_each_score_names_every_key_it_reads_and_no_other(name: str) -> None:
    read: set[str] = set()

    class Watched(dict[str, object]):
        def get(self, key: str, default: object = None) -> object:
            read.add(key)
            return super().get(key, default)

    with contextlib.suppress(BadCase):
        asked.scores()[name].score(Watched(personal_best=400, pef=300))
    assert read == asked.scores()[name].KEYS


def test_nothing_is_not_minus_nothing() -> None:
    assert '"mmol_display": 0.0' in asked.answer("glucose", '{"mmol_L": -0.0}')[0]
    assert '"mmol_display": 0.0' in asked.answer("glucose", '{"mmol_L": "-0"}')[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hf_weight", '{"series": [[1, 80], ["2026-11-02", 81]]}'),
        ("home_bp", '{"readings": [["2026-11-02", 130, 80], [2, 130, 80]]}'),
    ],
)
def test_days_and_dates_are_not_mixed(name: str, text: str) -> None:
    words, fine = asked.answer(name, text)
    assert not fine
    assert "all numbers or all dates" in json.loads(words)["error"]
    assert "2 differs" in json.loads(words)["error"]


def test_a_pressure_or_a_weight_that_was_not_taken_is_left_out() -> None:
    days = [[day, 130, 80] for day in (1, 2, 3, 4) for _ in range(2)]
    with_nulls = json.dumps({"readings": [*days, [5, None, 80], [5, None, None]]})
    assert asked.answer("home_bp", with_nulls) == asked.answer("home_bp", json.dumps({"readings": days}))
    assert json.loads(asked.answer("hf_weight", '{"series": [[1, 80], [2, null], [3, 83]]}')[0])["gain"] == 3
