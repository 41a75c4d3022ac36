"""Moves each boundary of each rule a little the wrong way and sees its table fail, so that no table is a decoration.

Every number a rule's file keeps at its top is moved up and down by its table's `step`. A new file of tables is found
by itself: it only has to name them in TABLES.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

import tests.alerts.rules as here
from backend.scores import home_bp, news2
from backend.scores.news2 import Bands
from tests.alerts.rules.tables import Table
from tests.alerts.rules.test_early_warning import PARTIAL, TOTAL
from tests.scores import test_home_bp as home_bp_table
from tests.scores import test_news2 as news2_table

# Numbers at the top of a file that are no boundary: how an average is rounded for showing.
NO_BOUNDARY = {("bp_home_average", "TENTH")}
HALF, TWENTIETH = Decimal("0.5"), Decimal("0.05")

Edges = tuple[tuple[Decimal, int], ...]
Wrong = Callable[[], list[Any]]


@dataclass(frozen=True)
class Plant:
    """One wrong boundary: the constant of a file, its wrong value, and the table that must see it."""

    of: ModuleType
    constant: str
    wrong: object
    table: Wrong

    def __str__(self) -> str:
        return f"{self.of.__name__.rpartition('.')[2]}-{self.constant}-{self.wrong}"


def _tables() -> list[Table]:
    """Every table of the files beside this one."""
    found: list[Table] = []
    for info in pkgutil.iter_modules(here.__path__):
        if info.name.startswith("test_") and info.name != "test_planted":
            named = getattr(importlib.import_module(f"{here.__name__}.{info.name}"), "TABLES", ())
            found += [one for one in named if isinstance(one, Table)]
    return found


def _moved(value: object, step: Decimal) -> Iterator[object]:
    """The same boundary a step lower and a step higher; of a pair each of the two."""
    if isinstance(value, Decimal):
        yield from (value - step, value + step)
    elif isinstance(value, tuple) and value and all(isinstance(one, Decimal) for one in value):
        for place, one in enumerate(value):
            for moved in (one - step, one + step):
                yield (*value[:place], moved, *value[place + 1 :])


def _of_rules() -> Iterator[Plant]:
    for table in _tables():
        if table.of is not news2:
            for constant, value in vars(table.of).items():
                if constant.isupper() and (table.name, constant) not in NO_BOUNDARY:
                    for wrong in _moved(value, table.step):
                        yield Plant(table.of, constant, wrong, table.wrong)


def _of_scores() -> Iterator[Plant]:
    for constant, bands in vars(news2).items():
        if isinstance(bands, Bands):
            step = TWENTIETH if constant == "TEMPERATURE" else HALF
            wrong_bands = [replace(bands, under=wrong) for wrong in _with_one_edge_moved(bands.under, step)]
            wrong_bands += [replace(bands, over=wrong) for wrong in _with_one_edge_moved(bands.over, step)]
            for moved in wrong_bands:
                yield Plant(news2, constant, moved, news2_table.wrong_rows)
    for constant in ("MEDIUM", "HIGH"):
        for by in (-1, 1):
            for table in (TOTAL, PARTIAL):
                yield Plant(news2, constant, getattr(news2, constant) + by, table.wrong)
    for constant in ("STAGE_1", "STAGE_2"):
        for wrong in _moved(getattr(home_bp, constant), Decimal("0.1")):
            yield Plant(home_bp, constant, wrong, home_bp_table.wrong_rows)


def _with_one_edge_moved(edges: Edges, step: Decimal) -> Iterator[Edges]:
    for place, (edge, points) in enumerate(edges):
        for moved in (edge - step, edge + step):
            yield (*edges[:place], (moved, points), *edges[place + 1 :])


PLANTS = [*_of_rules(), *_of_scores()]


@pytest.mark.parametrize(
    "plant", PLANTS, ids=[f"{number}-{plant}"[:70] for number, plant in enumerate(PLANTS)]
)
@pytest.mark.hazard("H13")
@pytest.mark.hazard("H14")
def test_a_wrong_boundary_is_caught_by_its_table(monkeypatch: pytest.MonkeyPatch, plant: Plant) -> None:
    assert plant.table() == []
    monkeypatch.setattr(plant.of, plant.constant, plant.wrong)
    assert plant.table() != []


def test_there_is_a_plant_for_each_rule_on_vital_signs() -> None:
    planted = {plant.of.__name__.rpartition(".")[2] for plant in PLANTS}
    assert planted >= {
        "spo2_low", "spo2_high_on_oxygen", "spo2_drop", "bp_severe", "bp_low", "bp_postural", "bp_home_average",
        "pulse_abnormal", "respiratory_rate", "temperature", "consciousness", "news2", "home_bp",
    }  # fmt: skip
