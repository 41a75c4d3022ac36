"""Holds the hazard log to the tests: a control whose test is gone would be a promise that nobody keeps."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.contracts.named_tests import ROOT, functions_of, hazards_of, wrong_with

HAZARDS: list[dict[str, Any]] = yaml.safe_load((ROOT / "assurance" / "hazards.yaml").read_text())["hazards"]
FIELDS = ["id", "hazard", "severity", "cause", "effect", "control", "tests"]


@pytest.mark.parametrize("hazard", HAZARDS, ids=[one["id"] for one in HAZARDS])
def test_a_hazard_is_described_whole_and_each_of_its_tests_exists_and_runs(hazard: dict[str, Any]) -> None:
    assert list(hazard) == FIELDS
    assert hazard["severity"] in range(1, 6)
    assert all(str(hazard[name]).strip() for name in FIELDS)
    assert wrong_with(hazard["tests"]) == []


def test_ids_are_in_order_and_none_is_used_twice() -> None:
    ids = [one["id"] for one in HAZARDS]
    assert ids == sorted(set(ids))


def test_every_test_that_is_marked_with_a_hazard_is_named_in_the_log_as_its_proof() -> None:
    named = {one["id"]: set(one["tests"]) for one in HAZARDS}
    marked = [
        (hazard, f"{path.relative_to(ROOT)}::{function.name}")
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for function in functions_of(path).values()
        for hazard in sorted(hazards_of(function))
    ]
    assert marked
    assert [(hazard, test) for hazard, test in marked if test not in named.get(hazard, ())] == []
