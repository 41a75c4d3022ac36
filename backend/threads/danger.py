"""Finds words that may mean danger in what somebody wrote: it is never clever, so "no chest pain" counts too."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("danger.json")


@dataclass(frozen=True, slots=True)
class Group:
    """One way of saying it: a word of every set, the first and the last no more than `within` words apart."""

    name: str
    sets: tuple[frozenset[str], ...]
    within: int


@cache
def words_of_danger() -> Mapping[str, Any]:
    """The list as it is given to a phone: {"version", "groups": [{"name", "sets", "within"}]}."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return {"version": found["version"], "groups": found["groups"]}


@cache
def groups() -> tuple[Group, ...]:
    """The list as the program reads it."""
    return tuple(
        Group(one["name"], tuple(frozenset(words) for words in one["sets"]), one["within"])
        for one in words_of_danger()["groups"]
    )


def words_in(text: str) -> list[str]:
    """The words of a text: lower case, without accents and apostrophes, parted by all but letters and digits."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(one for one in plain if not unicodedata.combining(one) and one not in "'’‘`")
    return "".join(one if one.isalnum() else " " for one in plain).split()


def danger_in(text: str) -> list[str]:
    """The names of what in a text may mean danger, in the order of the list; empty for none."""
    words = words_in(text)
    known = set(words)
    return [
        group.name for group in groups() if all(one & known for one in group.sets) and _holds(group, words)
    ]


def _holds(group: Group, words: Sequence[str]) -> bool:
    """Whether some stretch of the text has a word for every set; one word cannot stand for two of them."""
    first = frozenset().union(*group.sets)
    return any(
        _fits(group.sets, words[start : start + group.within])
        for start, word in enumerate(words)
        if word in first
    )


def _fits(sets: Sequence[frozenset[str]], stretch: Sequence[str]) -> bool:
    each = [[place for place, word in enumerate(stretch) if word in one] for one in sets]
    return any(len(set(chosen)) == len(chosen) for chosen in product(*each))
