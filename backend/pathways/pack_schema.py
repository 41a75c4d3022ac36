"""The JSON Schema of a pathway pack, so that an editor says what is wrong while somebody still writes it.

`packs/pack.schema.json` is this, written down; a test holds the two together. Begin a pack with
`# yaml-language-server: $schema=pack.schema.json`. The reader checks more than a schema can say: that examples are of
rules the pack runs, that ladders climb, that a low is not above its high.
"""

from typing import Any

from backend.pathways.vocabulary import (
    CHECK_INS,
    CODES,
    DAYS,
    ESCALATES_TO,
    FACTS,
    KINDS,
    KIT,
    LEVELS,
    LIGHTS,
    MISSED_DOES,
)

Schema = dict[str, Any]

_WORDS: Schema = {"type": "string", "minLength": 1}
_NUMBER: Schema = {
    "type": "string",
    "pattern": r"^-?[0-9]+(\.[0-9]+)?$",
    "description": "A number in quotes.",
}
_TIME: Schema = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
_COUNT: Schema = {"type": "integer", "minimum": 0}


def _one_of(words: Any) -> Schema:
    return {"enum": [*words] if isinstance(words, tuple) else sorted(words)}


def _list(of: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": of} | ({"minItems": least} if least else {})


def _part(needed: Schema, more: Schema | None = None, **other: Any) -> Schema:
    return {
        "type": "object",
        "properties": needed | (more or {}),
        "required": list(needed),
        "additionalProperties": False,
        **other,
    }


def _ladder() -> Schema:
    return _list(_part({"after_minutes": _COUNT, "to": _one_of(ESCALATES_TO)}), 1)


def _example() -> Schema:
    reading = _part({"minute": _COUNT}, dict.fromkeys(sorted(CODES), _NUMBER))
    return _part(
        {"say": _WORDS, "rule": _WORDS, "level": {"enum": [*LEVELS, None]}},
        {
            "readings": _list(reading),
            "limits": {"type": "object", "propertyNames": _one_of(CODES)},
            "facts": {"type": "object"},
            "as_of": _COUNT,
            "start": _TIME,
            "missed": _part({"kind": _one_of(KINDS), "count": _COUNT, "hours": {"type": "number"}}),
            "quiet_hours": _COUNT,
        },
    )


def schema() -> Schema:
    """The schema of a pack of the second kind; the first is only read where it was stored."""
    days = _list(_one_of(DAYS))
    light = _part({"signs": _list(_WORDS, 1), "do": _list(_WORDS, 1), "call": _WORDS})
    source = {
        "source": {**_WORDS, "description": "Who says so, or: Alongside default, not national guidance."}
    }
    expected = _part(
        {"kind": _one_of(KINDS), "times": _list(_TIME, 1), **source}, {"grace_minutes": _COUNT, "days": days}
    )
    limit = _part(
        {"code": _one_of(CODES), **source},
        {"low": _NUMBER, "high": _NUMBER, "from_age": _COUNT, "under_age": _COUNT},
        anyOf=[{"required": ["low"]}, {"required": ["high"]}],
    )
    rule = _part(
        {"id": _WORDS},
        {"parameters": {"type": "object", "additionalProperties": _WORDS}, **source},
        dependentRequired={"parameters": ["source"]},
    )
    check_in = _part({"id": _one_of(CHECK_INS), "at": _TIME, **source}, {"days": days, "every_weeks": _COUNT})
    missed = _part(
        {"do": _one_of(MISSED_DOES)},
        {"due_readings": _COUNT, "after_hours": _NUMBER},
        oneOf=[{"required": ["due_readings"]}, {"required": ["after_hours"]}],
    )
    needed = {
        "schema": {"const": 2}, "pathway": _WORDS, "version": _WORDS, "locality": {"type": "string"}, "title": _WORDS,
        "reason": _WORDS, "author": _WORDS, "for_whom": _WORDS, "source": _WORDS, "aim": _WORDS,
        "kit": _list(_one_of(KIT)), "facts_needed": _list(_one_of(FACTS)), "expected": _list(expected),
        "limits": _list(limit), "rules": _list(rule, 1), "check_ins": _list(check_in),
        "plan": _list(_part({"id": _WORDS, "title": _WORDS, "say": _WORDS}), 1),
        "advice": _part(dict.fromkeys(LIGHTS, light)),
        "escalation": {
            "type": "object", "properties": {level: _ladder() for level in LEVELS},
            "required": ["urgent", "emergency"], "additionalProperties": False,
        },
        "missed": _list(missed), "measures": _list(_part({"id": _WORDS, "say": _WORDS, **source}), 1),
        "stop": _part({"when": _list(_WORDS, 1), "do": _WORDS}), "examples": _list(_example(), 1),
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A pathway pack of Alongside",
        **_part(needed),
    }
