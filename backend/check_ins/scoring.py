"""Scores a check-in: pure, so that every table of cases can be tried, and never a total from what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from backend.check_ins.definitions import LEVELS, Item, Level, Questionnaire, Value
from backend.scores import gad7, phq9, who5

Answers = Mapping[str, Value]
# Words somebody writes themselves are kept up to here; the phone says so while they type.
LONGEST_WORDS = 1000
LONGEST_NUMBER = 20
WHO5_FACTOR = who5.FACTOR


@dataclass(frozen=True, slots=True)
class Result:
    """What answers come to. `total` and `band` are None while a question that counts is open.

    `level` is the worst of what is answered so far, so that a red answer on a draft is red.
    """

    is_complete: bool
    total: int | None
    band: str | None
    level: Level
    words: str


def usable(one: Questionnaire, given: Mapping[str, Any]) -> tuple[dict[str, Value], list[str]]:
    """The answers that can be used, as they are stored, and the questions whose answer cannot.

    What cannot be used is left out and never refused: another answer of the same form may need a human now.
    """
    found: dict[str, Value] = {}
    refused: list[str] = []
    for name, value in given.items():
        if value is None:
            continue
        item = one.items.get(name)
        kept = None if item is None else _kept(item, value)
        if kept is None:
            refused.append(name)
        else:
            found[name] = kept
    return found, sorted(refused)


def _kept(item: Item, value: Any) -> Value | None:
    if isinstance(value, bool) or not isinstance(value, int | str | float):
        return None
    if item.kind == "words":
        return str(value).strip()[:LONGEST_WORDS] or None
    if item.kind == "number":
        return _number(item, str(value))
    chosen = item.options.get(str(value).strip())
    return None if chosen is None else chosen.value


def _number(item: Item, words: str) -> str | None:
    # 1e-999999 is a small number and a million characters.
    if len(words) > LONGEST_NUMBER or "e" in words.lower():
        return None
    try:
        number = Decimal(words)
    except InvalidOperation:
        return None
    within = number.is_finite() and (item.low is None or number >= item.low)
    return format(number, "f") if within and (item.high is None or number <= item.high) else None


def asked(one: Questionnaire, answers: Answers) -> list[Item]:
    """The questions that are asked after these answers, in order."""
    return [item for item in one.items.values() if _is_asked(item, answers)]


def _is_asked(item: Item, answers: Answers) -> bool:
    if item.ask_if is None:
        return True
    before, after = item.ask_if
    return before in answers and str(answers[before]) in after


def score(one: Questionnaire, answers: Answers) -> Result:
    """What usable answers come to."""
    is_complete = all(item.is_optional or item.id in answers for item in asked(one, answers))
    total = _total(one, answers)
    band = next((band for band in one.bands if total is not None and total <= band.to), None)
    level = _worst([band.level if band is not None else "green", *_levels(one, answers)])
    words = one.next[level] if band is None else f"{band.words} {one.next[level]}"
    return Result(is_complete, total, None if band is None else band.name, level, words)


def _total(one: Questionnaire, answers: Answers) -> int | None:
    if one.scoring not in ("sum", "who5"):
        return None
    items = [int(answers[name]) if name in answers else None for name in one.scored]
    # What is published is scored by the same code that a safety officer tries by hand.
    if one.id == "phq9":
        total: int | None = phq9.score({"items": items})["total"]
    elif one.id == "gad7":
        total = gad7.score({"items": items})["total"]
    elif one.id == "who5":
        total = who5.score({"items": items})["index"]
    else:
        known = [value for value in items if value is not None]
        total = sum(known) if len(known) == len(items) else None
    return total


def _levels(one: Questionnaire, answers: Answers) -> list[Level]:
    return [option.level for _, option in _chosen(one, answers)]


def _chosen(one: Questionnaire, answers: Answers) -> list[tuple[Item, Any]]:
    return [
        (item, item.options[str(answers[item.id])])
        for item in asked(one, answers)
        if item.id in answers and str(answers[item.id]) in item.options
    ]


def _worst(levels: list[Level]) -> Level:
    return max(levels, key=LEVELS.index)


def telling(one: Questionnaire, answers: Answers, level: Level) -> list[str]:
    """The answers that made it this level, in the words that were shown."""
    return [f"{item.text} {option.words}" for item, option in _chosen(one, answers) if option.level == level]


def safety_value(one: Questionnaire, answers: Answers) -> int | None:
    """The answer that asks "are you safe now?", on whatever form; None when there is none.

    None says nothing about being safe: most people at risk in one study had not endorsed the question.
    """
    if one.safety is None:
        return None
    name, over = one.safety
    value = answers.get(name)
    return int(value) if value is not None and int(value) > over else None


def produced(one: Questionnaire, answers: Answers, result: Result) -> dict[str, Decimal]:
    """Values for the record by code, from a finished form; what is not known is not there."""
    found: dict[str, Decimal] = {}
    for code, source in one.produces:
        if source == "total":
            if result.total is not None:
                found[code] = Decimal(result.total)
        elif source == "level":
            found[code] = Decimal(LEVELS.index(result.level))
        elif source in answers:
            found[code] = Decimal(int(answers[source]))
    return found
