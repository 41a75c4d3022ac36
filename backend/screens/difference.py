"""What a correction changes in the alerts, for the page that makes one and the page that shows one."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields, validate

from backend.alerts import service as alerts
from backend.core.routes import Instant
from backend.observations.service import Measured


def _said(words: str, **more: Any) -> dict[str, Any]:
    return {"required": True, "metadata": {"description": words}, **more}


class DifferenceQuerySchema(Schema):
    """A device and a time that might be taken out."""

    device = fields.String(**_said("The device's name.", validate=validate.Length(1, 128)))
    from_at = Instant(**_said("From this time of measurement on."))
    to_at = Instant(**_said("Up to this time."))


class RestingAlertSchema(Schema):
    """An alert that rests on the readings."""

    id = fields.UUID(**_said("Public id."))
    patient = fields.UUID(**_said("Whose."))
    title = fields.String(**_said("In short."))
    reason = fields.String(**_said("The sentence on the card."))
    level = fields.String(**_said("emergency, urgent, soon, routine or info."))
    state = fields.String(**_said("open, claimed or closed."))
    true_at = Instant(**_said("When it was true."))
    wholly = fields.Boolean(**_said("True when nothing else is behind it."))


class DifferingFindingSchema(Schema):
    """What a rule finds on one side alone."""

    patient = fields.UUID(**_said("Whose."))
    rule = fields.String(**_said("Which rule."))
    title = fields.String(**_said("In short."))
    reason = fields.String(**_said("One sentence."))
    level = fields.String(**_said("emergency, urgent, soon, routine or info."))
    true_at = Instant(**_said("When it is true."))


class DifferenceSchema(Schema):
    """What the readings change. Nothing is raised or closed by asking."""

    alerts = fields.List(fields.Nested(RestingAlertSchema), **_said("Alerts that rest on these readings."))
    only_with = fields.List(fields.Nested(DifferingFindingSchema), **_said("Found only with them."))
    only_without = fields.List(fields.Nested(DifferingFindingSchema), **_said("Found only without them."))


def difference(messages: Sequence[Measured]) -> dict[str, object]:
    """The answer for these messages' readings."""
    return asdict(alerts.difference(messages))
