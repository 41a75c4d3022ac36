"""`alongside score` as a safety officer types it: one case or many, from a file or by pipe."""

import io
import json
import sys
from pathlib import Path

import pytest

from backend.cli import main


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
