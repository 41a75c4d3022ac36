"""Writes the list as JSON straight from its rows, because a schema takes longer over them than the database.

A test holds what is written to the schema that describes it.
"""

import hashlib
from typing import Any

import msgspec
from flask import Response, request

_ENCODER = msgspec.json.Encoder(decimal_format="string", uuid_format="canonical")


def as_json(found: dict[str, Any]) -> Response:
    """The list with a weak ETag of its facts: what changes with the clock alone is left out of it.

    Answers 304 to whoever has it already.
    """
    rows = [*found["rows"], *found["rechecks"]]
    ages = [row.pop("data_age_s") for row in rows]
    facts = _ENCODER.encode(found | {"as_of": None, "last_checked": None})
    for row, age in zip(rows, ages, strict=True):
        row["data_age_s"] = age
    response = Response(_ENCODER.encode(found), mimetype="application/json")
    response.set_etag(hashlib.sha256(facts).hexdigest()[:32], weak=True)
    response.make_conditional(request)
    return response
