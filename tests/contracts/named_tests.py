"""Finds the tests that a page of assurance names, so that a named test that is gone or does not run is seen."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_RUN = ("skip", "skipif", "xfail")


@cache
def functions_of(path: Path) -> dict[str, ast.FunctionDef]:
    """Every function of a file by its name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def marks(function: ast.FunctionDef) -> Iterator[ast.Attribute]:
    """The marks of a test, with or without arguments: `pytest.mark.hazard("H01")` as its `hazard`."""
    for one in function.decorator_list:
        mark = one.func if isinstance(one, ast.Call) else one
        if isinstance(mark, ast.Attribute):
            yield mark


def hazards_of(function: ast.FunctionDef) -> set[str]:
    """The ids of the hazards that a test says it is about."""
    calls = (one for one in function.decorator_list if isinstance(one, ast.Call))
    named = (one for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr == "hazard")
    return {str(word.value) for one in named for word in one.args if isinstance(word, ast.Constant)}


@cache
def _marks_of_file(path: Path) -> frozenset[str]:
    """What `pytestmark` says of every test of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = (
        one.value
        for one in tree.body
        if isinstance(one, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in one.targets)
    )
    return frozenset(
        node.attr for value in said for node in ast.walk(value) if isinstance(node, ast.Attribute)
    )


def wrong_with(named: Sequence[str]) -> list[str]:
    """What is wrong with a list of pytest ids (path::name, without parameters), in words; empty when each one runs."""
    if not named or len(set(named)) != len(named):
        return ["no test, or one that is named twice"]
    return [said for one in named if (said := _wrong_with_one(one)) is not None]


def _wrong_with_one(named: str) -> str | None:
    path, _, name = named.partition("::")
    if not (ROOT / path).is_file() or not Path(path).name.startswith("test_"):
        return f"{named}: there is no such file of tests"
    function = functions_of(ROOT / path).get(name) if name.startswith("test_") else None
    if function is None:
        return f"{named}: there is no such test"
    if _marks_of_file(ROOT / path) & set(NOT_RUN) or any(mark.attr in NOT_RUN for mark in marks(function)):
        return f"{named}: it does not run"
    return None
