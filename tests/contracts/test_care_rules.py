"""Holds the rules of care to the tests: each rule that the server or the desk has to keep is proved by a named test."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import yaml

from tests.contracts.named_tests import ROOT, wrong_with

PAGE: dict[str, Any] = yaml.safe_load((ROOT / "assurance" / "care_rules.yaml").read_text())
RULES: list[dict[str, Any]] = PAGE["rules"]
ELSEWHERE: list[dict[str, Any]] = PAGE["elsewhere"]
# Sections 8 and 9 are about vendors and the board: later pages.
SECTIONS = ("1", "2", "3", "4", "5", "6", "7", "10")


def section(one: dict[str, Any]) -> str:
    return str(one["id"]).removeprefix("C").split(".")[0]


@pytest.mark.parametrize("rule", RULES, ids=[one["id"] for one in RULES])
def test_a_rule_of_care_is_said_in_a_sentence_and_each_of_its_tests_exists_and_runs(
    rule: dict[str, Any],
) -> None:
    assert list(rule) == ["id", "rule", "tests"]
    assert rule["rule"].strip().endswith(".")
    assert wrong_with(rule["tests"]) == []


@pytest.mark.parametrize("one", ELSEWHERE, ids=[one["id"] for one in ELSEWHERE])
def test_what_is_kept_elsewhere_says_where(one: dict[str, Any]) -> None:
    assert list(one) == ["id", "rule", "where"]
    assert all(str(one[name]).strip() for name in one)


def test_ids_are_unique_and_every_section_that_the_product_keeps_has_rules() -> None:
    ids = [one["id"] for one in [*RULES, *ELSEWHERE]]
    assert [id_ for id_, times in Counter(ids).items() if times > 1] == []
    assert tuple(sorted({section(one) for one in RULES}, key=int)) == SECTIONS
    in_order = [tuple(int(part) for part in one["id"].removeprefix("C").split(".")) for one in RULES]
    assert in_order == sorted(in_order)
