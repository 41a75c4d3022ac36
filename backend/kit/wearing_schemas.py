"""What is asked and answered over HTTP of who has kit, of a recall, and by a device that claims its account."""

from marshmallow import Schema, fields, validate

from backend.core.routes import Instant
from backend.kit.schemas import ASK_OR_KEEP, KitRowSchema


class _AskedSchema(Schema):
    readings = fields.String(
        load_default="ask", validate=ASK_OR_KEEP,
        metadata={"description": "keep: readings that then stand outside the dates may stay where they are."},
    )  # fmt: skip


class _GiveSchema(_AskedSchema):
    patient_id = fields.UUID(required=True)
    slot = fields.Integer(load_default=0, validate=validate.Range(0, 15))
    without_cleaning_because = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(3, 200)
    )


class AssignSchema(_GiveSchema):
    """To whom, and since when; null is now by the server's clock."""

    since = Instant(data_key="from", load_default=None, allow_none=True)


class HandOverSchema(_GiveSchema):
    """To whom, and at which instant it passes."""

    at = Instant(load_default=None, allow_none=True)


class WearerEndSchema(_AskedSchema):
    """When it ended; null is now by the server's clock."""

    at = Instant(load_default=None, allow_none=True)


class WearerDatesSchema(_AskedSchema):
    """From when up to and not including when; `from` null leaves it, `until` null is open."""

    since = Instant(data_key="from", load_default=None, allow_none=True)
    until = Instant(load_default=None, allow_none=True)


class KitRecipientSchema(Schema):
    """Whom kit may be given to."""

    id = fields.UUID(required=True)
    display_name = fields.String(required=True)
    address = fields.String(required=True, allow_none=True)


class KitPeopleSchema(Schema):
    """Everybody kit may be given to."""

    rows = fields.List(fields.Nested(KitRecipientSchema), required=True)


class RecallQuerySchema(Schema):
    """Which kit is called back; at least one of them."""

    model = fields.String(load_default=None, validate=validate.Length(1, 128))
    firmware = fields.String(load_default=None, validate=validate.Length(1, 64))
    batch = fields.String(load_default=None, validate=validate.Length(1, 128))


class RecallSchema(Schema):
    """Kit of one model, firmware or batch, with who has it."""

    as_of = Instant(required=True)
    asked = fields.Nested(RecallQuerySchema, required=True)
    rows = fields.List(fields.Nested(KitRowSchema), required=True)
    people = fields.Integer(required=True)
    elsewhere = fields.Integer(
        required=True, metadata={"description": "Pieces with people of other teams, not listed."}
    )


class CertifiedRowSchema(Schema):
    """A firmware somebody answers for."""

    model = fields.String(required=True)
    firmware = fields.String(required=True)
    at = Instant(required=True)
    by = fields.String(required=True, allow_none=True)


class CertifiedSchema(Schema):
    """Every certified firmware."""

    rows = fields.List(fields.Nested(CertifiedRowSchema), required=True)


class CertifySchema(Schema):
    """Which firmware of which model."""

    model = fields.String(required=True, validate=validate.Length(1, 128))
    firmware = fields.String(required=True, validate=validate.Length(1, 64))


class DeviceClaimSchema(Schema):
    """The code a device shows or was told. Case and hyphens do not matter."""

    code = fields.String(required=True, load_only=True, validate=validate.Length(1, 32))


class DeviceTopicsSchema(Schema):
    """The only topics this device may use."""

    publish = fields.List(fields.String(), required=True)
    subscribe = fields.List(fields.String(), required=True)


class DeviceAccountSchema(Schema):
    """All a device needs to connect; told once."""

    v = fields.Integer(required=True)
    device_id = fields.String(required=True, metadata={"description": "Also the MQTT client id."})
    username = fields.String(required=True)
    secret = fields.String(required=True, metadata={"description": "The MQTT password. Kept nowhere here."})
    host = fields.String(required=True)
    port = fields.Integer(required=True)
    tls = fields.Boolean(required=True)
    ca = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "PEM of the authority to trust, and no other."},
    )
    topics = fields.Nested(DeviceTopicsSchema, required=True)
