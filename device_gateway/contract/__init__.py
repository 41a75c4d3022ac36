"""What a vendor reads and what we run are one text: the schema, the kinds and the reasons beside this file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from backend.observations.codes import Code

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Kind:
    """One `k` of the wire: our code, the one UCUM unit it must come in and the codes a device may repeat.

    `states` are the numbers a kind may have that is no quantity; empty for a quantity.
    """

    code: Code
    unit: str
    names: frozenset[str]
    hard: tuple[Decimal, Decimal]
    states: frozenset[Decimal] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was refused: for a vendor at a desk (`words`, `what_to_do`) and what its receipt is."""

    words: str
    what_to_do: str
    receipt: str


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def kinds() -> Mapping[str, Kind]:
    """`k` -> Kind, from kinds.json."""
    found = {}
    for name, entry in _read("kinds.json")["kinds"].items():
        code = Code(entry["observation"])
        names = frozenset({entry["code"], *entry["also"]} - {None})
        states = frozenset(Decimal(number) for number in entry.get("values", ()))
        found[name] = Kind(code, entry["unit"], names, code.info.hard, states)
    return found


@cache
def reasons() -> Mapping[str, Reason]:
    """Reason code -> Reason, from reasons.json; the codes never change their meaning."""
    return {
        code: Reason(entry["words"], entry["what_to_do"], entry["receipt"])
        for code, entry in _read("reasons.json")["reasons"].items()
    }


@cache
def scaip() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Kind of alarm -> (field, code) pairs an alarm centre reads; a field without a known code is left out."""
    return {
        kind: tuple((field, code) for field, code in entry.items() if code is not None)
        for kind, entry in _read("scaip.json")["kinds"].items()
    }


@cache
def schema() -> Mapping[str, Any]:
    """The JSON schema (draft 2020-12) of every message, by $defs."""
    found: Mapping[str, Any] = _read("schema.json")
    return found
