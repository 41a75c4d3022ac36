"""What kit looks like over HTTP: what is asked, what is answered."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.core.routes import Instant
from backend.kit.accounts import REASONS
from backend.kit.life import FLAGS, LINE_TYPES, STATES, STEPS

ASK_OR_KEEP = validate.OneOf(["ask", "keep"])


def _text(most: int, **more: Any) -> fields.String:
    return fields.String(validate=validate.Length(1, most), **more)


def _maybe(most: int, **more: Any) -> fields.String:
    return fields.String(load_default=None, allow_none=True, validate=validate.Length(0, most), **more)


def _said(words: str, *, none: bool = False) -> dict[str, Any]:
    return {"required": True, "allow_none": none, "metadata": {"description": words}}


class KitQuerySchema(Schema):
    """Which kit to list, in an address: by nothing that says who or where somebody is."""

    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    kind = _maybe(64)
    flag = fields.String(load_default=None, validate=validate.OneOf(FLAGS))
    q = _maybe(64, metadata={"description": "A part of an id, serial, model, firmware or batch."})
    limit = fields.Integer(load_default=200, validate=validate.Range(1, 500))


class KitSearchSchema(KitQuerySchema):
    """Which kit to look for, in a body, which no proxy writes down: also by who has it and where it stands."""

    q = _maybe(
        64, metadata={"description": "A part of an id, serial, model, firmware, batch, address or name."}
    )


class KitPersonSchema(Schema):
    """Somebody on the reader's caseload."""

    id = fields.UUID(required=True)
    display_name = fields.String(required=True)


class WearerSchema(Schema):
    """That somebody has it, from `from` up to and not including `until`."""

    id = fields.UUID(**_said("The binding's public id."))
    slot = fields.Integer(**_said("Which user of a shared device."))
    slot_name = fields.String(**_said("What that user is called on it.", none=True))
    since = Instant(data_key="from", attribute="from", **_said("Null: for always.", none=True))
    until = Instant(**_said("Null: open.", none=True))
    is_now = fields.Boolean(required=True)
    patient = fields.Nested(KitPersonSchema, **_said("Null for a person of another team.", none=True))
    version = fields.Integer(required=True)


class KitRowSchema(Schema):
    """One piece of kit in a list."""

    id = fields.UUID(required=True)
    device_id = fields.String(**_said("Its name at the broker."))
    kind = fields.String(required=True)
    manufacturer = fields.String(required=True, allow_none=True)
    model = fields.String(required=True, allow_none=True)
    serial = fields.String(required=True, allow_none=True)
    batch = fields.String(required=True, allow_none=True)
    state = fields.String(**_said(", ".join(STATES)))
    is_telecare = fields.Boolean(**_said("It calls for help, so it is proved where it stands."))
    address = fields.String(**_said("Where it stands.", none=True))
    line_type = fields.String(**_said(", ".join(LINE_TYPES)))
    firmware = fields.String(required=True, allow_none=True)
    firmware_certified = fields.Boolean(**_said("Null: not known.", none=True))
    battery_pct = fields.Integer(required=True, allow_none=True)
    battery_at = Instant(**_said("When it said so.", none=True))
    presence = fields.String(**_said("ready, sleeping, lost, or null for not known.", none=True))
    last_seen_at = Instant(required=True, allow_none=True)
    last_full_test_at = Instant(required=True, allow_none=True)
    calibration_due = fields.Date(required=True, allow_none=True)
    revoked_at = Instant(required=True, allow_none=True)
    flags = fields.List(fields.String(), **_said("Worst first."))
    wearers = fields.List(fields.Nested(WearerSchema), **_said("Who has it now."))
    version = fields.Integer(**_said('For If-Match: W/"<version>".'))


class KitRouteSchema(Schema):
    """Who answers day and night."""

    name = fields.String(required=True)
    phone = fields.String(required=True)
    set_at = Instant(required=True, allow_none=True)


class KitAllowedSchema(Schema):
    """A state it may go to, and what has to be done first."""

    to = fields.String(required=True)
    missing = fields.List(fields.String(), required=True)
    words = fields.String(required=True)


class KitStepSchema(Schema):
    """One step of the proof of an installation."""

    step = fields.String(required=True)
    words = fields.String(required=True)
    outcome = fields.String(**_said("proved, failed, or null for not tried.", none=True))
    at = Instant(required=True, allow_none=True)
    by = fields.String(required=True, allow_none=True)
    note = fields.String(required=True)
    signal_dbm = fields.Integer(required=True, allow_none=True)
    counts = fields.Boolean(**_said("False before it was moved or had another route."))


class OpenCodeSchema(Schema):
    """That a claim code is open."""

    expires_at = Instant(required=True)


class FirmwareAtSchema(Schema):
    """A firmware and since when."""

    firmware = fields.String(required=True)
    at = Instant(required=True)


class BatteryAtSchema(Schema):
    """A battery's charge."""

    pct = fields.Integer(required=True)
    at = Instant(required=True)


class KitEventSchema(Schema):
    """What happened."""

    at = Instant(required=True)
    kind = fields.String(required=True)
    words = fields.String(required=True)
    by = fields.String(required=True, allow_none=True)
    note = fields.String(required=True)


