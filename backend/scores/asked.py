"""Answers `alongside score`: finds a score by its name and tries the cases of a safety officer on it, in order."""

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NoReturn, Protocol, cast

import msgspec

from backend.plugs import discover
from backend.scores.case import BadCase

# Decimals go out as JSON numbers, digit for digit: 2.1 and never 2.1000000000000001.
_JSON = msgspec.json.Encoder(decimal_format="number")


class Score(Protocol):
    """What a file in this folder offers to be a score; one without it (case, this) is none."""

    # The names a case may have.
    KEYS: frozenset[str]

    def score(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """Score one case; raises BadCase."""


@cache
def scores() -> Mapping[str, Score]:
    """Every score by name."""
    found = discover("backend.scores").items()
    return {name: cast(Score, module) for name, module in found if hasattr(module, "score")}


def answer(name: str, text: str) -> tuple[str, bool]:
    """Score the JSON in `text`, one object or a list of them; answers JSON to print and whether all went well.

    A name in a case that the score does not know (a slip of the pen may be a value nobody scored) is said under
    "ignored". Whole or nothing: of a list with one bad case only the error is answered, with its place in the list
    from 0.
    """
    if name not in scores():
        return _refused(f"there is no score {name!r}: choose one of {', '.join(scores())}")
    try:
        given = json.loads(
            text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_each_once
        )
    except BadCase as bad:
        return _refused(str(bad))
    except (ValueError, RecursionError) as bad:
        return _refused(f"this is no JSON: {bad}")
    cases = given if isinstance(given, list) else [given]
    results = []
    for place, case in enumerate(cases):
        try:
            if not isinstance(case, dict):
                raise BadCase("a case must be a JSON object")
            results.append(_scored(name, case))
        except BadCase as bad:
            return _refused(str(bad), **({"case": place} if isinstance(given, list) else {}))
    return _shown(results if isinstance(given, list) else results[0]), True


def _scored(name: str, case: Mapping[str, Any]) -> dict[str, Any]:
    result = scores()[name].score(case)
    ignored = sorted(_printable(key) for key in case if key not in scores()[name].KEYS)
    return result | {"ignored": ignored} if ignored else result


def _printable(words: str) -> str:
    """JSON may name half a character, which no text that goes out can hold."""
    return words.encode("utf-8", "backslashreplace").decode()


def _refused(words: str, **where: int) -> tuple[str, bool]:
    return _shown({"error": _printable(words), **where}), False


def _shown(result: object) -> str:
    return msgspec.json.format(_JSON.encode(result), indent=2).decode()


def _no_constant(word: str) -> NoReturn:
    raise BadCase(f"{word} is not a measurement")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name given twice would be judged on whichever came last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise BadCase(f"{next(name for name in names if names.count(name) > 1)} is given twice")
    return found
