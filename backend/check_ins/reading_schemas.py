"""The shapes of a reading somebody types, and of what becomes of it."""

from marshmallow import Schema, fields, validate

from backend.check_ins.schemas import said
from backend.core.routes import Instant

# What can be typed, as the screens name it; the codes of each stand in typed.py.
KINDS = ("blood-pressure", "spo2", "pulse", "weight", "temperature", "glucose", "peak-flow")
_NUMBER = validate.Regexp(r"\A[0-9]{1,4}(\.[0-9]{1,3})?\Z", error="Send a number, as 138 or 36.6.")


class NewReadingSchema(Schema):
    """A reading somebody took themselves and typed."""

    kind = fields.String(**said("What was measured.", validate=validate.OneOf(KINDS)))
    values = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=_NUMBER),
        **said("Decimals by code, in UCUM units."),
    )
    effective_at = Instant(**said("When it was measured, by the phone's clock."))
    oxygen_litres = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(r"\A([0-9]{1,2}(\.[0-9]{1,2})?|unknown)\Z"),
        metadata={
            "description": "Oxygen in use as it was measured: litres a minute, 0 for none; unknown is an answer of "
            "its own and never air. Null when it was not asked."
        },
    )
    repeated = fields.Boolean(
        load_default=False, metadata={"description": "Taken again because the first was unlikely."}
    )
    symptoms = fields.Boolean(
        load_default=None,
        allow_none=True,
        metadata={"description": "Feels unwell or has symptoms; null when it was not asked."},
    )


class ReadingTakenSchema(Schema):
    """That it is in the record."""

    received_at = Instant(**said("When it reached the service."))
    level = fields.String(
        **said(
            "The level of an alert it raised; null when none, or when it is not judged yet.", allow_none=True
        )
    )
    judged = fields.Boolean(**said("The rules have looked at it."))
    monitored = fields.Boolean(**said("False: kept, and nobody is watching it."))
    unlikely = fields.Boolean(**said("Far from what is usual: ask to take it once more."))