class KitHeardSchema(Schema):
    """Something the device said, as an installer waits for it."""

    at = Instant(**_said("When it was received."))
    kind = fields.String(**_said("alarm, test, obs, status or presence."))
    words = fields.String(required=True)


class KitDetailSchema(KitRowSchema):
    """One piece of kit whole."""

    cuff_size = fields.String(required=True, allow_none=True)
    consumables = fields.String(required=True, allow_none=True)
    slot_names = fields.List(fields.String(), required=True)
    route = fields.Nested(KitRouteSchema, required=True, allow_none=True)
    moved_at = Instant(required=True, allow_none=True)
    proved_at = Instant(required=True, allow_none=True)
    credential_at = Instant(**_said("Null: it has no account.", none=True))
    heard = fields.List(fields.Nested(KitHeardSchema), **_said("Of the last hour, newest first."))
    allowed = fields.List(fields.Nested(KitAllowedSchema), required=True)
    installation = fields.List(fields.Nested(KitStepSchema), required=True)
    claim = fields.Nested(OpenCodeSchema, required=True, allow_none=True)
    past_wearers = fields.List(fields.Nested(WearerSchema), required=True)
    firmware_history = fields.List(fields.Nested(FirmwareAtSchema), required=True)
    battery_history = fields.List(fields.Nested(BatteryAtSchema), required=True)
    history = fields.List(fields.Nested(KitEventSchema), required=True)


class KitStateCountSchema(Schema):
    """How many are in a state."""

    state = fields.String(required=True)
    count = fields.Integer(required=True)


class KitFlagCountSchema(Schema):
    """How many have a flag."""

    flag = fields.String(required=True)
    count = fields.Integer(required=True)


class KitCredentialsSchema(Schema):
    """What the last comparison with the broker found."""

    checked_at = Instant(required=True, allow_none=True)
    withdrawn = fields.Integer(required=True)
    held_back = fields.Integer(**_said("So many strangers that none was withdrawn: somebody has to look."))
    missing = fields.List(fields.String(), **_said("Devices that need a new claim code."))


class KitPageSchema(Schema):
    """The list of kit."""

    as_of = Instant(required=True)
    counts = fields.List(fields.Nested(KitStateCountSchema), required=True)
    flags = fields.List(fields.Nested(KitFlagCountSchema), required=True)
    credentials = fields.Nested(KitCredentialsSchema, required=True)
    rows = fields.List(fields.Nested(KitRowSchema), required=True)


class KitFactsSchema(Schema):
    """What stands on the label; only what is sent is changed."""

    manufacturer = fields.String(allow_none=True, validate=validate.Length(0, 128))
    model = fields.String(allow_none=True, validate=validate.Length(0, 128))
    serial = fields.String(allow_none=True, validate=validate.Length(0, 128))
    batch = fields.String(allow_none=True, validate=validate.Length(0, 128))
    cuff_size = fields.String(allow_none=True, validate=validate.Length(0, 64))
    consumables = fields.String(allow_none=True, validate=validate.Length(0, 300))
    calibration_due = fields.Date(allow_none=True)
    line_type = fields.String(validate=validate.OneOf(LINE_TYPES))
    slot_names = fields.List(_text(40), validate=validate.Length(0, 16))
    expected_every_s = fields.Integer(allow_none=True, validate=validate.Range(60, 31_536_000))


class NewKitSchema(KitFactsSchema):
    """A new piece of kit."""

    kind = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z-]{1,39}$"))
    device_id = _maybe(64)
    hb_s = fields.Integer(validate=validate.Range(10, 90_000))


class KitStateChangeSchema(Schema):
    """Where it goes next."""

    to = fields.String(required=True, validate=validate.OneOf(STATES))
    note = fields.String(load_default="", validate=validate.Length(max=500))
    wiped = fields.Boolean(load_default=False)


class KitMoveSchema(Schema):
    """Where it stands now."""

    address = _text(200, required=True)
    line_type = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(LINE_TYPES))


class NameRouteSchema(Schema):
    """Who answers it, day and night."""

    name = _text(120, required=True)
    phone = _text(40, required=True)
    answers_24_hours = fields.Boolean(required=True)

    @validates_schema
    def _day_and_night(self, said: dict[str, Any], **_: Any) -> None:
        if said.get("answers_24_hours") is False:
            raise ValidationError(
                "A route that is not answered at night is no 24-hour route.", "answers_24_hours"
            )


class TryStepSchema(Schema):
    """What came of one step."""

    step = fields.String(required=True, validate=validate.OneOf(list(STEPS)))
    outcome = fields.String(required=True, validate=validate.OneOf(["proved", "failed"]))
    note = fields.String(load_default="", validate=validate.Length(max=500))
    signal_dbm = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(-150, 0))


class NewClaimCodeSchema(Schema):
    """The code the device shows, or none for one to be made."""

    code = _maybe(16)


class ClaimCodeSchema(Schema):
    """A claim code, shown this once."""

    code = fields.String(required=True)
    expires_at = Instant(required=True)


class KitRotateSchema(Schema):
    """Nothing to say."""


class KitRevokeSchema(Schema):
    """Why it is put out."""

    reason = fields.String(required=True, validate=validate.OneOf(list(REASONS)))
    note = fields.String(load_default="", validate=validate.Length(max=500))
