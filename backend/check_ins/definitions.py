"""Reads the questionnaires this service holds, so that adding one is adding a file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Level = Literal["green", "amber", "red"]
LEVELS: tuple[Level, ...] = ("green", "amber", "red")
Value = int | str

FOLDER = Path(__file__).with_name("questionnaires")
_YES_NO = ({"value": "yes", "words": "Yes"}, {"value": "no", "words": "No"})


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen; `level` says how bad it is by itself."""

    value: Value
    words: str
    level: Level = "green"


@dataclass(frozen=True, slots=True)
class Item:
    """One question; `ask_if` is the question before and the answers after which it is asked."""

    id: str
    text: str
    kind: str
    options: Mapping[str, Option] = field(default_factory=dict)
    low: Decimal | None = None
    high: Decimal | None = None
    is_optional: bool = False
    ask_if: tuple[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """What a total up to and with `to` is called and means."""

    to: int
    name: str
    words: str
    level: Level


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A check-in as it is scored; `body` is the whole file, as a phone keeps it."""

    id: str
    version: str
    title: str
    who: str
    is_private: bool
    items: Mapping[str, Item]
    scoring: str
    scored: tuple[str, ...]
    bands: tuple[Band, ...]
    # The question any answer to which above the number asks "are you safe now?".
    safety: tuple[str, int] | None
    produces: tuple[tuple[str, str], ...]
    next: Mapping[str, str]
    body: Mapping[str, Any]


@cache
def questionnaires() -> Mapping[str, Questionnaire]:
    """Every questionnaire by id, in order of id."""
    paths = (path for path in sorted(FOLDER.glob("*.json")) if not path.name.endswith(".schema.json"))
    bodies = (json.loads(path.read_text(encoding="utf-8")) for path in paths)
    found = {body["id"]: read(body) for body in bodies}
    return MappingProxyType(found)


def read(body: Mapping[str, Any]) -> Questionnaire:
    """A questionnaire from its JSON, which fits questionnaire.schema.json."""
    items = {one["id"]: _item(one) for one in body["items"]}
    scoring, safety = body["scoring"], body.get("safety")
    return Questionnaire(
        body["id"],
        body["version"],
        body["title"],
        body["who"],
        body["private"],
        items,
        scoring["kind"],
        tuple(scoring.get("items") or items),
        tuple(
            Band(one["to"], one["name"], one["words"], one.get("level", "green"))
            for one in scoring.get("bands", ())
        ),
        None if safety is None else (safety["item"], safety["over"]),
        tuple((one["code"], one["from"]) for one in body["produces"]),
        body["next"],
        {name: value for name, value in body.items() if name != "$schema"},
    )


def _item(body: Mapping[str, Any]) -> Item:
    shown: Sequence[Mapping[str, Any]] = body.get("options") or (_YES_NO if body["kind"] == "yes-no" else ())
    options = [Option(one["value"], one["words"], one.get("level", "green")) for one in shown]
    ask_if = body.get("ask_if")
    return Item(
        body["id"],
        body["text"],
        body["kind"],
        {str(one.value): one for one in options},
        Decimal(body["low"]) if "low" in body else None,
        Decimal(body["high"]) if "high" in body else None,
        body.get("optional", False),
        None if ask_if is None else (ask_if["item"], frozenset(str(one) for one in ask_if["in"])),
    )
