"""Holds the hazard log to the tests: a control whose test is gone would be a promise that nobody keeps."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HAZARDS: list[dict[str, Any]] = yaml.safe_load((ROOT / "assurance" / "hazards.yaml").read_text())["hazards"]
FIELDS = ["id", "hazard", "severity", "cause", "effect", "control", "tests"]


@cache
def _functions(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _markers(function: ast.FunctionDef) -> Iterator[ast.Call]:
    for one in function.decorator_list:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            yield one


@pytest.mark.parametrize("hazard", HAZARDS, ids=[one["id"] for one in HAZARDS])
def test_a_hazard_is_described_whole_and_each_of_its_tests_exists_and_runs(hazard: dict[str, Any]) -> None:
    assert list(hazard) == FIELDS
    assert hazard["severity"] in range(1, 6)
    assert all(str(hazard[name]).strip() for name in FIELDS)
    assert len(set(hazard["tests"])) == len(hazard["tests"]) >= 1
    for named in hazard["tests"]:
        path, _, name = named.partition("::")
        assert (ROOT / path).exists(), named
        assert name.startswith("test_"), named
        function = _functions(ROOT / path).get(name)
        assert function is not None, named
        skipped = [one for one in _markers(function) if getattr(one.func, "attr", "") in ("skip", "xfail")]
        assert not skipped, f"{named} does not run"


def test_ids_are_in_order_and_none_is_used_twice() -> None:
    ids = [one["id"] for one in HAZARDS]
    assert ids == sorted(set(ids))


def test_every_hazard_a_test_is_marked_with_is_in_the_log() -> None:
    known = {one["id"] for one in HAZARDS}
    marked: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for function in _functions(path).values():
            for one in _markers(function):
                if isinstance(one.func, ast.Attribute) and one.func.attr == "hazard":
                    names = {str(word.value) for word in one.args if isinstance(word, ast.Constant)}
                    marked[f"{path.name}::{function.name}"] = names
    assert marked
    unknown = {test: names - known for test, names in marked.items() if names - known}
    assert not unknown
